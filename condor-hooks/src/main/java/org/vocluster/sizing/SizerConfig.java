package org.vocluster.sizing;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.vocluster.sizing.decision.SizingLimits;
import org.vocluster.sizing.decision.Standby;

/**
 * Settings of the size hook, from HTCondor's configuration by way of its arguments.
 *
 * @param interval how often the collector is asked when nothing else happens
 * @param accessPoint full name of this host, under which VOC ads are published
 * @param schedd name under which the collector knows the schedd whose queue is followed
 * @param vocNode path of the node jobs' executable on the execution hosts
 * @param auditLog file that every action is appended to
 * @param nodeLog file that the times of every node are appended to
 * @param consoles directory for the ends of the consoles of nodes that never joined
 * @param schedds names of other schedds whose jobs are served too; {@code *} for all of the pool
 */
public record SizerConfig(
    Path jobQueueLog,
    Path definitions,
    Path keys,
    Path tokens,
    Path bin,
    Path sbin,
    String collector,
    String trustDomain,
    Duration interval,
    String vocNode,
    String accessPoint,
    String schedd,
    Path auditLog,
    Path nodeLog,
    Path consoles,
    Set<String> schedds,
    SizingLimits limits) {
  public SizerConfig {
    schedds = Set.copyOf(schedds);
  }

  /** Names of all schedds whose jobs are served, or {@link Standby#ALL} among them. */
  Set<String> served() {
    Set<String> served = new TreeSet<>(schedds);
    if (!served.contains(Standby.ALL)) {
      served.add(schedd);
    }
    return served;
  }
}
