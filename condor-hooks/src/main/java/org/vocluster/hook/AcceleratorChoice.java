package org.vocluster.hook;

import java.util.Optional;
import org.vocluster.hook.Refusal.Code;
import org.vocluster.vm.definition.AcceleratorMode;
import org.vocluster.vm.hypervisor.Accelerator;
import org.vocluster.vm.hypervisor.AcceleratorAnswer;
import org.vocluster.vm.hypervisor.Hypervisor;
import org.vocluster.vm.node.NodeJobAd;

/**
 * What a node runs on. It reads the probe's cached answer and never probes: {@code advertise},
 * which must have run for the host to match any node job, has done that, and a launch is no time to
 * wait seconds. Without an answer, as after an upgrade of QEMU, a node is slow rather than broken.
 *
 * @param warning for the job's event log, or empty
 */
record AcceleratorChoice(Accelerator accelerator, String warning) {
  private static final AcceleratorChoice TCG = new AcceleratorChoice(Accelerator.TCG, "");

  static AcceleratorChoice of(NodeJobAd job, LaunchHost host) throws RefusedException {
    AcceleratorMode hosts = host.machines().accelerator();
    if (job.accelerator() == AcceleratorMode.TCG) {
      return TCG;
    }
    boolean required = hosts == AcceleratorMode.KVM || job.accelerator() == AcceleratorMode.KVM;
    if (hosts == AcceleratorMode.TCG) {
      if (required) {
        throw noKvm(job, host, ", this host is set to TCG (VOC_ACCELERATOR)");
      }
      return TCG;
    }
    Hypervisor hypervisor = host.machines().hypervisor();
    Optional<AcceleratorAnswer> known = hypervisor.knownKvm();
    String fault = fault(known, hypervisor, job);
    if (fault.isEmpty()) {
      return new AcceleratorChoice(Accelerator.KVM, "");
    }
    if (required) {
      throw noKvm(job, host, ": " + fault);
    }
    // A host whose probe said no advertises TCG: everybody knows. What deserves a warning is a
    // surprise.
    boolean surprise = known.isEmpty() || known.get().works();
    return surprise
        ? new AcceleratorChoice(
            Accelerator.TCG,
            "voc: " + host.padHost() + ": node " + job.node() + " runs under TCG, slowly: " + fault)
        : TCG;
  }

  /** Why KVM cannot be used, or an empty text. */
  private static String fault(
      Optional<AcceleratorAnswer> known, Hypervisor hypervisor, NodeJobAd job) {
    if (known.isEmpty()) {
      return "KVM has not been probed with this QEMU since the host started";
    }
    if (!known.get().works()) {
      return known.get().reason();
    }
    String refusal = hypervisor.kvmRefusal().orElse("");
    return refusal.isEmpty()
        ? ""
        : "KVM works, but for "
            + job.origin().vo().account()
            + ": "
            + refusal
            + "; add the account to group kvm";
  }

  private static RefusedException noKvm(NodeJobAd job, LaunchHost host, String why) {
    return new RefusedException(
        new Refusal(
            Code.NO_KVM, "voc: " + host.padHost() + ": node " + job.node() + " needs KVM" + why));
  }
}
