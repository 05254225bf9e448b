package org.vocluster.vm.node;

import org.vocluster.ad.Attr;
import org.vocluster.ad.CondorAttr;

/** What a node needs to know to say in its ads how long it took to boot. */
public final class BootClock {
  private BootClock() {}

  /**
   * Further lines of the guest's HTCondor configuration. {@code VocBootSeconds} is then an
   * expression in each slot ad: from the moment at which the PAD host began to make the virtual
   * machine to the start of the guest's startd. The guest adds {@code VocKernelTime} itself.
   *
   * @param execTime Unix time at which the PAD host began
   */
  public static String configuration(long execTime) {
    return Attr.EXEC_TIME
        + " = "
        + execTime
        + "\n"
        + Attr.BOOT_SECONDS
        + " = "
        + CondorAttr.DAEMON_START_TIME
        + " - "
        + Attr.EXEC_TIME
        + "\nSTARTD_ATTRS = $(STARTD_ATTRS) "
        + Attr.EXEC_TIME
        + " "
        + Attr.BOOT_SECONDS
        + "\n";
  }
}
