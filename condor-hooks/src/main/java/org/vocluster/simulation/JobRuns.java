package org.vocluster.simulation;

import org.vocluster.condor.Resources;
import org.vocluster.simulation.Node.Claim;

/**
 * Payload jobs on nodes: a claim is made, serves one job after the other, and is released. {@link
 * Negotiator} begins each; a node that ends takes its claims with it, see {@link NodeLife}.
 */
final class JobRuns {
  /** A claim serves no further job when it is so old ({@code CLAIM_WORKLIFE}). */
  private static final long CLAIM_WORKLIFE_MS = 1_200 * World.SECOND;

  private final World world;
  private final JobQueue queue;
  private final NodeLife life;

  JobRuns(World world, JobQueue queue, NodeLife life) {
    this.world = world;
    this.queue = queue;
    this.life = life;
  }

  /** A job, which is the next of its user's, gets a part of a node. */
  void claim(Node node, Job job, Resources part) {
    job.user().take(job);
    job.user().addCpus(part.cpus());
    Claim claim = new Claim(part, world.now(), job);
    life.claim(node, claim);
    startLater(node, claim);
  }

  private void startLater(Node node, Claim claim) {
    Job job = claim.job();
    world.planIn(
        world.conditions().lags().startMs(),
        () -> {
          if (!node.isGone() && claim.job() == job) {
            start(node, claim);
          }
        });
  }

  private void start(Node node, Claim claim) {
    Job job = claim.job();
    claim.starts();
    queue.started(job);
    world.slotsChange(node);
    world.planIn(
        Math.max(0, job.trace().notBeforeMs() - world.now()) + job.trace().runMs(),
        () -> {
          if (!node.isGone() && claim.job() == job) {
            finish(node, claim);
          }
        });
  }

  private void finish(Node node, Claim claim) {
    Job job = claim.job();
    queue.finished(job, claim.part().cpus());
    boolean goesOn = node.takesJobs(world.now()) && world.now() - claim.since() < CLAIM_WORKLIFE_MS;
    Job next = goesOn ? job.user().next(kind -> fits(kind, node, claim.part(), world.now())) : null;
    if (next != null) {
      next.user().take(next);
      claim.next(next);
      world.slotsChange(node);
      startLater(node, claim);
    } else {
      job.user().addCpus(-claim.part().cpus());
      life.release(node, claim);
    }
  }

  private static boolean fits(JobKind kind, Node node, Resources part, long now) {
    JobKind.Place place = kind.placeOn(node.kind());
    return place != null && part.fits(place.requestAt(part)) > 0 && place.hasTime(node, now);
  }
}
