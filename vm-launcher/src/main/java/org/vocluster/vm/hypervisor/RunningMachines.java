package org.vocluster.vm.hypervisor;

import java.util.List;
import java.util.Optional;

/**
 * The nodes' machines that run on this host, as their hypervisor knows them: who may need an image,
 * and what a dead condor_starter left. Asked by leases, {@code advertise} and {@code voc reap};
 * none of them launches anything.
 */
public interface RunningMachines {
  /** All of them, of whatever pool. */
  List<RunningMachine> all();

  /** Whether the condor_starter of the machine's job lives, which then is the one to end it. */
  boolean isHeld(RunningMachine machine);

  /**
   * Ends a machine that nobody holds, at once. It asks again whether that is so, and harms no later
   * machine of that node.
   *
   * @return why not; empty if it is gone
   */
  Optional<String> end(RunningMachine machine);
}
