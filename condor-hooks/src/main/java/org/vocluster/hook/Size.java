package org.vocluster.hook;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.vocluster.ad.Attr;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.LongForm;
import org.vocluster.hook.HookArguments.BadArgumentException;
import org.vocluster.sizing.Sizer;
import org.vocluster.sizing.SizerConfig;
import org.vocluster.sizing.decision.SizingLimits;
import org.vocluster.sizing.journal.SizerLog;
import org.vocluster.sizing.standing.MissingAds;
import org.vocluster.sizing.standing.Standing;
import org.vocluster.sizing.submit.NodeJobs;
import org.vocluster.vm.definition.VocDefinition;
import org.vocluster.vm.node.Paths;

/**
 * The {@code size} hook of an access point: one long-lived process under SCHEDD_CRON (mode
 * WaitForExit) that keeps every VOC as large as its demand. It prints attributes for the schedd's
 * ad and a line {@code -} from time to time, never writes to standard error (which the schedd keeps
 * in memory until the process ends), and ends when the schedd does.
 */
public final class Size {
  private static final Duration LOOK = Duration.ofMillis(50);
  private static final Duration HEARTBEAT = Duration.ofSeconds(30);
  private static final Duration LOCK_PATIENCE = Duration.ofSeconds(20);
  private static final String LOG_OPTION = "--log=";
  private static final long LOG_BYTES = 10L * 1024 * 1024;

  /** Exit statuses, for the schedd's log. */
  private enum Exit {
    /** The schedd is gone. */
    PARENT_GONE(0),
    /** Another size hook serves this access point. */
    ALREADY_RUNNING(3),
    USAGE(2),
    BUG(70);

    private final int status;

    Exit(int status) {
      this.status = status;
    }
  }

  private static final List<String> OPTIONS =
      List.of(
          "job-queue-log",
          "definitions",
          "keys",
          "tokens",
          "log",
          "bin",
          "sbin",
          "collector",
          "trust-domain",
          "access-point",
          "schedd-name",
          "interval",
          "voc-node",
          "audit-log",
          "node-log",
          "consoles",
          "schedds",
          "max-nodes",
          "max-removals",
          "boot-seconds",
          "held-seconds",
          "max-jobs-per-owner",
          "node-lease",
          "reaper");

  private final SizerConfig config;
  private final PrintStream out;
  private final Clock clock;

  private Size(SizerConfig config, PrintStream out, Clock clock) {
    this.config = config;
    this.out = out;
    this.clock = clock;
  }

  /** Runs until the schedd ends. */
  public static void main(String[] args) {
    HookIo.end(run(HookIo.system(args)).status);
  }

  private static Exit run(HookIo io) {
    Clock clock = Clock.system(ZoneId.systemDefault());
    SizerLog log = new SizerLog(logFile(io.arguments()), LOG_BYTES, clock);
    try {
      HookArguments arguments = HookArguments.parseOptions(io.arguments(), OPTIONS);
      return new Size(config(arguments), io.stdout(), clock).serve(log);
    } catch (BadArgumentException e) {
      String problem = "voc: size: " + e.getMessage() + "; mend SCHEDD_CRON_VOC_SIZE_ARGS";
      log.say(problem);
      print(io.stdout(), state("misconfigured", problem));
      return Exit.USAGE;
    } catch (RuntimeException | IOException e) {
      log.bug("sizing; HTCondor starts it again", e);
      return Exit.BUG;
    }
  }

  /** Wherever the other arguments are wrong, the log has to say so. */
  private static Path logFile(List<String> arguments) {
    return Path.of(
        arguments.stream()
            .filter(argument -> argument.startsWith(LOG_OPTION))
            .map(argument -> argument.substring(LOG_OPTION.length()))
            .findFirst()
            .orElse("VocSizeLog"));
  }

  /**
   * The settings in the hook's arguments, for those who say what it would do with them.
   *
   * @throws IllegalArgumentException if they make no sense, with what is wrong
   */
  public static SizerConfig configuration(List<String> arguments) {
    try {
      return config(HookArguments.parseOptions(arguments, OPTIONS));
    } catch (BadArgumentException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static SizerConfig config(HookArguments arguments) throws BadArgumentException {
    return new SizerConfig(
        accessPoint(arguments),
        new SizerConfig.Authority(
            arguments.requiredPath("keys"),
            arguments.requiredPath("tokens"),
            arguments.required("trust-domain")),
        new SizerConfig.Tools(
            Path.of(arguments.optional("bin", "/usr/bin")),
            Path.of(arguments.optional("sbin", "/usr/sbin")),
            arguments.required("collector"),
            Optional.ofNullable(arguments.optionalPath("reaper"))),
        new SizerConfig.Journals(
            Path.of(arguments.optional("audit-log", "VocAuditLog")),
            Path.of(arguments.optional("node-log", "VocNodeLog")),
            Path.of(arguments.optional("consoles", "voc-consoles"))),
        new NodeJobs(
            arguments.optional("voc-node", Paths.VOC_NODE),
            arguments.number("node-lease", NodeJobs.LEASE_SECONDS, 30, 86_400)),
        Duration.ofSeconds(arguments.number("interval", 10, 1, 3600)),
        limits(arguments));
  }

  private static SizerConfig.AccessPoint accessPoint(HookArguments arguments)
      throws BadArgumentException {
    String name = arguments.optional("access-point", hostName());
    return new SizerConfig.AccessPoint(
        name,
        arguments.requiredPath("job-queue-log"),
        arguments.requiredPath("definitions"),
        scheddName(arguments.optional("schedd-name", ""), name),
        Arrays.stream(arguments.optional("schedds", "").split(",", -1))
            .map(String::strip)
            .filter(other -> !other.isEmpty())
            .collect(Collectors.toSet()),
        maxJobsPerOwner(arguments.optional("max-jobs-per-owner", "")));
  }

  /**
   * HTCondor's own knob, of which this hook is merely told: what a site writes there, an expression
   * perhaps, must not stop it.
   */
  static int maxJobsPerOwner(String configured) {
    try {
      return Math.max(0, Integer.parseInt(configured.strip()));
    } catch (NumberFormatException e) {
      return Integer.MAX_VALUE;
    }
  }

  private static SizingLimits limits(HookArguments arguments) throws BadArgumentException {
    return SizingLimits.DEFAULT
        .withMaxNodes(
            arguments.number(
                "max-nodes", VocDefinition.UNLIMITED_NODES, 0, VocDefinition.UNLIMITED_NODES))
        .withMaxRemovals(
            arguments.number("max-removals", SizingLimits.DEFAULT.maxRemovals(), 1, 10_000))
        .withBootWithin(
            Duration.ofSeconds(
                arguments.number(
                    "boot-seconds",
                    (int) SizingLimits.DEFAULT.bootWithin().toSeconds(),
                    30,
                    86_400)))
        .withHeldAtMost(
            Duration.ofSeconds(
                arguments.number(
                    "held-seconds",
                    (int) SizingLimits.DEFAULT.heldAtMost().toSeconds(),
                    1,
                    604_800)));
  }

  private Exit serve(SizerLog log) throws IOException {
    ProcessHandle parent = ProcessHandle.current().parent().orElse(null);
    Path lockFile = config.authority().tokens().resolve(".size.lock");
    try (FileChannel channel =
            FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        @Nullable FileLock lock = lock(channel)) {
      if (lock == null) {
        log.say(
            "voc: "
                + lockFile
                + ": another size hook holds it; if none should run, look for it with `fuser`");
        return Exit.ALREADY_RUNNING;
      }
      log.say(
          "voc-size starts, pid "
              + ProcessHandle.current().pid()
              + ", parent "
              + (parent == null ? "?" : parent.pid()));
      return loop(log, parent);
    }
  }

  private Exit loop(SizerLog log, @Nullable ProcessHandle parent) {
    Instant lastBeat = Instant.EPOCH;
    Sizer.@Nullable Health lastHealth = null;
    @Nullable Standing lastStanding = null;
    try (Sizer sizer = new Sizer(config, log, clock)) {
      while (true) {
        sizer.pass();
        Sizer.Health health = sizer.health();
        Standing standing = sizer.standing();
        Instant now = clock.instant();
        if (((!health.equals(lastHealth) || !standing.equals(lastStanding))
                && now.isAfter(lastBeat.plusSeconds(5)))
            || now.isAfter(lastBeat.plus(HEARTBEAT))) {
          lastBeat = now;
          lastHealth = health;
          lastStanding = standing;
          if (!print(out, attributes(health, standing, now))) {
            log.say("voc-size ends: nobody reads its output any more");
            return Exit.PARENT_GONE;
          }
        }
        if (parent != null && !isParentStill(parent)) {
          log.say("voc-size ends: its parent, the schedd, is gone");
          return Exit.PARENT_GONE;
        }
        Thread.sleep(LOOK);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Exit.PARENT_GONE;
    }
  }

  /** A process whose parent died is handed to another one. */
  private static boolean isParentStill(ProcessHandle parent) {
    return ProcessHandle.current().parent().filter(parent::equals).isPresent();
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    Instant end = Instant.now().plus(LOCK_PATIENCE);
    FileLock lock = channel.tryLock();
    while (lock == null && Instant.now().isBefore(end)) {
      try {
        Thread.sleep(200);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return null;
      }
      lock = channel.tryLock();
    }
    return lock;
  }

  private static String hostName() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    } catch (IOException e) {
      return "localhost";
    }
  }

  /** What HTCondor makes of SCHEDD_NAME ({@code build_valid_daemon_name}). */
  static String scheddName(String configured, String host) {
    if (configured.isEmpty() || configured.equalsIgnoreCase(host)) {
      return host;
    }
    return configured.contains("@") ? configured : configured + "@" + host;
  }

  private static ClassAd attributes(Sizer.Health health, Standing standing, Instant now) {
    String unknown =
        health.queueUnknown().isEmpty() ? health.slotsUnknown() : health.queueUnknown();
    String obstacle = health.queueUnknown().isEmpty() ? standing.obstacle().orElse("") : "";
    String ok = obstacle.isEmpty() ? "ok" : Standing.UNSAFE;
    return ClassAd.builder()
        .set(Attr.SIZER_STATE, health.queueUnknown().isEmpty() ? ok : "unknown")
        .set(Attr.SIZER_REASON, obstacle.isEmpty() ? unknown : obstacle)
        .set(Attr.MISSING, MissingAds.write(standing.missing()))
        .set(Attr.SIZER_VOCS, health.vocs())
        .set(Attr.SIZER_BROKEN_VOCS, health.brokenVocs())
        .set(Attr.SIZER_JOBS, health.jobs())
        .set(Attr.UNSERVED_JOBS, health.unservedJobs())
        .set(Attr.GHOSTS, health.ghosts())
        .set(Attr.GHOST_FAULT, health.ghostFault())
        .set(Attr.REAPER_FAULT, health.reaperFault())
        .set(Attr.SIZER_PID, ProcessHandle.current().pid())
        .set(Attr.SIZER_RSS_KB, residentKb())
        .set(Attr.HEARTBEAT, now.getEpochSecond())
        .build();
  }

  private static ClassAd state(String state, String reason) {
    return ClassAd.builder().set(Attr.SIZER_STATE, state).set(Attr.SIZER_REASON, reason).build();
  }

  private static boolean print(PrintStream out, ClassAd ad) {
    out.print(LongForm.print(ad));
    out.println("-");
    out.flush();
    return !out.checkError();
  }

  /** Resident memory of this process, 0 where the kernel does not tell. */
  private static long residentKb() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
        if (line.startsWith("VmRSS:")) {
          return Long.parseLong(line.replaceAll("[^0-9]", ""));
        }
      }
    } catch (IOException | NumberFormatException e) {
      // Nice to know, nothing more.
    }
    return 0;
  }
}
