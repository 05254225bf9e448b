package org.vocluster.simulation.trace;

import com.google.common.collect.ImmutableMap;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
 * line of 18 numbers for each job, {@code -1} for what is unknown, lines with {@code ;} are
 * comments.
 */
final class SwfTrace {
  /** The fields, with the standard's numbers; where a value below 0 is allowed it means unknown. */
  private enum Field {
    JOB(1, "job number", true),
    SUBMIT(2, "submit time", false),
    WAIT(3, "wait time", true),
    RUN(4, "run time", true),
    ALLOCATED(5, "number of allocated processors", true),
    CPU_TIME(6, "average CPU time", true),
    USED_MEMORY(7, "used memory", true),
    REQUESTED(8, "requested number of processors", true),
    REQUESTED_TIME(9, "requested time", true),
    REQUESTED_MEMORY(10, "requested memory", true),
    STATUS(11, "status", true),
    USER(12, "user", true),
    GROUP(13, "group", true),
    EXECUTABLE(14, "executable", true),
    QUEUE(15, "queue", true),
    PARTITION(16, "partition", true),
    PRECEDING(17, "preceding job", true),
    THINK(18, "think time", true);

    private final int number;
    private final String text;
    private final boolean maybeUnknown;

    Field(int number, String text, boolean maybeUnknown) {
      this.number = number;
      this.text = text;
      this.maybeUnknown = maybeUnknown;
    }
  }

  private static final Field[] FIELDS = Field.values();

  /** Lines of a job's parts, between which it was swapped out; its summary has another status. */
  private static final long FIRST_PARTIAL = 2;

  private static final long LAST_PARTIAL = 4;
  private static final long CANCELLED = 5;
  private static final double MOST_SECONDS = 1e11;
  private static final long MOST_PROCESSORS = 1_000_000;

  /** Jobs alike. */
  private record Kind(VoName vo, Resources asked) {}

  private final UserVos users;
  private final TraceDefaults defaults;
  private final Trace.Builder trace;
  private final Map<Kind, ImmutableMap<String, String>> kinds = new HashMap<>();

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
      String stripped = line.strip();
      if (!stripped.isEmpty() && stripped.charAt(0) != ';') {
        reader.line(number, stripped);
      }
    }
    return reader.trace.build();
  }

  private void line(long number, String line) {
    double[] values = values(number, line);
    if (values == null) {
      return;
    }
    long status = (long) value(values, Field.STATUS);
    if (status >= FIRST_PARTIAL && status <= LAST_PARTIAL) {
      trace.leaveOut("are parts of a job that has a line of its own");
      return;
    }
    double run = value(values, Field.RUN);
    if (status == CANCELLED && run <= 0) {
      trace.leaveOut("were cancelled before they ran");
      return;
    }
    if (run < 0) {
      run = value(values, Field.REQUESTED_TIME);
    }
    double seconds = run < 0 ? defaults.runSeconds() : Math.max(1, run);
    long processors = (long) known(values, Field.REQUESTED, known(values, Field.ALLOCATED, 1));
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

  private double @Nullable [] values(long number, String line) {
    List<String> words = new ArrayList<>(FIELDS.length);
    StringTokenizer tokens = new StringTokenizer(line);
    while (tokens.hasMoreTokens()) {
      words.add(tokens.nextToken());
    }
    if (words.size() != FIELDS.length) {
      trace.bad(
          number,
          String.format(
              Locale.ROOT,
              "has %d fields and not %d (\"%s\")",
              words.size(),
              FIELDS.length,
              Printable.of(line.substring(0, Math.min(40, line.length())))),
          "give a line of the Standard Workload Format");
      return null;
    }
    double[] values = new double[FIELDS.length];
    for (Field field : FIELDS) {
      String word = words.get(field.number - 1);
      Double value = number(word);
      if (value == null
          || value > MOST_SECONDS
          || (value < 0 && !(field.maybeUnknown && value == -1))) {
        trace.bad(
            number,
            "field " + field.number + ", " + field.text + ", is " + Printable.of(word),
            field.maybeUnknown
                ? "give a number, or -1 for unknown"
                : "give a number of seconds, 0 or more");
        return null;
      }
      values[field.number - 1] = value;
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
    return values[field.number - 1];
  }

  /** A field that has to be above 0 to be known. */
  private static double known(double[] values, Field field, double otherwise) {
    double value = value(values, field);
    return value > 0 ? value : otherwise;
  }
}
