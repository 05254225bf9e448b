package org.vocluster.simulation.report;

import java.util.Map;
import java.util.Set;
import org.vocluster.simulation.report.Report.Unserved;
import org.vocluster.vm.definition.VocName;

/**
 * What a run came to, as it is measured: {@link Report} and {@link Chart} make of it what people
 * read.
 *
 * @param endMs when it ended, in milliseconds since the trace's first submission
 * @param hostCpus processors of all hosts
 * @param unserved jobs that no node takes, by the reason
 * @param assumed what it was taken that nodes of a VOC have, because jobs ask for it
 */
public record Outcome(
    Books books,
    Timeline timeline,
    long endMs,
    long hostCpus,
    Map<String, Unserved> unserved,
    Map<VocName, Set<String>> assumed) {}
