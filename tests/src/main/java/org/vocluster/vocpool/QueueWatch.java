package org.vocluster.vocpool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.vocluster.pool.Host;
import org.vocluster.pool.PoolException;

/**
 * Sees every job that is ever in an access point's queue, and each change of its status, within a
 * millisecond or two of the schedd's commit: follows {@code job_queue.log} from outside the host.
 *
 * <p>What a test must know of the queue between two of its questions (a node job that was there for
 * a moment only, a job that was on hold and released) is known here. It shares no code with the
 * reader that sizing has, so that one cannot hide the other's faults.
 */
public final class QueueWatch implements AutoCloseable {
  private static final String LOG = "var/spool/condor/job_queue.log";
  private static final Duration LOOK = Duration.ofMillis(1);
  private static final Duration END = Duration.ofSeconds(5);

  private static final int NEW_AD = 101;
  private static final int DESTROY_AD = 102;
  private static final int SET_ATTRIBUTE = 103;
  private static final int DELETE_ATTRIBUTE = 104;
  private static final int BEGIN = 105;
  private static final int COMMIT = 106;

  private final Path log;
  private final Thread thread;
  private volatile boolean ending;

  private final Map<String, Life> lives = new LinkedHashMap<>();
  private Map<String, Map<String, String>> ads = new LinkedHashMap<>();
  private @Nullable PoolException failure;

  // Of the thread alone.
  private @Nullable Object file;
  private long position;
  private String partialLine = "";
  private boolean inTransaction;
  private final List<String[]> uncommitted = new ArrayList<>();

  private QueueWatch(Path log) {
    this.log = log;
    this.thread = Thread.ofPlatform().name("watch " + log).daemon().unstarted(this::follow);
  }

  /** Watches from now on; what is in the queue already counts as come now. */
  public static QueueWatch of(Host accessPoint) {
    QueueWatch watch = new QueueWatch(accessPoint.disk().resolve(LOG));
    watch.thread.start();
    return watch;
  }

  /** All jobs seen so far, in the order in which they came. */
  public synchronized List<QueuedJob> jobs() {
    return lives.values().stream().map(Life::snapshot).toList();
  }

  public List<QueuedJob> jobs(Predicate<QueuedJob> which) {
    return jobs().stream().filter(which).toList();
  }

  /** Forgets the jobs that have left the queue. */
  public synchronized void forgetEnded() {
    lives.values().removeIf(life -> life.until.isPresent());
  }

  /** Waits until the jobs are as wanted, looking at each commit, and returns them. */
  public synchronized List<QueuedJob> await(
      String what, Duration bound, Predicate<List<QueuedJob>> wanted)
      throws PoolException, InterruptedException {
    long end = System.nanoTime() + bound.toNanos();
    while (true) {
      if (failure != null) {
        throw failure;
      }
      List<QueuedJob> jobs = jobs();
      if (wanted.test(jobs)) {
        return jobs;
      }
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new PoolException(
            "waited %d s in vain for: %s%nthe queue's jobs:%n%s"
                .formatted(bound.toSeconds(), what, shown(jobs)));
      }
      wait(left);
    }
  }

  /** A line for each job, as an error should show them. */
  public static String shown(List<QueuedJob> jobs) {
    StringBuilder text = new StringBuilder();
    long start = jobs.isEmpty() ? 0 : jobs.getFirst().from();
    for (QueuedJob job : jobs) {
      text.append("  ").append(job.id()).append(' ').append(job.text("Owner"));
      text.append(job.isNode() ? " node " + job.node() : "");
      text.append(" from %.1f s, status".formatted((job.from() - start) / 1e9));
      for (QueuedJob.StatusChange change : job.statuses()) {
        text.append(" %d at %.1f".formatted(change.status(), (change.at() - start) / 1e9));
      }
      job.until()
          .ifPresent(until -> text.append(", gone at %.1f".formatted((until - start) / 1e9)));
      text.append('\n');
    }
    return text.toString();
  }

  @Override
  public void close() {
    ending = true;
    try {
      if (!thread.join(END)) {
        throw new IllegalStateException(thread.getName() + " does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void follow() {
    try {
      while (!ending) {
        look();
        Thread.sleep(LOOK);
      }
    } catch (IOException | RuntimeException e) {
      synchronized (this) {
        failure = new PoolException("%s: cannot be followed: %s".formatted(log, e), e);
        notifyAll();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() throws IOException {
    BasicFileAttributes now;
    try {
      now = Files.readAttributes(log, BasicFileAttributes.class);
    } catch (NoSuchFileException e) {
      return;
    }
    boolean another = !Objects.equals(now.fileKey(), file) || now.size() < position;
    if (another) {
      // The schedd writes a shorter log, complete, and renames it over the old one.
      file = now.fileKey();
      position = 0;
      partialLine = "";
      inTransaction = false;
      uncommitted.clear();
      synchronized (this) {
        ads = new LinkedHashMap<>();
      }
    }
    if (now.size() > position) {
      read(another);
    }
  }

  private void read(boolean fromStart) throws IOException {
    String text;
    try (FileChannel channel = FileChannel.open(log, StandardOpenOption.READ)) {
      ByteBuffer buffer = ByteBuffer.allocate((int) Math.max(0, channel.size() - position));
      while (buffer.hasRemaining() && channel.read(buffer, position + buffer.position()) >= 0) {
        // Until all is read.
      }
      position += buffer.position();
      text = partialLine + new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
    }
    int end = text.lastIndexOf('\n') + 1;
    partialLine = text.substring(end);
    synchronized (this) {
      long at = System.nanoTime();
      List<List<String[]>> commits = new ArrayList<>();
      text.substring(0, end).lines().forEach(line -> take(line.split(" ", 4), commits));
      if (fromStart) {
        // What a fresh log holds is one state of the queue, not its history.
        apply(commits.stream().flatMap(List::stream).toList(), at);
        for (Life life : lives.values()) {
          if (!ads.containsKey(life.id)) {
            life.end(at);
          }
        }
      } else {
        commits.forEach(changes -> apply(changes, at));
      }
      notifyAll();
    }
  }

  private void take(String[] words, List<List<String[]>> commits) {
    switch (Integer.parseInt(words[0])) {
      case BEGIN -> inTransaction = true;
      case COMMIT -> {
        inTransaction = false;
        commits.add(List.copyOf(uncommitted));
        uncommitted.clear();
      }
      default -> {
        if (inTransaction) {
          uncommitted.add(words);
        } else {
          commits.add(List.<String[]>of(words));
        }
      }
    }
  }

  private void apply(List<String[]> changes, long at) {
    Set<String> touched = new HashSet<>();
    for (String[] words : changes) {
      String key = words.length > 1 ? words[1] : "";
      switch (Integer.parseInt(words[0])) {
        case NEW_AD -> ads.put(key, new LinkedHashMap<>());
        case DESTROY_AD -> {
          ads.remove(key);
          Life life = lives.get(key);
          if (life != null) {
            life.end(at);
          }
        }
        case SET_ATTRIBUTE -> ad(key).put(words[2], words.length > 3 ? words[3] : "");
        case DELETE_ATTRIBUTE -> ad(key).remove(words[2]);
        default -> {
          // The log's own header.
        }
      }
      touched.add(key);
    }
    for (String key : touched) {
      Map<String, String> ad = ads.get(key);
      if (ad != null && isJob(key) && ad.containsKey("JobStatus")) {
        lives.computeIfAbsent(key, id -> new Life(id, at)).saw(at);
      }
    }
  }

  /** An attribute of an ad that does not exist belongs nowhere. */
  private Map<String, String> ad(String key) {
    return ads.getOrDefault(key, new LinkedHashMap<>());
  }

  /** Clusters are "012.-1", the queue itself is "0.0", jobs' owners are "0.7". */
  private static boolean isJob(String key) {
    return !key.startsWith("0") && key.indexOf('.') > 0;
  }

  /** A job's life so far. */
  private final class Life {
    private final String id;
    private final long from;
    private final List<QueuedJob.StatusChange> statuses = new ArrayList<>();
    private Map<String, String> attributes = Map.of();
    private OptionalLong until = OptionalLong.empty();

    Life(String id, long from) {
      this.id = id;
      this.from = from;
    }

    void saw(long at) {
      attributes = merged();
      int status = Integer.parseInt(attributes.getOrDefault("JobStatus", "0"));
      int code =
          status == QueuedJob.HELD
              ? Integer.parseInt(attributes.getOrDefault("HoldReasonCode", "0"))
              : 0;
      QueuedJob.StatusChange last = statuses.isEmpty() ? null : statuses.getLast();
      if (last == null || last.status() != status || last.holdCode() != code) {
        statuses.add(new QueuedJob.StatusChange(status, code, at));
      }
    }

    void end(long at) {
      if (until.isEmpty()) {
        until = OptionalLong.of(at);
      }
    }

    private Map<String, String> merged() {
      Map<String, String> all =
          new LinkedHashMap<>(
              ads.getOrDefault("0" + id.substring(0, id.indexOf('.')) + ".-1", Map.of()));
      all.putAll(ads.getOrDefault(id, Map.of()));
      return all;
    }

    QueuedJob snapshot() {
      return new QueuedJob(id, attributes, from, statuses, until);
    }
  }
}
