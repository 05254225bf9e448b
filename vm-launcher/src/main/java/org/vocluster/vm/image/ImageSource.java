package org.vocluster.vm.image;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLConnection;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.vocluster.vm.definition.ImageUrl;
import org.vocluster.vm.os.FileIdentity;
import org.vocluster.vm.os.Printable;

/**
 * An opened image at its origin.
 *
 * @param start the offset at which the stream begins: the one asked for, or 0
 * @param total length of the whole image in bytes, or -1 where the other side does not say
 * @param validator tells whether a later opening finds the same bytes; empty if nothing does
 */
record ImageSource(InputStream stream, long start, long total, String validator)
    implements AutoCloseable {
  private static final int CONNECT_MILLIS = 10_000;
  private static final int READ_MILLIS = 30_000;
  private static final int MAX_REDIRECTS = 5;
  private static final int HTTP_RANGE_NOT_SATISFIABLE = 416;

  /** The origin could not be opened; the message continues a sentence that begins with the URL. */
  static final class SourceException extends Exception {
    private static final long serialVersionUID = 1L;

    SourceException(String message) {
      super(message);
    }
  }

  /**
   * Opens a {@code file}, {@code http} or {@code https} URL.
   *
   * @param offset bytes that are here already, of what had {@code validator}; the stream begins
   *     there if the origin still has the same, else at 0
   */
  static ImageSource open(
      ImageUrl url,
      StagingLimits limits,
      SiteCredentials credentials,
      long offset,
      String validator)
      throws SourceException {
    return url.isFile()
        ? openFile(realFile(url, limits), offset, validator)
        : openHttp(url, limits, credentials, validator.isEmpty() ? 0 : offset, validator);
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }

  /**
   * The plain file behind a {@code file:} URL. The real path is held to the prefixes as well: a
   * symbolic link must not lead out of them.
   */
  static Path realFile(ImageUrl url, StagingLimits limits) throws SourceException {
    try {
      Path real = Path.of(url.uri().getPath()).toRealPath();
      if (!limits.allowsFile(real)) {
        throw new SourceException(
            "leads to " + real + ", outside of the URL prefixes that this host allows");
      }
      if (!Files.isRegularFile(real)) {
        throw new SourceException("is not a plain file");
      }
      return real;
    } catch (IOException e) {
      throw new SourceException("cannot be read: " + describe(e));
    }
  }

  private static ImageSource openFile(Path real, long offset, String validator)
      throws SourceException {
    try {
      String identity = FileIdentity.of(real).text();
      FileChannel channel = FileChannel.open(real, StandardOpenOption.READ);
      long start = identity.equals(validator) && offset <= channel.size() ? offset : 0;
      channel.position(start);
      return new ImageSource(Channels.newInputStream(channel), start, channel.size(), identity);
    } catch (IOException e) {
      throw new SourceException("cannot be read: " + describe(e));
    }
  }

  private static ImageSource openHttp(
      ImageUrl source,
      StagingLimits limits,
      SiteCredentials credentials,
      long offset,
      String validator)
      throws SourceException {
    ImageUrl current = source;
    try {
      for (int hop = 0; hop <= MAX_REDIRECTS; hop++) {
        HttpURLConnection connection = request(current, credentials, offset, validator);
        int status = connection.getResponseCode();
        if (status == HttpURLConnection.HTTP_OK) {
          return whole(connection, limits);
        }
        if (status == HttpURLConnection.HTTP_PARTIAL && offset > 0) {
          long total = totalOf(connection.getHeaderField("Content-Range"), offset);
          if (total >= 0) {
            return new ImageSource(connection.getInputStream(), offset, total, validator);
          }
        }
        String location = connection.getHeaderField("Location");
        connection.disconnect();
        if (offset > 0
            && (status == HttpURLConnection.HTTP_PARTIAL || status == HTTP_RANGE_NOT_SATISFIABLE)) {
          return openHttp(source, limits, credentials, 0, "");
        }
        if (status < 300 || status > 399 || location == null) {
          throw new SourceException("was answered with HTTP status " + status);
        }
        current = redirected(current.uri(), location, limits);
      }
      throw new SourceException("was redirected more than " + MAX_REDIRECTS + " times");
    } catch (IOException | IllegalArgumentException e) {
      throw new SourceException("cannot be fetched: " + describe(e));
    }
  }

  private static HttpURLConnection request(
      ImageUrl url, SiteCredentials credentials, long offset, String validator)
      throws IOException, SourceException {
    URLConnection plain = url.uri().toURL().openConnection();
    if (!(plain instanceof HttpURLConnection connection)) {
      throw new SourceException("cannot be fetched over " + url.uri().getScheme());
    }
    connection.setInstanceFollowRedirects(false);
    connection.setConnectTimeout(CONNECT_MILLIS);
    connection.setReadTimeout(READ_MILLIS);
    connection.setUseCaches(false);
    connection.setRequestProperty("Accept-Encoding", "identity");
    if (offset > 0) {
      connection.setRequestProperty("Range", "bytes=" + offset + "-");
      connection.setRequestProperty("If-Range", validator);
    }
    SiteCredentials.Header header = credentials.of(url);
    if (header != null) {
      connection.setRequestProperty(header.name(), header.value());
    }
    return connection;
  }

  private static ImageSource whole(HttpURLConnection connection, StagingLimits limits)
      throws IOException, SourceException {
    long length = connection.getContentLengthLong();
    if (length > limits.maxFileBytes()) {
      connection.disconnect();
      throw new SourceException(
          "has " + length + " bytes, more than the limit of " + limits.maxFileBytes());
    }
    // A weak tag may not be used for ranges (RFC 9110, 13.1.5).
    String tag = connection.getHeaderField("ETag");
    String modified = connection.getHeaderField("Last-Modified");
    String validator =
        tag != null && !tag.startsWith("W/") ? tag : modified != null ? modified : "";
    return new ImageSource(
        connection.getInputStream(),
        0,
        length,
        Printable.of(validator).equals(validator) ? validator : "");
  }

  /** The length after the slash of {@code bytes 100-199/200}, or -1 if that is not what we need. */
  private static long totalOf(@Nullable String contentRange, long offset) {
    String begin = "bytes " + offset + "-";
    if (contentRange == null || !contentRange.startsWith(begin)) {
      return -1;
    }
    int slash = contentRange.indexOf('/');
    try {
      return slash < 0 ? -1 : Long.parseLong(contentRange.substring(slash + 1).strip());
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private static ImageUrl redirected(URI from, String location, StagingLimits limits)
      throws SourceException {
    if (ImageUrl.parse(from.resolve(location).toString()) instanceof ImageUrl.Parsed.Ok ok
        && ok.url().isHttp()
        && limits.allows(ok.url())) {
      return ok.url();
    }
    throw new SourceException(
        "was redirected to " + ImageUrl.shown(location) + ", which this host does not allow");
  }

  /** The JDK puts whole URLs into some messages. */
  static String describe(Exception e) {
    String message = e.getMessage();
    return e.getClass().getSimpleName()
        + (message == null ? "" : " " + Printable.of(ImageUrl.masked(message)));
  }
}
