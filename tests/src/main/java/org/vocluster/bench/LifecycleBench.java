package org.vocluster.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.vocluster.measure.KillTimes;
import org.vocluster.measure.MachineProcess;
import org.vocluster.measure.OverlayTime;
import org.vocluster.pool.Await;
import org.vocluster.pool.Host;
import org.vocluster.pool.Pool;
import org.vocluster.pool.PoolException;
import org.vocluster.pool.PoolName;
import org.vocluster.pool.PoolPlan;
import org.vocluster.pool.Suite;
import org.vocluster.vocpool.Console;
import org.vocluster.vocpool.PayloadJobs;
import org.vocluster.vocpool.QueueWatch;
import org.vocluster.vocpool.QueuedJob;
import org.vocluster.vocpool.SleepingImage;
import org.vocluster.vocpool.Story;
import org.vocluster.vocpool.VocPool;
import org.vocluster.vocpool.VocText;

/**
 * What {@code ./bench lifecycle} runs: how long it takes to launch a node and to forget one, on
 * pools of their own with each version of HTCondor, over many nodes one after another.
 *
 * <p>Hook, overlay, QEMU, its end and the ads' removal are the product's own. A guest that boots
 * under emulation would take too long for so many nodes: a halted one stands for it, and the ads
 * that a booted one would have sent are sent for it, with the node's own token from its sandbox.
 */
public final class LifecycleBench {
  private static final Duration SOON = Duration.ofMinutes(1);
  private static final Duration LAUNCH = Duration.ofMinutes(2);
  private static final String VOC = "bench";
  private static final String DIRECTORY = "/srv/bench";
  private static final String PREPARE = "/usr/local/lib/bench/prepare-job";
  private static final int PORT = 8001;

  private final VocPool voc;
  private final QueueWatch queue;
  private final Story story;

  private LifecycleBench(VocPool voc, QueueWatch queue, Story story) {
    this.voc = voc;
    this.queue = queue;
    this.story = story;
  }

  /**
   * Measures, prints and writes.
   *
   * @param arguments the directory of our packages, the file to write, the number of nodes
   */
  public static void main(String[] arguments) {
    Bench.run("LifecycleBench", arguments, LifecycleBench::table);
  }

  private static String table(Path packages, int nodes)
      throws PoolException, InterruptedException, IOException {
    StringBuilder table =
        new StringBuilder(
            "| | HTCondor | median | least–greatest | goal |\n|---|---|---|---|---|\n");
    for (Suite suite : Suite.values()) {
      rows(suite, packages, nodes).forEach(row -> table.append(row).append('\n'));
    }
    return table.toString();
  }

  private static List<String> rows(Suite suite, Path packages, int nodes)
      throws PoolException, InterruptedException, IOException {
    PoolName name = new PoolName("life" + suite.debianName());
    Console console = new Console(System.out);
    console.chapter("Nodes' lives, on Debian " + suite.debianName());
    PoolPlan plan = PoolPlan.of(name, suite, 2);
    String config =
        """
        VOC_ACCELERATOR = tcg
        VOC_HOOK_PREPARE_JOB = %s
        VOC_IMAGE_URLS = http://%s:%d/
        """
            .formatted(PREPARE, plan.condorHost(), PORT);
    VocPool voc = VocPool.up(plan, config, packages, console);
    try (QueueWatch queue = QueueWatch.of(voc.ap())) {
      return new LifecycleBench(voc, queue, console).measure(nodes);
    } finally {
      Pool.down(name);
    }
  }

  private List<String> measure(int nodes) throws PoolException, InterruptedException, IOException {
    String version = voc.ap().run("condor_config_val", "CONDOR_VERSION").orThrow().stdout().strip();
    SleepingImage image = SleepingImage.in(voc.pool());
    prepare();
    voc.register(
            VocText.of(
                    VOC,
                    "cms",
                    "http://%s:%d/sleeping.qcow2".formatted(voc.pool().condorHost(), PORT),
                    image.sha256())
                .with("MemoryMb", "256")
                .with("DiskMb", "16"))
        .orThrow();
    voc.awaitImage(image.sha256());
    List<Double> gone = new ArrayList<>();
    var _ = voc.submit("alice", PayloadJobs.small(1, 86_400));
    String before = "";
    for (int i = 0; i < nodes; i++) {
      QueuedJob node = awaitNode(before);
      double seconds = killed(node);
      gone.add(seconds);
      story.tell("%2d: ads gone %.2f s after QEMU's end".formatted(i + 1, seconds));
      before = node.node();
    }
    voc.ap().run("condor_rm", "-all").orThrow();
    voc.awaitNothingLeft(SOON);
    List<Double> hooks = numbers("cat %s/prepare 2>/dev/null || true".formatted(DIRECTORY));
    List<Double> overlays = overlays(image, nodes);
    int reads =
        voc
            .ap()
            .root()
            .sh("grep -c 'GET /sleeping' /var/log/images || true")
            .orThrow()
            .lines()
            .stream()
            .mapToInt(Integer::parseInt)
            .sum();
    return List.of(
        row(
            "overlay of a node (cold JVM without class cache), ms",
            version,
            overlays,
            1e-6,
            "20 (median)"),
        row(
            "prepare-job, whole process, as the starter runs it, ms",
            version,
            hooks,
            1e-6,
            "100 (median)"),
        row("QEMU's end to the node's ads gone, s", version, gone, 1, "2 (greatest)"),
        "| image read from the network, times, by %d hosts for %d nodes | %s | %d | | %d |"
            .formatted(
                voc.pool().executeHosts().size(),
                nodes,
                version,
                reads,
                voc.pool().executeHosts().size()));
  }

  /** Puts a clock around the hook, and a server beside the pool. */
  private void prepare() throws PoolException, InterruptedException, IOException {
    for (Host host : voc.pool().executeHosts()) {
      host.root().sh("install -d -m 1777 " + DIRECTORY).orThrow();
      host.write(
          PREPARE,
          """
          #!/bin/sh
          begin=$(date +%%s%%N)
          /usr/libexec/voc/prepare-job "$@"
          status=$?
          end=$(date +%%s%%N)
          echo $((end - begin)) >>%s/prepare
          exit $status
          """
              .formatted(DIRECTORY),
          "755");
    }
    voc.ap()
        .root()
        .sh(
            "cd /srv/share && { setsid python3 -m http.server %d </dev/null >/var/log/images 2>&1 & }"
                .formatted(PORT))
        .orThrow();
    Path classes = voc.pool().share().resolve("bench/org/vocluster/measure");
    Files.createDirectories(classes);
    try (InputStream in = OverlayTime.class.getResourceAsStream("OverlayTime.class")) {
      if (in == null) {
        throw new IOException("OverlayTime.class is not on the class path");
      }
      Files.copy(in, classes.resolve("OverlayTime.class"));
    }
  }

  /** The next node, when its QEMU runs. */
  private QueuedJob awaitNode(String before) throws PoolException, InterruptedException {
    QueuedJob node =
        queue
            .await(
                "another running node than '%s'".formatted(before),
                LAUNCH,
                jobs -> jobs.stream().anyMatch(job -> isNext(job, before)))
            .stream()
            .filter(job -> isNext(job, before))
            .findFirst()
            .orElseThrow();
    Await.until("QEMU of " + node.node(), SOON, () -> MachineProcess.of(node.node()) > 0);
    return node;
  }

  private static boolean isNext(QueuedJob job, String before) {
    return job.isNodeOf(VOC)
        && job.isQueued()
        && job.status() == QueuedJob.RUNNING
        && !job.node().equals(before);
  }

  /** Seconds from QEMU's end to the ads' after condor_rm of the node job. */
  private double killed(QueuedJob node) throws PoolException, InterruptedException {
    Host host = hostOf(node.node());
    advertise(host, node.node());
    Await.until(
        "ads in the place of %s's".formatted(node.node()),
        SOON,
        () -> voc.nodeAds("MyType"),
        ads -> ads.size() == 2);
    long machine = MachineProcess.of(node.node());
    KillTimes times = KillTimes.watch(voc, machine, node.node(), System.nanoTime(), node.id());
    return times.adsGone().minus(times.processGone()).toNanos() / 1e9;
  }

  private Host hostOf(String node) throws PoolException, InterruptedException {
    Optional<Host> found = Optional.empty();
    for (Host host : voc.pool().executeHosts()) {
      if (VocPool.virtualMachines(host).stream().anyMatch(m -> m.commandLine().contains(node))) {
        found = Optional.of(host);
      }
    }
    return found.orElseThrow(() -> new PoolException("node %s is on no host".formatted(node)));
  }

  /**
   * Sends what the node's slot and master would, with the token that the node has. The slot takes
   * no job.
   */
  private static void advertise(Host host, String node) throws PoolException, InterruptedException {
    String common =
        "Machine = \"%1$s\"\nMyAddress = \"<%2$s:1>\"\nVocDomain = \"VAD\"\nVocVO = \"cms\"\nVoc = \"%3$s\"\nVocNode = \"%1$s\"\n"
            .formatted(node, host.address(), VOC);
    host.as("voc-cms")
        .sh(
            """
            set -e
            scratch=$(dirname "$(find /var/lib/condor/execute -name voc-condor.conf -exec grep -l '%1$s' {} +)")
            work=$(mktemp -d)
            trap 'rm -rf "$work"' EXIT
            mkdir -m 700 "$work/tokens"
            install -m 600 "$scratch/voc-token" "$work/tokens/node"
            export _CONDOR_SEC_CLIENT_AUTHENTICATION_METHODS=IDTOKENS _CONDOR_SEC_TOKEN_DIRECTORY="$work/tokens"
            cat >"$work/slot" <<'END'
            MyType = "Machine"
            Name = "slot1@%1$s"
            State = "Claimed"
            Activity = "Busy"
            Requirements = false
            %2$sEND
            cat >"$work/master" <<'END'
            MyType = "DaemonMaster"
            Name = "%1$s"
            %2$sEND
            /usr/sbin/condor_advertise UPDATE_STARTD_AD "$work/slot"
            /usr/sbin/condor_advertise UPDATE_MASTER_AD "$work/master"
            """
                .formatted(node, common))
        .orThrow();
  }

  /** Makes overlays of the image that a host has, each in a fresh JVM. */
  private List<Double> overlays(SleepingImage image, int times)
      throws PoolException, InterruptedException {
    Host host = voc.pool().executeHosts().getFirst();
    String script =
        """
        set -e
        . /usr/share/voc/launch.sh
        for i in $(seq %d); do
          "$voc_java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp /usr/share/voc/voc.jar:/srv/share/bench \\
            org.vocluster.measure.OverlayTime /var/lib/voc/images %s 16 /var/lib/condor/execute/overlay.qcow2
        done
        """
            .formatted(times, image.sha256());
    return host.root().within(LAUNCH).sh(script).orThrow().lines().stream()
        .map(Double::parseDouble)
        .toList();
  }

  private List<Double> numbers(String script) throws PoolException, InterruptedException {
    List<Double> all = new ArrayList<>();
    for (Host host : voc.pool().executeHosts()) {
      host.root().sh(script).orThrow().lines().forEach(line -> all.add(Double.parseDouble(line)));
    }
    return all;
  }

  private static String row(
      String name, String version, List<Double> values, double unit, String goal) {
    double[] sorted = values.stream().mapToDouble(value -> value * unit).sorted().toArray();
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return String.format(
        Locale.ROOT,
        "| %s, %d times | %s | %.2f | %.2f–%.2f | %s |",
        name,
        sorted.length,
        version,
        median,
        sorted[0],
        sorted[sorted.length - 1],
        goal);
  }
}
