package org.vocluster.scenario.fault;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.vocluster.pool.Suite;

/**
 * How far nodes come and how they end: every pair of the two, with what is expected of it. Data
 * alone; {@link FaultScene} brings a node to a stage, has {@link Faults} inflict the end and
 * watches.
 */
final class FaultMatrix {
  /** Where a hook of the node's job runs when it ends, it cleans. */
  private static final Duration BY_HOOK = Duration.ofSeconds(5);

  /**
   * Where only HTCondor's starter cleans up, advertise finds the lease, which it looks for as often
   * as VOC_ADVERTISE_PERIOD says, in the test pool every five seconds.
   */
  private static final Duration BY_STARTER = Duration.ofSeconds(10);

  /** Where nothing of ours runs at the node's end, something periodic has to find what is left. */
  private static final Duration BY_REAPER = Duration.ofSeconds(60);

  private FaultMatrix() {}

  /** How far a node has come. */
  public enum Stage {
    BEFORE_OVERLAY(
        'a',
        "before the overlay",
        "the starter has started prepare-job, which has done nothing yet"),
    OVERLAY_MADE('b', "overlay made", "prepare-job has made its files and has not yet answered"),
    QEMU_STARTING('c', "QEMU starting", "the job's process is about to become QEMU"),
    BOOTING('d', "booting", "QEMU runs, the guest has not joined the pool"),
    JOINED('e', "joined", "its slot is in the collector, without a job"),
    RUNNING('f', "running a job", "a user's job runs in it"),
    LEAVING('g', "leaving", "its startd has been told to take no more jobs, and has confirmed it");

    private final char letter;
    private final String title;
    private final String meaning;

    Stage(char letter, String title, String meaning) {
      this.letter = letter;
      this.title = title;
      this.meaning = meaning;
    }

    String title() {
      return title;
    }

    String meaning() {
      return meaning;
    }

    /** Whether it takes a guest with an operating system to get there. */
    boolean needsRealGuest() {
      return compareTo(JOINED) >= 0;
    }
  }

  /** How a node ends. */
  enum End {
    NORMAL_LEAVE("normal leave", "idle for long enough, or drained and removed by sizing", true),
    CONDOR_RM("condor_rm", "of the node job, on the access point", true),
    CONDOR_VACATE("condor_vacate_job", "of the node job, on the access point", true),
    PREEMPTION("preemption", "the host's PREEMPT becomes true, and its startd preempts", true),
    STARTER_KILLED("starter killed", "kill -9 of the node job's condor_starter", false),
    STARTD_KILLED("startd killed", "kill -9 of the host's condor_startd", false),
    MASTER_KILLED(
        "master killed",
        "kill -9 of the host's condor_master; then what condor.service does: all other processes"
            + " of the service are killed with SIGKILL, and the master is started again (here"
            + " without the minute that it waits)",
        false),
    QEMU_KILLED("QEMU killed", "kill -9 of the job's process", true),
    GUEST_PANIC(
        "guest panic",
        "the guest's kernel panics; as ours do, it resets the machine after a while",
        true),
    HANGS_AT_BOOT(
        "guest hangs at boot", "and is given up by sizing after VOC_NODE_BOOT_SECONDS", true),
    GUEST_STARTD_DIES(
        "guest's HTCondor dies", "kill -9 of condor_master and condor_startd in the guest", true),
    POWER_CUT(
        "host's power cut",
        "every process of the host is gone at once; the host boots again, with its disk, and starts HTCondor",
        false),
    DISK_FULL("execute disk full", "nothing more can be written into EXECUTE", true),
    COLLECTOR_AWAY(
        "collector away",
        "the collector answers nobody for 15 s while the job's process is killed",
        false);

    private final String title;
    private final String meaning;
    private final boolean starterLives;

    End(String title, String meaning, boolean starterLives) {
      this.title = title;
      this.meaning = meaning;
      this.starterLives = starterLives;
    }

    String title() {
      return title;
    }

    String meaning() {
      return meaning;
    }

    /** How long after it nothing may be left. Newer HTCondors have no JOB_EXIT hook of ours. */
    private Duration bound(Suite suite) {
      if (!starterLives) {
        return BY_REAPER;
      }
      return switch (suite) {
        case TRIXIE -> BY_HOOK;
        case SID -> BY_STARTER;
      };
    }

    /** Whether it touches other hosts' nodes too. */
    boolean concernsWholePool() {
      return this == COLLECTOR_AWAY;
    }

    /** Whether the guest does it by itself, at a moment of its own. */
    boolean comesFromTheGuest() {
      return switch (this) {
        case GUEST_PANIC, GUEST_STARTD_DIES, HANGS_AT_BOOT -> true;
        case NORMAL_LEAVE,
            CONDOR_RM,
            CONDOR_VACATE,
            PREEMPTION,
            STARTER_KILLED,
            STARTD_KILLED,
            MASTER_KILLED,
            QEMU_KILLED,
            POWER_CUT,
            DISK_FULL,
            COLLECTOR_AWAY ->
            false;
      };
    }
  }

  /** An end at a stage. */
  record Cell(Stage stage, End end) {
    /**
     * How long after it nothing may be left. The starter of HTCondor 25.14 does not end when
     * prepare-job has refused its job: the startd kills it after 40 seconds.
     */
    Duration bound(Suite suite) {
      boolean refused = end == End.DISK_FULL && stage == Stage.BEFORE_OVERLAY;
      return refused && suite == Suite.SID ? BY_REAPER : end.bound(suite);
    }

    /** A short name for files and VOCs: lower-case letters, the first for the stage. */
    String id() {
      return stage.letter + end.name().toLowerCase(Locale.ROOT).replace("_", "");
    }

    /** Whether it takes a guest with an operating system, which sizing asks for. */
    boolean needsGuest() {
      return stage.needsRealGuest()
          || end == End.HANGS_AT_BOOT
          || end == End.GUEST_STARTD_DIES
          || (end == End.DISK_FULL && stage == Stage.BOOTING);
    }

    /** Whether the guest stands still until sizing, which has to remember it, gives it up. */
    boolean endsBySizing() {
      return end == End.HANGS_AT_BOOT
          || (end == End.DISK_FULL
              && stage.compareTo(Stage.BOOTING) >= 0
              && stage != Stage.LEAVING);
    }

    @Override
    public String toString() {
      return "%s, %s".formatted(end.title(), stage.title());
    }
  }

  /** What is expected of a cell. */
  sealed interface Expectation {
    /** Nothing of the node is left after the end's bound, and its node job is accounted for. */
    record Clean() implements Expectation {}

    /** There is no such case. */
    record Senseless(String reason) implements Expectation {}
  }

  /** What is expected of a cell. */
  static Expectation expected(Cell cell) {
    String senseless = senseless(cell.stage(), cell.end());
    return senseless.isEmpty() ? new Expectation.Clean() : new Expectation.Senseless(senseless);
  }

  private static String senseless(Stage stage, End end) {
    boolean noGuestYet = stage.compareTo(Stage.BOOTING) < 0;
    return switch (end) {
      case NORMAL_LEAVE ->
          stage == Stage.JOINED || stage == Stage.LEAVING
              ? ""
              : stage == Stage.RUNNING
                  ? "a node with a job does not leave"
                  : "a node leaves only after it has joined";
      case QEMU_KILLED ->
          stage == Stage.BEFORE_OVERLAY || stage == Stage.OVERLAY_MADE
              ? "there is no QEMU yet"
              : "";
      case GUEST_PANIC, GUEST_STARTD_DIES -> noGuestYet ? "no guest runs yet" : "";
      case HANGS_AT_BOOT -> stage == Stage.BOOTING ? "" : "it is about booting";
      case DISK_FULL ->
          stage == Stage.OVERLAY_MADE || stage == Stage.QEMU_STARTING
              ? "QEMU starts without writing; the guest's first write meets the full disk: see booting"
              : "";
      case CONDOR_RM,
          CONDOR_VACATE,
          PREEMPTION,
          STARTER_KILLED,
          STARTD_KILLED,
          MASTER_KILLED,
          POWER_CUT,
          COLLECTOR_AWAY ->
          "";
    };
  }

  /** All pairs, stage by stage. */
  static List<Cell> all() {
    List<Cell> cells = new ArrayList<>();
    for (Stage stage : Stage.values()) {
      for (End end : End.values()) {
        cells.add(new Cell(stage, end));
      }
    }
    return List.copyOf(cells);
  }

  /** Whether the cell makes sense. */
  static boolean isReal(Cell cell) {
    return expected(cell) instanceof Expectation.Clean;
  }

  /**
   * A few cells that together meet everything that cleans: the starter, job-exit, the startd after
   * a starter's death and at its own start, the kernel's signal to an orphaned QEMU, and whatever
   * looks for what others left.
   */
  static boolean isInSelection(Cell cell) {
    return switch (cell.stage()) {
      case BEFORE_OVERLAY ->
          switch (cell.end()) {
            case CONDOR_RM, STARTER_KILLED, DISK_FULL -> true;
            default -> false;
          };
      case OVERLAY_MADE ->
          switch (cell.end()) {
            case STARTER_KILLED, STARTD_KILLED -> true;
            default -> false;
          };
      case QEMU_STARTING ->
          switch (cell.end()) {
            case STARTER_KILLED, CONDOR_VACATE -> true;
            default -> false;
          };
      case BOOTING ->
          switch (cell.end()) {
            case STARTER_KILLED, MASTER_KILLED, POWER_CUT, PREEMPTION, GUEST_PANIC -> true;
            default -> false;
          };
      case JOINED -> cell.end() == End.STARTER_KILLED;
      case RUNNING ->
          switch (cell.end()) {
            case QEMU_KILLED, POWER_CUT -> true;
            default -> false;
          };
      case LEAVING -> cell.end() == End.COLLECTOR_AWAY;
    };
  }
}
