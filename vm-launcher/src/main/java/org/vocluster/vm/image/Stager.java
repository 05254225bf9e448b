package org.vocluster.vm.image;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import org.jspecify.annotations.Nullable;
import org.vocluster.vm.definition.ImageDigest;
import org.vocluster.vm.definition.ImageUrl;
import org.vocluster.vm.image.ImageStore.Lookup;
import org.vocluster.vm.os.AtomicFile;
import org.vocluster.vm.os.FileIdentity;
import org.vocluster.vm.os.Printable;

/**
 * One image's way into the store: fetched into a part, or taken where it is; verified; stamped;
 * given its name. {@link ImageStore#stage} makes one for each image that is asked for. It writes
 * under the lock on the digest only, and nothing that has an image's name before it is verified.
 */
final class Stager {
  private static final int BUFFER = 1 << 20;

  /** Room is asked for in such steps where the other side does not say how much is coming. */
  private static final long UNANNOUNCED = 64 << 20;

  /** qemu keeps at most 1023 characters of a backing file's name. */
  private static final int LONGEST_PATH = 1023;

  private final ImageStore store;
  private final StoreFiles files;
  private final StoreLocks locks;
  private final ImageUrl source;
  private final ImageDigest digest;
  private final Staging staging;
  private final StagingLimits limits;

  Stager(
      ImageStore store,
      StoreFiles files,
      StoreLocks locks,
      ImageUrl source,
      ImageDigest digest,
      Staging staging) {
    this.store = store;
    this.files = files;
    this.locks = locks;
    this.source = source;
    this.digest = digest;
    this.staging = staging;
    this.limits = staging.limits();
  }

  StageResult stage() {
    if (store.find(digest) instanceof Lookup.Found found) {
      return here(found.image());
    }
    if (!limits.allows(source) && !files.has(digest)) {
      return failed(limits.refusal());
    }
    try (FileLock lock = locks.image(digest, staging.waits())) {
      return lock == null ? new StageResult.Busy() : stageLocked();
    } catch (IOException e) {
      return failed("cannot be locked in " + files.directory() + ": " + ImageSource.describe(e));
    }
  }

  private StageResult stageLocked() {
    Path part = files.part(digest);
    long before = size(part);
    boolean keep = false;
    try {
      switch (store.find(digest)) {
        case Lookup.Found found -> {
          return here(found.image());
        }
        case Lookup.Missing missing -> {}
        case Lookup.Untrusted untrusted -> {
          VerifiedImage image = reverified();
          if (image != null) {
            return here(image);
          }
        }
      }
      if (!limits.allows(source)) {
        return failed(limits.refusal());
      }
      if (limits.isInPlace(source)) {
        return new StageResult.Staged(takeInPlace(), false);
      }
      long virtualSize = source.isFile() || source.isHttp() ? fetch() : fetchByPlugin();
      return new StageResult.Staged(install(part, limits.kind(), virtualSize), true);
    } catch (BrokenOffException e) {
      keep = !PartOrigin.read(files.origin(digest)).validator().isEmpty();
      return new StageResult.Failed(
          "image " + source + " " + e.getMessage(), keep && size(part) > before);
    } catch (PartFile.UnfitException
        | ImageSource.SourceException
        | TransferPlugins.PluginException e) {
      // What is here of it was not tried and is as good as before, but for unfit bytes.
      keep = e instanceof ImageSource.SourceException && before > 0;
      return failed(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return failed("cannot be kept in " + files.directory() + ": " + ImageSource.describe(e));
    } finally {
      if (!keep) {
        files.forgetPart(digest);
      }
    }
  }

  private StageResult here(VerifiedImage image) {
    if (image.kind() == limits.kind()) {
      return new StageResult.Staged(image, false);
    }
    return failed(
        image.isBootFile()
            ? "is a kernel or an initrd by its SHA-256, no disk"
            : "is a disk by its SHA-256, no kernel or initrd");
  }

  /** The transfer broke off; what came is kept. The message continues a sentence. */
  private static final class BrokenOffException extends Exception {
    private static final long serialVersionUID = 1L;

    BrokenOffException(String message) {
      super(message);
    }
  }

  /**
   * A file in the store that lost its stamp's trust, as by a touch or a move of the whole store,
   * may still be the image. It is read where it is, so that whatever dies, it stays; one that is
   * not the image goes if it can be fetched anew.
   */
  private @Nullable VerifiedImage reverified() throws IOException, PartFile.UnfitException {
    FileKind kind =
        StoreFiles.exists(files.file(digest, FileKind.IMAGE)) ? FileKind.IMAGE : FileKind.BOOT_FILE;
    Path file = files.file(digest, kind);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      Files.deleteIfExists(files.stamp(digest));
      return null;
    }
    try {
      long virtualSize = PartFile.verify(file, digest, limits.of(kind), staging.progress());
      return install(file, kind, virtualSize);
    } catch (PartFile.UnfitException e) {
      if (!limits.allows(source)) {
        throw new PartFile.UnfitException(
            limits.refusal() + ", and " + file + " " + e.getMessage());
      }
      Files.delete(file);
      return null;
    }
  }

  /** Verifies a file where it is, and says in a stamp of ours that it was. */
  private VerifiedImage takeInPlace()
      throws IOException, ImageSource.SourceException, PartFile.UnfitException {
    Path file = ImageSource.realFile(source, limits);
    if (file.toString().length() > LONGEST_PATH) {
      throw new PartFile.UnfitException(
          "has a path of more than " + LONGEST_PATH + " characters, which QEMU does not take");
    }
    if (!Printable.of(file.toString(), LONGEST_PATH).equals(file.toString())) {
      throw new PartFile.UnfitException(
          "cannot be used in place: its path has characters other than those of ASCII");
    }
    try {
      if (!Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)) {
        throw new PartFile.UnfitException(
            "cannot be used in place: nodes' accounts may not read it; chmod o+r " + file);
      }
      String identity = FileIdentity.ofForeign(file);
      long virtualSize = PartFile.verify(file, digest, limits, staging.progress());
      if (!identity.equals(FileIdentity.ofForeign(file))) {
        throw new PartFile.UnfitException("changed while it was verified");
      }
      stamp(identity, virtualSize).inPlace(file).write(files.stamp(digest));
      return new VerifiedImage(digest, file, limits.kind(), virtualSize);
    } catch (IOException e) {
      throw new ImageSource.SourceException("cannot be read: " + ImageSource.describe(e));
    }
  }

  /** Fetches into the part, going on where the last attempt stopped if the origin can. */
  private long fetch()
      throws IOException, ImageSource.SourceException, PartFile.UnfitException, BrokenOffException {
    try (PartFile part = PartFile.open(files.part(digest), limits)) {
      PartOrigin known = PartOrigin.read(files.origin(digest));
      boolean resumed = false;
      if (known.isOf(source) && !known.validator().isEmpty() && size(files.part(digest)) > 0) {
        part.take();
        resumed = transfer(part, known.validator());
      } else {
        transfer(part, "");
      }
      try {
        return part.finish(digest);
      } catch (PartFile.UnfitException e) {
        if (!resumed) {
          throw e;
        }
        // The two halves may be of different files: only a whole one tells.
        part.startOver();
        transfer(part, "");
        return part.finish(digest);
      }
    }
  }

  /** Returns whether the transfer went on with what was there. */
  private boolean transfer(PartFile part, String validator)
      throws IOException, ImageSource.SourceException, PartFile.UnfitException, BrokenOffException {
    long offset = part.length();
    try (ImageSource in =
        ImageSource.open(source, limits, staging.credentials(), offset, validator)) {
      boolean resumed = in.start() > 0;
      if (!resumed) {
        part.startOver();
      }
      PartOrigin origin = PartOrigin.of(source, in);
      makeRoom(Math.max(in.total(), 0), origin);
      byte[] buffer = new byte[BUFFER];
      long roomy = in.total();
      for (int n = read(in, buffer, part); n >= 0; n = read(in, buffer, part)) {
        if (in.total() < 0 && part.length() + n > roomy) {
          roomy = part.length() + n + UNANNOUNCED;
          makeRoom(roomy, origin);
        }
        part.append(buffer, n);
        staging.progress().at(part.length(), in.total());
      }
      if (in.total() >= 0 && in.total() != part.length()) {
        throw new BrokenOffException(
            "ended after " + part.length() + " of " + in.total() + " bytes");
      }
      return resumed;
    }
  }

  private static int read(ImageSource in, byte[] buffer, PartFile part) throws BrokenOffException {
    try {
      return in.stream().read(buffer);
    } catch (IOException e) {
      throw new BrokenOffException(
          "broke off after " + part.length() + " bytes: " + ImageSource.describe(e));
    }
  }

  /**
   * Finds room for the whole image, and notes under the lock on the space how large it may become.
   *
   * @param origin what else is known of the part
   */
  private void makeRoom(long bytes, PartOrigin origin) throws IOException, PartFile.UnfitException {
    makeRoom(bytes, () -> origin.reserving(bytes).write(files.origin(digest)));
  }

  private void makeRoom(long bytes, Staging.Granted granted)
      throws IOException, PartFile.UnfitException {
    String fault = staging.room().make(digest, bytes, granted);
    if (!fault.isEmpty()) {
      throw new PartFile.UnfitException(fault);
    }
  }

  /** A plugin writes where only it does; its file is verified when it is done. */
  private long fetchByPlugin()
      throws IOException, PartFile.UnfitException, TransferPlugins.PluginException {
    PartOrigin origin = PartOrigin.read(files.origin(digest));
    // Nothing is noted yet: a fetch that ends before it has a directory would leave the note alone.
    makeRoom(0, () -> {});
    Path image =
        staging
            .plugins()
            .fetch(
                source,
                files.pluginDirectory(digest),
                limits.maxFileBytes(),
                staging.progress(),
                written -> makeRoom(written, origin));
    makeRoom(Files.size(image), origin);
    long virtualSize = PartFile.verify(image, digest, limits, Progress.NONE);
    try (FileChannel file =
        FileChannel.open(image, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      file.force(true);
    }
    Files.move(image, files.part(digest), StandardCopyOption.ATOMIC_MOVE);
    return virtualSize;
  }

  /**
   * The stamp stands before the image has its name: an image without a stamp is never of our
   * making.
   */
  private VerifiedImage install(Path part, FileKind kind, long virtualSize) throws IOException {
    AtomicFile.setPermissions(part, "r--r--r--");
    Path file = files.file(digest, kind);
    stamp(FileIdentity.of(part).text(), virtualSize).write(files.stamp(digest));
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel entries = FileChannel.open(files.directory(), StandardOpenOption.READ)) {
      entries.force(true);
    }
    return new VerifiedImage(digest, file, kind, virtualSize);
  }

  /** Keeps what people noted in an earlier one. */
  private Stamp stamp(String identity, long virtualSize) {
    return Stamp.of(identity, virtualSize).byHand(store.isByHand(digest));
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return 0;
    }
  }

  private StageResult failed(String reason) {
    return StageResult.Failed.of(source.uri().toString(), reason);
  }
}
