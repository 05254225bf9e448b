package org.vocluster.sizing.submit;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.vocluster.ad.Attr;
import org.vocluster.ad.CondorAttr;
import org.vocluster.ad.Constraints;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.LongForm;
import org.vocluster.sizing.decision.Paces;
import org.vocluster.sizing.demand.NodePrototype;
import org.vocluster.sizing.history.Removal;
import org.vocluster.vm.definition.AcceleratorMode;
import org.vocluster.vm.definition.BootFile;
import org.vocluster.vm.definition.DirectKernel;
import org.vocluster.vm.definition.Firmware;
import org.vocluster.vm.definition.MachineShape;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.definition.VocDefinition;
import org.vocluster.vm.node.NodeJobAd;
import org.vocluster.vm.node.NodeKey;
import org.vocluster.vm.node.NodeToken;

/**
 * The submit description of node jobs, as a function of the definition: {@link NodeSubmitter}
 * carries it out. What prepare-job reads of it is {@link NodeJobAd}'s to spell.
 */
final class NodeSubmission {
  /**
   * A guest's console has no bound of its own: a node that fills its host's disk far beyond what it
   * asked for goes.
   */
  private static final String TOO_LARGE =
      "(JobStatus == 2 && DiskUsage > RequestDisk * 5 / 4 + 1048576)";

  /** Which of the three it was, for those who judge the end of the node. */
  private static final String REMOVED_FOR =
      "ifThenElse(JobStatus == 1, \""
          + Removal.WAITED_TOO_LONG
          + "\", ifThenElse("
          + TOO_LARGE
          + ", \"it fills the disk of its host beyond what it asked for\", \""
          + Removal.LIVED_TOO_LONG
          + "\"))";

  /** What condor_submit puts each node's name in place of. */
  private static final String NODE = "$(Node)";

  private NodeSubmission() {}

  /**
   * The text for {@code condor_submit}: one job for each node, whose token is in a directory named
   * after it.
   *
   * @param nodes at least one
   * @param avoidHosts machines that the nodes must not run on; condor_qedit can change that later
   * @param schedd the own schedd's name, which nodes advertise
   */
  static String describe(
      VocDefinition voc,
      MachineShape shape,
      List<NodeId> nodes,
      Collection<String> avoidHosts,
      String schedd,
      NodeJobs jobs) {
    StringBuilder text = new StringBuilder();
    describeJob(text, voc, jobs);
    describeRequest(text, voc, shape);
    line(text, "requirements", requirements(voc));
    line(text, "periodic_remove", periodicRemove(voc.lifetimeSeconds()));
    line(text, "My." + CondorAttr.PERIODIC_REMOVE_REASON, REMOVED_FOR);
    line(text, "My." + CondorAttr.HOOK_KEYWORD, "\"VOC\"");
    ClassAd ad =
        nodeJob(voc, shape, nodes.getFirst(), schedd)
            .ad(avoidHosts, voc.nodeDigest(shape))
            .with(Attr.NODE, NODE);
    // condor_submit expands $(…) in these lines, quoted or not. No value's alphabet has a dollar
    // sign, which NODE alone relies on.
    for (String name : ad.names()) {
      line(text, "My." + name, LongForm.print(Objects.requireNonNull(ad.expr(name))));
    }
    text.append("queue Node from (\n");
    nodes.forEach(node -> text.append("  ").append(node).append('\n'));
    text.append(")\n");
    return text.toString();
  }

  /** What a definition says of one of its nodes. */
  static NodeJobAd nodeJob(VocDefinition voc, MachineShape shape, NodeId node, String schedd) {
    return new NodeJobAd(
        node,
        new NodeJobAd.Origin(voc.vo(), voc.name(), schedd),
        voc.image(),
        shape,
        new NodeJobAd.Stay(voc.nodeIdleSeconds(), voc.lifetimeSeconds()),
        voc.accelerator(),
        new NodeJobAd.Start(
            voc.firmware(),
            voc.kernel()
                .map(
                    kernel ->
                        new DirectKernel<>(
                            kernel.image().digest(),
                            kernel.initrd().map(BootFile::digest),
                            kernel.arguments())),
            voc.context(),
            voc.attributes()));
  }

  private static void describeJob(StringBuilder text, VocDefinition voc, NodeJobs jobs) {
    line(text, "universe", "vanilla");
    line(text, "executable", jobs.executable());
    line(text, "transfer_executable", "false");
    line(text, "batch_name", "VOC " + voc.name());
    line(text, "should_transfer_files", "YES");
    line(text, "when_to_transfer_output", "ON_EXIT");
    line(
        text,
        "transfer_input_files",
        NODE + "/" + NodeToken.FILE + ", " + NODE + "/" + NodeKey.FILE);
    line(text, "transfer_output_files", "\"\"");
    line(text, "kill_sig", "SIGKILL");
    line(text, "notification", "never");
    line(text, "leave_in_queue", "false");
    line(text, "job_lease_duration", Integer.toString(jobs.leaseSeconds()));
  }

  private static void describeRequest(StringBuilder text, VocDefinition voc, MachineShape shape) {
    line(text, "request_cpus", Integer.toString(shape.cpus()));
    line(text, "request_memory", Long.toString(NodePrototype.hostMemoryMb(shape)));
    line(text, "request_disk", shape.diskMb() + "MB");
    if (shape.gpus() > 0) {
      line(text, "request_gpus", Integer.toString(shape.gpus()));
    }
    line(text, "accounting_group", voc.accountingGroup());
    line(text, "accounting_group_user", voc.vo().account());
  }

  /** The hosts that can run the nodes, and are not to be avoided. */
  private static String requirements(VocDefinition voc) {
    StringBuilder out =
        new StringBuilder("TARGET.")
            .append(Constraints.pads())
            .append(lists(voc.image().value(), Attr.IMAGES))
            .append(" && (TARGET.")
            .append(Constraints.is(Attr.VOS, "*"))
            .append(" || ")
            .append(member(voc.vo().value(), Attr.VOS))
            .append(") && stringListIMember(TARGET.")
            .append(CondorAttr.MACHINE)
            .append(", MY.")
            .append(Attr.AVOID_HOSTS)
            .append(") =!= true");
    if (voc.accelerator() == AcceleratorMode.KVM) {
      out.append(" && TARGET.").append(Constraints.is(Attr.ACCELERATOR, voc.accelerator().text()));
    }
    if (voc.firmware() == Firmware.UEFI) {
      out.append(lists(voc.firmware().text(), Attr.FIRMWARES));
    }
    for (BootFile file : bootFiles(voc)) {
      out.append(lists(file.digest().value(), Attr.BOOT_FILES));
    }
    return out.toString();
  }

  private static String lists(String value, String list) {
    return " && " + member(value, list);
  }

  /** Whether a host names the value in a list of its own. */
  private static String member(String value, String list) {
    return "stringListMember(\"" + value + "\", TARGET." + list + ")";
  }

  private static String periodicRemove(int lifetimeSeconds) {
    return "(JobStatus == 1 && time() - EnteredCurrentStatus > "
        + Paces.LONGEST_QUEUED_SECONDS
        + ") || (JobStatus == 2 && time() - EnteredCurrentStatus > "
        + (lifetimeSeconds + Paces.LEAVING_SECONDS)
        + ") || "
        + TOO_LARGE;
  }

  private static List<BootFile> bootFiles(VocDefinition voc) {
    return voc.kernel().stream()
        .flatMap(kernel -> Stream.concat(Stream.of(kernel.image()), kernel.initrd().stream()))
        .toList();
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append(name).append(" = ").append(value).append('\n');
  }
}
