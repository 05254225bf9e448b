package org.vocluster.sizing.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vocluster.sizing.reading.JobGroup;

/**
 * Whatever a schedd writes, in whatever portions it is read: the mirror shows what a plain model of
 * the log does. Sequences are random, from fixed seeds.
 */
class JobQueueMirrorPropertiesTest {
  /** Requirements and the attributes they lead to. */
  private static final Map<String, List<String>> REQUIREMENTS =
      Map.of(
          "true", List.of(),
          "A == TARGET.B", List.of("A"),
          "MY.B > 1 && C", List.of("B", "C"),
          "ifThenElse(D, a, TARGET.C) is 3", List.of("D", "A"));

  private static final List<String> VALUES = List.of("1", "2", "\"x\"", "undefined");

  @TempDir Path spool;

  /** The queue as a plain reading of the format has it. */
  private static final class Model {
    final Map<String, Map<String, String>> ads = new TreeMap<>();

    /** How many jobs there have been at a place: a schedd gives no id twice. */
    final Map<Integer, Integer> generation = new HashMap<>();

    void apply(String line) {
      String[] words = line.split(" ", 4);
      switch (words[0]) {
        case "101" -> ads.putIfAbsent(words[1], new TreeMap<>(String.CASE_INSENSITIVE_ORDER));
        case "102" -> ads.remove(words[1]);
        case "103" -> ads.getOrDefault(words[1], new HashMap<>()).put(words[2], words[3]);
        case "104" -> {
          Map<String, String> ad = ads.get(words[1]);
          if (ad != null) {
            ad.remove(words[2]);
            if (parent(words[1]).containsKey(words[2])) {
              ad.put(words[2], "undefined");
            }
          }
        }
        default -> throw new AssertionError(line);
      }
    }

    private Map<String, String> parent(String key) {
      return key.startsWith("0")
          ? Map.of()
          : ads.getOrDefault("0" + key.substring(0, key.indexOf('.')) + ".-1", Map.of());
    }

    /** Groups of idle payload: what matters of them, and how many there are. */
    Map<Map<String, String>, Integer> groups() {
      Map<Map<String, String>, Integer> result = new HashMap<>();
      ads.forEach(
          (key, own) -> {
            Map<String, String> job = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            job.putAll(parent(key));
            job.putAll(own);
            if (!key.startsWith("0")
                && "1".equals(job.get("JobStatus"))
                && "5".equals(job.get("JobUniverse"))
                && job.getOrDefault("VocVO", "").startsWith("\"")) {
              Map<String, String> matters = new TreeMap<>();
              List<String> names = new ArrayList<>(List.of("VocVO", "RequestCpus", "Requirements"));
              names.addAll(
                  REQUIREMENTS.getOrDefault(job.getOrDefault("Requirements", ""), List.of()));
              for (String name : names) {
                String value = job.get(name);
                if (value != null) {
                  matters.put(name.toLowerCase(Locale.ROOT), value);
                }
              }
              result.merge(matters, 1, Integer::sum);
            }
          });
      return result;
    }

    String compacted(int sequence, Random random) {
      List<String> keys = new ArrayList<>(ads.keySet());
      Collections.shuffle(keys, random);
      StringBuilder text = new StringBuilder(header(sequence));
      for (String key : keys) {
        text.append("101 ").append(key).append(" Job Machine\n");
        ads.getOrDefault(key, Map.of())
            .forEach((name, value) -> text.append("103 %s %s %s\n".formatted(key, name, value)));
      }
      return text.toString();
    }
  }

  private static String header(int sequence) {
    return "107 " + sequence + " CreationTimestamp 1795409631\n";
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void mirrorShowsWhatTheModelDoes(int seed) throws IOException {
    Random random = new Random(seed);
    Path log = spool.resolve("job_queue.log");
    Model model = new Model();
    int sequence = 1;
    Files.writeString(log, header(sequence));
    try (JobQueueMirror mirror = new JobQueueMirror(log)) {
      for (int step = 0; step < 60; step++) {
        if (random.nextInt(12) == 0) {
          // The schedd compacts its log, or has died in the middle of something and does so now.
          if (random.nextBoolean()) {
            append(log, "105 \n103 1.0 A 4\n103 1.0 Requi");
            mirror.poll();
          }
          Path fresh = spool.resolve("job_queue.log.tmp");
          Files.writeString(fresh, model.compacted(++sequence, random));
          Files.move(fresh, log, StandardCopyOption.REPLACE_EXISTING);
        }
        List<String> lines = new ArrayList<>();
        for (int i = random.nextInt(30); i >= 0; i--) {
          lines.add(record(random, model));
        }
        boolean transaction = random.nextBoolean();
        boolean lost = transaction && random.nextInt(6) == 0;
        String text =
            (transaction ? "105 \n" : "")
                + String.join("\n", lines)
                + "\n"
                + (transaction && !lost ? "106 \n" : "")
                // The next writer knows nothing of a transaction that was never ended.
                + (lost ? "105 \n106 \n" : "");
        if (!lost) {
          lines.forEach(model::apply);
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int at = 0; at < bytes.length; ) {
          int next = Math.min(bytes.length, at + 1 + random.nextInt(200));
          Files.write(log, Arrays.copyOfRange(bytes, at, next), StandardOpenOption.APPEND);
          at = next;
          if (random.nextInt(3) == 0) {
            assertFalse(mirror.poll() instanceof LogReading.Unknown);
          }
        }
        LogReading reading = mirror.poll();
        assertFalse(reading instanceof LogReading.Unknown, reading::toString);
        assertEquals(model.groups(), groups(mirror), "seed " + seed + ", step " + step);
        assertEquals(
            model.ads.keySet().stream().filter(key -> !key.startsWith("0")).count(), mirror.size());
      }
    }
  }

  private static Map<Map<String, String>, Integer> groups(JobQueueMirror mirror) {
    Map<Map<String, String>, Integer> result = new HashMap<>();
    for (JobGroup group : mirror.idlePayload()) {
      Map<String, String> matters = new TreeMap<>();
      group
          .attributes()
          .forEach((name, value) -> matters.put(name.toLowerCase(Locale.ROOT), value));
      assertEquals("", group.unclear());
      result.merge(matters, group.idle(), Integer::sum);
    }
    return result;
  }

  private static String record(Random random, Model model) {
    int cluster = 1 + random.nextInt(5);
    String clusterKey = "0" + cluster + ".-1";
    int place = 10 * cluster + random.nextInt(6);
    int proc = place % 10 + 10 * model.generation.getOrDefault(place, 0);
    // A job whose cluster is gone or is not there yet is none that a schedd writes.
    String key =
        random.nextInt(4) == 0 || !model.ads.containsKey(clusterKey)
            ? clusterKey
            : cluster + "." + proc;
    boolean exists = model.ads.containsKey(key);
    int kind = random.nextInt(20);
    if (!exists || kind == 0) {
      return "101 " + key + " Job Machine";
    }
    if (kind == 1 && !key.startsWith("0")) {
      model.generation.merge(place, 1, Integer::sum);
      return "102 " + key;
    }
    String name =
        List.of("A", "B", "C", "D", "RequestCpus", "Requirements", "JobStatus", "VocVO", "Other")
            .get(random.nextInt(9));
    if (kind == 2) {
      return "104 " + key + " " + name;
    }
    String value =
        switch (name) {
          case "Requirements" ->
              REQUIREMENTS.keySet().stream().sorted().toList().get(random.nextInt(4));
          case "JobStatus" -> random.nextInt(4) == 0 ? "2" : "1";
          case "VocVO" -> random.nextBoolean() ? "\"cms\"" : "\"atlas\"";
          default -> VALUES.get(random.nextInt(4));
        };
    return random.nextInt(8) == 0
        ? "103 " + clusterKey + " JobUniverse 5"
        : "103 " + key + " " + name + " " + value;
  }

  private static void append(Path log, String text) throws IOException {
    Files.writeString(log, text, StandardOpenOption.APPEND);
  }
}
