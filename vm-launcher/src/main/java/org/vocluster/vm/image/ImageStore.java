package org.vocluster.vm.image;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.vocluster.vm.definition.ImageDigest;
import org.vocluster.vm.definition.ImageUrl;
import org.vocluster.vm.os.AtomicFile;
import org.vocluster.vm.os.FileIdentity;
import org.vocluster.vm.os.FileTree;
import org.vocluster.vm.os.KeyValues;
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
  private static final String IMAGE_SUFFIX = ".qcow2";
  private static final String BOOT_FILE_SUFFIX = ".boot";
  private static final String STAMP_SUFFIX = ".stamp";
  private static final String PART_SUFFIX = ".part";
  private static final String ORIGIN_SUFFIX = ".from";
  private static final String PLUGIN_SUFFIX = ".plugin";
  private static final String GOING_SUFFIX = ".going";
  private static final String IN_PLACE = "in-place";
  private static final String BY_HAND = "by-hand";
  private static final int BUFFER = 1 << 20;

  /** Room is asked for in such steps where the other side does not say how much is coming. */
  private static final long UNANNOUNCED = 64 << 20;

  /** qemu keeps at most 1023 characters of a backing file's name. */
  private static final int LONGEST_PATH = 1023;

  private final Path directory;
  private final StoreLocks locks;

  public ImageStore(Path directory) {
    this.directory = directory.toAbsolutePath();
    this.locks = new StoreLocks(this.directory.resolve(".lock"));
  }

  /** Where the images are. */
  public Path directory() {
    return directory;
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
    // In this order: an image gets its name when its stamp is there already.
    boolean here = Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    if (!here) {
      Path bootFile = bootFile(digest);
      here = Files.exists(bootFile, LinkOption.NOFOLLOW_LINKS);
      file = here ? bootFile : file;
    }
    Map<String, String> stamp = stamp(digest);
    @Nullable String place = stamp.get(IN_PLACE);
    if (place != null && !here) {
      file = Path.of(place);
    } else if (!here) {
      return new Lookup.Missing();
    } else if (stamp.isEmpty()) {
      return new Lookup.Untrusted(
          file + " has no readable verification stamp " + stampFile(digest));
    }
    try {
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        return here || Files.exists(file, LinkOption.NOFOLLOW_LINKS)
            ? new Lookup.Untrusted(file + " is no plain file")
            : new Lookup.Missing();
      }
      String identity = here ? FileIdentity.of(file).text() : FileIdentity.ofForeign(file);
      if (!identity.equals(stamp.get("identity"))) {
        return new Lookup.Untrusted(
            file
                + " is not the file that was verified (size, time and inode are "
                + identity
                + ", were "
                + Printable.of(stamp.getOrDefault("identity", "not recorded"))
                + ")");
      }
      VerifiedImage image =
          new VerifiedImage(digest, file, Long.parseLong(stamp.getOrDefault("virtual-size", "")));
      return !here || image.isBootFile() == file.equals(bootFile(digest))
          ? new Lookup.Found(image)
          : new Lookup.Untrusted(file + " has another kind's verification stamp");
    } catch (NoSuchFileException e) {
      return new Lookup.Missing();
    } catch (IOException e) {
      return new Lookup.Untrusted(file + " cannot be looked at: " + e);
    } catch (NumberFormatException e) {
      return new Lookup.Untrusted(
          file + " has no readable verification stamp " + stampFile(digest));
    }
  }

  private boolean hasFile(ImageDigest digest) {
    return Files.exists(imageFile(digest), LinkOption.NOFOLLOW_LINKS)
        || Files.exists(bootFile(digest), LinkOption.NOFOLLOW_LINKS);
  }

  /** Empty if there is none that can be read. */
  private Map<String, String> stamp(ImageDigest digest) {
    try {
      return KeyValues.parse(Files.readString(stampFile(digest), StandardCharsets.UTF_8));
    } catch (IOException e) {
      return Map.of();
    }
  }

  /** All verified images, by digest. */
  public List<VerifiedImage> images() throws IOException {
    List<VerifiedImage> out = new ArrayList<>();
    for (ImageDigest digest : digests(STAMP_SUFFIX)) {
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
      Map<String, String> stamp = stamp(image.digest());
      try {
        out.add(
            new Held(
                image,
                Files.size(image.file()),
                stamp.containsKey(IN_PLACE),
                stamp.containsKey(BY_HAND)));
      } catch (NoSuchFileException e) {
        // Gone since it was found.
      }
    }
    return out;
  }

  /** Files with an image's name that are not verified ones, by digest. */
  public List<ImageDigest> untrusted() throws IOException {
    List<ImageDigest> out = new ArrayList<>();
    for (ImageDigest digest : digests(IMAGE_SUFFIX, BOOT_FILE_SUFFIX)) {
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
    for (ImageDigest digest : digests(PART_SUFFIX, PLUGIN_SUFFIX)) {
      FileTree.Extent part = FileTree.extent(part(digest));
      FileTree.Extent plugins = FileTree.extent(pluginDirectory(digest));
      if (!part.equals(FileTree.Extent.NONE) || !plugins.equals(FileTree.Extent.NONE)) {
        Origin origin = Origin.read(origin(digest));
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

  private List<ImageDigest> digests(String... suffixes) throws IOException {
    List<ImageDigest> out = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        String name = String.valueOf(entry.getFileName());
        for (String suffix : suffixes) {
          String stem =
              name.endsWith(suffix) ? name.substring(0, name.length() - suffix.length()) : "";
          stem = stem.startsWith(".") ? stem.substring(1) : stem;
          if (ImageDigest.isValid(stem) && !out.contains(new ImageDigest(stem))) {
            out.add(new ImageDigest(stem));
          }
        }
      }
    }
    out.sort(Comparator.comparing(ImageDigest::value));
    return out;
  }

  /**
   * Limits of what may be staged.
   *
   * @param allowed prefixes of URLs that may be fetched; redirections are held to them too
   * @param inPlace prefixes of {@code file:} URLs whose files are used where they are
   * @param maxFileBytes greatest size of an image file
   * @param maxVirtualBytes greatest size of the guest's disk
   * @param bootFile whether a kernel or an initrd is to be staged, and not a disk
   */
  public record Limits(
      List<UrlPrefix> allowed,
      List<UrlPrefix> inPlace,
      long maxFileBytes,
      long maxVirtualBytes,
      boolean bootFile) {
    /** Copies the lists. */
    public Limits {
      allowed = List.copyOf(allowed);
      inPlace = List.copyOf(inPlace);
    }

    /** Limits of disks. */
    public Limits(
        List<UrlPrefix> allowed, List<UrlPrefix> inPlace, long maxFileBytes, long maxVirtualBytes) {
      this(allowed, inPlace, maxFileBytes, maxVirtualBytes, false);
    }

    /** The same for a boot file, or for a disk. */
    public Limits forBootFile(boolean isOne) {
      return new Limits(allowed, inPlace, maxFileBytes, maxVirtualBytes, isOne);
    }

    /** Limits that use nothing in place. */
    public Limits(List<UrlPrefix> allowed, long maxFileBytes, long maxVirtualBytes) {
      this(allowed, List.of(), maxFileBytes, maxVirtualBytes);
    }

    boolean allows(ImageUrl url) {
      return covers(allowed, url) || isInPlace(url);
    }

    boolean isInPlace(ImageUrl url) {
      return url.isFile() && covers(inPlace, url);
    }

    boolean allowsFile(Path real) {
      return coversFile(allowed, real) || coversFile(inPlace, real);
    }

    private static boolean covers(List<UrlPrefix> prefixes, ImageUrl url) {
      for (UrlPrefix prefix : prefixes) {
        if (prefix.covers(url)) {
          return true;
        }
      }
      return false;
    }

    private static boolean coversFile(List<UrlPrefix> prefixes, Path real) {
      for (UrlPrefix prefix : prefixes) {
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
    return stage(url, digest, Staging.within(limits));
  }

  /** The same, with all that may be said of how. */
  public StageResult stage(String url, ImageDigest digest, Staging staging) {
    if (find(digest) instanceof Lookup.Found found) {
      return here(url, found.image(), staging);
    }
    ImageUrl source;
    switch (ImageUrl.parse(url)) {
      case ImageUrl.Parsed.Ok ok -> source = ok.url();
      case ImageUrl.Parsed.Refused refused -> {
        return failed(url, refused.reason());
      }
    }
    if (!staging.limits().allows(source) && !hasFile(digest)) {
      return failed(url, notAllowed(staging.limits()));
    }
    try (FileLock lock = locks.image(digest, staging.waits())) {
      return lock == null ? new StageResult.Busy() : stageLocked(source, digest, staging);
    } catch (IOException e) {
      return failed(url, "cannot be locked in " + directory + ": " + ImageSource.describe(e));
    }
  }

  private StageResult stageLocked(ImageUrl source, ImageDigest digest, Staging staging) {
    Path part = part(digest);
    String url = source.uri().toString();
    long before = size(part);
    boolean keep = false;
    try {
      switch (find(digest)) {
        case Lookup.Found found -> {
          return here(url, found.image(), staging);
        }
        case Lookup.Missing missing -> {}
        case Lookup.Untrusted untrusted -> {
          VerifiedImage image = reverified(source, digest, staging);
          if (image != null) {
            return here(url, image, staging);
          }
        }
      }
      if (!staging.limits().allows(source)) {
        return failed(url, notAllowed(staging.limits()));
      }
      if (staging.limits().isInPlace(source)) {
        return new StageResult.Staged(takeInPlace(source, digest, staging), false);
      }
      long virtualSize =
          source.isFile() || source.isHttp()
              ? fetch(source, digest, staging)
              : fetchByPlugin(source, digest, staging);
      return new StageResult.Staged(install(part, digest, virtualSize), true);
    } catch (BrokenOffException e) {
      keep = !Origin.read(origin(digest)).validator().isEmpty();
      return new StageResult.Failed(
          "image " + ImageUrl.shown(url) + " " + e.getMessage(), keep && size(part) > before);
    } catch (PartFile.UnfitException
        | ImageSource.SourceException
        | TransferPlugins.PluginException e) {
      // What is here of it was not tried and is as good as before, but for unfit bytes.
      keep = e instanceof ImageSource.SourceException && before > 0;
      return failed(url, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return failed(url, "cannot be kept in " + directory + ": " + ImageSource.describe(e));
    } finally {
      if (!keep) {
        forget(digest);
      }
    }
  }

  private static StageResult here(String url, VerifiedImage image, Staging staging) {
    if (image.isBootFile() == staging.limits().bootFile()) {
      return new StageResult.Staged(image, false);
    }
    return failed(
        url,
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

  /** No half image is left behind by a fetch that nobody will go on with. */
  private void forget(ImageDigest digest) {
    try {
      Files.deleteIfExists(part(digest));
      Files.deleteIfExists(origin(digest));
      TransferPlugins.remove(pluginDirectory(digest));
    } catch (IOException e) {
      // Has no image's name; the next fetch of this digest, or the cache's tidying, takes it away.
    }
  }

  /**
   * A file in the store that lost its stamp's trust, as by a touch or a move of the whole store,
   * may still be the image. It is read where it is, so that whatever dies, it stays; one that is
   * not the image goes if it can be fetched anew.
   */
  private @Nullable VerifiedImage reverified(ImageUrl source, ImageDigest digest, Staging staging)
      throws IOException, PartFile.UnfitException {
    Path file = imageFile(digest);
    boolean isBootFile = !Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    if (isBootFile) {
      file = bootFile(digest);
    }
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      Files.deleteIfExists(stampFile(digest));
      return null;
    }
    try {
      long virtualSize =
          PartFile.verify(
              file, digest, staging.limits().forBootFile(isBootFile), staging.progress());
      return install(file, digest, virtualSize);
    } catch (PartFile.UnfitException e) {
      if (!staging.limits().allows(source)) {
        throw new PartFile.UnfitException(
            notAllowed(staging.limits()) + ", and " + file + " " + e.getMessage());
      }
      Files.delete(file);
      return null;
    }
  }

  /** Verifies a file where it is, and says in a stamp of ours that it was. */
  private VerifiedImage takeInPlace(ImageUrl source, ImageDigest digest, Staging staging)
      throws IOException, ImageSource.SourceException, PartFile.UnfitException {
    Path file = ImageSource.realFile(source, staging.limits());
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
      long virtualSize = PartFile.verify(file, digest, staging.limits(), staging.progress());
      if (!identity.equals(FileIdentity.ofForeign(file))) {
        throw new PartFile.UnfitException("changed while it was verified");
      }
      Map<String, String> stamp = newStamp(digest, identity, virtualSize);
      stamp.put(IN_PLACE, file.toString());
      AtomicFile.write(stampFile(digest), KeyValues.print(stamp), "rw-r--r--");
      return new VerifiedImage(digest, file, virtualSize);
    } catch (IOException e) {
      throw new ImageSource.SourceException("cannot be read: " + ImageSource.describe(e));
    }
  }

  /** Fetches into the part, going on where the last attempt stopped if the origin can. */
  private long fetch(ImageUrl source, ImageDigest digest, Staging staging)
      throws IOException, ImageSource.SourceException, PartFile.UnfitException, BrokenOffException {
    try (PartFile part = PartFile.open(part(digest), staging.limits())) {
      Origin known = Origin.read(origin(digest));
      boolean resumed = false;
      if (known.isOf(source) && !known.validator().isEmpty() && size(part(digest)) > 0) {
        part.take();
        resumed = transfer(source, digest, staging, part, known.validator());
      } else {
        transfer(source, digest, staging, part, "");
      }
      try {
        return part.finish(digest);
      } catch (PartFile.UnfitException e) {
        if (!resumed) {
          throw e;
        }
        // The two halves may be of different files: only a whole one tells.
        part.startOver();
        transfer(source, digest, staging, part, "");
        return part.finish(digest);
      }
    }
  }

  /** Returns whether the transfer went on with what was there. */
  private boolean transfer(
      ImageUrl source, ImageDigest digest, Staging staging, PartFile part, String validator)
      throws IOException, ImageSource.SourceException, PartFile.UnfitException, BrokenOffException {
    long offset = part.length();
    try (ImageSource in =
        ImageSource.open(source, staging.limits(), staging.credentials(), offset, validator)) {
      boolean resumed = in.start() > 0;
      if (!resumed) {
        part.startOver();
      }
      long announced = Math.max(in.total(), 0);
      makeRoom(digest, announced, staging);
      new Origin(Origin.mark(source), in.validator(), in.total(), announced).write(origin(digest));
      byte[] buffer = new byte[BUFFER];
      long roomy = in.total();
      for (int n = read(in, buffer, part); n >= 0; n = read(in, buffer, part)) {
        if (in.total() < 0 && part.length() + n > roomy) {
          roomy = part.length() + n + UNANNOUNCED;
          makeRoom(digest, roomy, staging);
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
   * Notes how large an image on its way may become, for all who ask for room; to be called under
   * the lock on the space.
   */
  void reserve(ImageDigest digest, long bytes) throws IOException {
    Path file = origin(digest);
    Origin.read(file).reserving(bytes).write(file);
  }

  private static void makeRoom(ImageDigest digest, long bytes, Staging staging)
      throws IOException, PartFile.UnfitException {
    String fault = staging.room().make(digest, bytes);
    if (!fault.isEmpty()) {
      throw new PartFile.UnfitException(fault);
    }
  }

  /** A plugin writes where only it does; its file is verified when it is done. */
  private long fetchByPlugin(ImageUrl source, ImageDigest digest, Staging staging)
      throws IOException, PartFile.UnfitException, TransferPlugins.PluginException {
    makeRoom(digest, 0, staging);
    Path image =
        staging
            .plugins()
            .fetch(
                source,
                pluginDirectory(digest),
                staging.limits().maxFileBytes(),
                staging.progress(),
                written -> makeRoom(digest, written, staging));
    makeRoom(digest, Files.size(image), staging);
    long virtualSize = PartFile.verify(image, digest, staging.limits(), Progress.NONE);
    try (FileChannel file =
        FileChannel.open(image, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      file.force(true);
    }
    Files.move(image, part(digest), StandardCopyOption.ATOMIC_MOVE);
    return virtualSize;
  }

  /**
   * The stamp stands before the image has its name: an image without a stamp is never of our
   * making.
   */
  private VerifiedImage install(Path part, ImageDigest digest, long virtualSize)
      throws IOException {
    AtomicFile.setPermissions(part, "r--r--r--");
    Path file = virtualSize == 0 ? bootFile(digest) : imageFile(digest);
    Map<String, String> stamp = newStamp(digest, FileIdentity.of(part).text(), virtualSize);
    AtomicFile.write(stampFile(digest), KeyValues.print(stamp), "rw-r--r--");
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
      entries.force(true);
    }
    return new VerifiedImage(digest, file, virtualSize);
  }

  /** Keeps what people noted in an earlier one. */
  private Map<String, String> newStamp(ImageDigest digest, String identity, long virtualSize) {
    Map<String, String> stamp = new LinkedHashMap<>();
    stamp.put("identity", identity);
    stamp.put("virtual-size", Long.toString(virtualSize));
    if (isByHand(digest)) {
      stamp.put(BY_HAND, "true");
    }
    return stamp;
  }

  /** Whether people put the image here, verified or not: then only people take it away. */
  public boolean isByHand(ImageDigest digest) {
    return stamp(digest).containsKey(BY_HAND);
  }

  /** Notes that people put an image here. */
  public void markByHand(ImageDigest digest) throws IOException {
    Map<String, String> stamp = new LinkedHashMap<>(stamp(digest));
    if (!stamp.isEmpty() && !stamp.containsKey(BY_HAND)) {
      stamp.put(BY_HAND, "true");
      AtomicFile.write(stampFile(digest), KeyValues.print(stamp), "rw-r--r--");
    }
  }

  /** What became of an image that was read again. */
  public sealed interface Verdict {
    /** It is what it was. */
    record Good(long bytes) implements Verdict {}

    /**
     * It is not, and no node can use it any more.
     *
     * @param reason continues a sentence that begins with the image
     */
    record Bad(String reason) implements Verdict {}
  }

  /** Reads all of an image; one that is not what it was loses its stamp, hence its use. */
  public Verdict verify(ImageDigest digest, Limits limits, Progress progress) throws IOException {
    VerifiedImage image;
    switch (find(digest)) {
      case Lookup.Found found -> image = found.image();
      case Lookup.Missing missing -> {
        return new Verdict.Bad("is not here");
      }
      case Lookup.Untrusted untrusted -> {
        return new Verdict.Bad(untrusted.reason());
      }
    }
    try {
      var _ =
          PartFile.verify(image.file(), digest, limits.forBootFile(image.isBootFile()), progress);
      return new Verdict.Good(Files.size(image.file()));
    } catch (PartFile.UnfitException e) {
      Files.deleteIfExists(stampFile(digest));
      return new Verdict.Bad(String.valueOf(e.getMessage()));
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
    Path stamp = stampFile(digest);
    Path going = directory.resolve("." + digest + GOING_SUFFIX);
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
    Files.deleteIfExists(imageFile(digest));
    Files.deleteIfExists(bootFile(digest));
    Files.deleteIfExists(going);
    return true;
  }

  /** Takes away what is here of an image that nobody is fetching. */
  public boolean removePart(ImageDigest digest) throws IOException {
    try (FileLock lock = locks.image(digest, false)) {
      if (lock == null) {
        return false;
      }
      forget(digest);
      return true;
    }
  }

  /**
   * Takes away what a killed process left: temporary files, and marks of a removal that did not
   * come to its end, whose image is then found untrusted.
   *
   * @param age younger files, by the system's clock, may belong to somebody at work
   */
  public void sweep(Duration age) throws IOException {
    long before = System.currentTimeMillis() - age.toMillis();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        String name = String.valueOf(entry.getFileName());
        boolean ours =
            name.endsWith(GOING_SUFFIX) || (name.startsWith(".write-") && name.endsWith(".tmp"));
        if (ours && Files.getLastModifiedTime(entry).toMillis() < before) {
          Files.deleteIfExists(entry);
        }
      }
    } catch (NoSuchFileException e) {
      // Somebody else was quicker.
    }
  }

  /** Bytes that the store's file system has left for its owner. */
  long usableBytes() throws IOException {
    return Files.getFileStore(directory).getUsableSpace();
  }

  StoreLocks locks() {
    return locks;
  }

  private Path imageFile(ImageDigest digest) {
    return directory.resolve(digest + IMAGE_SUFFIX);
  }

  private Path bootFile(ImageDigest digest) {
    return directory.resolve(digest + BOOT_FILE_SUFFIX);
  }

  private Path stampFile(ImageDigest digest) {
    return directory.resolve(digest + STAMP_SUFFIX);
  }

  private Path part(ImageDigest digest) {
    return directory.resolve("." + digest + PART_SUFFIX);
  }

  private Path origin(ImageDigest digest) {
    return directory.resolve("." + digest + ORIGIN_SUFFIX);
  }

  private Path pluginDirectory(ImageDigest digest) {
    return directory.resolve("." + digest + PLUGIN_SUFFIX);
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return 0;
    }
  }

  private static StageResult failed(String url, String reason) {
    return new StageResult.Failed("image " + ImageUrl.shown(url) + " " + reason);
  }

  private static String notAllowed(Limits limits) {
    return limits.allowed().isEmpty()
        ? "may not be fetched: this host allows no URL prefix (VOC_IMAGE_URLS)"
        : "begins with none of the URL prefixes that this host allows (VOC_IMAGE_URLS)";
  }

  /**
   * Where a part comes from. It stands in a world-readable directory, so the URL is only marked.
   *
   * @param mark tells URLs apart
   * @param validator as in {@link ImageSource}
   * @param total bytes of the whole image, or -1
   * @param reserved as in {@link Part}
   */
  private record Origin(String mark, String validator, long total, long reserved) {
    static Origin read(Path file) {
      try {
        Map<String, String> lines = KeyValues.parse(Files.readString(file, StandardCharsets.UTF_8));
        return new Origin(
            lines.getOrDefault("url", ""),
            lines.getOrDefault("validator", ""),
            Long.parseLong(lines.getOrDefault("total", "-1")),
            Long.parseLong(lines.getOrDefault("reserved", "0")));
      } catch (IOException | NumberFormatException e) {
        return new Origin("", "", -1, 0);
      }
    }

    void write(Path file) throws IOException {
      Map<String, String> lines = new LinkedHashMap<>();
      lines.put("url", mark);
      lines.put("validator", validator);
      lines.put("total", Long.toString(total));
      lines.put("reserved", Long.toString(reserved));
      AtomicFile.write(file, KeyValues.print(lines), "rw-r--r--");
    }

    Origin reserving(long bytes) {
      return new Origin(mark, validator, total, bytes);
    }

    boolean isOf(ImageUrl url) {
      return mark.equals(mark(url));
    }

    static String mark(ImageUrl url) {
      return HexFormat.of()
          .formatHex(
              PartFile.sha256().digest(url.uri().toString().getBytes(StandardCharsets.UTF_8)));
    }
  }
}
