package org.vocluster.condor;

/** The states of a job, with HTCondor's numbers ({@code proc.h}). */
public enum JobStatus {
  UNKNOWN(0),
  IDLE(1),
  RUNNING(2),
  REMOVED(3),
  COMPLETED(4),
  HELD(5),
  TRANSFERRING_OUTPUT(6),
  SUSPENDED(7);

  private final int number;

  JobStatus(int number) {
    this.number = number;
  }

  /** The state of that number; {@link #UNKNOWN} if HTCondor has none such. */
  public static JobStatus of(int number) {
    for (JobStatus status : values()) {
      if (status.number == number) {
        return status;
      }
    }
    return UNKNOWN;
  }
}
