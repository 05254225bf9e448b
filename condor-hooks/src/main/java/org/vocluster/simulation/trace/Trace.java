package org.vocluster.simulation.trace;

import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A workload: the jobs that a simulation submits, and what became of the rest of the file.
 *
 * @param jobs in the order of their submission, the first at 0
 * @param problems records that make no sense, in the order of the file; the first {@link
 *     #MOST_NAMED}
 * @param bad how many records make no sense
 * @param leftOut jobs that are well-formed but not simulated: why, and how many
 */
public record Trace(
    List<TraceJob> jobs, List<String> problems, int bad, Map<String, Integer> leftOut) {
  /** So many bad records are named one by one. */
  public static final int MOST_NAMED = 10;

  public Trace {
    jobs = List.copyOf(jobs);
    problems = List.copyOf(problems);
    leftOut = Collections.unmodifiableMap(new LinkedHashMap<>(leftOut));
  }

  /** Collects a trace while its file is read. */
  static final class Builder {
    private final String file;
    private final List<TraceJob> jobs = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final Map<String, Integer> leftOut = new LinkedHashMap<>();
    private final Map<ImmutableMap<String, String>, ImmutableMap<String, String>> alike =
        new HashMap<>();
    private int bad;

    Builder(String file) {
      this.file = file;
    }

    void add(TraceJob job) {
      ImmutableMap<String, String> same =
          alike.computeIfAbsent(job.attributes(), attributes -> attributes);
      jobs.add(new TraceJob(job.name(), job.vo(), job.user(), job.submitMs(), job.runMs(), same));
    }

    /** A record that makes no sense. */
    void bad(long line, String fault, String remedy) {
      bad++;
      if (problems.size() < MOST_NAMED) {
        problems.add("voc: " + file + ":" + line + ": " + fault + "; " + remedy);
      }
    }

    /** A job that is not simulated. */
    void leaveOut(String why) {
      leftOut.merge(why, 1, Integer::sum);
    }

    Trace build() {
      long first = jobs.stream().mapToLong(TraceJob::submitMs).min().orElse(0);
      List<TraceJob> inOrder = new ArrayList<>(jobs.size());
      for (TraceJob job : jobs) {
        inOrder.add(
            new TraceJob(
                job.name(),
                job.vo(),
                job.user(),
                job.submitMs() - first,
                job.runMs(),
                job.attributes()));
      }
      inOrder.sort(Comparator.comparingLong(TraceJob::submitMs));
      return new Trace(inOrder, problems, bad, leftOut);
    }
  }
}
