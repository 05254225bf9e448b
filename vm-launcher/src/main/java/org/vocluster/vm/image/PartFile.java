package org.vocluster.vm.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.vocluster.vm.definition.ImageDigest;
import org.vocluster.vm.os.Sha256;

/**
 * An image on its way into the store: digest, header and size are checked while it is written, so
 * that what cannot become an image ends early.
 */
final class PartFile implements AutoCloseable {
  private static final int BUFFER = 1 << 20;

  private final FileChannel file;
  private final StagingLimits limits;
  private Sha256 sha = new Sha256();
  private long length;
  private boolean headerSeen;

  private PartFile(FileChannel file, StagingLimits limits) {
    this.file = file;
    this.limits = limits;
  }

  /** The bytes are not an image that may be staged; the message continues a sentence. */
  static final class UnfitException extends Exception {
    private static final long serialVersionUID = 1L;

    UnfitException(String message) {
      super(message);
    }
  }

  /** Opens the part, keeping what it has; nobody but the store's owner can read it yet. */
  static PartFile open(Path path, StagingLimits limits) throws IOException {
    return new PartFile(
        FileChannel.open(
            path,
            Set.of(
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))),
        limits);
  }

  /** Reads what is there, as if it had been written just now. */
  void take() throws IOException, UnfitException {
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    file.position(0);
    startOver();
    while (file.read(buffer.clear()) >= 0) {
      sha.add(buffer.flip());
      length += buffer.limit();
    }
    checkHeader();
  }

  /** Forgets what was written; the file is cut at the next {@link #append}. */
  void startOver() {
    sha = new Sha256();
    length = 0;
    headerSeen = false;
  }

  /** Bytes so far. */
  long length() {
    return length;
  }

  /** Writes some bytes more. */
  void append(byte[] bytes, int count) throws IOException, UnfitException {
    if (length == 0) {
      file.truncate(0);
    }
    if (length + count > limits.maxFileBytes()) {
      throw new UnfitException("is larger than the limit of " + limits.maxFileBytes() + " bytes");
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, count);
    long at = length;
    while (buffer.hasRemaining()) {
      at += file.write(buffer, at);
    }
    sha.add(bytes, count);
    length = at;
    if (!headerSeen && length >= Qcow2Header.SIZE) {
      checkHeader();
    }
  }

  private void checkHeader() throws IOException, UnfitException {
    if (length >= Qcow2Header.SIZE) {
      headerSeen = true;
      Qcow2Header header = Qcow2Header.read(file);
      fit(
          limits.kind() == FileKind.BOOT_FILE
              ? bootFileFaults(header)
              : header.faults(limits.maxVirtualBytes()));
    }
  }

  private static void fit(List<String> faults) throws UnfitException {
    if (!faults.isEmpty()) {
      throw new UnfitException(String.join(", ", faults));
    }
  }

  /**
   * Ends the writing: everything is on the disk when this returns.
   *
   * @return size in bytes of the disk that the guest sees
   */
  long finish(ImageDigest expected) throws IOException, UnfitException {
    file.truncate(length);
    file.force(true);
    ImageDigest found = new ImageDigest(sha.text());
    if (!found.equals(expected)) {
      throw new UnfitException("has SHA-256 " + found + " (" + length + " bytes), not " + expected);
    }
    return fit(Qcow2Header.read(file), length, limits);
  }

  /**
   * A boot file is known from a disk by its content alone, so that no digest can stand for both.
   */
  private static List<String> bootFileFaults(Qcow2Header header) {
    return header.qcow2() ? List.of("is a qcow2 file, no kernel or initrd") : List.of();
  }

  /** The size of the disk that the guest sees; 0 for a boot file. */
  private static long fit(Qcow2Header header, long bytes, StagingLimits limits)
      throws UnfitException {
    if (limits.kind() == FileKind.BOOT_FILE) {
      fit(bytes == 0 ? List.of("is empty") : bootFileFaults(header));
      return 0;
    }
    fit(header.faults(limits.maxVirtualBytes(), bytes));
    return header.virtualSize();
  }

  /**
   * Whether a file is byte for byte the image; returns its virtual size.
   *
   * @param progress is told of each MiB read
   */
  static long verify(Path path, ImageDigest expected, StagingLimits limits, Progress progress)
      throws IOException, UnfitException {
    try (FileChannel in =
        FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      long size = in.size();
      long virtualSize = fit(Qcow2Header.read(in), size, limits);
      if (size > limits.maxFileBytes()) {
        throw new UnfitException(
            "has " + size + " bytes, more than the limit of " + limits.maxFileBytes());
      }
      Sha256 sha = new Sha256();
      ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
      long done = 0;
      while (in.read(buffer.clear()) >= 0) {
        sha.add(buffer.flip());
        done += buffer.limit();
        progress.at(done, size);
      }
      ImageDigest found = new ImageDigest(sha.text());
      if (!found.equals(expected)) {
        throw new UnfitException("has SHA-256 " + found + " (" + done + " bytes), not " + expected);
      }
      return virtualSize;
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
