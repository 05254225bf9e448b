package org.vocluster.sizing;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/**
 * Settings of the size hook, from HTCondor's configuration by way of its arguments.
 *
 * @param interval how often the collector is asked when nothing else happens
 * @param accessPoint name of this host, under which VOC ads are published
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
    Path auditLog,
    Path nodeLog,
    Path consoles,
    Set<String> schedds,
    SizingLimits limits) {
  public SizerConfig {
    schedds = Set.copyOf(schedds);
  }
}
