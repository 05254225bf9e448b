package org.vocluster.scenario;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.vocluster.pool.Await;
import org.vocluster.pool.Host;
import org.vocluster.pool.PoolException;
import org.vocluster.pool.Suite;
import org.vocluster.vocpool.Ending;
import org.vocluster.vocpool.QueueWatch;
import org.vocluster.vocpool.QueuedJob;
import org.vocluster.vocpool.VocPool;
import org.vocluster.vocpool.VocText;

/**
 * What scenarios of sizing are made of: a pool whose queue is watched all the time, and things that
 * happen to it. Steps wait within bounds and assert nothing.
 */
final class SizingSteps implements AutoCloseable {
  /** For what HTCondor's daemons and the sizer do among themselves. */
  static final Duration SOON = Duration.ofMinutes(1);

  /** For a node, or four at once, to boot under emulation and run short jobs. */
  static final Duration BOOT = Duration.ofMinutes(4);

  private final PoolOf pool;
  private final VocPool voc;
  private final QueueWatch queue;

  private SizingSteps(PoolOf pool) {
    this.pool = pool;
    this.voc = pool.voc();
    this.queue = QueueWatch.of(voc.ap());
  }

  static SizingSteps onPool(String name, Suite suite) throws PoolException, InterruptedException {
    SizingSteps steps = new SizingSteps(PoolOf.suite(name + suite.debianName(), suite));
    // A pool that was kept may be as a failed scenario left it.
    steps.clean();
    return steps;
  }

  PoolOf pool() {
    return pool;
  }

  VocPool voc() {
    return voc;
  }

  QueueWatch queue() {
    return queue;
  }

  @Override
  public void close() throws PoolException {
    queue.close();
    pool.close();
  }

  /** No VOC, no job, no node, nothing of any; the hosts take jobs. */
  void clean() throws PoolException, InterruptedException {
    voc.ap().root().sh("rm -f /etc/voc/vocs.d/*; condor_rm -all || true").orThrow();
    Await.until(
        "an empty queue", SOON, () -> voc.jobs("True", "ClusterId", "JobStatus"), List::isEmpty);
    voc.awaitNothingLeft(SOON);
    Await.until("no VOC ad in the collector", SOON, () -> vocAds("True", "Name"), List::isEmpty);
    voc.openHosts();
    // The log may be read a little later than the schedd answers.
    var _ =
        queue.await(
            "an empty queue log",
            SOON,
            jobs -> jobs.stream().allMatch(job -> job.until().isPresent()));
    queue.forgetEnded();
  }

  /** Registers a VOC, and waits until its image is on the hosts and the sizer serves it. */
  void register(VocText definition) throws PoolException, InterruptedException {
    voc.register(definition).orThrow();
    voc.awaitImage(definition.attributes().getOrDefault("ImageSha256", "").replace("\"", ""));
    awaitVoc(definition.name(), "Voc =!= UNDEFINED");
  }

  /** Waits until a VOC's ad in the collector satisfies an expression. */
  String awaitVoc(String name, String expression) throws PoolException, InterruptedException {
    return Await.until(
            "VOC %s with %s".formatted(name, expression),
            SOON,
            () -> vocAds("Voc == \"%s\"".formatted(name), expression, "VocDecision", "VocReason"),
            ads -> ads.size() == 1 && ads.getFirst().startsWith("true"))
        .getFirst();
  }

  /** Attributes of VOC ads, a line each. */
  List<String> vocAds(String constraint, String... attributes)
      throws PoolException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "condor_status", "-any", "-const", "MyType == \"VOC\" && " + constraint, "-af:,"));
    command.addAll(List.of(attributes));
    return voc.ap().run(command.toArray(String[]::new)).orThrow().lines();
  }

  /** Waits until all jobs of a cluster have left the queue, and returns how they ended. */
  List<Ending> awaitEnded(String cluster, Duration bound)
      throws PoolException, InterruptedException {
    int count =
        queue
            .await(
                "all jobs of cluster %s to leave the queue".formatted(cluster),
                bound,
                jobs -> {
                  List<QueuedJob> own = jobs.stream().filter(isOf(cluster)).toList();
                  return !own.isEmpty() && own.stream().noneMatch(QueuedJob::isQueued);
                })
            .stream()
            .filter(isOf(cluster))
            .toList()
            .size();
    return Await.until(
        "all %d jobs of cluster %s in the history".formatted(count, cluster),
        SOON,
        () -> voc.endings(cluster),
        endings -> endings.size() == count);
  }

  static Predicate<QueuedJob> isOf(String cluster) {
    return job -> job.id().startsWith(cluster + ".");
  }

  /** All node jobs of a VOC that ever were in the queue since the last {@link #clean}. */
  List<QueuedJob> nodes(String name) {
    return queue.jobs(job -> job.isNodeOf(name));
  }

  /** Waits until so many node jobs of a VOC are in the queue. */
  void awaitNodes(String name, int count) throws PoolException, InterruptedException {
    var _ =
        queue.await(
            "%d node jobs of VOC %s".formatted(count, name),
            SOON,
            jobs ->
                jobs.stream().filter(job -> job.isNodeOf(name) && job.isQueued()).count() == count);
  }

  /** Waits until a node job of a VOC runs, hence its machine boots. */
  void awaitBooting(String name) throws PoolException, InterruptedException {
    var _ =
        queue.await(
            "a running node job of VOC " + name,
            BOOT,
            jobs ->
                jobs.stream()
                    .anyMatch(
                        job ->
                            job.isNodeOf(name)
                                && job.isQueued()
                                && job.status() == QueuedJob.RUNNING));
  }

  /** Waits until a job's program has started in a node, and returns when it did, Unix time. */
  long awaitExecuting(String cluster) throws PoolException, InterruptedException {
    String line =
        Await.until(
                "job %s.0 to execute".formatted(cluster),
                BOOT,
                () ->
                    voc.jobs(
                        "ClusterId == " + cluster, "JobCurrentStartExecutingDate", "JobStatus"),
                lines -> lines.stream().anyMatch(each -> each.matches("\\d+, *2")))
            .getFirst();
    return Long.parseLong(line.replaceFirst(",.*", ""));
  }

  /** Waits until a sizer runs whose process is another one. */
  Host.HostProcess awaitSizer(long otherThan) throws PoolException, InterruptedException {
    return Await.until(
            "another size process than " + otherThan,
            SOON,
            () -> sizers().stream().filter(sizer -> sizer.pid() != otherThan).findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }

  /** The sizer's process, or processes. */
  List<Host.HostProcess> sizers() throws PoolException, InterruptedException {
    return processes("org.vocluster.hook.Size").stream()
        .filter(process -> process.commandLine().matches("\\S*/java .*"))
        .toList();
  }

  /** Restarts the schedd, and with it the sizer, with these knobs instead of those given before. */
  void restartWithKnobs(String knobs) throws PoolException, InterruptedException {
    long before = awaitSizer(0).pid();
    voc.ap().write("/etc/condor/config.d/99-scenario.conf", knobs, "644");
    voc.ap().run("condor_restart", "-schedd").orThrow();
    var _ = awaitSizer(before);
  }

  /** Processes of the access point whose command line contains a text. */
  List<Host.HostProcess> processes(String text) throws PoolException, InterruptedException {
    return voc.ap().processes().stream()
        .filter(process -> process.commandLine().contains(text))
        .toList();
  }

  /** Sends a signal to the only process of the access point that is this daemon. */
  void signal(String signal, String daemon) throws PoolException, InterruptedException {
    List<Host.HostProcess> found =
        processes(daemon).stream()
            .filter(process -> process.commandLine().matches("(\\S*/)?" + daemon + "(\\s.*)?"))
            .toList();
    if (found.size() != 1) {
      throw new PoolException("not one process of %s: %s".formatted(daemon, found));
    }
    voc.ap().run("kill", "-" + signal, Long.toString(found.getFirst().pid())).orThrow();
  }
}
