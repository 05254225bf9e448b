package org.vocluster.vm.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vocluster.vm.RealTools;
import org.vocluster.vm.definition.ImageDigest;
import org.vocluster.vm.definition.ImageUrl;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.image.ImageStore.Lookup;
import org.vocluster.vm.node.HostProcesses;
import org.vocluster.vm.qemu.QemuProcesses;

class ImageCacheTest {
  private static final long MIB = 1 << 20;
  private static final long DAY = 24 * 3600;

  @TempDir Path dir;
  private ImageStore store = new ImageStore(Path.of("/"));
  private Leases leases = new Leases(Path.of("/"));
  private long now = System.currentTimeMillis() / 1000;
  private final List<Path> sources = new ArrayList<>();

  @BeforeEach
  void prepare() throws Exception {
    for (String each : List.of("images", "state", "leases", "src", "proc")) {
      Files.createDirectory(dir.resolve(each));
    }
    process("self", 30, "java", 10);
    process("10", 10, "condor_starter", 1);
    store = new ImageStore(dir.resolve("images"));
    leases = new Leases(dir.resolve("leases"));
  }

  private void process(String entry, long pid, String name, long parent) throws IOException {
    Files.writeString(
        Files.createDirectories(dir.resolve("proc").resolve(entry)).resolve("stat"),
        pid + " (" + name + ") S " + parent + " 1 1 0 -1 0 1 2 3 4 5 6 7 8 20 0 1 0 7 1 2\n");
  }

  private ImageCache cache(long cacheMib) {
    return new ImageCache(
        store,
        leases,
        new HostProcesses(dir.resolve("proc")),
        new QemuProcesses(new HostProcesses(dir.resolve("proc"))),
        ImageUse.load(dir.resolve("state")),
        new ImageCache.Bounds(cacheMib * MIB, 0, 7),
        () -> Instant.ofEpochSecond(now));
  }

  /** An image of two MiB, put into the store within the cache's bounds. */
  private ImageDigest image(ImageCache cache) throws Exception {
    StageResult result = stage(cache, newSource());
    StageResult.Staged staged =
        assertInstanceOf(StageResult.Staged.class, result, result.toString());
    return staged.image().digest();
  }

  private Path newSource() throws Exception {
    Path source = dir.resolve("src/" + sources.size() + ".qcow2");
    RealTools.qemuImg("create", "-q", "-f", "qcow2", source.toString(), "64M");
    byte[] bytes = java.util.Arrays.copyOf(Files.readAllBytes(source), (int) (2 * MIB));
    bytes[bytes.length - 1] = (byte) sources.size();
    Files.write(source, bytes);
    sources.add(source);
    return source;
  }

  private StageResult stage(ImageCache cache, Path source) throws Exception {
    ImageDigest digest = RealTools.digest(source);
    StageResult result =
        store.stage(
            ImageUrl.of("file://" + source),
            digest,
            new Staging(
                new StagingLimits(
                    UrlPrefix.parseList("file://" + dir + "/src/"), 100 * MIB, 1 << 30),
                TransferPlugins.NONE,
                SiteCredentials.NONE,
                cache,
                Progress.NONE,
                true));
    if (result instanceof StageResult.Staged) {
      cache.staged(digest);
    }
    return result;
  }

  private boolean has(ImageDigest digest) {
    return store.find(digest) instanceof Lookup.Found;
  }

  @Test
  void limitHoldsAndTheLeastRecentlyUsedImageGoes() throws Exception {
    ImageCache cache = cache(5);
    ImageDigest first = image(cache);
    now += 600;
    ImageDigest second = image(cache);
    now += 600;
    leases.take(new NodeId("n-1"), first, new HostProcesses(dir.resolve("proc")));
    cache.tidy(true);
    leases.release(new NodeId("n-1"));
    now += 600;
    ImageDigest third = image(cache);
    assertTrue(has(first), "used last");
    assertFalse(has(second));
    assertTrue(has(third));
  }

  @Test
  void imageInUseStaysAndTheNewOneIsRefusedWithTheReason() throws Exception {
    ImageCache cache = cache(3);
    ImageDigest used = image(cache);
    now += 600;
    leases.take(new NodeId("n-1"), used, new HostProcesses(dir.resolve("proc")));
    StageResult result = stage(cache, newSource());
    StageResult.Failed failed = assertInstanceOf(StageResult.Failed.class, result);
    assertTrue(
        failed
            .reason()
            .endsWith(
                "of 2 MiB finds no room beside the images that VOCs need or nodes use:"
                    + " VOC_IMAGE_CACHE_MB is 3"),
        failed.reason());
    assertTrue(has(used));
    assertEquals(0, cache.remove(used));
    leases.release(new NodeId("n-1"));
    now += 600;
    image(cache);
    assertFalse(has(used));
  }

  @Test
  void imageThatAVocNeedsStaysWhileAnotherCanGo() throws Exception {
    ImageCache cache = cache(5);
    ImageDigest needed = image(cache);
    now += 600;
    ImageDigest unneeded = image(cache);
    now += 600;
    cache.wanted(List.of(needed));
    image(cache);
    assertTrue(has(needed), "though used longer ago");
    assertFalse(has(unneeded));
  }

  @Test
  void imageThatNobodyNeedsGoesAfterItsTimeButNeverOnHearsay() throws Exception {
    ImageCache cache = cache(0);
    ImageDigest old = image(cache);
    ImageDigest byHand = image(cache);
    store.markByHand(byHand);
    ImageDigest wanted = image(cache);
    cache.tidy(true);
    now += 6 * DAY;
    cache.wanted(List.of(wanted));
    assertEquals(List.of(), cache.tidy(true));
    now += DAY;
    assertEquals(List.of(), cache.tidy(false), "the collector did not tell");
    assertEquals(List.of(old), cache.tidy(true));
    assertFalse(has(old));
    assertTrue(has(byHand));
    assertTrue(has(wanted));
  }

  @Test
  void strayGoesAfterADayUnlessItWasPutHereByHand() throws Exception {
    ImageCache cache = cache(0);
    ImageDigest stray = image(cache);
    ImageDigest byHand = image(cache);
    store.markByHand(byHand);
    for (ImageDigest each : List.of(stray, byHand)) {
      Files.setLastModifiedTime(
          dir.resolve("images/" + each + ".qcow2"), FileTime.fromMillis(1_000));
    }
    now += 2 * DAY;
    cache.tidy(true);
    assertEquals(List.of(byHand), store.untrusted());
  }

  @Test
  void useIsRememberedFromRunToRun() throws Exception {
    ImageCache cache = cache(0);
    ImageDigest image = image(cache);
    cache.wanted(List.of(image));
    cache.tidy(true);
    ImageUse.Times times = ImageUse.load(dir.resolve("state")).of(image);
    assertEquals(new ImageUse.Times(now, now), times);
  }

  @Test
  void timesOfAClockThatWasAheadKeepNoImageForEver() throws Exception {
    now += 300 * DAY;
    ImageCache ahead = cache(0);
    ImageDigest image = image(ahead);
    ahead.wanted(List.of(image));
    ahead.tidy(true);
    now -= 300 * DAY;
    cache(0).tidy(true);
    assertEquals(
        new ImageUse.Times(now, now), ImageUse.load(dir.resolve("state")).of(image), "kept so");
    now += 7 * DAY;
    assertEquals(List.of(image), cache(0).tidy(true));
  }

  @Test
  void whatIsNeededNowReplacesATimeThatIsYetToCome() throws Exception {
    ImageDigest image = new ImageDigest("ab".repeat(32));
    ImageUse use = ImageUse.load(dir.resolve("state"));
    use.wanted(List.of(image), now + DAY);
    use.used(List.of(image), now + DAY);
    use.wanted(List.of(image), now);
    use.used(List.of(image), now);
    assertEquals(new ImageUse.Times(now, now), use.of(image));
  }

  @Test
  void launchThatBeginsDuringARemovalKeepsItsImage() throws Exception {
    ImageCache cache = cache(0);
    ImageDigest image = image(cache);
    boolean gone =
        store.remove(
            image,
            () -> {
              assertInstanceOf(
                  Lookup.Untrusted.class, store.find(image), "launches find it no longer");
              return false;
            });
    assertFalse(gone);
    assertTrue(has(image));
  }

  @Test
  void removalThatWasKilledIsMendedByTheNextStaging() throws Exception {
    ImageCache cache = cache(0);
    ImageDigest image = image(cache);
    Path stamp = dir.resolve("images/" + image + ".stamp");
    Files.move(stamp, dir.resolve("images/." + image + ".going"));
    assertFalse(has(image));
    assertInstanceOf(StageResult.Staged.class, stage(cache, sources.getFirst()));
    assertTrue(has(image));
    Files.setLastModifiedTime(
        dir.resolve("images/." + image + ".going"), FileTime.fromMillis((now - DAY) * 1000));
    cache.tidy(true);
    assertEquals(List.of(image + ".qcow2", image + ".stamp"), filesInStore());
  }

  private List<String> filesInStore() throws IOException {
    try (var files = Files.list(dir.resolve("images"))) {
      return files
          .map(f -> String.valueOf(f.getFileName()))
          .filter(n -> !n.equals(".lock"))
          .sorted()
          .toList();
    }
  }

  @Test
  void partsThatNobodyWantsGo() throws Exception {
    ImageCache cache = cache(3);
    String wanted = "ab".repeat(32);
    String unwanted = "cd".repeat(32);
    for (String each : List.of(wanted, unwanted)) {
      Files.write(dir.resolve("images/." + each + ".part"), new byte[(int) MIB]);
    }
    cache.wanted(List.of(new ImageDigest(wanted)));
    image(cache);
    assertFalse(Files.exists(dir.resolve("images/." + unwanted + ".part")), "made room");
    assertTrue(Files.exists(dir.resolve("images/." + wanted + ".part")));
    now += 3 * DAY;
    cache.tidy(true);
    assertFalse(Files.exists(dir.resolve("images/." + wanted + ".part")), "too old");
  }

  /** Begins to fetch an image, as far as others see that; it ends with the returned lock. */
  private FileLock begin(ImageDigest image) throws Exception {
    FileLock lock = store.locks().image(image, false);
    assertNotNull(lock);
    Files.createFile(dir.resolve("images/." + image + ".part"));
    return lock;
  }

  /** Asks for room as a fetch does. */
  private String make(ImageDigest image, long bytes) throws IOException {
    PartOrigin origin = new PartOrigin("", "", -1, bytes);
    return cache(5)
        .make(image, bytes, () -> origin.write(dir.resolve("images/." + image + ".from")));
  }

  @Test
  void imagesThatComeTogetherAreNotBothPromisedTheSameRoom() throws Exception {
    ImageDigest one = new ImageDigest("ab".repeat(32));
    ImageDigest two = new ImageDigest("cd".repeat(32));
    try (FileLock first = begin(one);
        FileLock second = begin(two)) {
      assertEquals("", make(one, 3 * MIB));
      String refusal = make(two, 3 * MIB);
      assertTrue(refusal.endsWith("VOC_IMAGE_CACHE_MB is 5"), refusal);
      assertEquals("", make(two, 2 * MIB));
      assertTrue(first.isValid() && second.isValid());
    }
    assertEquals("", make(two, 3 * MIB), "what was promised ends with the fetch");
  }

  @Test
  void someOfTheFileSystemStaysFree() throws Exception {
    long usable = store.usableBytes();
    ImageCache cache =
        new ImageCache(
            store,
            leases,
            new HostProcesses(dir.resolve("proc")),
            new QemuProcesses(new HostProcesses(dir.resolve("proc"))),
            ImageUse.load(dir.resolve("state")),
            new ImageCache.Bounds(0, usable + 100 * MIB, 7),
            () -> Instant.ofEpochSecond(now));
    StageResult.Failed failed =
        assertInstanceOf(StageResult.Failed.class, stage(cache, newSource()));
    assertTrue(failed.reason().contains("less than VOC_IMAGE_KEEP_FREE_MB = "), failed.reason());
  }

  @Test
  void changedImageIsTakenOutOfUseByVerification() throws Exception {
    ImageCache cache = cache(0);
    ImageDigest image = image(cache);
    StagingLimits limits = new StagingLimits(List.of(), 100 * MIB, 1 << 30);
    assertEquals(
        new ImageStore.Verification.Good(2 * MIB), store.verify(image, limits, Progress.NONE));
    Path file = dir.resolve("images/" + image + ".qcow2");
    var modified = Files.getLastModifiedTime(file);
    byte[] bytes = Files.readAllBytes(file);
    bytes[1_500_000]++;
    assertTrue(file.toFile().setWritable(true));
    Files.write(file, bytes);
    Files.setLastModifiedTime(file, modified);
    assertTrue(has(image), "a bad disk is not seen from outside");
    ImageStore.Verification.Bad bad =
        assertInstanceOf(
            ImageStore.Verification.Bad.class, store.verify(image, limits, Progress.NONE));
    assertTrue(bad.reason().contains("has SHA-256"), bad.reason());
    assertFalse(has(image));
  }
}
