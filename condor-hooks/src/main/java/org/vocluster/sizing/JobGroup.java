package org.vocluster.sizing;

import com.google.common.collect.ImmutableMap;

/**
 * Idle payload jobs that no slot can tell apart.
 *
 * @param attributes what slots can see of them: name to expression in old ClassAd syntax
 * @param idle how many there are
 * @param example one of them, for messages
 */
public record JobGroup(ImmutableMap<String, String> attributes, int idle, JobId example) {}
