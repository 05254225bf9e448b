package org.vocluster.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.vocluster.scenario.Said.assertComplains;
import static org.vocluster.scenario.Said.assertPrints;
import static org.vocluster.scenario.Said.assertSays;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.vocluster.pool.Await;
import org.vocluster.pool.Host;
import org.vocluster.pool.PoolException;
import org.vocluster.pool.Result;
import org.vocluster.pool.Suite;
import org.vocluster.vocpool.VocPool;
import org.vocluster.vocpool.VocText;

/**
 * Images on a pool of HTCondor's daemons, without waiting for any node to boot: registering a VOC
 * on the access point is all that anybody does, and PAD hosts fetch, go on, make room and say so.
 */
@Tag("pool")
@Order(5)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class ImagesTest {
  private static final Duration SOON = Duration.ofMinutes(2);
  private static final int IMAGE_BYTES = 24_000_000;
  private static final String CONFIG = "/etc/condor/config.d/91-site-voc.conf";
  private static final String FAST = "1000000000";
  private static final String SLOW = "1000000";

  private PoolOf pool;
  private VocPool voc;

  /** An image's file in the share and its digest. */
  private record Made(String name, String sha256) {}

  @BeforeAll
  void poolWithAnImageServer() throws PoolException, InterruptedException, IOException {
    pool = PoolOf.suite("images", Suite.TRIXIE);
    voc = pool.voc();
    voc.ap().write("/srv/image-server.py", resource("image-server.py"), "644");
    voc.ap().root().sh("mkdir -p /srv/images").orThrow();
    rate(FAST);
    voc.ap()
        .root()
        .sh("setsid python3 /srv/image-server.py </dev/null >/var/log/image-server.err 2>&1 &")
        .orThrow();
    configure("");
  }

  @AfterAll
  void poolDown() throws PoolException {
    pool.close();
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = ImagesTest.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private String server(String scheme) {
    return scheme + "://" + voc.pool().centralManager().address() + ":8000/";
  }

  private void rate(String bytesPerSecond) throws PoolException, InterruptedException {
    voc.ap()
        .root()
        .sh(
            "echo %s >/srv/images/rate.new; mv /srv/images/rate.new /srv/images/rate"
                .formatted(bytesPerSecond))
        .orThrow();
  }

  private void configure(String more) throws PoolException, InterruptedException {
    for (Host host : voc.pool().executeHosts()) {
      host.write(
          CONFIG,
          "VOC_IMAGE_URLS = %s,%s,%s\nVOC_ADVERTISE_PERIOD = 3\n%s"
              .formatted(VocPool.SHARE_URL, server("http"), server("dav"), more),
          "644");
      host.root().run("condor_reconfig").orThrow();
    }
  }

  /** An image whose content cannot be compressed away. */
  private Made made(String name) throws PoolException, InterruptedException {
    String sum =
        voc.ap()
            .root()
            .sh(
                """
                head -c %d /dev/urandom >/var/tmp/raw
                qemu-img convert -f raw -O qcow2 /var/tmp/raw /srv/images/%s
                rm /var/tmp/raw
                sha256sum /srv/images/%s
                """
                    .formatted(IMAGE_BYTES, name, name))
            .orThrow()
            .stdout();
    return new Made(name, sum.split(" ", 2)[0]);
  }

  private void register(String voc1, String url, String sha256)
      throws PoolException, InterruptedException {
    voc.register(VocText.of(voc1, "atlas", url, sha256)).orThrow();
  }

  private String awaitPads(String what, String attribute, String part)
      throws PoolException, InterruptedException {
    return Await.until(
            what,
            SOON,
            () -> voc.padSlots("Machine", attribute, "VocImageErrors", "VocFault"),
            slots -> !slots.isEmpty() && slots.stream().allMatch(slot -> slot.contains(part)))
        .getFirst();
  }

  private List<String> served(String name) throws PoolException, InterruptedException {
    return voc.ap()
        .root()
        .sh("grep ' /%s ' /var/log/image-server || true".formatted(name))
        .orThrow()
        .lines();
  }

  private List<String> store(Host host) throws PoolException, InterruptedException {
    return host.root()
        .sh("ls -A /var/lib/voc/images | grep -v '^.lock$' || true")
        .orThrow()
        .lines();
  }

  @Test
  @Order(1)
  void registeringIsEnoughProgressIsSeenAndAKilledFetchGoesOn()
      throws PoolException, InterruptedException {
    pool.run(
        voc -> {
          Made image = made("resumed.qcow2");
          rate(SLOW);
          register("resumed", server("http") + image.name(), image.sha256());
          String progress = awaitPads("progress in all PAD slots", "VocImageProgress", " MiB ");
          assertSays(progress, image.sha256().substring(0, 12) + ": ");
          Host pad = voc.pool().executeHosts().getFirst();
          Result listed = pad.run("voc", "image", "list").orThrow();
          assertPrints(listed, "fetching");
          assertTrue(
              voc.padSlots("VocHeartbeat", "VocDomain").stream().allMatch(s -> s.contains("PAD")),
              "the host goes on advertising");
          // As the startd's end, or the host's: no chance to say good-bye.
          pad.root().sh("pkill -KILL -f 'hook[.]Advertise'").orThrow();
          assertTrue(
              store(pad).stream().noneMatch(file -> file.endsWith(".qcow2")),
              () -> "no half image");
          rate(FAST);
          voc.awaitImage(image.sha256());
          long size = sizeOf(image.name());
          List<String> served = served(image.name());
          assertEquals(
              1,
              served.stream().filter(line -> line.contains("bytes=")).count(),
              () -> "one went on: " + served);
          long bytes =
              served.stream()
                  .mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
                  .sum();
          assertTrue(bytes < 2 * size + size / 2, () -> "read once for each host: " + served);
          for (Host host : voc.pool().executeHosts()) {
            assertEquals(
                List.of(image.sha256() + ".qcow2", image.sha256() + ".stamp"), store(host));
          }
        });
  }

  @Test
  @Order(2)
  void pluginOfHtCondorFetchesOtherSchemes() throws PoolException, InterruptedException {
    pool.run(
        voc -> {
          Made image = made("by-plugin.qcow2");
          register("plugged", server("dav") + image.name(), image.sha256());
          voc.awaitImage(image.sha256());
          assertFalse(served(image.name()).isEmpty());
          Result broken =
              voc.register(VocText.of("nobody", "atlas", "gopher://x.test/y", image.sha256()));
          assertTrue(broken.ok(), broken::toString);
          voc.ap().run("voc", "unregister", "nobody").orThrow();
        });
  }

  @Test
  @Order(3)
  void imageThatNoVocNeedsMakesRoomAndOneThatAVocNeedsStays()
      throws PoolException, InterruptedException {
    pool.run(
        voc -> {
          Made image = made("third.qcow2");
          configure("VOC_IMAGE_CACHE_MB = 60\n");
          String resumed = digestOf("resumed.qcow2");
          String plugged = digestOf("by-plugin.qcow2");
          register("third", server("http") + image.name(), image.sha256());
          awaitPads("no room", "VocImageErrors", "VOC_IMAGE_CACHE_MB is 60");
          voc.ap().run("voc", "unregister", "plugged").orThrow();
          // The next attempt comes a minute after the first, and a VOC counts for two minutes.
          Await.until(
              "third image in the place of the second",
              Duration.ofMinutes(6),
              () -> voc.padSlots("Machine", "VocImages"),
              slots -> slots.stream().allMatch(slot -> slot.contains(image.sha256())));
          for (String slot : voc.padSlots("VocImages")) {
            assertSays(slot, resumed);
            assertFalse(slot.contains(plugged), slot);
          }
        });
  }

  @Test
  @Order(4)
  void sharedStoreIsUsedInPlace() throws PoolException, InterruptedException {
    pool.run(
        voc -> {
          configure("VOC_IMAGE_IN_PLACE = " + VocPool.SHARE_URL + "\n");
          String sha256 = voc.image().sha256();
          voc.register(voc.definition("shared", "atlas")).orThrow();
          voc.awaitImage(sha256);
          Host pad = voc.pool().executeHosts().getFirst();
          assertTrue(store(pad).contains(sha256 + ".stamp"));
          assertFalse(store(pad).contains(sha256 + ".qcow2"));
          Result listed = pad.run("voc", "image", "list").orThrow();
          assertPrints(listed, "in place");
          Result pooled = voc.ap().run("voc", "image", "list", "--pool").orThrow();
          assertPrints(pooled, sha256.substring(0, 12));
        });
  }

  @Test
  @Order(5)
  void prepareJobRefusesAnEndlessAdWithoutReadingIt() throws PoolException, InterruptedException {
    pool.run(
        voc -> {
          Host pad = voc.pool().executeHosts().getFirst();
          Result answer =
              pad.root()
                  .sh(
                      "cd /var/tmp; yes 'Attribute12345 = 1' | head -n 100000000 |"
                          + " /usr/libexec/voc/prepare-job $(condor_config_val VOC_HOOK_PREPARE_JOB_ARGS)")
                  .orThrow();
          assertPrints(
              answer,
              "HookStatusCode = 16",
              "the ad on standard input has more than 1048576 bytes");
        });
  }

  /** Nothing waits for this node to boot: what is looked at is there as soon as QEMU runs. */
  @Test
  @Order(6)
  void nodeHoldsItsImageAndItsDiskInMemoryForAsLongAsItLives()
      throws PoolException, InterruptedException {
    pool.run(
        voc -> {
          configure("VOC_OVERLAY_IN_RAM = True\n");
          voc.register(voc.definition("ram", "cms")).orThrow();
          String sha256 = voc.image().sha256();
          voc.awaitImage(sha256);
          voc.ap()
              .as("alice")
              .input(
                  """
                  executable = /bin/sleep
                  arguments = 600
                  transfer_executable = false
                  should_transfer_files = yes
                  queue
                  """)
              .run("condor_submit")
              .orThrow();
          List<Host> hosts =
              Await.until(
                  "a node's QEMU on some host",
                  Duration.ofMinutes(3),
                  this::hostsWithNodes,
                  found -> !found.isEmpty());
          Host pad = hosts.getFirst();
          Result listed = pad.run("voc", "image", "list").orThrow();
          assertTrue(
              listed.lines().stream()
                  .anyMatch(
                      line ->
                          line.startsWith(sha256.substring(0, 12)) && line.matches(".* 1 +0:00h")),
              listed::toString);
          Result refused = pad.root().run("voc", "image", "prune", sha256);
          assertEquals(1, refused.exit(), refused::toString);
          assertComplains(refused, "a node uses it");
          long qemu = VocPool.virtualMachines(pad).getFirst().pid();
          // QEMU keeps a copy of the descriptor that it was given, under another number.
          String open = "readlink /proc/%d/fd/* || true".formatted(qemu);
          Result disk = pad.root().sh(open);
          assertTrue(
              disk.lines().stream()
                  .anyMatch(
                      file ->
                          file.startsWith("/dev/shm/voc-overlay.") && file.endsWith(" (deleted)")),
              disk::toString);
          assertEquals(List.of(), pad.root().sh("ls /dev/shm").orThrow().lines());

          voc.ap().root().sh("condor_rm -constraint 'JobUniverse == 5'").orThrow();
          Await.until(
              "no lease and no QEMU on any host",
              SOON,
              () ->
                  pad.root()
                      .sh("ls /var/lib/voc/leases; pgrep qemu-system || true")
                      .orThrow()
                      .lines(),
              List::isEmpty);
        });
  }

  private List<Host> hostsWithNodes() throws PoolException, InterruptedException {
    List<Host> out = new ArrayList<>();
    for (Host host : voc.pool().executeHosts()) {
      if (!VocPool.virtualMachines(host).isEmpty()) {
        out.add(host);
      }
    }
    return out;
  }

  private String digestOf(String name) throws PoolException, InterruptedException {
    return voc.ap().run("sha256sum", "/srv/images/" + name).orThrow().stdout().split(" ", 2)[0];
  }

  private long sizeOf(String name) throws PoolException, InterruptedException {
    return Long.parseLong(
        voc.ap().run("stat", "-c", "%s", "/srv/images/" + name).orThrow().stdout().strip());
  }
}
