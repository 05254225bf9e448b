package org.vocluster.vm.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vocluster.vm.definition.ImageUrl;

/**
 * What this host shows to image servers that want to know who asks: a file of lines {@code PREFIX
 * NAME: VALUE}, a prefix of URLs and a header for requests below it. So no credential has to stand
 * in a definition, which everybody can read.
 */
public final class SiteCredentials {
  /** None. */
  public static final SiteCredentials NONE = new SiteCredentials(List.of());

  private final List<Line> lines;

  private SiteCredentials(List<Line> lines) {
    this.lines = lines;
  }

  record Header(String name, String value) {
    /** A value is never for people. */
    @Override
    public String toString() {
      return name + ": ...";
    }
  }

  private record Line(UrlPrefix prefix, Header header) {}

  /**
   * Reads the file; lines that begin with {@code #} are comments. A file that is not there holds
   * none.
   *
   * @throws IOException if it cannot be read, if others could read it, or if a line makes no sense;
   *     the message tells no value
   */
  public static SiteCredentials read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return NONE;
    }
    if (Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)) {
      throw new IOException(file + " can be read by everybody; chmod o-r " + file);
    }
    List<Line> lines = new ArrayList<>();
    int number = 0;
    for (String text : Files.readAllLines(file, StandardCharsets.UTF_8)) {
      number++;
      String line = text.strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        lines.add(parse(line, file + " line " + number));
      }
    }
    return new SiteCredentials(List.copyOf(lines));
  }

  private static Line parse(String line, String place) throws IOException {
    int space = line.indexOf(' ');
    int colon = line.indexOf(':', Math.max(space, 0));
    if (space < 0 || colon < 0) {
      throw new IOException(place + " is not of the form: PREFIX NAME: VALUE");
    }
    String name = line.substring(space, colon).strip();
    String value = line.substring(colon + 1).strip();
    try {
      List<UrlPrefix> prefixes = UrlPrefix.parseList(line.substring(0, space));
      if (prefixes.size() == 1 && isToken(name) && isPlain(value)) {
        return new Line(prefixes.getFirst(), new Header(name, value));
      }
    } catch (IllegalArgumentException e) {
      // Falls through to the message that tells no value.
    }
    throw new IOException(place + " has no URL prefix, or no proper header");
  }

  private static boolean isToken(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (!(c >= 'a' && c <= 'z')
          && !(c >= 'A' && c <= 'Z')
          && !(c >= '0' && c <= '9')
          && c != '-') {
        return false;
      }
    }
    return !name.isEmpty();
  }

  private static boolean isPlain(String value) {
    for (int i = 0; i < value.length(); i++) {
      if (value.charAt(i) < ' ' || value.charAt(i) >= 0x7f) {
        return false;
      }
    }
    return !value.isEmpty();
  }

  /** The header for a URL; of several prefixes the first that covers it. */
  @Nullable Header of(ImageUrl url) {
    for (Line line : lines) {
      if (line.prefix().covers(url)) {
        return line.header();
      }
    }
    return null;
  }
}
