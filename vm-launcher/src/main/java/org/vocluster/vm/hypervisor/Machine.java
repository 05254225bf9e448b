package org.vocluster.vm.hypervisor;

import java.util.List;
import org.vocluster.vm.definition.ContextForm;
import org.vocluster.vm.definition.MachineShape;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.node.NodeFiles;

/**
 * A node's machine that is to be. Its network is the one that every node has: user mode, out only.
 *
 * @param padHost full host name of the PAD host; with the node it determines MAC address and UUID
 * @param context how the guest finds its context; the firmware's configuration has it in any case
 * @param files where disk, context and console are
 * @param overlayInRam whether the disk is moved into memory before the machine starts, so that it
 *     is not where {@code files} says
 */
public record Machine(
    NodeId node,
    String padHost,
    Hardware hardware,
    Boot boot,
    ContextForm context,
    NodeFiles files,
    boolean overlayInRam) {
  /**
   * What the guest runs on.
   *
   * @param gpus devices of the host that the guest gets, bound there to vfio-pci
   * @param tcgCacheMb size of TCG's translation buffer in MiB
   */
  public record Hardware(
      MachineShape shape, List<PciAddress> gpus, Accelerator accelerator, int tcgCacheMb) {
    /** Fails with {@link IllegalArgumentException} for a buffer below 1 MiB. */
    public Hardware {
      gpus = List.copyOf(gpus);
      if (tcgCacheMb < 1) {
        throw new IllegalArgumentException("TCG cache must be at least 1 MiB, not " + tcgCacheMb);
      }
    }
  }
}
