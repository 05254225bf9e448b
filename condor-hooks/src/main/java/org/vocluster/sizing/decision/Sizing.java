package org.vocluster.sizing.decision;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.vocluster.sizing.decision.PoolDecision.Placement;
import org.vocluster.sizing.history.Breakers;
import org.vocluster.vm.definition.VocName;

/**
 * The sizing policy: from what is known about all VOCs to what to do. Pure; {@link SizingPass}
 * calls it. What a rule says is in the part that it calls; here is the order in which they apply.
 *
 * <p>Groups of idle jobs are placed, largest requests first, into the capacity that the nodes of
 * their candidates have left: nodes in the pool, then booting, submitted and queued ones. What is
 * left over needs new nodes of the first candidate whose limits leave room; a maximum, an obstacle
 * or an open breaker sends the rest to the next candidate. Paces (ramp, batch, the bound while
 * readings are unknown) only delay. The pool-wide maximum is shared so that the VOC with the fewest
 * nodes gets the next one.
 *
 * <p>Queued node jobs that are not needed go first. A node that runs is never removed but told to
 * take no more jobs, and only while nobody has a claim on it.
 */
final class Sizing {
  private Sizing() {}

  static PoolDecision decide(PoolSituation pool) {
    // What each VOC may have comes before any job: one that may have no node sends its jobs on to
    // the next candidate, instead of keeping them until its own limits are looked at.
    Admission admission = new Admission(pool);
    Map<VocName, Draft> drafts = new LinkedHashMap<>();
    for (VocSituation voc : pool.vocs()) {
      drafts.put(voc.voc(), admission.draft(voc));
    }

    // All that exists is offered before the first job is placed, so that no node is opened for a
    // job that another VOC's node has room for.
    Capacity capacity = new Capacity(pool.vocs(), pool.demand().groups());
    List<Placement> placements = Placing.place(pool.demand().groups(), drafts, admission, capacity);

    // Minimum and spares only after all jobs: the nodes that jobs get count towards the minimum,
    // and a node is spare only if no job has taken it.
    drafts.values().forEach(draft -> Shares.keepSome(draft, admission, capacity));

    // Paces and the pool's maximum only when all wishes are known: they delay nodes, but never
    // send jobs to another VOC, and the VOC with the fewest nodes cannot be told before.
    Shares.share(drafts.values(), pool);

    // What goes is what the jobs and the minimum have left over. Doubles and strays go first: they
    // are nobody's, and the bound on removals must not be used up before it is their turn.
    Leaving leaving = new Leaving(pool, capacity);
    List<Action> others = new ArrayList<>(leaving.ofNoVoc());
    drafts.values().forEach(leaving::of);

    // Hosts to avoid depend on none of this; new node jobs get them with their submission.
    Set<String> avoided = new TreeSet<>(Breakers.hosts(pool.breakers()));
    others.addAll(HostAvoidance.changes(pool, avoided));

    // The words come last: they tell of what all the others got and of what goes.
    Map<VocName, Decision> decisions = new LinkedHashMap<>();
    drafts.forEach((voc, draft) -> decisions.put(voc, Conclusion.of(draft, pool)));
    return new PoolDecision(decisions, others, placements, avoided);
  }
}
