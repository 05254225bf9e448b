package org.vocluster.sizing.reading;

import org.vocluster.condor.JobId;

/**
 * A payload job that runs, as far as the schedd knows.
 *
 * @param owner the account that it belongs to; empty if unknown
 * @param vo as the job says it
 */
public record RunningPayload(JobId id, String owner, String vo) {}
