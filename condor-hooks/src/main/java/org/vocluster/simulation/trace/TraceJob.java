package org.vocluster.simulation.trace;

import com.google.common.collect.ImmutableMap;
import org.vocluster.vm.definition.VoName;

/**
 * A payload job of a trace.
 *
 * @param name what the trace calls it, for messages
 * @param user whose it is; jobs of one user may follow each other in a claim
 * @param submitMs when it is submitted, in milliseconds since the trace's first submission
 * @param runMs how long it runs, in milliseconds, at least 1
 * @param attributes what slots and sizing see of it: name to expression in old ClassAd syntax,
 *     {@code VocVO} among them
 */
public record TraceJob(
    String name,
    VoName vo,
    String user,
    long submitMs,
    long runMs,
    ImmutableMap<String, String> attributes) {}
