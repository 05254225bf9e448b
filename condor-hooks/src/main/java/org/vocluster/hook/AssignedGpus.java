package org.vocluster.hook;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vocluster.hook.Refusal.Code;
import org.vocluster.vm.hypervisor.PciAddress;
import org.vocluster.vm.node.NodeJobAd;
import org.vocluster.vm.os.Printable;

/**
 * The GPUs that HTCondor gave a node job. Only a PCI address says which device to hand to the
 * guest; HTCondor's own discovery names GPUs in other ways.
 */
final class AssignedGpus {
  /** The starter's word for the GPUs of the slot, in the environment of hooks too. */
  static final String VARIABLE = "_CONDOR_AssignedGPUs";

  private AssignedGpus() {}

  /**
   * As many as the node needs.
   *
   * @param given from the slot's ad, by the starter; what the job's ad says may be of an earlier
   *     run on another host, or the job's own invention
   */
  static List<PciAddress> of(@Nullable String given, NodeJobAd job, LaunchHost host)
      throws RefusedException {
    int needed = job.shape().gpus();
    if (needed == 0) {
      return List.of();
    }
    String assigned = given == null ? "" : given;
    List<PciAddress> gpus = addresses(assigned);
    if (gpus.size() < needed) {
      throw new RefusedException(
          Code.NO_GPU,
          host.padHost(),
          "node "
              + job.node()
              + " needs "
              + needed
              + " GPUs as PCI devices, and AssignedGPUs is \""
              + Printable.of(assigned, 200)
              + "\"",
          "bind the GPUs to vfio-pci and set MACHINE_RESOURCE_GPUs to their addresses,"
              + " such as 0000:3b:00.0");
    }
    return gpus.subList(0, needed);
  }

  private static List<PciAddress> addresses(String assigned) {
    List<PciAddress> gpus = new ArrayList<>();
    int start = 0;
    while (start <= assigned.length()) {
      int comma = assigned.indexOf(',', start);
      int end = comma < 0 ? assigned.length() : comma;
      String address = assigned.substring(start, end).strip();
      if (PciAddress.isValid(address)) {
        gpus.add(new PciAddress(address));
      }
      start = end + 1;
    }
    return gpus;
  }
}
