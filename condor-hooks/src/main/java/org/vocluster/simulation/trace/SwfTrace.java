package org.vocluster.simulation.trace;

import com.google.common.collect.ImmutableMap;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.StringTokenizer;
import org.jspecify.annotations.Nullable;
import org.vocluster.ad.Attr;
import org.vocluster.ad.CondorAttr;
import org.vocluster.ad.Constraints;
import org.vocluster.condor.Resources;
import org.vocluster.vm.definition.VoName;
import org.vocluster.vm.os.Printable;

/**
 * Reads traces in the Standard Workload Format, version 2.2, of the Parallel Workloads Archive: a
 * line of 18 numbers for each job, {@code -1} for what is unknown, {@code ;} begins a comment. Of
 * longer lines the first 18 fields are read, and what is wrong in a field that nobody needs is
 * nobody's fault.
 */
final class SwfTrace {
  /** The fields that are read, with the standard's numbers. */
  private enum Field {
    JOB(1, "job number"),
    SUBMIT(2, "submit time"),
    RUN(4, "run time"),
    ALLOCATED(5, "number of allocated processors"),
    USED_MEMORY(7, "used memory"),
    REQUESTED(8, "requested number of processors"),
    REQUESTED_TIME(9, "requested time"),
    REQUESTED_MEMORY(10, "requested memory"),
    STATUS(11, "status"),
    USER(12, "user"),
    GROUP(13, "group"),
    QUEUE(15, "queue"),
    PARTITION(16, "partition");

    private final int number;
    private final String text;

    Field(int number, String text) {
      this.number = number;
      this.text = text;
    }

    /**
     * Below 0 a value means unknown, which a submission cannot be. Logs may begin before their own
     * beginning, where other numbers below 0 are times.
     */
    boolean takes(double value) {
      return Math.abs(value) <= MOST && (this == SUBMIT ? value != -1 : value >= 0 || value == -1);
    }
  }

  /** How many fields the standard has. */
  private static final int FIELDS = 18;

  /** Lines of a job's parts, between which it was swapped out; its summary has another status. */
  private static final long FIRST_PARTIAL = 2;

  private static final long LAST_PARTIAL = 4;
  private static final long CANCELLED = 5;
  private static final double MOST = 1e11;
  private static final long MOST_PROCESSORS = 1_000_000;

  /** Jobs alike. */
  private record Kind(VoName vo, Resources asked) {}

  /**
   * What is known of a job of which only parts have been met: the first one, and their run times.
   */
  private static final class Parts {
    final double[] values;
    final long line;

    Parts(double[] values, long line) {
      this.values = values;
      this.line = line;
    }

    void add(double[] part) {
      double run = Math.max(0, value(part, Field.RUN));
      set(values, Field.RUN, Math.min(MOST, Math.max(0, value(values, Field.RUN)) + run));
      set(values, Field.SUBMIT, Math.min(value(values, Field.SUBMIT), value(part, Field.SUBMIT)));
    }
  }

  private final UserVos users;
  private final TraceDefaults defaults;
  private final Trace.Builder trace;
  private final Map<Kind, ImmutableMap<String, String>> kinds = new HashMap<>();
  private final Map<Long, Parts> parts = new LinkedHashMap<>();
  private final Set<Long> whole = new HashSet<>();
  private long longer;

  private SwfTrace(String file, UserVos users, TraceDefaults defaults) {
    this.users = users;
    this.defaults = defaults;
    this.trace = new Trace.Builder(file);
  }

  /** Reads to the end; lines that make no sense are in the result's problems. */
  static Trace read(String file, BufferedReader text, UserVos users, TraceDefaults defaults)
      throws IOException {
    SwfTrace reader = new SwfTrace(file, users, defaults);
    long number = 0;
    for (String line = text.readLine(); line != null; line = text.readLine()) {
      number++;
      int comment = line.indexOf(';');
      String stripped = (comment < 0 ? line : line.substring(0, comment)).strip();
      if (!stripped.isEmpty() && stripped.charAt(0) != '#') {
        reader.line(number, stripped);
      }
    }
    reader.jobsOfPartsAlone();
    if (reader.longer > 0) {
      reader.trace.note(
          "lines have more than the 18 fields of the Standard Workload Format, as line "
              + reader.longer
              + "; the first 18 are read");
    }
    return reader.trace.build();
  }

  /** Jobs that were swapped out and have no line that says what came of them. */
  private void jobsOfPartsAlone() {
    parts.forEach(
        (job, met) -> {
          if (whole.contains(job)) {
            trace.leaveOut("are parts of a job that has a line of its own");
          } else {
            job(met.line, met.values);
          }
        });
  }

  private void line(long number, String line) {
    double[] values = values(number, line);
    if (values == null) {
      return;
    }
    long status = (long) value(values, Field.STATUS);
    long job = (long) value(values, Field.JOB);
    if (status < FIRST_PARTIAL || status > LAST_PARTIAL) {
      whole.add(job);
      job(number, values);
      return;
    }
    Parts met = parts.putIfAbsent(job, new Parts(values, number));
    if (met != null) {
      met.add(values);
    }
  }

  private void job(long number, double[] values) {
    long status = (long) value(values, Field.STATUS);
    double run = value(values, Field.RUN);
    if (status == CANCELLED && run <= 0) {
      trace.leaveOut("were cancelled before they ran");
      return;
    }
    if (run < 0) {
      run = value(values, Field.REQUESTED_TIME);
    }
    double seconds = run < 0 ? defaults.runSeconds() : Math.max(1, run);
    long processors =
        (long) Math.ceil(known(values, Field.REQUESTED, known(values, Field.ALLOCATED, 1)));
    if (processors > MOST_PROCESSORS) {
      trace.bad(
          number,
          "a job of " + processors + " processors is more than " + MOST_PROCESSORS,
          "mend or remove the line");
      return;
    }
    String user = Long.toString((long) value(values, Field.USER));
    VoName vo = vo(values, user);
    if (vo == null) {
      trace.leaveOut("are of users in no VO, as user " + user);
      return;
    }
    long jobs = defaults.split() ? processors : 1;
    long cpus = defaults.split() ? 1 : processors;
    ImmutableMap<String, String> attributes =
        kinds.computeIfAbsent(new Kind(vo, asked(values, (int) cpus)), SwfTrace::attributes);
    for (long part = 0; part < jobs; part++) {
      trace.add(
          new TraceJob(
              Long.toString((long) value(values, Field.JOB)) + (jobs > 1 ? "/" + part : ""),
              vo,
              user,
              Math.round(value(values, Field.SUBMIT) * 1000),
              Math.round(seconds * 1000),
              attributes));
    }
  }

  /** HTCondor gives resources in steps: jobs that differ by less are alike. */
  private Resources asked(double[] values, int cpus) {
    double memoryKb =
        known(
            values,
            Field.REQUESTED_MEMORY,
            known(values, Field.USED_MEMORY, defaults.memoryMb() * 1024.0));
    return new Resources(
            cpus,
            (long) Math.ceil(Math.min(memoryKb / 1024 * cpus, 1e9)),
            defaults.diskMb() * 1024,
            0)
        .asCarvedFromSlot();
  }

  private static ImmutableMap<String, String> attributes(Kind kind) {
    return ImmutableMap.of(
        Attr.VO,
        '"' + kind.vo.value() + '"',
        CondorAttr.REQUEST_CPUS,
        Integer.toString(kind.asked.cpus()),
        CondorAttr.REQUEST_MEMORY,
        Long.toString(kind.asked.memoryMb()),
        CondorAttr.REQUEST_DISK,
        Long.toString(kind.asked.diskKb()),
        CondorAttr.REQUIREMENTS,
        Constraints.OF_ITS_VO);
  }

  private @Nullable VoName vo(double[] values, String user) {
    return users
        .of(
            List.of(
                user,
                "group:" + (long) value(values, Field.GROUP),
                "queue:" + (long) value(values, Field.QUEUE),
                "partition:" + (long) value(values, Field.PARTITION)))
        .flatMap(UserVos.Choice::byDefault)
        .orElse(null);
  }

  /** By number, from 1; null if they make no sense, which the trace then knows. */
  private double @Nullable [] values(long number, String line) {
    StringTokenizer tokens = new StringTokenizer(line);
    int found = tokens.countTokens();
    if (found < FIELDS) {
      trace.bad(
          number,
          String.format(
              Locale.ROOT,
              "has %d fields and not %d (\"%s\")",
              found,
              FIELDS,
              Printable.of(line.substring(0, Math.min(40, line.length())))),
          "give a line of the Standard Workload Format");
      return null;
    }
    if (found > FIELDS && longer == 0) {
      longer = number;
    }
    String[] words = new String[FIELDS + 1];
    for (int i = 1; i <= FIELDS; i++) {
      words[i] = tokens.nextToken();
    }
    double[] values = new double[FIELDS + 1];
    for (Field field : Field.values()) {
      String word = words[field.number];
      Double value = number(word);
      if (value == null || !field.takes(value)) {
        trace.bad(
            number,
            "field " + field.number + ", " + field.text + ", is " + Printable.of(word),
            field == Field.SUBMIT
                ? "give a number of seconds"
                : "give a number, or -1 for unknown");
        return null;
      }
      values[field.number] = value;
    }
    return values;
  }

  private static @Nullable Double number(String word) {
    for (int i = 0; i < word.length(); i++) {
      char c = word.charAt(i);
      if ((c < '0' || c > '9') && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E') {
        return null;
      }
    }
    try {
      return Double.valueOf(word);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static double value(double[] values, Field field) {
    return values[field.number];
  }

  private static void set(double[] values, Field field, double value) {
    values[field.number] = value;
  }

  /** A field that has to be above 0 to be known. */
  private static double known(double[] values, Field field, double otherwise) {
    double value = value(values, field);
    return value > 0 ? value : otherwise;
  }
}
