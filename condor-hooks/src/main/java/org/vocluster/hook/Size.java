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
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.LongForm;
import org.vocluster.sizing.Sizer;
import org.vocluster.sizing.SizerConfig;
import org.vocluster.sizing.SizerLog;

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

  private final Map<String, String> arguments;
  private final PrintStream out;
  private final Clock clock;

  private Size(Map<String, String> arguments, PrintStream out, Clock clock) {
    this.arguments = arguments;
    this.out = out;
    this.clock = clock;
  }

  /** Runs until the schedd ends. */
  @SuppressWarnings("SystemOut") // A hook's standard output is its protocol.
  public static void main(String[] args) {
    System.exit(run(args, System.out).status);
  }

  private static Exit run(String[] args, PrintStream out) {
    SizeArguments arguments = SizeArguments.parse(args);
    SizerLog log =
        new SizerLog(
            Path.of(arguments.values().getOrDefault("log", "VocSizeLog")),
            LOG_BYTES,
            Clock.system(ZoneId.systemDefault()));
    if (!arguments.problems().isEmpty()) {
      arguments.problems().forEach(log::say);
      print(out, state("misconfigured", String.join("; ", arguments.problems())));
      return Exit.USAGE;
    }
    try {
      return new Size(arguments.values(), out, Clock.system(ZoneId.systemDefault())).serve(log);
    } catch (RuntimeException | IOException e) {
      log.bug("sizing; HTCondor starts it again", e);
      return Exit.BUG;
    }
  }

  private Exit serve(SizerLog log) throws IOException {
    ProcessHandle parent = ProcessHandle.current().parent().orElse(null);
    Path lockFile = path("tokens").resolve(".size.lock");
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
    try (Sizer sizer = new Sizer(config(), log, clock)) {
      while (true) {
        sizer.pass();
        Sizer.Health health = sizer.health();
        Instant now = clock.instant();
        if ((!health.equals(lastHealth) && now.isAfter(lastBeat.plusSeconds(5)))
            || now.isAfter(lastBeat.plus(HEARTBEAT))) {
          lastBeat = now;
          lastHealth = health;
          if (!print(out, attributes(health, now))) {
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

  private SizerConfig config() {
    return new SizerConfig(
        path("job-queue-log"),
        path("definitions"),
        path("keys"),
        path("tokens"),
        path("bin"),
        path("sbin"),
        value("collector"),
        value("trust-domain"),
        Duration.ofSeconds(Long.parseLong(value("interval"))),
        value("voc-node"),
        hostName());
  }

  private Path path(String name) {
    return Path.of(value(name));
  }

  private String value(String name) {
    return arguments.getOrDefault(name, "");
  }

  private String hostName() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    } catch (IOException e) {
      return value("uid-domain");
    }
  }

  private static ClassAd attributes(Sizer.Health health, Instant now) {
    String unknown =
        health.queueUnknown().isEmpty() ? health.slotsUnknown() : health.queueUnknown();
    return ClassAd.builder()
        .set("VocSizerState", health.queueUnknown().isEmpty() ? "ok" : "unknown")
        .set("VocSizerReason", unknown)
        .set("VocSizerVocs", health.vocs())
        .set("VocSizerBrokenVocs", health.brokenVocs())
        .set("VocSizerJobs", health.jobs())
        .set("VocUnservedJobs", health.unservedJobs())
        .set("VocSizerPid", ProcessHandle.current().pid())
        .set("VocSizerRssKb", residentKb())
        .set("VocHeartbeat", now.getEpochSecond())
        .build();
  }

  private static ClassAd state(String state, String reason) {
    return ClassAd.builder().set("VocSizerState", state).set("VocSizerReason", reason).build();
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
