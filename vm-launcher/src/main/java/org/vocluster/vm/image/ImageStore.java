package org.vocluster.vm.image;

import java.io.IOException;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.vocluster.vm.definition.ImageDigest;
import org.vocluster.vm.definition.ImageUrl;
import org.vocluster.vm.os.FileIdentity;
import org.vocluster.vm.os.FileTree;
import org.vocluster.vm.os.Printable;

/**
 * The host's images: read-only files {@code <sha256>.qcow2} in one directory, each verified while
 * it was written.
 *
 * <p>Kernels and initrds that nodes start with are kept in the same way as {@code <sha256>.boot}.
 * Which of the two a file is, its content says, so that no digest is ever of both.
 *
 * <p>Beside an image stands {@code <sha256>.stamp} with the file's size, modification time and
 * inode at verification, so that a launch can tell without reading the image that it still is the
 * verified one. Only the directory's owner can make stamps. An image that is used in place has a
 * stamp only, which says where it is. A fetch writes {@code .<sha256>.part} under a lock on the
 * digest, and beside it {@code .<sha256>.from}, so that the next fetch can go on where a killed one
 * stopped; whatever dies, no half image has an image's name.
 */
public final class ImageStore {
  private final StoreFiles files;
  private final StoreLocks locks;

  public ImageStore(Path directory) {
    this.files = new StoreFiles(directory.toAbsolutePath());
    this.locks = new StoreLocks(files.lock());
  }

  /** Where the images are. */
  public Path directory() {
    return files.directory();
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
    FileKind kind = FileKind.IMAGE;
    Path file = files.file(digest, kind);
    // In this order: an image gets its name when its stamp is there already.
    boolean here = StoreFiles.exists(file);
    if (!here) {
      Path bootFile = files.file(digest, FileKind.BOOT_FILE);
      here = StoreFiles.exists(bootFile);
      kind = here ? FileKind.BOOT_FILE : kind;
      file = here ? bootFile : file;
    }
    Stamp stamp = Stamp.read(files.stamp(digest));
    if (stamp.inPlace().isPresent() && !here) {
      file = stamp.inPlace().get();
    } else if (!here) {
      return new Lookup.Missing();
    } else if (stamp.isMissing()) {
      return unreadable(file, digest);
    }
    try {
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        return here || StoreFiles.exists(file)
            ? new Lookup.Untrusted(file + " is no plain file")
            : new Lookup.Missing();
      }
      String identity = here ? FileIdentity.of(file).text() : FileIdentity.ofForeign(file);
      if (!identity.equals(stamp.identity())) {
        return new Lookup.Untrusted(
            file
                + " is not the file that was verified (size, time and inode are "
                + identity
                + ", were "
                + Printable.of(stamp.identity())
                + ")");
      }
      long virtualSize = stamp.virtualSize();
      FileKind stamped = virtualSize == 0 ? FileKind.BOOT_FILE : FileKind.IMAGE;
      return !here || stamped == kind
          ? new Lookup.Found(new VerifiedImage(digest, file, stamped, virtualSize))
          : new Lookup.Untrusted(file + " has another kind's verification stamp");
    } catch (NoSuchFileException e) {
      return new Lookup.Missing();
    } catch (IOException e) {
      return new Lookup.Untrusted(file + " cannot be looked at: " + e);
    } catch (NumberFormatException e) {
      return unreadable(file, digest);
    }
  }

  private Lookup unreadable(Path file, ImageDigest digest) {
    return new Lookup.Untrusted(
        file + " has no readable verification stamp " + files.stamp(digest));
  }

  /** All verified images, by digest. */
  public List<VerifiedImage> images() throws IOException {
    List<VerifiedImage> out = new ArrayList<>();
    for (ImageDigest digest : files.stamped()) {
      if (find(digest) instanceof Lookup.Found found) {
        out.add(found.image());
      }
    }
    return out;
  }

  /**
   * A verified image, with what concerns the cache.
   *
   * @param bytes of the file
   * @param inPlace whether the file belongs to somebody else
   * @param byHand whether people put it here, so that only people take it away
   */
  public record Held(VerifiedImage image, long bytes, boolean inPlace, boolean byHand) {}

  /** All verified images, by digest, with what concerns the cache. */
  public List<Held> held() throws IOException {
    List<Held> out = new ArrayList<>();
    for (VerifiedImage image : images()) {
      Stamp stamp = Stamp.read(files.stamp(image.digest()));
      try {
        out.add(
            new Held(
                image, Files.size(image.file()), stamp.inPlace().isPresent(), stamp.isByHand()));
      } catch (NoSuchFileException e) {
        // Gone since it was found.
      }
    }
    return out;
  }

  /** Files with an image's name that are not verified ones, by digest. */
  public List<ImageDigest> untrusted() throws IOException {
    List<ImageDigest> out = new ArrayList<>();
    for (ImageDigest digest : files.named()) {
      if (find(digest) instanceof Lookup.Untrusted) {
        out.add(digest);
      }
    }
    return out;
  }

  /**
   * An image that is not yet here.
   *
   * @param bytes here by now
   * @param total bytes of the whole image; -1 if that is not known
   * @param reserved bytes of the whole image that were found room for; 0 if none were
   * @param running whether somebody is fetching it at this moment
   * @param modified Unix time of the last byte
   */
  public record Part(
      ImageDigest digest, long bytes, long total, long reserved, boolean running, long modified) {
    /** Bytes that are still to come, as far as that is known. */
    long rest() {
      return running ? Math.max(Math.max(total, reserved) - bytes, 0) : 0;
    }
  }

  /** The images on their way, by digest. */
  public List<Part> parts() throws IOException {
    List<Part> out = new ArrayList<>();
    for (ImageDigest digest : files.begun()) {
      FileTree.Extent part = FileTree.extent(files.part(digest));
      FileTree.Extent plugins = FileTree.extent(files.pluginDirectory(digest));
      if (!part.equals(FileTree.Extent.NONE) || !plugins.equals(FileTree.Extent.NONE)) {
        PartOrigin origin = PartOrigin.read(files.origin(digest));
        out.add(
            new Part(
                digest,
                part.bytes() + plugins.bytes(),
                origin.total(),
                origin.reserved(),
                isLocked(digest),
                Math.max(part.modified(), plugins.modified())));
      }
    }
    return out;
  }

  private boolean isLocked(ImageDigest digest) throws IOException {
    FileLock lock = locks.image(digest, false);
    if (lock == null) {
      return true;
    }
    lock.release();
    return false;
  }

  /**
   * Sees to it that the image is in the store. Of several processes that ask for one digest, one
   * fetches and the others wait for it. Blocks for as long as the transfer takes; a server that
   * sends nothing for 30 seconds ends it.
   */
  public StageResult stage(ImageUrl url, ImageDigest digest, StagingLimits limits) {
    return stage(url, digest, Staging.within(limits));
  }

  /** The same, with all that may be said of how. */
  public StageResult stage(ImageUrl url, ImageDigest digest, Staging staging) {
    return new Stager(this, files, locks, url, digest, staging).stage();
  }

  /** Whether people put the image here, verified or not: then only people take it away. */
  public boolean isByHand(ImageDigest digest) {
    return Stamp.read(files.stamp(digest)).isByHand();
  }

  /** Notes that people put an image here. */
  public void markByHand(ImageDigest digest) throws IOException {
    Stamp stamp = Stamp.read(files.stamp(digest));
    if (!stamp.isMissing() && !stamp.isByHand()) {
      stamp.byHand(true).write(files.stamp(digest));
    }
  }

  /** What became of an image that was read again. */
  public sealed interface Verification {
    /** It is what it was. */
    record Good(long bytes) implements Verification {}

    /**
     * It is not, and no node can use it any more.
     *
     * @param reason continues a sentence that begins with the image
     */
    record Bad(String reason) implements Verification {}
  }

  /** Reads all of an image; one that is not what it was loses its stamp, hence its use. */
  public Verification verify(ImageDigest digest, StagingLimits limits, Progress progress)
      throws IOException {
    VerifiedImage image;
    switch (find(digest)) {
      case Lookup.Found found -> image = found.image();
      case Lookup.Missing missing -> {
        return new Verification.Bad("is not here");
      }
      case Lookup.Untrusted untrusted -> {
        return new Verification.Bad(untrusted.reason());
      }
    }
    try {
      var _ = PartFile.verify(image.file(), digest, limits.of(image.kind()), progress);
      return new Verification.Good(Files.size(image.file()));
    } catch (PartFile.UnfitException e) {
      Files.deleteIfExists(files.stamp(digest));
      return new Verification.Bad(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Takes an image away, unless somebody begins to use it at this moment: who takes a lease before
   * looking the image up either finds it gone, or is seen by {@code isFree} in time.
   *
   * @param isFree asked after new launches can no longer find the image
   * @return whether it is gone
   */
  public boolean remove(ImageDigest digest, BooleanSupplier isFree) throws IOException {
    Path stamp = files.stamp(digest);
    Path going = files.going(digest);
    boolean stamped = Files.exists(stamp);
    if (stamped) {
      Files.move(stamp, going, StandardCopyOption.ATOMIC_MOVE);
    }
    if (!isFree.getAsBoolean()) {
      if (stamped) {
        Files.move(going, stamp, StandardCopyOption.ATOMIC_MOVE);
      }
      return false;
    }
    for (FileKind kind : FileKind.values()) {
      Files.deleteIfExists(files.file(digest, kind));
    }
    Files.deleteIfExists(going);
    return true;
  }

  /** Takes away what is here of an image that nobody is fetching. */
  public boolean removePart(ImageDigest digest) throws IOException {
    try (FileLock lock = locks.image(digest, false)) {
      if (lock == null) {
        return false;
      }
      files.forgetPart(digest);
      return true;
    }
  }

  /**
   * Takes away what a killed process left: temporary files, and marks of a removal that did not
   * come to its end, whose image is then found untrusted.
   *
   * @param age by the system's clock; younger files may belong to somebody at work
   */
  public void sweep(Duration age) throws IOException {
    files.sweep(age);
  }

  /** Bytes that the store's file system has left for its owner. */
  long usableBytes() throws IOException {
    return Files.getFileStore(files.directory()).getUsableSpace();
  }

  StoreLocks locks() {
    return locks;
  }
}
