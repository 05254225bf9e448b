package org.vocluster.vm.image;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vocluster.vm.definition.ImageUrl;
import org.vocluster.vm.os.Printable;

/**
 * A prefix of image URLs that this host may fetch, as {@code https://images.example.org/vo/} or
 * {@code file:/srv/images/}. Compared part by part on normalised URLs: the path's last segment need
 * not be complete, host and port must, in one spelling. A URL that could lead out of its own path
 * by another reading of it is none, see {@link ImageUrl#parse}.
 */
public final class UrlPrefix {
  private final URI prefix;

  private UrlPrefix(URI prefix) {
    this.prefix = prefix;
  }

  /**
   * The prefixes in a comma-separated list.
   *
   * @throws IllegalArgumentException for an entry that is no URL we could fetch
   */
  public static List<UrlPrefix> parseList(String list) {
    List<UrlPrefix> out = new ArrayList<>();
    int start = 0;
    while (start <= list.length()) {
      int comma = list.indexOf(',', start);
      int end = comma < 0 ? list.length() : comma;
      String entry = list.substring(start, end).strip();
      if (!entry.isEmpty()) {
        switch (ImageUrl.parse(entry)) {
          case ImageUrl.Parsed.Ok ok when ok.url().uri().getRawQuery() == null ->
              out.add(new UrlPrefix(ok.url().uri()));
          case ImageUrl.Parsed.Ok _ ->
              throw refused(entry, "has a query, of which nobody knows what lies below it");
          case ImageUrl.Parsed.Refused refused -> throw refused(entry, refused.reason());
        }
      }
      start = end + 1;
    }
    return out;
  }

  private static IllegalArgumentException refused(String entry, String reason) {
    return new IllegalArgumentException("URL prefix \"" + Printable.of(entry) + "\" " + reason);
  }

  /** The URL itself, for whoever may fetch anything and wants this. */
  public static UrlPrefix of(ImageUrl url) {
    return new UrlPrefix(url.uri());
  }

  /** Whether the URL begins with this prefix. */
  public boolean covers(ImageUrl url) {
    URI uri = url.uri();
    return uri.getScheme().equals(prefix.getScheme())
        && Optional.ofNullable(uri.getRawAuthority())
            .equals(Optional.ofNullable(prefix.getRawAuthority()))
        && uri.getRawPath().startsWith(prefix.getRawPath());
  }

  @Override
  public String toString() {
    return prefix.toString();
  }

  /**
   * Whether a file, its links resolved, lies under this prefix or under where this prefix's own
   * directory really is.
   */
  boolean coversFile(Path real) {
    if (!prefix.getScheme().equals("file")) {
      return false;
    }
    String path = prefix.getPath();
    if (real.toString().startsWith(path)) {
      return true;
    }
    try {
      return path.endsWith("/") && real.startsWith(Path.of(path).toRealPath());
    } catch (IOException e) {
      return false;
    }
  }
}
