package org.vocluster.simulation.report;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import org.vocluster.vm.definition.VoName;

/**
 * What a simulation measures, for each VO and for all: it is told while the simulation runs, and
 * {@link Report} reads it afterwards. Times in milliseconds.
 */
public final class Books {
  /** The accounts of one VO, or of all. */
  public static final class Account {
    private long[] waits = new long[16];
    private int started;
    private long jobs;
    private long finished;
    private long givenUp;
    private long restarts;
    private long nodesStarted;
    private long nodesFailed;
    private long nodesKilled;
    private long nodesTold;
    private long nodesWithdrawn;
    private long nodesNow;
    private long nodesPeak;
    private final Map<NodeState, Long> nodeMs = new EnumMap<>(NodeState.class);
    private double nodeCpuMs;
    private double usefulCpuMs;
    private double lostCpuMs;

    private void waited(long ms) {
      if (started == waits.length) {
        waits = Arrays.copyOf(waits, started * 2);
      }
      waits[started++] = ms;
    }

    /** Waiting times of the jobs that started, ascending. */
    long[] waits() {
      long[] sorted = Arrays.copyOf(waits, started);
      Arrays.sort(sorted);
      return sorted;
    }

    long jobs() {
      return jobs;
    }

    long finished() {
      return finished;
    }

    long givenUp() {
      return givenUp;
    }

    long restarts() {
      return restarts;
    }

    long nodesStarted() {
      return nodesStarted;
    }

    long nodesFailed() {
      return nodesFailed;
    }

    long nodesKilled() {
      return nodesKilled;
    }

    long nodesTold() {
      return nodesTold;
    }

    long nodesWithdrawn() {
      return nodesWithdrawn;
    }

    long nodesPeak() {
      return nodesPeak;
    }

    long nodeMs(NodeState state) {
      return nodeMs.getOrDefault(state, 0L);
    }

    long nodeMs() {
      return nodeMs.values().stream().mapToLong(Long::longValue).sum();
    }

    double nodeCpuMs() {
      return nodeCpuMs;
    }

    double usefulCpuMs() {
      return usefulCpuMs;
    }

    double lostCpuMs() {
      return lostCpuMs;
    }
  }

  private final Account all = new Account();
  private final Map<VoName, Account> byVo = new TreeMap<>();

  Account all() {
    return all;
  }

  Map<VoName, Account> byVo() {
    return byVo;
  }

  private Account of(VoName vo) {
    return byVo.computeIfAbsent(vo, v -> new Account());
  }

  public void submitted(VoName vo) {
    all.jobs++;
    of(vo).jobs++;
  }

  public void started(VoName vo, long waitedMs) {
    all.waited(waitedMs);
    of(vo).waited(waitedMs);
  }

  public void finished(VoName vo, double cpuMs) {
    for (Account account : new Account[] {all, of(vo)}) {
      account.finished++;
      account.usefulCpuMs += cpuMs;
    }
  }

  /** A run whose result is lost with its node. */
  public void lost(VoName vo, double cpuMs, boolean again) {
    for (Account account : new Account[] {all, of(vo)}) {
      account.lostCpuMs += cpuMs;
      if (again) {
        account.restarts++;
      } else {
        account.givenUp++;
      }
    }
  }

  /** A run that the simulation's end cuts off. */
  public void cutOff(VoName vo, double cpuMs) {
    all.usefulCpuMs += cpuMs;
    of(vo).usefulCpuMs += cpuMs;
  }

  /** From its first node job on a VO has accounts, be there jobs of it or not. */
  public void nodeSubmitted(VoName vo) {
    var _ = of(vo);
  }

  public void nodeStarted(VoName vo) {
    for (Account account : new Account[] {all, of(vo)}) {
      account.nodesStarted++;
      account.nodesNow++;
      account.nodesPeak = Math.max(account.nodesPeak, account.nodesNow);
    }
  }

  /** The node's time in a state. */
  public void node(VoName vo, NodeState state, long ms, int cpus) {
    for (Account account : new Account[] {all, of(vo)}) {
      account.nodeMs.merge(state, ms, Long::sum);
      account.nodeCpuMs += (double) ms * cpus;
    }
  }

  public void nodeFailed(VoName vo) {
    all.nodesFailed++;
    of(vo).nodesFailed++;
  }

  /**
   * A node job that ran left the queue.
   *
   * @param killed whether it was removed
   * @param told whether it had no job and was told to leave
   */
  public void nodeEnded(VoName vo, boolean killed, boolean told) {
    for (Account account : new Account[] {all, of(vo)}) {
      account.nodesNow--;
      if (killed) {
        account.nodesKilled++;
      }
      if (told) {
        account.nodesTold++;
      }
    }
  }

  /** A node job was removed before it ran. */
  public void nodeWithdrawn(VoName vo) {
    all.nodesWithdrawn++;
    of(vo).nodesWithdrawn++;
  }
}
