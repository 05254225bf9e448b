package org.vocluster.reaper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.vocluster.condor.JobId;

/**
 * The shadows of this host's schedd: processes that the schedd has started as root from HTCondor's
 * own program. Users' processes are none of these, whatever they call themselves: a job that a
 * schedd starts itself has its owner as real user.
 *
 * @param proc where the kernel tells of processes
 * @param master this HTCondor's condor_master, which is the parent of reaper and schedd alike
 * @param schedd the schedd's program
 * @param shadow the shadows' program
 * @param address file in which the schedd has written its address, which it tells its shadows
 */
record Shadows(Path proc, long master, Path schedd, Path shadow, Path address) {
  /** What the kernel says of a program that has been replaced since it was started. */
  private static final String REPLACED = " (deleted)";

  private static final String SCHEDD_OPTION = "--schedd=";

  /**
   * Those that were started for these jobs. HTCondor may let a shadow go on to another job
   * (SHADOW_WORKLIFE), and its arguments then still name the first: whoever means to end one has to
   * compare when it was started.
   */
  List<ProcessFacts> startedFor(List<JobId> jobs) throws IOException {
    String itsAddress = Files.readString(address).lines().findFirst().orElse("").strip();
    if (!itsAddress.startsWith("<")) {
      throw new IOException(address + " does not have the schedd's address");
    }
    List<ProcessFacts> out = new ArrayList<>();
    for (ProcessFacts daemon : ProcessFacts.childrenOf(master, proc)) {
      if (daemon.realUser() == 0 && runs(daemon, schedd)) {
        for (ProcessFacts child : ProcessFacts.childrenOf(daemon.pid(), proc)) {
          if (isShadow(child, itsAddress) && jobs.stream().anyMatch(job -> isFor(child, job))) {
            out.add(child);
          }
        }
      }
    }
    return out;
  }

  private boolean isShadow(ProcessFacts process, String itsAddress) {
    return process.realUser() == 0
        && runs(process, shadow)
        && process.arguments().contains(SCHEDD_OPTION + itsAddress);
  }

  /** Whether a process says that it was started for a job. */
  static boolean isFor(ProcessFacts shadow, JobId job) {
    List<String> arguments = shadow.arguments();
    return arguments.subList(1, arguments.size()).contains(job.toString());
  }

  private static boolean runs(ProcessFacts process, Path program) {
    String name = process.program().toString();
    return name.equals(program.toString()) || name.equals(program + REPLACED);
  }
}
