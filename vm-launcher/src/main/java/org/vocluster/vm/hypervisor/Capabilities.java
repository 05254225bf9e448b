package org.vocluster.vm.hypervisor;

import java.util.Set;
import org.vocluster.vm.definition.Firmware;

/**
 * What a host offers nodes.
 *
 * @param version the hypervisor's, or why it is not known
 * @param kvm whether guests run under KVM
 * @param firmwares what a machine's disk can be started by
 */
public record Capabilities(String version, AcceleratorAnswer kvm, Set<Firmware> firmwares) {
  public Capabilities {
    firmwares = Set.copyOf(firmwares);
  }
}
