package org.vocluster.sizing.reading;

import com.google.common.collect.ImmutableMap;
import org.vocluster.condor.JobId;

/**
 * Idle payload jobs that no slot can tell apart.
 *
 * @param attributes what slots can see of them: name to expression in old ClassAd syntax
 * @param idle how many there are, with those that would be materialised if the others started
 * @param example one of them, for messages
 * @param unclear why it cannot be told which nodes would take them; empty if it can
 */
public record JobGroup(
    ImmutableMap<String, String> attributes, int idle, JobId example, String unclear) {
  public JobGroup(ImmutableMap<String, String> attributes, int idle, JobId example) {
    this(attributes, idle, example, "");
  }
}
