package org.vocluster.scenario.fault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
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
 * Brings a node to a stage on a host of its own, inflicts an end, and watches what is left.
 *
 * <p>The stages before QEMU runs are held by programs that the hosts' configuration puts around
 * prepare-job and QEMU; they let go as soon as the end has begun. Nothing in the product knows of
 * them. A guest with an operating system has an agent in its image that asks the pool's manager
 * what fault to commit.
 */
final class FaultScene {
  /** The host whose nodes end no job: users' jobs run there in the end. */
  static final String REST = "rest";

  private static final String FAULTY = "faulty.qcow2";
  private static final String GATES = "/srv/faults";
  private static final String PREPARE = "/usr/local/lib/faults/prepare-job";
  private static final String QEMU = "/usr/local/lib/faults/qemu";
  private static final String SMALL_DISK = "/var/lib/condor/execute";

  private static final Duration LAUNCH = Duration.ofSeconds(60);
  private static final Duration BOOT = Duration.ofMinutes(5);
  private static final Duration GUESTS_OWN = Duration.ofMinutes(6);
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final long OUTAGE_SECONDS = 15;

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
          .formatted(PREPARE, QEMU, VocPool.SHARE_URL);

  private static final String GATE =
      """
      gate() {
        : >%1$s/at-$1
        while [ -e %1$s/stop-$1 ]; do sleep 0.02; done
      }
      """
          .formatted(GATES);

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
  private final SleepingImage sleeping;
  private final SleepingImage dying;
  private final FaultyImage faulty;

  /** Who disturbs the whole pool has it for himself. */
  private final ReentrantReadWriteLock wholePool = new ReentrantReadWriteLock(true);

  FaultScene(VocPool voc, QueueWatch queue) throws PoolException, InterruptedException {
    this.voc = voc;
    this.queue = queue;
    this.watch = new FaultWatch(voc, queue);
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
            "VOC_NODE_BOOT_SECONDS = %d\nNEGOTIATOR_INTERVAL = 2\n".formatted(BOOT_SECONDS),
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

  /** Puts the programs on a PAD host that hold a node at a stage. */
  static void build(Host host) throws PoolException, InterruptedException {
    FaultWatch.build(host);
    host.root().sh("install -d -m 1777 " + GATES).orThrow();
    host.write(
        PREPARE,
        """
        #!/bin/sh
        # The real hook, with a gate before and behind it.
        %sgate before-overlay
        answer=$(/usr/libexec/voc/prepare-job "$@")
        gate overlay-made
        printf '%%s\\n' "$answer"
        """
            .formatted(GATE),
        "755");
    host.write(
        QEMU,
        """
        #!/bin/sh
        # QEMU, with a gate before a node's.
        %scase " $* " in *" -name guest="*) gate qemu-starting ;; esac
        exec /usr/bin/qemu-system-x86_64 "$@"
        """
            .formatted(GATE),
        "755");
  }

  /**
   * What happened in a cell.
   *
   * @param payload the user's job whose fate is still to be seen
   * @param backAfter how long after the end the running user's job was back in the queue
   * @param trouble why the cell could not be played; empty if it was
   */
  record Outcome(
      Cell cell,
      FaultWatch.Departure departure,
      FaultWatch.Fate nodeJob,
      String payload,
      Optional<Duration> backAfter,
      String trouble) {
    static Outcome notPlayed(Cell cell, String why) {
      return new Outcome(
          cell,
          new FaultWatch.Departure(Optional.empty(), new TreeSet<>(), List.of()),
          new FaultWatch.Fate("", Duration.ZERO, false),
          "",
          Optional.empty(),
          why);
    }

    /** For who looks on. */
    String inWords() {
      return trouble.isEmpty()
          ? "clean after %s, %s, left at the bound %s; node job %s after %s; job back after %s"
              .formatted(
                  departure.clean(),
                  departure.kinds(),
                  departure.atBound(),
                  nodeJob.words(),
                  nodeJob.after(),
                  backAfter)
          : "not played: " + trouble;
    }
  }

  /** Whether the cell takes a guest with an operating system, which sizing asks for. */
  static boolean needsGuest(Cell cell) {
    return cell.stage().needsRealGuest()
        || cell.end() == End.HANGS_AT_BOOT
        || cell.end() == End.GUEST_STARTD_DIES
        || (cell.end() == End.DISK_FULL && cell.stage() == Stage.BOOTING);
  }

  /** Whether the guest stands still until sizing, which has to remember it, gives it up. */
  static boolean endsBySizing(Cell cell) {
    return cell.end() == End.HANGS_AT_BOOT
        || (cell.end() == End.DISK_FULL
            && gate(cell.stage()).isEmpty()
            && cell.stage() != Stage.LEAVING);
  }

  /**
   * A cell of which only the jobs' fates are still to be seen; its host is free.
   *
   * @param end of the node, by {@link System#nanoTime}
   */
  record Played(Player player, long end, FaultWatch.Departure departure) {}

  /** A node at its stage. */
  record Player(Cell cell, Host host, String voc, String node, String job, String payload) {
    boolean joined() {
      return cell.stage().needsRealGuest();
    }
  }

  // --- a cell whose guest need not be one

  /** Plays a cell with a node submitted by hand, of a guest that does nothing. */
  Played playWithoutGuest(Cell cell, Host host) throws PoolException, InterruptedException {
    String vocName = cell.id() + "-" + host.name();
    String node = vocName;
    String payload = submitPayload(vocName, "", 0);
    boolean small = cell.end() == End.DISK_FULL;
    if (small) {
      mountSmallDisk(host);
    }
    String gate = gate(cell.stage());
    if (!gate.isEmpty()) {
      host.root().sh("rm -f %1$s/at-%2$s; : >%1$s/stop-%2$s".formatted(GATES, gate)).orThrow();
    }
    SleepingImage image = cell.end() == End.GUEST_PANIC ? dying : sleeping;
    String job = byHand.submit(new NodesByHand.Order(vocName, node, image, host)) + ".0";
    Player player = new Player(cell, host, vocName, node, job, payload);
    try {
      if (gate.isEmpty()) {
        var _ = awaitMachine(player);
      } else {
        Await.until(
            "%s to be at %s".formatted(node, gate),
            LAUNCH,
            () -> host.exists(GATES + "/at-" + gate));
      }
      return endAndWatch(player, gate);
    } finally {
      takeAway(player, gate);
      if (small) {
        host.run("umount", SMALL_DISK).orThrow();
      }
    }
  }

  private static String gate(Stage stage) {
    return switch (stage) {
      case BEFORE_OVERLAY, OVERLAY_MADE, QEMU_STARTING ->
          stage.name().toLowerCase(Locale.ROOT).replace('_', '-');
      case BOOTING, JOINED, RUNNING, LEAVING -> "";
    };
  }

  private Host.HostProcess awaitMachine(Player player) throws PoolException, InterruptedException {
    return Await.until(
            "QEMU of " + player.node(),
            LAUNCH,
            () -> machine(player),
            found -> found.filter(p -> p.commandLine().startsWith("/usr/bin/qemu")).isPresent())
        .orElseThrow();
  }

  /** The job's process: QEMU, or what is about to become it. */
  private Optional<Host.HostProcess> machine(Player player)
      throws PoolException, InterruptedException {
    return VocPool.virtualMachines(player.host()).stream()
        .filter(process -> process.commandLine().contains("guest=" + player.node()))
        .findFirst();
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
      mountSmallDisk(host);
    }
    try {
      boolean works = cell.stage() == Stage.RUNNING;
      voc.register(definition(cell, vocName)).orThrow();
      String first = submitPayload(vocName, works ? "" : "brief", 1);
      QueuedJob node = awaitNode(vocName);
      String payload = works ? first : submitPayload(REST + "-" + restHost().name(), "", 1);
      player = new Player(cell, host, vocName, node.node(), node.id(), payload);
      reach(player, first);
      return endAndWatch(player, "");
    } finally {
      voc.ap().root().sh("rm -f /etc/voc/vocs.d/%s.ad".formatted(vocName)).orThrow();
      if (player != null) {
        send(player.payload());
        takeAway(player, "");
      }
      if (small) {
        host.run("umount", SMALL_DISK).orThrow();
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
    if (!endsBySizing(player.cell())) {
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
        return inflict(player, "");
      }
    } finally {
      sizing("CONT");
    }
    return inflict(player, "");
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

  private Played endAndWatch(Player player, String gate)
      throws PoolException, InterruptedException {
    // What comes back to the queue shall stay there, else its next run would be taken for what the
    // first one left.
    voc.ap().run("condor_qedit", player.job(), "Requirements", "false").orThrow();
    Cell cell = player.cell();
    boolean leaving = cell.stage() == Stage.LEAVING;
    Lock lock =
        leaving || cell.end().concernsWholePool() ? wholePool.writeLock() : wholePool.readLock();
    lock.lock();
    try {
      long end = leaving ? inflictWhileLeaving(player) : inflict(player, gate);
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

  /** Inflicts the end and opens the gate; returns the moment of the node's end. */
  private long inflict(Player player, String gate) throws PoolException, InterruptedException {
    Host host = player.host();
    long begin = System.nanoTime();
    switch (player.cell().end()) {
      case CONDOR_RM -> rm(player);
      case CONDOR_VACATE -> voc.ap().run("condor_vacate_job", player.job()).orThrow();
      case PREEMPTION -> {
        long before = preemptions(host);
        preempt(host, true);
        // The startd looks at PREEMPT in its own time.
        Await.until("a preemption on " + host.name(), SOON, () -> preemptions(host) > before);
        begin = System.nanoTime();
      }
      case STARTER_KILLED -> kill(host, "condor_starter");
      case STARTD_KILLED -> kill(host, "condor_startd");
      case MASTER_KILLED -> killMaster(host);
      case QEMU_KILLED -> killMachine(player);
      case POWER_CUT -> {
        host.kill();
        host.boot();
        host.root().sh("rm -f %s/stop-*".formatted(GATES)).orThrow();
        host.startCondor();
      }
      case DISK_FULL -> {
        fillDisk(host);
        open(host, gate);
        // Before a guest runs, prepare-job meets the full disk; a guest stops at its first write.
        order(player);
        begin = needsGuest(player.cell()) ? awaitEnd(player) : System.nanoTime();
      }
      case COLLECTOR_AWAY -> {
        collector("STOP");
        try {
          if (gate.equals("before-overlay") || gate.equals("overlay-made")) {
            rm(player);
          } else {
            killMachine(player);
          }
          open(host, gate);
          long back = System.nanoTime() + Duration.ofSeconds(OUTAGE_SECONDS).toNanos();
          Await.until("the end of the outage", SOON, () -> System.nanoTime() - back > 0);
        } finally {
          collector("CONT");
        }
        begin = System.nanoTime();
      }
      case NORMAL_LEAVE -> {
        if (player.cell().stage() == Stage.LEAVING) {
          rm(player);
        } else {
          begin = awaitEnd(player);
        }
      }
      case GUEST_PANIC, GUEST_STARTD_DIES -> {
        order(player);
        begin = awaitEnd(player);
      }
      case HANGS_AT_BOOT -> begin = awaitEnd(player);
    }
    if (host.isUp()) {
      open(host, gate);
    }
    return begin;
  }

  private void rm(Player player) throws PoolException, InterruptedException {
    voc.ap().run("condor_rm", player.job()).orThrow();
  }

  private void open(Host host, String gate) throws PoolException, InterruptedException {
    if (!gate.isEmpty()) {
      host.root().sh("rm -f %s/stop-%s".formatted(GATES, gate)).orThrow();
    }
  }

  private static void preempt(Host host, boolean preempt)
      throws PoolException, InterruptedException {
    host.write(
        "/etc/condor/config.d/85-preempt.conf",
        "PREEMPT = %s\n".formatted(preempt ? "isString(MY.VocNode)" : "False"),
        "644");
    host.run("condor_reconfig").orThrow();
  }

  private static long preemptions(Host host) throws PoolException, InterruptedException {
    return Long.parseLong(
        host.root()
            .sh("grep -c 'Changing state.*-> Preempting' /var/log/condor/StartLog || true")
            .orThrow()
            .stdout()
            .strip());
  }

  private static void kill(Host host, String daemon) throws PoolException, InterruptedException {
    List<Host.HostProcess> found =
        host.processes().stream()
            .filter(process -> process.commandLine().matches("(\\S*/)?" + daemon + "(\\s.*)?"))
            .toList();
    if (found.size() != 1) {
      throw new PoolException("%s: not one %s: %s".formatted(host.name(), daemon, found));
    }
    host.run("kill", "-KILL", Long.toString(found.getFirst().pid())).orThrow();
  }

  /** As condor.service's KillMode=mixed: when its main process is gone, all others are killed. */
  private static void killMaster(Host host) throws PoolException, InterruptedException {
    kill(host, "condor_master");
    Await.until(
        "the service's processes on %s to end".formatted(host.name()),
        SOON,
        () -> {
          List<Host.HostProcess> rest =
              host.processes().stream()
                  .filter(process -> !process.state().startsWith("Z"))
                  .filter(process -> !process.commandLine().matches("(tini|sleep infinity).*"))
                  .toList();
          for (Host.HostProcess process : rest) {
            var _ = host.run("kill", "-KILL", Long.toString(process.pid()));
          }
          return rest.isEmpty();
        });
    host.startCondor();
  }

  private void killMachine(Player player) throws PoolException, InterruptedException {
    Host.HostProcess machine =
        machine(player).orElseThrow(() -> new PoolException("no process of node " + player.node()));
    player.host().run("kill", "-KILL", Long.toString(machine.pid())).orThrow();
  }

  /** A file system of its own for EXECUTE, which nothing else fills with it. */
  private static void mountSmallDisk(Host host) throws PoolException, InterruptedException {
    host.run("mount", "-t", "tmpfs", "-o", "size=8g,mode=755", "tmpfs", SMALL_DISK).orThrow();
    host.run("chown", "condor:condor", SMALL_DISK).orThrow();
  }

  private static void fillDisk(Host host) throws PoolException, InterruptedException {
    host.root()
        .sh(
            "mount -o remount,size=$(($(df --output=used -k %1$s | tail -n 1) + 4))k %1$s"
                .formatted(SMALL_DISK))
        .orThrow();
  }

  private void collector(String signal) throws PoolException, InterruptedException {
    voc.ap().root().sh("pkill -%s -x condor_collecto".formatted(signal)).orThrow();
  }

  /** Waits until the job's process has ended, and returns when it had. */
  private long awaitEnd(Player player) throws PoolException, InterruptedException {
    Await.until(
        "the machine of %s to end".formatted(player.node()),
        GUESTS_OWN,
        () -> machine(player),
        Optional::isEmpty);
    return System.nanoTime();
  }

  private void order(Player player) throws PoolException, InterruptedException {
    String order =
        switch (player.cell().end()) {
          case GUEST_PANIC -> "panic";
          case GUEST_STARTD_DIES -> "condor-dies";
          case DISK_FULL -> "write";
          default -> throw new IllegalArgumentException(player.cell() + " is not the guest's");
        };
    // A guest without an operating system panics by itself.
    if (needsGuest(player.cell())) {
      voc.ap().write("/srv/orders/" + player.node(), order, "644");
    }
  }

  // --- after it

  /** Leaves nothing for the next cell, whatever came of this one. */
  private void takeAway(Player player, String gate) throws PoolException, InterruptedException {
    Host host = player.host();
    if (!host.isUp()) {
      host.restart();
    }
    open(host, gate);
    if (player.cell().end() == End.PREEMPTION) {
      preempt(host, false);
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
