package org.vocluster.scenario.fault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.vocluster.pool.Await;
import org.vocluster.pool.Host;
import org.vocluster.pool.PoolException;
import org.vocluster.pool.Result;
import org.vocluster.scenario.fault.FaultMatrix.Cell;
import org.vocluster.scenario.fault.FaultMatrix.End;
import org.vocluster.scenario.fault.FaultMatrix.Stage;
import org.vocluster.vocpool.FaultyImage;
import org.vocluster.vocpool.NodesByHand;
import org.vocluster.vocpool.QueueWatch;
import org.vocluster.vocpool.QueuedJob;
import org.vocluster.vocpool.SleepingImage;
import org.vocluster.vocpool.VocPool;
import org.vocluster.vocpool.VocText;

/**
 * Brings a node to a stage on a host of its own, has an end inflicted on it, and watches what is
 * left. {@link Gates} hold nodes at stages, {@link Faults} end them, {@link FaultWatch} looks for
 * what is left; {@link FaultRun} says which cells are played.
 */
final class FaultScene {
  /** The host whose nodes end no job: users' jobs run there in the end. */
  static final String REST = "rest";

  private static final String FAULTY = "faulty.qcow2";

  private static final Duration LAUNCH = Duration.ofSeconds(60);
  private static final Duration BOOT = Duration.ofMinutes(5);
  private static final Duration SOON = Duration.ofSeconds(60);

  /** Longer than four boots at a time take. */
  private static final int BOOT_SECONDS = 240;

  /** What the PAD hosts need in their configuration, from their start on. */
  static final String EXECUTE_CONFIG =
      """
      VOC_ACCELERATOR = tcg
      VOC_HOOK_PREPARE_JOB = %s
      VOC_QEMU = %s
      VOC_IMAGE_IN_PLACE = %s
      POLLING_INTERVAL = 1
      NUM_CPUS = 8
      MEMORY = 16384
      """
          .formatted(Gates.PREPARE, Gates.QEMU, VocPool.SHARE_URL);

  private static final String PAYLOAD =
      """
      #!/bin/sh
      # Ends at once if it is asked to, or in the node that users' jobs end in.
      [ "${1:-}" = brief ] && exit 0
      grep -q '^Voc = "rest-' "$_CONDOR_MACHINE_AD" && exit 0
      exec sleep 3600
      """;

  private final VocPool voc;
  private final QueueWatch queue;
  private final FaultWatch watch;
  private final NodesByHand byHand;
  private final Faults faults;
  private final SleepingImage sleeping;
  private final SleepingImage dying;
  private final FaultyImage faulty;

  /** Who disturbs the whole pool has it for himself. */
  private final ReentrantReadWriteLock wholePool = new ReentrantReadWriteLock(true);

  FaultScene(VocPool voc, QueueWatch queue) throws PoolException, InterruptedException {
    this.voc = voc;
    this.queue = queue;
    this.watch = new FaultWatch(voc, queue);
    this.faults = new Faults(voc);
    for (Host host : voc.pool().executeHosts()) {
      host.write(
          "/etc/condor/config.d/80-start.conf",
          "START = substr(TARGET.Voc, -%d) =?= \"-%s\"\n"
              .formatted(host.name().length() + 1, host.name()),
          "644");
      host.run("condor_reconfig").orThrow();
    }
    // The sizer has its arguments from the schedd's start.
    voc.ap()
        .write(
            "/etc/condor/config.d/99-faults.conf",
            "VOC_NODE_BOOT_SECONDS = %d\nVOC_NODE_LEASE_SECONDS = %d\nNEGOTIATOR_INTERVAL = 2\n"
                .formatted(BOOT_SECONDS, NodesByHand.LEASE_SECONDS),
            "644");
    voc.ap().run("condor_reconfig").orThrow();
    voc.ap().run("condor_restart", "-schedd").orThrow();
    voc.ap().write("/home/alice/payload.sh", PAYLOAD, "755");
    this.faulty = FaultyImage.of(voc.image(), "http://%s:8001".formatted(voc.ap().address()));
    try {
      Files.copy(
          faulty.file(), voc.pool().share().resolve(FAULTY), StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new PoolException("%s: cannot be copied: %s".formatted(faulty.file(), e), e);
    }
    voc.ap()
        .root()
        .sh(
            "mkdir -p /srv/orders && cd /srv/orders && setsid python3 -m http.server 8001 </dev/null >/dev/null 2>&1 &")
        .orThrow();
    this.sleeping = SleepingImage.in(voc.pool());
    this.dying = SleepingImage.dyingIn(voc.pool());
    for (SleepingImage image : List.of(sleeping, dying)) {
      voc.register(
              VocText.of(
                      image.equals(sleeping) ? "sleeping" : "dying",
                      "cms",
                      image.url(),
                      image.sha256())
                  .with("MemoryMb", "64")
                  .with("DiskMb", "16"))
          .orThrow();
    }
    voc.register(faultyDefinition("faulty")).orThrow();
    for (String image : List.of(sleeping.sha256(), dying.sha256(), faulty.sha256())) {
      voc.awaitImage(image);
    }
    this.byHand = NodesByHand.of(voc);
  }

  /** Puts the programs on a PAD host that hold a node at a stage and see what it left. */
  static void build(Host host) throws PoolException, InterruptedException {
    FaultWatch.build(host);
    Gates.build(host);
  }

  /**
   * A cell of which only the jobs' fates are still to be seen; its host is free.
   *
   * @param end of the node, by {@link System#nanoTime}
   */
  record Played(Player player, long end, FaultWatch.Departure departure) {}

  // --- a cell whose guest need not be one

  /** Plays a cell with a node submitted by hand, of a guest that does nothing. */
  Played playWithoutGuest(Cell cell, Host host) throws PoolException, InterruptedException {
    String vocName = cell.id() + "-" + host.name();
    String node = vocName;
    String payload = submitPayload(vocName, "", 0);
    boolean small = cell.end() == End.DISK_FULL;
    if (small) {
      Faults.mountSmallDisk(host);
    }
    String gate = Gates.at(cell.stage());
    if (!gate.isEmpty()) {
      Gates.shut(host, gate);
    }
    SleepingImage image = cell.end() == End.GUEST_PANIC ? dying : sleeping;
    String job = byHand.submit(new NodesByHand.Order(vocName, node, image, host)) + ".0";
    Player player = new Player(cell, host, vocName, node, job, payload);
    try {
      if (gate.isEmpty()) {
        var _ = awaitMachine(player);
      } else {
        Await.until(
            "%s to be at %s".formatted(node, gate), LAUNCH, () -> Gates.isReached(host, gate));
      }
      return endAndWatch(player);
    } finally {
      takeAway(player);
      if (small) {
        Faults.unmountSmallDisk(host);
      }
    }
  }

  private Host.HostProcess awaitMachine(Player player) throws PoolException, InterruptedException {
    return Await.until(
            "QEMU of " + player.node(),
            LAUNCH,
            player::machine,
            found -> found.filter(p -> p.commandLine().startsWith("/usr/bin/qemu")).isPresent())
        .orElseThrow();
  }

  // --- between the two parts, and in the end

  /** Lets sizing begin, with a VOC in whose nodes users' jobs end. */
  void startSizing() throws PoolException, InterruptedException {
    voc.register(
            faultyDefinition(REST + "-" + restHost().name())
                .with("Cpus", "2")
                .with("IdleSeconds", "3600"))
        .orThrow();
    byHand.endSizingsRest();
  }

  /** Takes away what is there in the end without any fault. */
  void clear() throws PoolException, InterruptedException {
    voc.ap().root().sh("rm -f /etc/voc/vocs.d/*; condor_rm -all || true").orThrow();
    voc.awaitNothingLeft(SOON);
  }

  // --- a cell with a real guest

  /** Plays a cell with a node that sizing submits, for a job of a user. */
  Played playInGuest(Cell cell, Host host) throws PoolException, InterruptedException {
    String vocName = cell.id() + "-" + host.name();
    Player player = null;
    boolean small = cell.end() == End.DISK_FULL;
    if (small) {
      Faults.mountSmallDisk(host);
    }
    try {
      boolean works = cell.stage() == Stage.RUNNING;
      voc.register(definition(cell, vocName)).orThrow();
      String first = submitPayload(vocName, works ? "" : "brief", 1);
      QueuedJob node = awaitNode(vocName);
      String payload = works ? first : submitPayload(REST + "-" + restHost().name(), "", 1);
      player = new Player(cell, host, vocName, node.node(), node.id(), payload);
      reach(player, first);
      return endAndWatch(player);
    } finally {
      voc.ap().root().sh("rm -f /etc/voc/vocs.d/%s.ad".formatted(vocName)).orThrow();
      if (player != null) {
        send(player.payload());
        takeAway(player);
      }
      if (small) {
        Faults.unmountSmallDisk(host);
      }
    }
  }

  private VocText definition(Cell cell, String vocName) {
    boolean leaves = cell.end() == End.NORMAL_LEAVE && cell.stage() == Stage.JOINED;
    VocText text =
        cell.end() == End.HANGS_AT_BOOT
            ? VocText.of(vocName, "cms", sleeping.url(), sleeping.sha256())
                .with("MemoryMb", "256")
                .with("DiskMb", "16")
            : faultyDefinition(vocName);
    return text.with("IdleSeconds", leaves ? "20" : "1800");
  }

  private VocText faultyDefinition(String vocName) {
    return VocText.of(vocName, "cms", VocPool.SHARE_URL + FAULTY, faulty.sha256());
  }

  /** The node job that sizing has submitted for the VOC and a host has taken. */
  private QueuedJob awaitNode(String vocName) throws PoolException, InterruptedException {
    return queue
        .await(
            "a running node job of VOC " + vocName,
            SOON.multipliedBy(2),
            jobs -> jobs.stream().anyMatch(job -> isRunningNode(job, vocName)))
        .stream()
        .filter(job -> isRunningNode(job, vocName))
        .findFirst()
        .orElseThrow();
  }

  private static boolean isRunningNode(QueuedJob job, String vocName) {
    return job.isNodeOf(vocName) && job.isQueued() && job.status() == QueuedJob.RUNNING;
  }

  private void reach(Player player, String first) throws PoolException, InterruptedException {
    var _ = awaitMachine(player);
    switch (player.cell().stage()) {
      case BEFORE_OVERLAY, OVERLAY_MADE, QEMU_STARTING ->
          throw new IllegalArgumentException(player.cell() + " needs no guest");
      case BOOTING -> {}
      case JOINED, LEAVING -> {
        awaitSlot(player, "Unclaimed");
        Await.until(
            "job %s to be done".formatted(first),
            BOOT,
            () -> watch.find(first).until().isPresent());
        awaitSlot(player, "Unclaimed");
      }
      case RUNNING ->
          Await.until(
              "job %s to execute".formatted(first),
              BOOT,
              () ->
                  voc
                      .jobs(
                          "ClusterId == " + first.replaceFirst("\\..*", ""),
                          "JobStatus",
                          "JobCurrentStartExecutingDate")
                      .stream()
                      .anyMatch(line -> line.matches("2, *\\d+")));
    }
    send(player.payload());
    if (!player.cell().endsBySizing()) {
      forgetFaults(player);
    }
  }

  private void awaitSlot(Player player, String state) throws PoolException, InterruptedException {
    Await.until(
        "slot of %s to be %s".formatted(player.node(), state),
        BOOT,
        () ->
            voc.ap()
                .run("condor_status", "-const", nodeConstraint(player), "-af", "State")
                .orThrow()
                .lines(),
        states -> states.equals(List.of(state)));
  }

  private static String nodeConstraint(Player player) {
    return "VocNode =?= \"%s\" && VocDomain =?= \"VAD\"".formatted(player.node());
  }

  /**
   * Tells a node to leave and ends it before sizing, which stands still meanwhile for everybody,
   * ends it itself. Where an end takes its time, sizing goes on as soon as the node has confirmed.
   */
  private long inflictWhileLeaving(Player player) throws PoolException, InterruptedException {
    sizing("STOP");
    try {
      voc.ap().run("voc", "drain", player.node()).orThrow();
      awaitSlot(player, "Drained");
      if (!takesTime(player.cell())) {
        return faults.inflict(player);
      }
    } finally {
      sizing("CONT");
    }
    return faults.inflict(player);
  }

  private static boolean takesTime(Cell cell) {
    return cell.end().comesFromTheGuest()
        || cell.end().concernsWholePool()
        || cell.end() == End.DISK_FULL;
  }

  private void sizing(String signal) throws PoolException, InterruptedException {
    voc.ap().root().sh("pkill -%s -f 'hook[.]Size '".formatted(signal)).orThrow();
  }

  /** Lets a user's job run where users' jobs end. */
  void send(String payload) throws PoolException, InterruptedException {
    String where = "\"%s-%s\"".formatted(REST, restHost().name());
    Result edited = voc.ap().run("condor_qedit", payload, "Wants", where, "JobPrio", "2");
    // A job that waited for nothing else may have ended there already.
    if (!edited.ok() && watch.find(payload).until().isEmpty()) {
      var _ = edited.orThrow();
    }
  }

  private Host restHost() {
    return voc.pool().executeHosts().getLast();
  }

  /**
   * Starts sizing anew: what it does not know, it does not hold against image or host. Else it
   * would rightly pause after a few of the faults to come, or take a host for broken.
   */
  private void forgetFaults(Player player) throws PoolException, InterruptedException {
    // Not while another cell counts the seconds until sizing has cleaned.
    wholePool.writeLock().lock();
    try {
      startSizingAnew(player);
    } finally {
      wholePool.writeLock().unlock();
    }
  }

  private void startSizingAnew(Player player) throws PoolException, InterruptedException {
    sizing("KILL");
    long killed = System.currentTimeMillis() / 1000;
    Await.until(
        "sizing to have started anew and seen node " + player.node(),
        SOON,
        () ->
            voc.ap()
                .run(
                    "condor_status",
                    "-any",
                    "-const",
                    "MyType == \"VOC\" && Voc == \"%s\"".formatted(player.voc()),
                    "-af",
                    "VocHeartbeat > %d && VocNodesRunning > 0".formatted(killed + 1))
                .orThrow()
                .lines(),
        answers -> answers.equals(List.of("true")));
  }

  // --- the end

  private Played endAndWatch(Player player) throws PoolException, InterruptedException {
    // What comes back to the queue shall stay there, else its next run would be taken for what the
    // first one left.
    voc.ap().run("condor_qedit", player.job(), "Requirements", "false").orThrow();
    Cell cell = player.cell();
    boolean leaving = cell.stage() == Stage.LEAVING;
    Lock lock =
        leaving || cell.end().concernsWholePool() ? wholePool.writeLock() : wholePool.readLock();
    lock.lock();
    try {
      long end = leaving ? inflictWhileLeaving(player) : faults.inflict(player);
      if (leaving && !cell.end().concernsWholePool()) {
        wholePool.readLock().lock();
        lock.unlock();
        lock = wholePool.readLock();
      }
      FaultWatch.Departure departure =
          watch.watch(
              player.node(), player.host(), player.joined(), end, cell.bound(voc.pool().suite()));
      return new Played(player, end, departure);
    } finally {
      lock.unlock();
    }
  }

  /** Sees what becomes of the jobs of a cell, and takes its node job away. */
  Outcome account(Played played) throws PoolException, InterruptedException {
    Player player = played.player();
    FaultWatch.Fate fate = watch.nodeJob(player.job(), played.end());
    Optional<Duration> back =
        player.cell().stage() == Stage.RUNNING
            ? backInQueue(player.payload(), played.end())
            : Optional.empty();
    var _ = voc.ap().run("condor_rm", player.job());
    return new Outcome(player.cell(), played.departure(), fate, player.payload(), back, "");
  }

  private Optional<Duration> backInQueue(String payload, long end)
      throws PoolException, InterruptedException {
    var _ =
        queue.await(
            "job %s back in the queue".formatted(payload),
            SOON.multipliedBy(3),
            jobs ->
                jobs.stream()
                    .anyMatch(job -> job.id().equals(payload) && cameBack(job, end).isPresent()));
    return cameBack(watch.find(payload), end);
  }

  private static Optional<Duration> cameBack(QueuedJob job, long end) {
    return job.statuses().stream()
        .filter(change -> change.status() != QueuedJob.RUNNING && change.at() > end)
        .findFirst()
        .map(change -> Duration.ofNanos(change.at() - end));
  }

  // --- after it

  /** Leaves nothing for the next cell, whatever came of this one. */
  private void takeAway(Player player) throws PoolException, InterruptedException {
    Host host = player.host();
    if (!host.isUp()) {
      host.restart();
    }
    Gates.open(host, Gates.at(player.cell().stage()));
    if (player.cell().end() == End.PREEMPTION) {
      Faults.preempt(host, false);
    }
    host.root().sh("rm -f /var/lib/condor/execute/core").orThrow();
    List<String> left = watch.leftovers(player.node(), host, false);
    if (!left.isEmpty()) {
      host.root()
          .sh(
              "pkill -KILL -u voc-cms || true; rm -rf /var/lib/condor/execute/* /var/lib/voc/leases/* /dev/shm/*")
          .orThrow();
    }
    host.startCondor();
  }

  /**
   * A user's job. Those with a priority come first: a negotiator of HTCondor 25.14 hears of no
   * others once twenty kinds of a user's jobs found no match.
   */
  private String submitPayload(String wants, String argument, int priority)
      throws PoolException, InterruptedException {
    Result result =
        voc.ap()
            .as("alice")
            .input(
                """
                executable = payload.sh
                arguments = %s
                priority = %d
                should_transfer_files = yes
                request_cpus = 1
                request_memory = 64
                request_disk = 1MB
                My.Wants = "%s"
                requirements = TARGET.Voc =?= MY.Wants
                queue
                """
                    .formatted(argument, priority, wants))
            .run("condor_submit", "-terse")
            .orThrow();
    return result.stdout().strip().replaceFirst("\\..*", "") + ".0";
  }
}
