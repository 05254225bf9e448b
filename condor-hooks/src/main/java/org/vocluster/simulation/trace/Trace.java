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
 * @param notes what else there is to say of the file
 * @param began when the first of the jobs is submitted, in seconds since 1970; 0 if unknown
 */
public record Trace(
    List<TraceJob> jobs,
    List<String> problems,
    int bad,
    Map<String, Integer> leftOut,
    List<String> notes,
    long began) {
  /** So many bad records are named one by one. */
  public static final int MOST_NAMED = 10;

  public Trace {
    jobs = List.copyOf(jobs);
    problems = List.copyOf(problems);
    notes = List.copyOf(notes);
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
    private final List<String> notes = new ArrayList<>();
    private int bad;
    private long deferred;
    private boolean absolute;

    Builder(String file) {
      this.file = file;
    }

    void add(TraceJob job) {
      ImmutableMap<String, String> same =
          alike.computeIfAbsent(job.attributes(), attributes -> attributes);
      jobs.add(job.earlier(0, same));
      deferred += job.notBeforeMs() > 0 ? 1 : 0;
    }

    /** Something to be said of the file once. */
    void note(String what) {
      notes.add(what);
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

    /** The jobs' times are counted from 1970. */
    void countsFrom1970() {
      absolute = true;
    }

    private long began(long firstMs) {
      return absolute ? firstMs / 1000 : 0;
    }

    Trace build() {
      long first = jobs.stream().mapToLong(TraceJob::submitMs).min().orElse(0);
      List<TraceJob> inOrder = new ArrayList<>(jobs.size());
      for (TraceJob job : jobs) {
        inOrder.add(job.earlier(first, job.attributes()));
      }
      inOrder.sort(Comparator.comparingLong(TraceJob::submitMs));
      if (deferred > 0) {
        notes.add(deferred + " jobs are deferred; each starts at its own time");
      }
      return new Trace(inOrder, problems, bad, leftOut, notes, began(first));
    }
  }
}
