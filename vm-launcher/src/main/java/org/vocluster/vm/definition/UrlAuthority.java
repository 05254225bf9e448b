package org.vocluster.vm.definition;

import java.util.Locale;
import java.util.Set;

/**
 * Where a URL's file is: a host, by DNS or only by the name that this site has for it, or a bucket,
 * and perhaps a port. Java's own {@link java.net.URI} knows no host with an underscore, so {@link
 * ImageUrl} has it looked at here. It resolves nothing.
 */
final class UrlAuthority {
  private static final int MOST_CHARACTERS = 253;
  private static final int MOST_OF_LABEL = 63;
  private static final int LAST_PORT = 65_535;

  /**
   * Whose authority is the name of a host, in which case does not count. In others, as {@code
   * osdf://Folder/file}, it can be part of a path.
   */
  private static final Set<String> OF_HOSTS =
      Set.of(
          "http", "https", "ftp", "ftps", "sftp", "dav", "davs", "root", "roots", "xroot", "xroots",
          "gsiftp", "srm");

  private UrlAuthority() {}

  /** Whether it is host and port, with nothing in it that means anything else to anybody. */
  static boolean isValid(String text) {
    int port = portAt(text);
    String digits = port < text.length() ? text.substring(port + 1) : "";
    if (!digits.isEmpty() && portOf(digits) < 1) {
      return false;
    }
    String host = text.substring(0, port);
    return host.startsWith("[") ? isAddress(host) : isName(host);
  }

  /**
   * The same, spelt as all others spell it.
   *
   * @param defaultPort of the scheme, which nobody has to name
   */
  static String normalised(String scheme, String text, int defaultPort) {
    int at = portAt(text);
    String host = text.substring(0, at);
    int port = at + 1 < text.length() ? portOf(text.substring(at + 1)) : defaultPort;
    boolean caseless = OF_HOSTS.contains(scheme) || host.startsWith("[");
    return (caseless ? host.toLowerCase(Locale.ROOT) : host)
        + (port == defaultPort ? "" : ":" + port);
  }

  /** Where the colon before the port is, or the end. */
  private static int portAt(String text) {
    int colon = text.indexOf(':', text.lastIndexOf(']') + 1);
    return colon < 0 ? text.length() : colon;
  }

  /** 0 if it is none. */
  private static int portOf(String digits) {
    int port = 0;
    for (int i = 0; i < digits.length(); i++) {
      char c = digits.charAt(i);
      if (c < '0' || c > '9' || port > LAST_PORT) {
        return 0;
      }
      port = port * 10 + (c - '0');
    }
    return port > LAST_PORT ? 0 : port;
  }

  /** An IPv6 address; what its colons mean {@link java.net.URI} has looked at. */
  private static boolean isAddress(String host) {
    for (int i = 1; i < host.length() - 1; i++) {
      char c = host.charAt(i);
      if (!isDigit(c) && (c < 'a' || c > 'f') && (c < 'A' || c > 'F') && c != ':' && c != '.') {
        return false;
      }
    }
    return host.length() > 3 && host.endsWith("]");
  }

  /** Labels with points between, and perhaps one at the end. */
  private static boolean isName(String host) {
    if (host.isEmpty() || host.length() > MOST_CHARACTERS || host.charAt(0) == '-') {
      return false;
    }
    int label = 0;
    for (int i = 0; i < host.length(); i++) {
      char c = host.charAt(i);
      if (c == '.') {
        if (label == 0) {
          return false;
        }
        label = 0;
      } else if (isDigit(c) || isLetter(c) || c == '-' || c == '_') {
        if (++label > MOST_OF_LABEL) {
          return false;
        }
      } else {
        return false;
      }
    }
    return true;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }
}
