package org.vocluster.sizing.decision;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.vocluster.sizing.decision.Action.Avoid;
import org.vocluster.sizing.decision.NodeSupply.Stage;
import org.vocluster.sizing.history.Breaker.Scope;
import org.vocluster.sizing.reading.NodeJob;

/**
 * Which hosts queued node jobs have to avoid: those with an open breaker. Of a half-open one a
 * single node job learns that it may run there again, unless a node is booting there.
 */
final class HostAvoidance {
  private HostAvoidance() {}

  /**
   * What queued node jobs have to be told because they avoid other hosts than they should.
   *
   * @param avoided hosts with a breaker, be it open or half-open
   */
  static List<Action> changes(PoolSituation pool, Set<String> avoided) {
    Map<NodeJob, Set<String>> wanted = wanted(pool, avoided);
    Map<Set<String>, List<NodeJob>> changes = new LinkedHashMap<>();
    wanted.forEach(
        (job, hosts) -> {
          if (!avoids(job).equals(hosts)) {
            changes.computeIfAbsent(hosts, h -> new ArrayList<>()).add(job);
          }
        });
    List<Action> actions = new ArrayList<>();
    changes.forEach(
        (hosts, jobs) ->
            actions.add(
                new Avoid(
                    jobs,
                    hosts,
                    hosts.isEmpty() ? "no host is avoided" : "nodes failed on these hosts")));
    return actions;
  }

  private static Map<NodeJob, Set<String>> wanted(PoolSituation pool, Set<String> avoided) {
    List<NodeJob> queued = new ArrayList<>();
    Set<String> booting = new HashSet<>();
    for (VocSituation voc : pool.vocs()) {
      for (NodeSupply node : voc.nodes()) {
        if (node.job().isPresent() && node.isOwn()) {
          NodeJob job = node.job().get();
          if (node.stage() == Stage.QUEUED && node.current()) {
            queued.add(job);
          } else if (node.stage() == Stage.BOOTING) {
            booting.add(job.run().host());
          }
        }
      }
    }
    queued.sort(Comparator.comparing(NodeJob::id));
    Map<NodeJob, Set<String>> wanted = new LinkedHashMap<>();
    queued.forEach(job -> wanted.put(job, new TreeSet<>(avoided)));
    for (String host : avoided) {
      if (!isOpen(pool, host) && !booting.contains(host) && !queued.isEmpty()) {
        NodeJob probe =
            queued.stream()
                .filter(job -> !avoids(job).contains(host))
                .findFirst()
                .orElse(queued.getFirst());
        wanted.getOrDefault(probe, new TreeSet<>()).remove(host);
      }
    }
    return wanted;
  }

  private static boolean isOpen(PoolSituation pool, String host) {
    return pool.breakers().stream()
        .anyMatch(
            breaker ->
                breaker.scope() == Scope.HOST
                    && breaker.key().equals(host)
                    && breaker.isOpen(pool.now()));
  }

  private static Set<String> avoids(NodeJob job) {
    Set<String> hosts = new TreeSet<>();
    for (String host : job.avoids().split(",", -1)) {
      if (!host.isBlank()) {
        hosts.add(host.strip());
      }
    }
    return hosts;
  }
}
