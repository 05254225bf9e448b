package org.vocluster.hook;

import java.util.ArrayList;
import java.util.List;
import org.vocluster.ad.Ads;
import org.vocluster.ad.Attr;
import org.vocluster.ad.CondorAttr;
import org.vocluster.ad.Universe;
import org.vocluster.classad.ClassAd;
import org.vocluster.hook.Refusal.Code;
import org.vocluster.vm.definition.MachineShape;
import org.vocluster.vm.definition.VoName;
import org.vocluster.vm.node.NodeJobAd;
import org.vocluster.vm.os.Printable;

/**
 * Whether a job that asks for the VOC hooks is a node job: {@code prepare-job}'s question before
 * all others, answered from the ad alone. Nothing in an ad is believed but {@code Owner}, which the
 * schedd sets from the submitter's authenticated identity: a node job counts only if it comes from
 * its VO's own account.
 */
final class NodeJobCheck {
  private static final long KIB_PER_MIB = 1024;

  private NodeJobCheck() {}

  /**
   * The node job of an ad.
   *
   * @param vocNode the only executable that a node job may have
   */
  static NodeJobAd nodeJob(ClassAd ad, String vocNode) throws RefusedException {
    String job =
        "job "
            + ad.integer(CondorAttr.CLUSTER_ID).orElse(-1)
            + "."
            + ad.integer(CondorAttr.PROC_ID).orElse(-1);
    if (!NodeJobAd.claimsToBeOne(ad)) {
      throw new RefusedException(
          Code.NOT_A_NODE_JOB,
          job,
          "asks for the VOC hooks (HookKeyword) but is no node job ("
              + Attr.NODE_JOB
              + " is not true)",
          "remove HookKeyword from the submit file; VO jobs need none");
    }
    NodeJobAd.Reading reading = NodeJobAd.read(ad);
    if (reading instanceof NodeJobAd.Reading.Malformed malformed) {
      throw new RefusedException(
          Code.BAD_NODE_JOB,
          job,
          "is no well-formed node job: " + String.join(", ", malformed.faults()),
          "node jobs are made by voc-size; remove this one");
    }
    NodeJobAd node = ((NodeJobAd.Reading.WellFormed) reading).job();
    requireOwner(ad, job, node.origin().vo());
    requireProgram(ad, job, vocNode);
    requireRequest(ad, job, node.shape());
    return node;
  }

  private static void requireOwner(ClassAd ad, String job, VoName vo) throws RefusedException {
    String owner = Ads.text(ad, CondorAttr.OWNER);
    if (!owner.equals(vo.account())) {
      throw new RefusedException(
          Code.WRONG_OWNER,
          job,
          "says it is a node of VO " + vo + " but belongs to \"" + Printable.of(owner) + "\"",
          "only " + vo.account() + " may run nodes of that VO; submit an ordinary job instead");
    }
  }

  private static void requireProgram(ClassAd ad, String job, String vocNode)
      throws RefusedException {
    String command = Ads.text(ad, CondorAttr.CMD);
    if (ad.integer(CondorAttr.JOB_UNIVERSE).orElse(Universe.VANILLA) != Universe.VANILLA
        || !command.equals(vocNode)
        || ad.bool(CondorAttr.TRANSFER_EXECUTABLE).orElse(true)) {
      throw new RefusedException(
          Code.BAD_NODE_JOB,
          job,
          "does not run this host's own "
              + vocNode
              + " in the vanilla universe (Cmd is \""
              + Printable.of(command)
              + "\")",
          "set executable = " + vocNode + " and transfer_executable = false");
    }
  }

  /** HTCondor accounts and limits what a job requested: a node must not be more. */
  private static void requireRequest(ClassAd ad, String job, MachineShape shape)
      throws RefusedException {
    List<String> out = new ArrayList<>();
    exceeds(out, Attr.CPUS, shape.cpus(), ad, CondorAttr.REQUEST_CPUS, 1);
    exceeds(out, Attr.MEMORY_MB, shape.memoryMb(), ad, CondorAttr.REQUEST_MEMORY, 0);
    long diskKib = ad.integer(CondorAttr.REQUEST_DISK).orElse(0);
    if (shape.diskMb() * KIB_PER_MIB > diskKib) {
      out.add(
          Attr.DISK_MB
              + " = "
              + shape.diskMb()
              + " above "
              + CondorAttr.REQUEST_DISK
              + " = "
              + diskKib
              + " KiB");
    }
    exceeds(out, Attr.GPUS, shape.gpus(), ad, CondorAttr.REQUEST_GPUS, 0);
    if (!out.isEmpty()) {
      throw new RefusedException(
          Code.REQUEST_TOO_SMALL,
          job,
          "needs more than it requested: " + String.join(", ", out),
          "raise the request");
    }
  }

  private static void exceeds(
      List<String> out, String attribute, long value, ClassAd ad, String request, long ifAbsent) {
    long requested = ad.integer(request).orElse(ifAbsent);
    if (value > requested) {
      out.add(attribute + " = " + value + " above " + request + " = " + requested);
    }
  }
}
