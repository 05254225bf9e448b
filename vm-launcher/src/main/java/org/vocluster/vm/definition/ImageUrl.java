package org.vocluster.vm.definition;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.vocluster.vm.os.Printable;

/**
 * The URL of an image, normalised, free of tricks: {@code file}, {@code http}, {@code https}, or
 * any other scheme with a path, which the host's HTCondor may have a file-transfer plugin for.
 */
public record ImageUrl(URI uri) {
  private static final int MAX_LENGTH = 2048;

  /** Parameters of a query whose values are credentials, without hyphens and underscores. */
  private static final Set<String> SECRETS =
      Set.of(
          "token",
          "accesstoken",
          "privatetoken",
          "jobtoken",
          "sig",
          "signature",
          "xamzsignature",
          "xamzcredential",
          "xamzsecuritytoken",
          "xgoogsignature",
          "xgoogcredential",
          "awsaccesskeyid",
          "key",
          "apikey",
          "secret",
          "password",
          "passwd",
          "pwd",
          "auth",
          "authz",
          "jwt");

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
   * user information and queries with credentials (VOC ads are public), fragments, {@code .} and
   * {@code ..} segments in any spelling, encoded slashes, and characters that no URL has. A path
   * may begin with two slashes behind a host of a protocol that is written so ({@code
   * root://host//path}); elsewhere they would be another spelling of the same, or a trick.
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
      default -> other(uri, true);
    };
  }

  /** The same, for who knows that it is one; fails with {@link IllegalArgumentException} if not. */
  public static ImageUrl of(String text) {
    return switch (parse(text)) {
      case Parsed.Ok ok -> ok.url();
      case Parsed.Refused refused ->
          throw new IllegalArgumentException("URL " + shown(text) + " " + refused.reason());
    };
  }

  private static Parsed file(URI uri) {
    String authority = uri.getRawAuthority();
    if (authority != null && !authority.isEmpty() && !authority.equalsIgnoreCase("localhost")) {
      return new Parsed.Refused("names a host, which a file URL must not");
    }
    if (uri.getRawQuery() != null) {
      return new Parsed.Refused("has a query, which a file URL must not");
    }
    return checkedPath(uri, false);
  }

  private static Parsed http(URI uri) {
    return uri.getRawAuthority() == null ? new Parsed.Refused("names no host") : other(uri, false);
  }

  /**
   * Some plugins' URLs name no host, as {@code osdf:///path}.
   *
   * @param slashes whether the path may begin with two
   */
  private static Parsed other(URI uri, boolean slashes) {
    if (namesUser(uri)) {
      return new Parsed.Refused("has user information, which would show in ads and logs");
    }
    String authority = uri.getRawAuthority();
    if (authority != null
        && (!UrlAuthority.isValid(authority)
            || (authority.startsWith("[") && uri.getHost() == null))) {
      return new Parsed.Refused("names no proper host");
    }
    String secret = secretParameter(uri.getRawQuery());
    if (!secret.isEmpty()) {
      return new Parsed.Refused(
          "has a credential in its query ("
              + Printable.of(secret, 40)
              + "), which would show in ads and logs; PAD hosts can be given it in"
              + " VOC_IMAGE_CREDENTIALS");
    }
    return checkedPath(uri, slashes && authority != null);
  }

  private static boolean namesUser(URI uri) {
    return uri.getRawUserInfo() != null
        || (uri.getRawAuthority() != null && uri.getRawAuthority().indexOf('@') >= 0);
  }

  /** The first parameter that carries a credential, or an empty text. */
  private static String secretParameter(@Nullable String query) {
    int start = 0;
    while (query != null && start < query.length()) {
      int end = start;
      while (end < query.length() && query.charAt(end) != '&' && query.charAt(end) != ';') {
        end++;
      }
      int equals = query.indexOf('=', start);
      String name = query.substring(start, equals < 0 || equals > end ? end : equals);
      if (SECRETS.contains(name.toLowerCase(Locale.ROOT).replace("-", "").replace("_", ""))) {
        return name;
      }
      start = end + 1;
    }
    return "";
  }

  private static Parsed checkedPath(URI uri, boolean slashes) {
    String raw = uri.getRawPath();
    if (raw == null || !raw.startsWith("/")) {
      return new Parsed.Refused("has no absolute path");
    }
    if (uri.getRawFragment() != null) {
      return new Parsed.Refused("has a fragment");
    }
    // As those read it who decode it more than once.
    String path = raw.toLowerCase(Locale.ROOT);
    while (path.contains("%25")) {
      path = path.replace("%25", "%");
    }
    if (path.contains("%2f") || path.contains("%5c") || path.indexOf("//", slashes ? 1 : 0) >= 0) {
      return new Parsed.Refused("has an encoded or doubled slash");
    }
    // No character begins with these bytes, and some take what follows for a dot or a slash.
    if (hasControl(path) || path.contains("%c0") || path.contains("%c1")) {
      return new Parsed.Refused("has an encoded control character");
    }
    if (uri.getRawQuery() != null && hasControl(uri.getRawQuery().toLowerCase(Locale.ROOT))) {
      return new Parsed.Refused("has an encoded control character");
    }
    path = (path + "/").replace("%2e", ".").replace("%3b", ";").replace(';', '/');
    if (path.contains("/../") || path.contains("/./")) {
      return new Parsed.Refused("has a \".\" or \"..\" in its path");
    }
    return new Parsed.Ok(new ImageUrl(normalised(uri)));
  }

  /** Whether a text in lower case has the code of a character below a blank, or of delete. */
  private static boolean hasControl(String text) {
    return text.contains("%0")
        || text.contains("%1")
        || text.contains("%7f")
        || text.contains("%c2%8")
        || text.contains("%c2%9");
  }

  /**
   * Path and query stay as they are encoded: decoding them would change what the server is asked
   * for.
   */
  private static URI normalised(URI uri) {
    String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
    StringBuilder out = new StringBuilder(scheme).append(':');
    if (!scheme.equals("file")) {
      String authority = uri.getRawAuthority();
      out.append("//");
      if (authority != null) {
        out.append(UrlAuthority.normalised(scheme, authority, defaultPort(scheme)));
      }
    }
    out.append(uri.getRawPath());
    if (uri.getRawQuery() != null) {
      out.append('?').append(uri.getRawQuery());
    }
    return URI.create(out.toString());
  }

  private static int defaultPort(String scheme) {
    return switch (scheme) {
      case "http" -> 80;
      case "https" -> 443;
      default -> -1;
    };
  }

  /**
   * A URL made fit for messages: without user information, query and fragment, which may hold
   * credentials.
   */
  public static String shown(String url) {
    return Printable.of(withoutSecrets(url));
  }

  /** Foreign text with every URL in it as {@link #shown} would have it. */
  public static String masked(String text) {
    StringBuilder out = new StringBuilder();
    int from = 0;
    while (from < text.length()) {
      int mark = text.indexOf("://", from);
      if (mark < 0) {
        break;
      }
      int start = mark;
      while (start > from && !endsUrl(text.charAt(start - 1))) {
        start--;
      }
      int end = mark;
      while (end < text.length() && !endsUrl(text.charAt(end))) {
        end++;
      }
      out.append(text, from, start).append(withoutSecrets(text.substring(start, end)));
      from = end;
    }
    return out.append(text, from, text.length()).toString();
  }

  private static boolean endsUrl(char c) {
    return c <= ' ' || c == '"' || c == '\'' || c == '<' || c == '>' || c == '(' || c == ')';
  }

  private static String withoutSecrets(String url) {
    int fragment = url.indexOf('#');
    int query = url.indexOf('?');
    String text = url;
    if (query >= 0 && (fragment < 0 || query < fragment)) {
      text = url.substring(0, query) + "?...";
    } else if (fragment >= 0) {
      text = url.substring(0, fragment) + "#...";
    }
    int authority = text.indexOf("//");
    int at = text.lastIndexOf('@');
    if (authority >= 0 && at > authority) {
      text = text.substring(0, authority) + "//...@" + text.substring(at + 1);
    }
    return text;
  }

  /** Whether the image is a file of this host. */
  public boolean isFile() {
    return uri.getScheme().equals("file");
  }

  /** Whether we fetch it ourselves over HTTP. */
  public boolean isHttp() {
    return uri.getScheme().equals("http") || uri.getScheme().equals("https");
  }

  /** Fit for messages, as {@link #shown}; the URL itself is {@link #uri}. */
  @Override
  public String toString() {
    return shown(uri.toString());
  }
}
