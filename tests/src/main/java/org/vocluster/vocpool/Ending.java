package org.vocluster.vocpool;

/**
 * How a job ended, as HTCondor's history tells.
 *
 * @param id cluster and process, "12.0"
 * @param status JobStatus: 3 removed, 4 completed
 * @param exitCode the program's; -1 if it has none
 * @param executingSince when its program started last, Unix time; 0 if it never did. A program that
 *     goes on while HTCondor's daemons are restarted keeps it
 * @param lastHost the slot that it ran in last; empty if it never ran
 */
public record Ending(String id, int status, int exitCode, long executingSince, String lastHost) {
  private static final int COMPLETED = 4;

  public boolean succeeded() {
    return status == COMPLETED && exitCode == 0;
  }

  /** The node it ran in last. */
  public String node() {
    return lastHost.substring(lastHost.indexOf('@') + 1);
  }
}
