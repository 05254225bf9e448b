package org.vocluster.vm.hypervisor;

import java.nio.file.Path;

/**
 * A node's machine that runs on this host.
 *
 * @param handle what its hypervisor finds it by
 * @param node its node's name, for which nobody vouches but who started it
 * @param config the node's configuration file, which lies with the node's others
 */
public record RunningMachine(Handle handle, String node, String config) {
  /**
   * What tells a machine apart from all others that its host has had since it was booted.
   *
   * @param kind what has the number, for people: {@code QEMU process}
   * @param start when it began, as its hypervisor counts, since numbers come again
   */
  public record Handle(String kind, long number, long start) {
    @Override
    public String toString() {
      return kind + " " + number;
    }
  }

  /**
   * Whether its files are below a directory.
   *
   * @param execute HTCondor's EXECUTE, above all scratch directories
   */
  public boolean isUnder(Path execute) {
    return config.startsWith(execute + "/");
  }
}
