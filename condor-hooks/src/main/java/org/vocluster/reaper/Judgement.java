package org.vocluster.reaper;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.vocluster.ad.Ads;
import org.vocluster.ad.Attr;
import org.vocluster.ad.CondorAttr;
import org.vocluster.ad.Universe;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.Value;
import org.vocluster.condor.JobStatus;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.definition.VoName;

/**
 * Whether a job's shadow may be ended, by what the schedd says: a function of its answers. The
 * reason for all of it is that a job whose node lives would run twice. So the node must have been
 * one of this very schedd, which its queue or its history shows, and no job of the queue may still
 * be that node.
 */
sealed interface Judgement {
  /** It waits for a node that is no more. */
  record Lost(Payload payload) implements Judgement {}

  /**
   * Nothing may be done.
   *
   * @param why for people
   */
  record Refused(String why) implements Judgement {}

  /**
   * A job that runs in a node, or whose shadow waits for one.
   *
   * @param shadowStarted when its shadow was started, in seconds since 1970
   */
  record Payload(VoName vo, NodeId node, long shadowStarted) {}

  /** What {@link #of} says of a job that is none. */
  static String noPayload(ClassAd job) {
    String vo = Ads.text(job, Attr.VO);
    if (!VoName.isValid(vo)) {
      return "it is no job of a VO";
    }
    Value nodeJob = job.evaluate(Attr.NODE_JOB);
    if (!nodeJob.equals(Value.UNDEFINED) && !nodeJob.equals(Value.Bool.FALSE)) {
      return "it is a node job";
    }
    if (number(job, CondorAttr.JOB_UNIVERSE) != Universe.VANILLA) {
      return "it is not of the vanilla universe";
    }
    // A job that is removed, held or released while its shadow waits keeps that shadow, too.
    if (status(job) == JobStatus.COMPLETED || status(job) == JobStatus.UNKNOWN) {
      return "it has completed";
    }
    if (!NodeId.isValid(host(job))) {
      return "no shadow of it is at a node";
    }
    return number(job, CondorAttr.SHADOW_BDAY) > 0 ? "" : "when its shadow was started is unknown";
  }

  /** The payload job that an ad of the queue is; empty if it is none. */
  static Optional<Payload> payload(ClassAd job) {
    return noPayload(job).isEmpty()
        ? Optional.of(
            new Payload(
                new VoName(Ads.text(job, Attr.VO)),
                new NodeId(host(job)),
                number(job, CondorAttr.SHADOW_BDAY)))
        : Optional.empty();
  }

  /**
   * Judges a payload job.
   *
   * @param nodeJobs all node jobs in the queue that have its node's name
   * @param past names of nodes whose jobs have left this queue, of that VO's account each
   */
  static Judgement of(Payload payload, List<ClassAd> nodeJobs, Set<NodeId> past) {
    NodeId node = payload.node();
    boolean anyInQueue = false;
    for (ClassAd job : nodeJobs) {
      if (Ads.text(job, Attr.NODE).equals(node.value())) {
        if (!isOf(payload.vo(), job)) {
          return new Refused("node " + node + " is not of its VO");
        }
        if (mayRun(job)) {
          return new Refused("node " + node + " has not ended");
        }
        anyInQueue = true;
      }
    }
    return anyInQueue || past.contains(node)
        ? new Lost(payload)
        : new Refused("node " + node + " was never a job of this schedd");
  }

  /** Whether a node job belongs to that VO's account, as submit requirements see to. */
  static boolean isOf(VoName vo, ClassAd nodeJob) {
    return Ads.text(nodeJob, CondorAttr.OWNER).equals(vo.account())
        && Ads.text(nodeJob, Attr.VO).equals(vo.value());
  }

  /**
   * Whether a node job's machine may still be there. As long as a shadow looks after a job the
   * schedd keeps the host that it runs on, also where the job is removed or held already: a shadow
   * that has lost its host waits for it, and the machine may live. A completed job's process has
   * ended, or it would not be completed. What has never run has none.
   */
  private static boolean mayRun(ClassAd nodeJob) {
    return switch (status(nodeJob)) {
      case COMPLETED -> false;
      case IDLE, HELD, REMOVED -> nodeJob.has(CondorAttr.REMOTE_HOST);
      case RUNNING, SUSPENDED, TRANSFERRING_OUTPUT, UNKNOWN -> true;
    };
  }

  private static JobStatus status(ClassAd job) {
    return JobStatus.of((int) number(job, CondorAttr.JOB_STATUS));
  }

  /** The name behind the slot's, which for a node's slot is the node's. */
  private static String host(ClassAd job) {
    String slot = Ads.text(job, CondorAttr.REMOTE_HOST);
    return slot.substring(slot.indexOf('@') + 1);
  }

  private static long number(ClassAd job, String attribute) {
    OptionalLong value = job.integer(attribute);
    return value.orElse(0);
  }
}
