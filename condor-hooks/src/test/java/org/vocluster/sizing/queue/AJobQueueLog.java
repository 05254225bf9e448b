package org.vocluster.sizing.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.vocluster.sizing.reading.JobGroup;

/** A job queue log that is written as a schedd does it, and the mirror that follows it. */
abstract class AJobQueueLog {
  static final String HEADER = "107 1 CreationTimestamp 1795409631\n";

  @TempDir Path spool;
  Path log;
  JobQueueMirror mirror;

  @BeforeEach
  void openMirror() {
    log = spool.resolve("job_queue.log");
    mirror = new JobQueueMirror(log);
  }

  static String cluster(int cluster, String vo, int cpus) {
    String key = "0" + cluster + ".-1";
    return "101 %1$s Job Machine\n103 %1$s JobUniverse 5\n103 %1$s VocVO \"%2$s\"\n103 %1$s RequestCpus %3$d\n"
        .formatted(key, vo, cpus);
  }

  static String idleJob(int cluster, int proc) {
    return "101 %1$d.%2$d Job Machine\n103 %1$d.%2$d ProcId %2$d\n103 %1$d.%2$d JobStatus 1\n"
        .formatted(cluster, proc);
  }

  final void assertAdvanced() {
    assertInstanceOf(LogReading.Advanced.class, mirror.poll());
  }

  final JobGroup onlyGroup() {
    assertEquals(1, mirror.idlePayload().size(), () -> mirror.idlePayload().toString());
    return mirror.idlePayload().getFirst();
  }

  final void write(String text) {
    try {
      Files.writeString(log, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  final void append(String text) {
    try {
      Files.writeString(log, text, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As the schedd does it: a new file, renamed over the old one. */
  final void replace(String text) {
    try {
      Path temporary =
          Files.writeString(spool.resolve("job_queue.log.tmp"), text, StandardCharsets.UTF_8);
      Files.move(temporary, log, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] recorded(String name) throws IOException {
    try (InputStream in = AJobQueueLog.class.getResourceAsStream(name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    }
  }
}
