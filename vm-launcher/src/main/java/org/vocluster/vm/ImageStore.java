package org.vocluster.vm;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLConnection;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The host's images: read-only files {@code <sha256>.qcow2} in one directory, each verified while
 * it was written.
 *
 * <p>Beside an image stands {@code <sha256>.stamp} with the file's size, modification time and
 * inode at verification, so that a launch can tell without reading the image that it still is the
 * verified one. Only the directory's owner can make stamps. A fetch writes {@code .<sha256>.part}
 * under a lock on the digest; whatever dies, no half image has an image's name, and the next fetch
 * begins that part anew.
 */
public final class ImageStore {
  private static final String IMAGE_SUFFIX = ".qcow2";
  private static final String STAMP_SUFFIX = ".stamp";
  private static final int BUFFER = 1 << 20;
  private static final int CONNECT_MILLIS = 10_000;
  private static final int READ_MILLIS = 30_000;
  private static final int MAX_REDIRECTS = 5;

  private final Path directory;

  public ImageStore(Path directory) {
    this.directory = directory.toAbsolutePath();
  }

  /** What a launch can be told about an image. */
  public sealed interface Lookup {
    /** It is here. */
    record Found(VerifiedImage image) implements Lookup {}

    /** No file of this digest. */
    record Missing() implements Lookup {}

    /**
     * A file of this name that is not the verified one.
     *
     * @param reason for people
     */
    record Untrusted(String reason) implements Lookup {}
  }

  /** Finds an image by its stamp; reads no image data. */
  public Lookup find(ImageDigest digest) {
    Path file = imageFile(digest);
    FileIdentity identity;
    try {
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        return new Lookup.Missing();
      }
      identity = FileIdentity.of(file);
    } catch (NoSuchFileException e) {
      return new Lookup.Missing();
    } catch (IOException e) {
      return new Lookup.Untrusted(file + " cannot be looked at: " + e);
    }
    Path stampFile = directory.resolve(digest + STAMP_SUFFIX);
    try {
      Map<String, String> stamp =
          KeyValues.parse(Files.readString(stampFile, StandardCharsets.UTF_8));
      if (!identity.text().equals(stamp.get("identity"))) {
        return new Lookup.Untrusted(
            file
                + " is not the file that was verified (size, time and inode are "
                + identity.text()
                + ", were "
                + Printable.of(stamp.getOrDefault("identity", "not recorded"))
                + ")");
      }
      return new Lookup.Found(
          new VerifiedImage(digest, file, Long.parseLong(stamp.getOrDefault("virtual-size", ""))));
    } catch (IOException | NumberFormatException e) {
      return new Lookup.Untrusted(
          file + " has no readable verification stamp " + stampFile + " (" + e + ")");
    }
  }

  /** All verified images, by digest. */
  public List<VerifiedImage> images() throws IOException {
    List<VerifiedImage> out = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        String name = String.valueOf(entry.getFileName());
        if (name.endsWith(IMAGE_SUFFIX)) {
          String stem = name.substring(0, name.length() - IMAGE_SUFFIX.length());
          if (ImageDigest.isValid(stem)
              && find(new ImageDigest(stem)) instanceof Lookup.Found found) {
            out.add(found.image());
          }
        }
      }
    }
    out.sort(Comparator.comparing(image -> image.digest().value()));
    return out;
  }

  /**
   * Limits of what may be staged.
   *
   * @param allowed prefixes of URLs that may be fetched; redirections are held to them too
   * @param maxFileBytes greatest size of an image file
   * @param maxVirtualBytes greatest size of the guest's disk
   */
  public record Limits(List<UrlPrefix> allowed, long maxFileBytes, long maxVirtualBytes) {
    /** Copies the list. */
    public Limits {
      allowed = List.copyOf(allowed);
    }

    boolean allows(ImageUrl url) {
      for (UrlPrefix prefix : allowed) {
        if (prefix.covers(url)) {
          return true;
        }
      }
      return false;
    }

    boolean allowsFile(Path real) {
      for (UrlPrefix prefix : allowed) {
        if (prefix.coversFile(real)) {
          return true;
        }
      }
      return false;
    }
  }

  /**
   * Sees to it that the image is in the store. Of several processes that ask for one digest, one
   * fetches and the others wait for it. Blocks for as long as the transfer takes; a server that
   * sends nothing for 30 seconds ends it.
   */
  public StageResult stage(String url, ImageDigest digest, Limits limits) {
    if (find(digest) instanceof Lookup.Found found) {
      return new StageResult.Staged(found.image(), false);
    }
    ImageUrl source;
    switch (ImageUrl.parse(url)) {
      case ImageUrl.Parsed.Ok ok -> source = ok.url();
      case ImageUrl.Parsed.Refused refused -> {
        return failed(url, refused.reason());
      }
    }
    if (!limits.allows(source)) {
      return failed(url, notAllowed(limits));
    }
    try (FileChannel locks =
            FileChannel.open(
                directory.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = locks.lock(lockPosition(digest), 1, false)) {
      if (!lock.isValid()) {
        return failed(url, "cannot be locked in " + directory);
      }
      return stageLocked(source, digest, limits);
    } catch (OverlappingFileLockException e) {
      return failed(url, "is being staged by this very process");
    } catch (IOException e) {
      return failed(url, "cannot be locked in " + directory + ": " + describe(e));
    }
  }

  private StageResult stageLocked(ImageUrl source, ImageDigest digest, Limits limits) {
    Path file = imageFile(digest);
    Path part = directory.resolve("." + digest + ".part");
    String url = source.uri().toString();
    try {
      switch (find(digest)) {
        case Lookup.Found found -> {
          return new StageResult.Staged(found.image(), false);
        }
        case Lookup.Missing missing -> {}
        case Lookup.Untrusted untrusted -> Files.move(file, part, StandardCopyOption.ATOMIC_MOVE);
      }
      Optional<Long> known = Files.exists(part) ? verified(part, digest, limits) : Optional.empty();
      if (known.isPresent()) {
        return new StageResult.Staged(install(part, digest, known.get()), false);
      }
      Files.deleteIfExists(part);
      String fault = fetch(source, part, digest, limits);
      if (!fault.isEmpty()) {
        return failed(url, fault);
      }
      long virtualSize;
      try (FileChannel in = FileChannel.open(part, StandardOpenOption.READ)) {
        Qcow2Header header = Qcow2Header.read(in);
        List<String> faults = header.faults(limits.maxVirtualBytes());
        if (!faults.isEmpty()) {
          return failed(url, String.join(", ", faults));
        }
        virtualSize = header.virtualSize();
      }
      return new StageResult.Staged(install(part, digest, virtualSize), true);
    } catch (IOException e) {
      return failed(url, "cannot be kept in " + directory + ": " + describe(e));
    } finally {
      try {
        Files.deleteIfExists(part);
      } catch (IOException e) {
        // The next fetch of this digest begins the part anew.
      }
    }
  }

  /** The virtual size of a file that is byte for byte the image, or empty. */
  private static Optional<Long> verified(Path file, ImageDigest digest, Limits limits)
      throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    MessageDigest sha = sha256();
    try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
      Qcow2Header header = Qcow2Header.read(in);
      if (!header.faults(limits.maxVirtualBytes()).isEmpty()) {
        return Optional.empty();
      }
      ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
      while (in.read(buffer.clear()) >= 0) {
        sha.update(buffer.flip());
      }
      return digest.equals(ImageDigest.of(sha.digest()))
          ? Optional.of(header.virtualSize())
          : Optional.empty();
    }
  }

  /**
   * Writes the part and checks size and digest on the way. Returns what is wrong, or an empty text.
   */
  private static String fetch(ImageUrl source, Path part, ImageDigest digest, Limits limits)
      throws IOException {
    MessageDigest sha = sha256();
    long length = 0;
    try (Source in = open(source, limits);
        FileChannel out =
            FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      byte[] buffer = new byte[BUFFER];
      while (true) {
        int n;
        try {
          n = in.stream().read(buffer);
        } catch (IOException e) {
          return "broke off after " + length + " bytes: " + describe(e);
        }
        if (n < 0) {
          break;
        }
        length += n;
        if (length > limits.maxFileBytes()) {
          return "is larger than the limit of " + limits.maxFileBytes() + " bytes";
        }
        sha.update(buffer, 0, n);
        ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, n);
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
      }
      out.force(true);
      if (in.expectedLength() >= 0 && in.expectedLength() != length) {
        return "ended after " + length + " of " + in.expectedLength() + " bytes";
      }
    } catch (SourceException e) {
      return String.valueOf(e.getMessage());
    }
    ImageDigest found = ImageDigest.of(sha.digest());
    return found.equals(digest)
        ? ""
        : "has SHA-256 " + found + " (" + length + " bytes), not " + digest;
  }

  /**
   * The stamp stands before the image has its name: an image without a stamp is never of our
   * making.
   */
  private VerifiedImage install(Path part, ImageDigest digest, long virtualSize)
      throws IOException {
    Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("r--r--r--"));
    Path file = imageFile(digest);
    Map<String, String> stamp = new LinkedHashMap<>();
    stamp.put("identity", FileIdentity.of(part).text());
    stamp.put("virtual-size", Long.toString(virtualSize));
    AtomicFile.write(directory.resolve(digest + STAMP_SUFFIX), KeyValues.print(stamp), "rw-r--r--");
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
      entries.force(true);
    }
    return new VerifiedImage(digest, file, virtualSize);
  }

  private Path imageFile(ImageDigest digest) {
    return directory.resolve(digest + IMAGE_SUFFIX);
  }

  /**
   * One lock file for all digests: a byte of it is locked, whose position comes from the digest.
   */
  private static long lockPosition(ImageDigest digest) {
    return Long.parseUnsignedLong(digest.value().substring(0, 15), 16);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static StageResult failed(String url, String reason) {
    return new StageResult.Failed("image " + ImageUrl.shown(url) + " " + reason);
  }

  private static String notAllowed(Limits limits) {
    return limits.allowed().isEmpty()
        ? "may not be fetched: this host allows no URL prefix"
        : "begins with none of the URL prefixes that this host allows (VOC_IMAGE_URLS)";
  }

  private static String describe(IOException e) {
    String message = e.getMessage();
    return e.getClass().getSimpleName() + (message == null ? "" : " " + Printable.of(message));
  }

  /**
   * The other side could not be opened; the message continues a sentence that begins with the URL.
   */
  private static final class SourceException extends Exception {
    private static final long serialVersionUID = 1L;

    SourceException(String message) {
      super(message);
    }
  }

  /**
   * @param expectedLength in bytes, or -1 where the other side does not say
   */
  private record Source(InputStream stream, long expectedLength) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      stream.close();
    }
  }

  private static Source open(ImageUrl source, Limits limits) throws SourceException {
    return source.isFile() ? openFile(source, limits) : openHttp(source, limits);
  }

  /** The real path is held to the prefixes as well: a symbolic link must not lead out of them. */
  private static Source openFile(ImageUrl source, Limits limits) throws SourceException {
    try {
      Path real = Path.of(source.uri().getPath()).toRealPath();
      if (!limits.allowsFile(real)) {
        throw new SourceException(
            "leads to " + real + ", outside of the URL prefixes that this host allows");
      }
      if (!Files.isRegularFile(real)) {
        throw new SourceException("is not a plain file");
      }
      return new Source(Files.newInputStream(real), Files.size(real));
    } catch (IOException e) {
      throw new SourceException("cannot be read: " + describe(e));
    }
  }

  private static Source openHttp(ImageUrl source, Limits limits) throws SourceException {
    ImageUrl current = source;
    try {
      for (int hop = 0; hop <= MAX_REDIRECTS; hop++) {
        URLConnection plain = current.uri().toURL().openConnection();
        if (!(plain instanceof HttpURLConnection connection)) {
          throw new SourceException("cannot be fetched over " + current.uri().getScheme());
        }
        connection.setInstanceFollowRedirects(false);
        connection.setConnectTimeout(CONNECT_MILLIS);
        connection.setReadTimeout(READ_MILLIS);
        connection.setRequestProperty("Accept-Encoding", "identity");
        int status = connection.getResponseCode();
        if (status == HttpURLConnection.HTTP_OK) {
          long length = connection.getContentLengthLong();
          if (length > limits.maxFileBytes()) {
            throw new SourceException(
                "has " + length + " bytes, more than the limit of " + limits.maxFileBytes());
          }
          return new Source(connection.getInputStream(), length);
        }
        String location = connection.getHeaderField("Location");
        connection.disconnect();
        if (status < 300 || status > 399 || location == null) {
          throw new SourceException("was answered with HTTP status " + status);
        }
        current = redirected(current.uri(), location, limits);
      }
      throw new SourceException("was redirected more than " + MAX_REDIRECTS + " times");
    } catch (IOException | IllegalArgumentException e) {
      throw new SourceException(
          "cannot be fetched: "
              + e.getClass().getSimpleName()
              + " "
              + Printable.of(String.valueOf(e.getMessage())));
    }
  }

  private static ImageUrl redirected(URI from, String location, Limits limits)
      throws SourceException {
    if (ImageUrl.parse(from.resolve(location).toString()) instanceof ImageUrl.Parsed.Ok ok
        && !ok.url().isFile()
        && limits.allows(ok.url())) {
      return ok.url();
    }
    throw new SourceException(
        "was redirected to " + ImageUrl.shown(location) + ", which this host does not allow");
  }
}
