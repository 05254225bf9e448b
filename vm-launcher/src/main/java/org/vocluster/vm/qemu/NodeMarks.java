package org.vocluster.vm.qemu;

import org.vocluster.vm.node.NodeContext;

/**
 * How a node's QEMU is told apart from every other process by its command line: {@link
 * QemuArguments} writes these, {@link QemuProcesses} looks for them. The shell of {@code
 * packaging/bin/node-states} greps for the second.
 */
public final class NodeMarks {
  /** Before the node's name, in the value of QEMU's {@code -name}. */
  public static final String NAME = "guest=";

  /** How an argument begins that only a node's QEMU has: the file of its configuration. */
  public static final String CONFIG = "name=" + NodeContext.CONFIG_FW_CFG + ",file=";

  private NodeMarks() {}
}
