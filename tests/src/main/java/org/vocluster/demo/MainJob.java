package org.vocluster.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.vocluster.measure.BootByHand;
import org.vocluster.measure.KillTimes;
import org.vocluster.measure.MachineProcess;
import org.vocluster.measure.Measurement;
import org.vocluster.measure.Moments;
import org.vocluster.measure.PrepareTimes;
import org.vocluster.pool.Await;
import org.vocluster.pool.Host;
import org.vocluster.pool.PoolException;
import org.vocluster.pool.Result;
import org.vocluster.vocpool.Story;
import org.vocluster.vocpool.VocPool;
import org.vocluster.vocpool.VocText;

/**
 * What VOC is for, on a pool where its VOC "cms" is registered: a user's jobs get a node, run in
 * it, the node leaves; a node is killed under a running job, and the job finishes in another one.
 *
 * <p>Each step is waited for within a bound; a step that is not seen ends the run with an error.
 */
public final class MainJob {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Duration MATCH = Duration.ofSeconds(90);
  private static final Duration BOOT = Duration.ofMinutes(4);
  private static final Duration LEAVE = Duration.ofSeconds(150);
  private static final Duration HOOK = Duration.ofSeconds(5);
  private static final int PREPARE_RUNS = 20;
  private static final String ALICE_HOME = "/home/alice";

  private final VocPool voc;
  private final Story story;
  private final List<Measurement> measurements = new ArrayList<>();
  private final List<Double> boots = new ArrayList<>();

  public MainJob(VocPool voc, Story story) {
    this.voc = voc;
    this.story = story;
  }

  /** A node as the pool shows it. */
  private record Node(
      String name, String job, Host host, Host.HostProcess machine, Instant start) {}

  /** Registers the VOC and waits until the PAD hosts hold its image. */
  public static void register(VocPool voc, Story story) throws PoolException, InterruptedException {
    VocText definition = voc.definition("cms", "cms");
    definition.text().lines().forEach(line -> story.tell("    " + line));
    voc.register(definition).orThrow();
    story.tell("registered; the PAD hosts learn of the image from the collector and fetch it");
    voc.awaitImage(voc.image().sha256());
    for (String slot : voc.padSlots("Machine", "VocAccelerator", "VocAcceleratorReason")) {
      story.tell("image is on " + slot);
    }
  }

  /** Runs all of it. */
  public List<Measurement> run() throws PoolException, InterruptedException {
    story.chapter("A user's jobs get their node");
    payloadsRunAndNodeLeaves();
    story.chapter("A node is killed under a running job");
    killedNode();
    double boot = boots.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    compare(
        "node's boot",
        boot,
        "mean of %d, kernel's start of QEMU to CollectorLog".formatted(boots.size()));
    measure(
        "node's boot to boot by hand",
        boot / measured("same boot by hand"),
        "ratio",
        1.1,
        "the two above");
    return List.copyOf(measurements);
  }

  private void payloadsRunAndNodeLeaves() throws PoolException, InterruptedException {
    Instant begin = Instant.now();
    String cluster = submit("hello", 3, 2);
    story.tell(
        "alice submitted 3 plain vanilla jobs: %s.0 to %s.2, all idle".formatted(cluster, cluster));
    String vo = voc.jobs("ClusterId == " + cluster, "VocVO", "Requirements").getFirst();
    story.tell("the access point made them jobs of her VO: VocVO = " + field(vo, 0));

    Node node = awaitNode(begin, cluster);
    BootByHand byHand = BootByHand.prepare(voc, node.host(), node.machine());

    awaitJoined(node, begin);
    assertNoJavaStays(node.host());
    Await.until(
        "all jobs of cluster %s to be done".formatted(cluster),
        BOOT,
        () -> voc.jobs("ClusterId == " + cluster, "ProcId", "JobStatus", "RemoteHost"),
        List::isEmpty);
    for (String output : outputs("hello", 3)) {
      story.tell("done: " + output);
      if (!output.contains("node " + node.name() + " ")) {
        throw new PoolException(
            "a job's output does not say that it ran in node %s: %s"
                .formatted(node.name(), output));
      }
    }
    story.tell("demand is gone: the queue has no job of alice's any more");
    awaitGone(node, LEAVE);
    story.tell("the idle node left by itself: its job, QEMU process and ads are gone");
    awaitNothingLeft();

    PrepareTimes prepare = byHand.prepareTimes(PREPARE_RUNS);
    measure(
        "prepare-job hook, whole process",
        prepare.median(),
        "ms",
        150,
        "median of %d runs of the installed hook over this node's job ad (%.0f to %.0f)"
            .formatted(PREPARE_RUNS, prepare.least(), prepare.most()));
    story.tell("for comparison: the same image, by hand, with the same QEMU arguments …");
    double bootByHand = byHand.run(node.name());
    story.tell(String.format(Locale.ROOT, "by hand it took %.1f s", bootByHand));
    compare("same boot by hand", bootByHand, "kernel's start of QEMU to CollectorLog");
    awaitNothingLeft();
  }

  private void killedNode() throws PoolException, InterruptedException {
    Instant begin = Instant.now();
    String cluster = submit("long", 1, 30);
    story.tell("alice submitted job %s.0, which takes 30 s".formatted(cluster));
    Node node = awaitNode(begin, cluster);
    awaitJoined(node, begin);
    Await.until(
        "job %s.0 to execute".formatted(cluster),
        MATCH,
        () -> voc.jobs("ClusterId == " + cluster, "JobCurrentStartExecutingDate", "JobStatus"),
        lines -> lines.stream().anyMatch(line -> line.matches("\\d+, *2")));
    story.tell("it runs in node " + node.name());

    awaitBackInQueue(cluster, kill(node));
    Node second = awaitNode(begin, cluster, node.name());
    awaitJoined(second, begin);
    Await.until(
        "job %s.0 to be done".formatted(cluster),
        BOOT,
        () -> voc.jobs("ClusterId == " + cluster, "ProcId", "JobStatus", "RemoteHost"),
        List::isEmpty);
    String output = outputs("long", 1).getFirst();
    story.tell("done: " + output);
    if (!output.contains("node " + second.name() + " ")) {
      throw new PoolException("the job did not finish in the second node: " + output);
    }
    awaitGone(second, LEAVE);
    awaitNothingLeft();
  }

  /** Removes the node's job, sees node and ads go, and returns when it began. */
  private long kill(Node node) throws PoolException, InterruptedException {
    long machine = MachineProcess.of(node.name());
    long killed = System.nanoTime();
    KillTimes times = KillTimes.watch(voc, machine, node.name(), killed, node.job());
    measure(
        "condor_rm to QEMU gone",
        (double) times.processGone().toMillis(),
        "ms",
        200,
        "start of condor_rm to the kernel's end of the process");
    measure(
        "condor_rm to ads gone",
        times.adsGone().toMillis() / 1000.0,
        "s",
        2,
        "start of condor_rm to the first condor_status without them");
    story.tell(
        "condor_rm of the node job: QEMU gone after %d ms, its ads after %d ms"
            .formatted(times.processGone().toMillis(), times.adsGone().toMillis()));
    Await.until(
        "nothing of node %s left on %s".formatted(node.name(), node.host().name()),
        SOON,
        () -> voc.leftovers().stream().filter(line -> line.contains(node.name())).toList(),
        List::isEmpty);
    return killed;
  }

  private void awaitBackInQueue(String cluster, long killed)
      throws PoolException, InterruptedException {
    Await.until(
        "job %s.0 back in the queue".formatted(cluster),
        Duration.ofMinutes(2),
        () -> voc.jobs("ClusterId == " + cluster, "JobStatus", "NumShadowStarts"),
        lines -> lines.stream().anyMatch(line -> line.startsWith("1,")));
    story.tell(
        String.format(
            Locale.ROOT,
            "job %s.0 is back in the queue %.0f s after the kill (its lease ran out)",
            cluster,
            (System.nanoTime() - killed) / 1e9));
  }

  private String submit(String name, int jobs, int seconds)
      throws PoolException, InterruptedException {
    Host ap = voc.ap();
    String script =
        """
        #!/bin/sh
        sleep %d
        slot() { sed -n "s/^$1 = \\"\\(.*\\)\\"/\\1/p" "$_CONDOR_MACHINE_AD"; }
        echo "ran for VO $(slot VocVO) in node $(cat /proc/sys/kernel/hostname) on $(slot VocPadHost), image $(slot VocImage | cut -c 1-12), kernel $(uname -r), up $(cut -d. -f1 /proc/uptime) s"
        """
            .formatted(seconds);
    String description =
        """
        executable = %1$s.sh
        output = %1$s.$(Process).out
        error = %1$s.$(Process).err
        log = %1$s.log
        request_cpus = 1
        request_memory = 128
        request_disk = 10MB
        queue %2$d
        """
            .formatted(name, jobs);
    ap.write(ALICE_HOME + "/" + name + ".sh", script, "755");
    ap.write(ALICE_HOME + "/" + name + ".sub", description, "644");
    Result result = ap.as("alice").run("condor_submit", "-terse", name + ".sub").orThrow();
    return result.stdout().strip().replaceFirst("\\..*", "");
  }

  private List<String> outputs(String name, int jobs) throws PoolException, InterruptedException {
    List<String> outputs = new ArrayList<>();
    for (int i = 0; i < jobs; i++) {
      outputs.add(voc.ap().read("%s/%s.%d.out".formatted(ALICE_HOME, name, i)).strip());
    }
    return outputs;
  }

  private Node awaitNode(Instant begin, String cluster, String... except)
      throws PoolException, InterruptedException {
    Instant since = Instant.now();
    String fields =
        Await.until(
                "a node job in the queue",
                SOON,
                () -> voc.nodeJobs("ClusterId", "VocNode", "VocVO", "Owner"),
                lines -> lines.stream().anyMatch(line -> isNew(line, except)))
            .stream()
            .filter(line -> isNew(line, except))
            .findFirst()
            .orElseThrow();
    String job = field(fields, 0);
    String name = field(fields, 1);
    story.tell("demand seen: voc-size submitted node job %s, node %s".formatted(job, name));
    if (except.length == 0) {
      measureOnce(
          "submit to node job in the queue",
          seconds(submitted(cluster, begin), submitted(job, begin)),
          "s",
          1,
          "SchedLog, both submissions");
    }
    String slot = awaitSlot(job);
    Host host = voc.pool().host(slot.replaceFirst("^.*@", "").replaceFirst("\\..*$", ""));
    story.tell("the negotiator matched it to PAD slot " + slot);
    Host.HostProcess machine = awaitMachine(name, host);
    String starterLog = "/var/log/condor/StarterLog." + slot.replaceFirst("@.*$", "");
    Instant invoked = Moments.inLog(host, starterLog, since, "PREPARE_JOB.*invoked");
    Instant start = Moments.started(host, machine.pid());
    story.tell(
        "prepare-job made overlay, context and QEMU's arguments; %d ms from its start to QEMU's"
            .formatted(Duration.between(invoked, start).toMillis()));
    assertChildOfStarter(machine, host);
    return new Node(name, job, host, machine, start);
  }

  /** When the schedd took a submission. */
  private Instant submitted(String cluster, Instant begin)
      throws PoolException, InterruptedException {
    return Moments.inLog(
        voc.ap(), "/var/log/condor/SchedLog", begin, "job_transforms for " + cluster + "\\.");
  }

  /** The slot that the negotiator gives the node job. */
  private String awaitSlot(String job) throws PoolException, InterruptedException {
    String slotLine =
        Await.until(
                "node job %s to run".formatted(job),
                MATCH,
                () -> voc.jobs("ClusterId == " + job, "RemoteHost", "JobStatus", "HoldReason"),
                lines -> lines.stream().anyMatch(line -> line.contains("@pad")))
            .getFirst();
    return field(slotLine, 0);
  }

  private static Host.HostProcess awaitMachine(String name, Host host)
      throws PoolException, InterruptedException {
    return Await.until(
            "QEMU of node %s on %s".formatted(name, host.name()),
            SOON,
            () -> VocPool.virtualMachines(host),
            machines -> machines.stream().anyMatch(m -> m.commandLine().contains(name)))
        .stream()
        .filter(m -> m.commandLine().contains(name))
        .findFirst()
        .orElseThrow();
  }

  private void assertChildOfStarter(Host.HostProcess machine, Host host)
      throws PoolException, InterruptedException {
    String parent =
        host.processes().stream()
            .filter(process -> process.pid() == machine.parent())
            .map(Host.HostProcess::commandLine)
            .findFirst()
            .orElse("?");
    if (!parent.contains("condor_starter")) {
      throw new PoolException("QEMU's parent is not the starter but: " + parent);
    }
    story.tell(
        "QEMU is the job's own process: %d, child of condor_starter, user %s"
            .formatted(machine.pid(), machine.user()));
  }

  /** A field of a line as {@code -af:,} prints it. */
  private static String field(String line, int index) {
    return line.split(", *", -1)[index];
  }

  private static boolean isNew(String line, String... except) {
    return Arrays.stream(except).noneMatch(line::contains);
  }

  private void awaitJoined(Node node, Instant begin) throws PoolException, InterruptedException {
    String ad =
        Await.until(
                "slot of node %s in the collector".formatted(node.name()),
                BOOT,
                () ->
                    voc
                        .nodeAds(
                            "Name", "VocDomain", "VocVO", "VocPadHost", "AuthenticatedIdentity")
                        .stream()
                        .filter(line -> line.contains("@" + node.name()))
                        .toList(),
                ads -> !ads.isEmpty())
            .getFirst();
    Instant joined =
        Moments.inLog(
            voc.ap(),
            "/var/log/condor/CollectorLog",
            begin,
            "(MachineSlotAd|StartdAd) *: Inserting .*@" + node.name());
    boots.add(seconds(node.start(), joined));
    story.tell(
        String.format(
            Locale.ROOT,
            "the node joined the pool, %.1f s after QEMU's start: %s",
            seconds(node.start(), joined),
            ad));
  }

  /** Hooks come and go; nothing of ours may stay beside a running node. */
  private void assertNoJavaStays(Host host) throws PoolException, InterruptedException {
    List<Host.HostProcess> resident =
        host.processes().stream()
            .filter(process -> process.commandLine().contains("/bin/java"))
            .filter(process -> process.age().compareTo(HOOK) > 0)
            .toList();
    if (!resident.isEmpty()) {
      throw new PoolException("Java stays on %s: %s".formatted(host.name(), resident));
    }
    story.tell("no Java process stays on %s while the node runs".formatted(host.name()));
  }

  private void awaitGone(Node node, Duration bound) throws PoolException, InterruptedException {
    Await.until(
        "node %s to be gone".formatted(node.name()),
        bound,
        () -> voc.leftovers().stream().filter(line -> line.contains(node.name())).toList(),
        List::isEmpty);
  }

  private void awaitNothingLeft() throws PoolException, InterruptedException {
    voc.awaitNothingLeft(SOON);
    story.tell("nothing left: no QEMU, no file in an execute directory, no ad, no node job");
  }

  private void measure(String name, double value, String unit, double goal, String source) {
    measurements.add(new Measurement(name, value, unit, OptionalDouble.of(goal), source));
  }

  private void compare(String name, double seconds, String source) {
    measurements.add(new Measurement(name, seconds, "s", OptionalDouble.empty(), source));
  }

  private void measureOnce(String name, double value, String unit, double goal, String source) {
    if (measurements.stream().noneMatch(measurement -> measurement.name().equals(name))) {
      measure(name, value, unit, goal, source);
    }
  }

  private double measured(String name) {
    return measurements.stream()
        .filter(measurement -> measurement.name().equals(name))
        .mapToDouble(Measurement::value)
        .findFirst()
        .orElseThrow();
  }

  private static double seconds(Instant from, Instant to) {
    return Duration.between(from, to).toMillis() / 1000.0;
  }
}
