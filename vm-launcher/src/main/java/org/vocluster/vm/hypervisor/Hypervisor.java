package org.vocluster.vm.hypervisor;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.vocluster.vm.definition.AcceleratorMode;

/**
 * What the hooks of a PAD host need of whatever runs virtual machines there: how to launch one, and
 * what the host can. What runs already, {@link RunningMachines} says. {@code vm.qemu} has the one
 * adapter; another goes beside it and knows nothing of it (docs/decisions/0408).
 */
public interface Hypervisor {
  /** With {@link #PROBE_END}, how a probe's file in VOC_STATE_DIR is named. */
  String PROBE = ".probe-";

  String PROBE_END = ".img";

  /** What slot ads call it. */
  String name();

  /**
   * What the node job's executable is to run for the machine to be there, a word each. The machine
   * has the job's lifetime: what is run ends with it, and is ended with the job. Writes nothing and
   * starts nothing.
   *
   * @throws IllegalArgumentException if one of the machine's values cannot be expressed
   */
  List<String> launch(Machine machine);

  /**
   * What this host offers nodes. Tries what it does not know yet, which may take seconds, and notes
   * it for {@link #knownKvm}; so it is for {@code advertise} alone.
   *
   * @param mode what is not asked for is not tried
   */
  Capabilities capabilities(AcceleratorMode mode, Instant now);

  /** What the last {@link #capabilities} found of KVM, if that still stands; tries nothing. */
  Optional<AcceleratorAnswer> knownKvm();

  /** Why the account that asks may not use KVM on this host, if it may not. */
  Optional<String> kvmRefusal();
}
