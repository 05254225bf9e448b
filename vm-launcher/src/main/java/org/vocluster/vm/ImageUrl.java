package org.vocluster.vm;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/** The URL of an image: {@code file}, {@code http} or {@code https}, normalised, free of tricks. */
public record ImageUrl(URI uri) {
  private static final int MAX_LENGTH = 2048;

  /** What became of a text. */
  public sealed interface Parsed {
    /** A URL we could fetch. */
    record Ok(ImageUrl url) implements Parsed {}

    /**
     * No such URL.
     *
     * @param reason continues a sentence that begins with the URL
     */
    record Refused(String reason) implements Parsed {}
  }

  /**
   * Checks a text and normalises it: scheme and host in lower case, no default port. Refused are
   * user information (a password would show in ads and logs), fragments, {@code .} and {@code ..}
   * segments in any spelling, encoded slashes, and characters that no URL has.
   */
  public static Parsed parse(String text) {
    if (text.isEmpty() || text.length() > MAX_LENGTH) {
      return new Parsed.Refused("is empty or longer than " + MAX_LENGTH + " characters");
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c <= ' ' || c >= 0x7f || c == '\\' || c == '"' || c == '\'' || c == '`') {
        return new Parsed.Refused("has a character that no URL may have");
      }
    }
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      return new Parsed.Refused("is not a URL: " + e.getReason());
    }
    String scheme = uri.getScheme();
    if (scheme == null || uri.isOpaque()) {
      return new Parsed.Refused("is not an absolute URL");
    }
    return switch (scheme.toLowerCase(Locale.ROOT)) {
      case "file" -> file(uri);
      case "http", "https" -> http(uri);
      default -> new Parsed.Refused("has a scheme other than file, http and https");
    };
  }

  private static Parsed file(URI uri) {
    String authority = uri.getRawAuthority();
    if (authority != null && !authority.isEmpty()) {
      return new Parsed.Refused("names a host, which a file URL must not");
    }
    if (uri.getRawQuery() != null) {
      return new Parsed.Refused("has a query, which a file URL must not");
    }
    return checkedPath(uri);
  }

  private static Parsed http(URI uri) {
    if (uri.getRawUserInfo() != null
        || (uri.getRawAuthority() != null && uri.getRawAuthority().indexOf('@') >= 0)) {
      return new Parsed.Refused("has user information, which would show in ads and logs");
    }
    if (uri.getHost() == null) {
      return new Parsed.Refused("names no host");
    }
    return checkedPath(uri);
  }

  private static Parsed checkedPath(URI uri) {
    String raw = uri.getRawPath();
    if (raw == null || !raw.startsWith("/")) {
      return new Parsed.Refused("has no absolute path");
    }
    if (uri.getRawFragment() != null) {
      return new Parsed.Refused("has a fragment");
    }
    String lower = raw.toLowerCase(Locale.ROOT);
    if (lower.contains("%2f")
        || lower.contains("%5c")
        || lower.contains("%00")
        || raw.contains("//")) {
      return new Parsed.Refused("has an encoded or doubled slash");
    }
    for (int i = 0; i < uri.getPath().length(); i++) {
      char c = uri.getPath().charAt(i);
      if (Character.isISOControl(c)) {
        return new Parsed.Refused("has an encoded control character");
      }
    }
    String path = uri.getPath() + "/";
    if (path.contains("/../") || path.contains("/./")) {
      return new Parsed.Refused("has a \".\" or \"..\" in its path");
    }
    return new Parsed.Ok(new ImageUrl(normalised(uri)));
  }

  /**
   * Path and query stay as they are encoded: decoding them would change what the server is asked
   * for.
   */
  private static URI normalised(URI uri) {
    String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
    StringBuilder out = new StringBuilder(scheme).append(':');
    if (uri.getHost() != null) {
      out.append("//").append(uri.getHost().toLowerCase(Locale.ROOT));
      int port = uri.getPort();
      if (port >= 0 && port != (scheme.equals("http") ? 80 : 443)) {
        out.append(':').append(port);
      }
    }
    out.append(uri.getRawPath());
    if (uri.getRawQuery() != null) {
      out.append('?').append(uri.getRawQuery());
    }
    return URI.create(out.toString());
  }

  /**
   * A URL made fit for messages: without user information and query, which may hold credentials.
   */
  public static String shown(String url) {
    int query = url.indexOf('?');
    String text = query < 0 ? url : url.substring(0, query) + "?...";
    int authority = text.indexOf("//");
    int at = text.lastIndexOf('@');
    if (authority >= 0 && at > authority) {
      text = text.substring(0, authority) + "//...@" + text.substring(at + 1);
    }
    return Printable.of(text);
  }

  /** Whether the image is a file of this host. */
  public boolean isFile() {
    return uri.getScheme().equals("file");
  }

  /** Fit for messages, as {@link #shown}; the URL itself is {@link #uri}. */
  @Override
  public String toString() {
    return shown(uri.toString());
  }
}
