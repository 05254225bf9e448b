package org.vocluster.scenario.fault;

import java.util.Optional;
import org.vocluster.pool.Host;
import org.vocluster.pool.PoolException;
import org.vocluster.scenario.fault.FaultMatrix.Cell;
import org.vocluster.vocpool.VocPool;

/**
 * A node that plays a cell.
 *
 * @param voc its VOC's name
 * @param node its id
 * @param job the id of its node job
 * @param payload the id of the user's job that it is to run, or that waits meanwhile
 */
record Player(Cell cell, Host host, String voc, String node, String job, String payload) {
  boolean joined() {
    return cell.stage().needsRealGuest();
  }

  /** The node job's process: QEMU, or what is about to become it. */
  Optional<Host.HostProcess> machine() throws PoolException, InterruptedException {
    return VocPool.virtualMachines(host).stream()
        .filter(process -> process.commandLine().contains("guest=" + node))
        .findFirst();
  }
}
