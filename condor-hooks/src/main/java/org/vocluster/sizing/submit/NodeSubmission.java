package org.vocluster.sizing.submit;

import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.vocluster.ad.Attr;
import org.vocluster.sizing.decision.Paces;
import org.vocluster.sizing.demand.NodePrototype;
import org.vocluster.vm.definition.AcceleratorMode;
import org.vocluster.vm.definition.BootFile;
import org.vocluster.vm.definition.Firmware;
import org.vocluster.vm.definition.MachineShape;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.definition.VocDefinition;
import org.vocluster.vm.node.NodeKey;
import org.vocluster.vm.node.NodeToken;

/** The submit description of node jobs. Pure; {@link NodeSubmitter} carries it out. */
final class NodeSubmission {
  /**
   * A guest's console has no bound of its own: a node that fills its host's disk far beyond what it
   * asked for goes.
   */
  private static final String TOO_LARGE =
      "(JobStatus == 2 && DiskUsage > RequestDisk * 5 / 4 + 1048576)";

  /** A node whose PAD host was lost counts as running for this long. */
  private static final int LEASE_SECONDS = 120;

  private NodeSubmission() {}

  /**
   * The text for {@code condor_submit}: one job for each node, whose token is in a directory named
   * after it.
   *
   * @param avoidHosts machines that the nodes must not run on; condor_qedit can change that later
   * @param vocNode path of the node jobs' executable on the execution hosts
   */
  static String describe(
      VocDefinition voc,
      MachineShape shape,
      List<NodeId> nodes,
      Collection<String> avoidHosts,
      String vocNode) {
    String image = voc.image().value();
    StringBuilder requirements =
        new StringBuilder("TARGET.VocDomain =?= \"PAD\" && stringListMember(\"")
            .append(image)
            .append("\", TARGET.VocImages) && (TARGET.VocVOs =?= \"*\" || stringListMember(\"")
            .append(voc.vo())
            .append("\", TARGET.VocVOs))")
            .append(" && stringListIMember(TARGET.Machine, MY.VocAvoidHosts) =!= true");
    if (voc.accelerator() == AcceleratorMode.KVM) {
      requirements.append(" && TARGET.VocAccelerator =?= \"kvm\"");
    }
    if (voc.firmware() == Firmware.UEFI) {
      requirements.append(" && stringListMember(\"uefi\", TARGET.VocFirmwares)");
    }
    for (BootFile file : bootFiles(voc)) {
      requirements
          .append(" && stringListMember(\"")
          .append(file.digest())
          .append("\", TARGET.VocBootFiles)");
    }
    StringBuilder text = new StringBuilder();
    line(text, "universe", "vanilla");
    line(text, "executable", vocNode);
    line(text, "transfer_executable", "false");
    line(text, "batch_name", "VOC " + voc.name());
    line(text, "should_transfer_files", "YES");
    line(text, "when_to_transfer_output", "ON_EXIT");
    line(text, "transfer_input_files", "$(Node)/" + NodeToken.FILE + ", $(Node)/" + NodeKey.FILE);
    line(text, "transfer_output_files", "\"\"");
    line(text, "kill_sig", "SIGKILL");
    line(text, "notification", "never");
    line(text, "leave_in_queue", "false");
    line(text, "job_lease_duration", Integer.toString(LEASE_SECONDS));
    line(text, "request_cpus", Integer.toString(shape.cpus()));
    line(text, "request_memory", Long.toString(NodePrototype.hostMemoryMb(shape)));
    line(text, "request_disk", shape.diskMb() + "MB");
    if (shape.gpus() > 0) {
      line(text, "request_gpus", Integer.toString(shape.gpus()));
    }
    line(text, "accounting_group", voc.accountingGroup());
    line(text, "accounting_group_user", voc.vo().account());
    line(text, "requirements", requirements.toString());
    line(
        text,
        "periodic_remove",
        "(JobStatus == 1 && time() - EnteredCurrentStatus > "
            + Paces.LONGEST_QUEUED_SECONDS
            + ") || (JobStatus == 2 && time() - EnteredCurrentStatus > "
            + (voc.lifetimeSeconds() + Paces.LEAVING_SECONDS)
            + ") || "
            + TOO_LARGE);
    line(text, "My.HookKeyword", "\"VOC\"");
    line(text, "My." + Attr.NODE_JOB, "true");
    line(text, "My." + Attr.VO, quoted(voc.vo().value()));
    line(text, "My." + Attr.VOC, quoted(voc.name().value()));
    line(text, "My." + Attr.SHAPE, quoted(shape.name().value()));
    line(text, "My." + Attr.NODE, "\"$(Node)\"");
    line(text, "My." + Attr.IMAGE, quoted(image));
    line(text, "My." + Attr.CPUS, Integer.toString(shape.cpus()));
    line(text, "My." + Attr.MEMORY_MB, Long.toString(shape.memoryMb()));
    line(text, "My." + Attr.DISK_MB, Long.toString(shape.diskMb()));
    line(text, "My." + Attr.GPUS, Integer.toString(shape.gpus()));
    line(text, "My." + Attr.IDLE_SECONDS, Integer.toString(voc.nodeIdleSeconds()));
    line(text, "My." + Attr.LIFETIME_SECONDS, Integer.toString(voc.lifetimeSeconds()));
    line(text, "My." + Attr.ACCELERATOR, quoted(voc.accelerator().text()));
    line(text, "My." + Attr.FIRMWARE, quoted(voc.firmware().text()));
    line(text, "My." + Attr.CONTEXT, quoted(voc.context().text()));
    voc.kernel()
        .ifPresent(
            kernel -> {
              line(text, "My." + Attr.KERNEL, quoted(kernel.image().digest().value()));
              kernel
                  .initrd()
                  .ifPresent(
                      initrd -> line(text, "My." + Attr.INITRD, quoted(initrd.digest().value())));
              line(text, "My." + Attr.KERNEL_ARGUMENTS, quoted(kernel.arguments().value()));
            });
    line(text, "My." + Attr.AVOID_HOSTS, quoted(String.join(",", avoidHosts)));
    line(text, "My." + Attr.DEFINITION, quoted(voc.nodeDigest(shape).value()));
    text.append("queue Node from (\n");
    nodes.forEach(node -> text.append("  ").append(node).append('\n'));
    text.append(")\n");
    return text.toString();
  }

  private static List<BootFile> bootFiles(VocDefinition voc) {
    return voc.kernel().stream()
        .flatMap(kernel -> Stream.concat(Stream.of(kernel.image()), kernel.initrd().stream()))
        .toList();
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append(name).append(" = ").append(value).append('\n');
  }

  /** The values' alphabets have neither quote nor backslash nor dollar sign. */
  private static String quoted(String value) {
    return '"' + value + '"';
  }
}
