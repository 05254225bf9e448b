package org.vocluster.sizing.decision;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.vocluster.sizing.decision.Decision.Verdict;
import org.vocluster.sizing.decision.NodeSupply.Stage;
import org.vocluster.sizing.history.Breaker;
import org.vocluster.sizing.history.Breaker.Scope;
import org.vocluster.vm.definition.ImageDigest;
import org.vocluster.vm.definition.VoName;

/**
 * What a VOC may submit at all, whoever wants nodes: its maximum, nothing of it while the VOC
 * stands by, is blocked or has nothing but node jobs on hold, and less while its nodes fail. {@link
 * Placing} and {@link Shares} take new nodes from it and nowhere else.
 */
final class Admission {
  private final PoolSituation pool;
  private final Instant now;
  private final Map<ImageDigest, Integer> startingByImage = new HashMap<>();
  private final Set<ImageDigest> probedImages = new HashSet<>();
  private final Shadows shadows;

  /** Node jobs in the own queue, whose account may have only so many there. */
  private final Map<VoName, Integer> jobsOf = new HashMap<>();

  Admission(PoolSituation pool) {
    this.pool = pool;
    this.now = pool.now();
    this.shadows = new Shadows(pool);
    for (VocSituation voc : pool.vocs()) {
      for (NodeSupply node : voc.nodes()) {
        if (node.isOwn()) {
          jobsOf.merge(voc.make().vo(), 1, Integer::sum);
        }
        if (node.isStarting()) {
          imageOf(voc, node).ifPresent(image -> startingByImage.merge(image, 1, Integer::sum));
        }
      }
    }
  }

  private static Optional<ImageDigest> imageOf(VocSituation voc, NodeSupply node) {
    return node.job().isPresent() ? node.job().get().image() : Optional.of(voc.image());
  }

  /** Opens the draft of a VOC. */
  Draft draft(VocSituation voc) {
    List<Breaker> breakers =
        pool.breakers().stream().filter(breaker -> gates(breaker, voc)).toList();
    Draft draft = new Draft(voc, breakers);
    gate(draft);
    return draft;
  }

  /**
   * Whether a breaker holds new nodes of a VOC back. Fewer do than are published of it ({@link
   * Breaker#concerns}): a host's only keeps nodes from that host, and the VOC's own only holds for
   * the definition whose nodes failed.
   */
  private static boolean gates(Breaker breaker, VocSituation voc) {
    return switch (breaker.scope()) {
      case IMAGE -> breaker.key().equals(voc.image().value());
      case VOC ->
          breaker.key().equals(voc.voc().value())
              && voc.make().definitions().contains(breaker.definition());
      case HOST -> false;
    };
  }

  private void gate(Draft draft) {
    VocSituation voc = draft.voc;
    OnHold held = new OnHold(voc, pool.limits());
    if (voc.standby().isPresent()) {
      draft.stop(Verdict.STANDBY, voc.standby().get());
    } else if (voc.obstacle().isPresent()) {
      draft.stop(Verdict.BLOCKED, voc.obstacle().get());
    } else if (held.isAllThereIs()) {
      draft.stop(Verdict.HELD, held.words().orElse(""));
    } else {
      gateByBreakers(draft);
      gateByLateNodes(draft);
    }
  }

  private void gateByBreakers(Draft draft) {
    Optional<Breaker> open = draft.openBreaker(now);
    if (open.isPresent()) {
      draft.stop(
          Verdict.PAUSED,
          open.get().what()
              + "; next attempt at "
              + open.get().until().truncatedTo(ChronoUnit.SECONDS));
      return;
    }
    if (!draft.isBroken()) {
      return;
    }
    Breaker halfOpen = draft.breakers.getFirst();
    boolean ofImage = draft.breakers.stream().anyMatch(b -> b.scope() == Scope.IMAGE);
    int starting =
        ofImage ? startingByImage.getOrDefault(draft.voc.image(), 0) : draft.voc.starting();
    draft.probesImage = ofImage;
    if (draft.room > 0) {
      draft.stop(
          Verdict.PAUSED,
          halfOpen.what() + "; waiting for the one node that shows whether nodes start again");
      draft.room = starting > 0 ? 0 : 1;
    }
  }

  /** What a node that is given up means for others is known only when it has ended. */
  private static void gateByLateNodes(Draft draft) {
    draft.voc.nodes().stream()
        .filter(node -> node.stage() == Stage.OVERDUE && node.current())
        .findFirst()
        .ifPresent(
            late ->
                draft.stop(
                    Verdict.PAUSED,
                    "node " + late.node() + " never joined the pool and is given up first"));
  }

  /** So many idle jobs are to run in nodes that exist or are on their way. */
  void placed(long jobs) {
    shadows.forJobs(jobs);
  }

  /**
   * Takes new nodes from a VOC's room. Of VOCs with the same doubtful image only the first to need
   * a node gets one.
   *
   * @param perNode how many jobs each of them is to run
   * @return how many it gets
   */
  int take(Draft draft, int nodes, int perNode) {
    int taken = Math.min(nodes, draft.room);
    if (taken > 0 && draft.probesImage && !probedImages.add(draft.voc.image())) {
      draft.room = 0;
      return 0;
    }
    taken = withinSchedd(draft, taken, perNode);
    shadows.forNodes(taken);
    jobsOf.merge(draft.voc.make().vo(), taken, Integer::sum);
    draft.room -= taken;
    return taken;
  }

  /** Less where the schedd would refuse the node jobs, or could not run what they are for. */
  private int withinSchedd(Draft draft, int nodes, int perNode) {
    int queueable =
        pool.demand().schedd().maxPerOwner() - jobsOf.getOrDefault(draft.voc.make().vo(), 0);
    int taken = Math.max(0, Math.min(nodes, queueable));
    if (taken < nodes) {
      draft.limitedBy(
          "MAX_JOBS_PER_OWNER of this schedd is "
              + pool.demand().schedd().maxPerOwner()
              + ", as many as account "
              + draft.voc.make().vo().account()
              + " may have in its queue");
    }
    int runnable = shadows.allow(taken, perNode);
    if (runnable < taken) {
      draft.limitedBy(shadows.words());
    }
    return runnable;
  }
}
