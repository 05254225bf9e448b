package org.vocluster.condor;

import java.util.List;
import org.vocluster.vm.os.CommandException;

/** HTCondor's own tools, as whoever asks may use them. */
@FunctionalInterface
public interface Tools {
  /**
   * Runs one of HTCondor's tools and expects it to succeed.
   *
   * @param tool its name, {@code condor_q}
   * @return its standard output
   */
  String run(String tool, List<String> arguments) throws CommandException;
}
