package org.vocluster.sizing.collector;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.vocluster.ad.AdTime;
import org.vocluster.ad.Attr;
import org.vocluster.ad.CondorAttr;
import org.vocluster.ad.Constraints;
import org.vocluster.condor.JobStatus;
import org.vocluster.sizing.reading.NodeJob;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.definition.VoName;
import org.vocluster.vm.definition.VocName;

/**
 * Which ads in the collector are <i>ghosts</i>: of nodes whose machine is gone. Jobs are matched to
 * them, and wait in vain. A state machine driven by what is seen and by the time that is passed in.
 *
 * <p>Only nodes whose jobs are in this access point's own queue, or were, are judged: their ads say
 * so, or the job was seen. Of another access point's nodes this one knows nothing.
 */
final class GhostAds {
  /** A job that is being removed or held may still have its machine for so long. */
  static final Duration ENDING = Duration.ofSeconds(10);

  private static final int MOST_KNOWN = 10_000;
  private static final int NODES_IN_A_CONDITION = 100;

  private final String schedd;

  /** When the present run of each node began, as the schedd has it. */
  private final Map<NodeId, Long> starts = new HashMap<>();

  /** Nodes whose jobs are so that their machines live, or may. */
  private final Map<NodeId, NodeJob> jobs = new HashMap<>();

  /** Nodes whose jobs have run here, latest last; older nodes' ads do not say whose they are. */
  private final Set<NodeId> known = new LinkedHashSet<>();

  private Map<NodeId, Heard> heard = new HashMap<>();

  /** What a node's latest ad was, and since when it is the latest, by this host's clock. */
  private record Heard(long last, Instant since, long lifetime) {}

  /**
   * @param schedd the own schedd's name, which nodes advertise
   */
  GhostAds(String schedd) {
    this.schedd = schedd;
  }

  /**
   * An ad in the collector that a node sent, of whatever kind.
   *
   * @param voc empty if the ad names none; it is told people, and nothing depends on it
   * @param schedd in whose queue its node job is; empty if the ad does not say
   * @param heard when the collector last got it, by the collector's clock
   * @param started when the daemon that sent it was started, by the node's clock; 0 if unknown
   * @param lifetime seconds for which it holds without being renewed; 0 if it does not say
   */
  record NodeAd(
      NodeId node,
      Optional<VocName> voc,
      VoName vo,
      String schedd,
      long heard,
      long started,
      long lifetime) {}

  /**
   * Ads of one node that are to go: all that the collector got up to some moment.
   *
   * @param heard that moment, by the collector's clock
   * @param alone whether later ads of this node are a living one's
   */
  record Ghost(
      NodeId node, Optional<VocName> voc, VoName vo, long heard, boolean alone, String why) {}

  /**
   * Takes note of the node jobs in the own queue.
   *
   * @return nodes that ran and do not run any more, or whose job has left the queue since the last
   *     call: worth a look
   */
  Set<NodeId> saw(Collection<NodeJob> nodeJobs) {
    Map<NodeId, NodeJob> before = Map.copyOf(jobs);
    jobs.clear();
    for (NodeJob job : nodeJobs) {
      NodeJob other = jobs.get(job.node());
      // Of two jobs of one node, which must not be, the one that runs counts.
      if (job.isOwn() && (other == null || runs(job))) {
        jobs.put(job.node(), job);
      }
    }
    for (NodeJob job : jobs.values()) {
      if (runs(job)) {
        starts.putIfAbsent(job.node(), job.since());
        remember(job.node());
      } else if (job.isQueued()) {
        starts.remove(job.node());
      }
    }
    starts.keySet().retainAll(jobs.keySet());
    Set<NodeId> ended = new HashSet<>();
    before.forEach(
        (node, job) -> {
          @Nullable NodeJob now = jobs.get(node);
          boolean changed = now == null || (now.status() != job.status() && !runs(now));
          if (changed && known.contains(node)) {
            ended.add(node);
          }
        });
    return ended;
  }

  private void remember(NodeId node) {
    known.remove(node);
    known.add(node);
    if (known.size() > MOST_KNOWN) {
      known.remove(known.iterator().next());
    }
  }

  private static boolean runs(NodeJob job) {
    return job.status() == JobStatus.RUNNING || job.status() == JobStatus.SUSPENDED;
  }

  private boolean mayLive(@Nullable NodeJob job, Instant now) {
    if (job == null) {
      return false;
    }
    return switch (job.status()) {
      case RUNNING, SUSPENDED -> true;
      case REMOVED, HELD, UNKNOWN ->
          starts.containsKey(job.node()) && now.isBefore(AdTime.of(job.since()).plus(ENDING));
      case IDLE, TRANSFERRING_OUTPUT, COMPLETED -> false;
    };
  }

  /**
   * Judges what the collector said; the queue has to be seen after it was asked, so that no node is
   * taken for dead that was not yet started.
   *
   * @param ads what nodes have in the collector
   * @param all whether these are the ads of all nodes, not of chosen ones
   */
  List<Ghost> among(Collection<NodeAd> ads, boolean all, Instant now) {
    Map<NodeId, List<NodeAd>> byNode = new LinkedHashMap<>();
    for (NodeAd ad : ads) {
      if (isOwn(ad)) {
        byNode.computeIfAbsent(ad.node(), n -> new ArrayList<>()).add(ad);
      }
    }
    if (all) {
      listen(byNode, now);
    }
    List<Ghost> ghosts = new ArrayList<>();
    byNode.forEach(
        (node, its) -> {
          Ghost ghost = judge(its, jobs.get(node), now);
          if (ghost != null) {
            ghosts.add(ghost);
          }
        });
    return ghosts;
  }

  private boolean isOwn(NodeAd ad) {
    return ad.schedd().isEmpty() ? known.contains(ad.node()) : ad.schedd().equalsIgnoreCase(schedd);
  }

  /** Takes note that the collector did not answer: that time proves no node's silence. */
  void heardNothing() {
    heard = Map.of();
  }

  private void listen(Map<NodeId, List<NodeAd>> byNode, Instant now) {
    Map<NodeId, Heard> fresh = new HashMap<>();
    byNode.forEach(
        (node, ads) -> {
          long last = latest(ads);
          Heard before = heard.get(node);
          fresh.put(
              node,
              before != null && before.last() == last
                  ? before
                  : new Heard(last, now, lifetime(ads)));
        });
    heard = fresh;
  }

  private @Nullable Ghost judge(List<NodeAd> ads, @Nullable NodeJob job, Instant now) {
    if (!mayLive(job, now)) {
      return ghost(ads, false, job == null ? "its job is gone" : "its job does not run");
    }
    long start = starts.getOrDefault(ads.getFirst().node(), 0L);
    List<NodeAd> earlier =
        ads.stream()
            .filter(ad -> ad.heard() < start && ad.started() > 0 && ad.started() < start)
            .toList();
    if (!earlier.isEmpty()) {
      return ghost(earlier, true, "of an earlier run of its job");
    }
    Heard last = heard.get(ads.getFirst().node());
    long lifetime = lifetime(ads);
    if (lifetime > 0
        && last != null
        && last.last() == latest(ads)
        && !now.isBefore(last.since().plusSeconds(lifetime))) {
      return ghost(ads, true, "not renewed for " + lifetime + " s");
    }
    return null;
  }

  private static Ghost ghost(List<NodeAd> ads, boolean alone, String why) {
    NodeAd one = ads.getFirst();
    return new Ghost(one.node(), one.voc(), one.vo(), latest(ads), alone, why);
  }

  /** Whether some node has not been heard of for so long that it should be watched closely. */
  boolean isAnyQuiet(Instant now) {
    return heard.values().stream()
        .anyMatch(
            each ->
                each.lifetime() > 0
                    && !now.isBefore(each.since().plusSeconds(each.lifetime() / 2)));
  }

  private static long lifetime(List<NodeAd> ads) {
    return ads.stream().mapToLong(NodeAd::lifetime).max().orElse(0);
  }

  private static long latest(List<NodeAd> ads) {
    return ads.stream().mapToLong(NodeAd::heard).max().orElse(0);
  }

  /**
   * What is true of the ads of these ghosts and of no others: expressions for the collector, which
   * looks through all its ads for each. An ad that came since is spared.
   *
   * @param vo whose they are
   */
  static List<String> conditions(VoName vo, List<Ghost> ghosts) {
    String ofVo = Constraints.vadsOf(vo.value());
    List<String> result = new ArrayList<>();
    List<Ghost> together = new ArrayList<>();
    for (Ghost ghost : ghosts) {
      if (ghost.alone()) {
        result.add(
            ofVo
                + " && "
                + Constraints.is(Attr.NODE, ghost.node().value())
                + heardBy(ghost.heard()));
      } else {
        together.add(ghost);
      }
    }
    for (int from = 0; from < together.size(); from += NODES_IN_A_CONDITION) {
      List<Ghost> some =
          together.subList(from, Math.min(together.size(), from + NODES_IN_A_CONDITION));
      long latest = some.stream().mapToLong(Ghost::heard).max().orElse(0);
      result.add(
          ofVo
              + " && "
              + Constraints.isAmong(
                  Attr.NODE, some.stream().map(ghost -> ghost.node().value()).toList())
              + heardBy(latest));
    }
    return result;
  }

  private static String heardBy(long time) {
    return " && " + CondorAttr.LAST_HEARD_FROM + " <= " + time;
  }
}
