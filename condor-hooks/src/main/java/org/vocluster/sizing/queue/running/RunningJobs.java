package org.vocluster.sizing.queue.running;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.vocluster.condor.JobId;

/**
 * The jobs that the schedd says run somewhere, by the hosts that they run on. What a queue's log
 * says of it is put here as it is read; what sort of job it is is not known here.
 */
public final class RunningJobs {
  private final Map<JobId, String> hosts = new HashMap<>();
  private final Map<String, Set<JobId>> jobs = new HashMap<>();

  /**
   * A job runs on a slot from now on.
   *
   * @param slot the slot's name, {@code slot1_2@host}
   */
  public void runs(JobId job, String slot) {
    stopped(job);
    String host = slot.substring(slot.indexOf('@') + 1);
    hosts.put(job, host);
    jobs.computeIfAbsent(host, h -> new LinkedHashSet<>()).add(job);
  }

  /** A job runs nowhere any more. */
  public void stopped(JobId job) {
    String host = hosts.remove(job);
    if (host != null) {
      Set<JobId> others = jobs.getOrDefault(host, Set.of());
      others.remove(job);
      if (others.isEmpty()) {
        jobs.remove(host);
      }
    }
  }

  /** Nothing is known. */
  public void clear() {
    hosts.clear();
    jobs.clear();
  }

  /** All hosts with jobs. */
  public List<String> hosts() {
    return new ArrayList<>(jobs.keySet());
  }

  /** The jobs on a host. */
  public List<JobId> on(String host) {
    return List.copyOf(jobs.getOrDefault(host, Set.of()));
  }
}
