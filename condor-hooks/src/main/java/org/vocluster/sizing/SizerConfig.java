package org.vocluster.sizing;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.vocluster.condor.HtCondor;
import org.vocluster.sizing.decision.SizingLimits;
import org.vocluster.sizing.reading.ServedSchedds;
import org.vocluster.sizing.submit.NodeJobs;
import org.vocluster.sizing.submit.NodeSubmitter;

/**
 * Settings of the size hook, from HTCondor's configuration by way of its arguments. {@link Sizer}
 * and {@link DryRun} go by the same ones.
 *
 * @param interval how often the collector is asked when nothing else happens
 */
public record SizerConfig(
    AccessPoint accessPoint,
    Authority authority,
    Tools tools,
    Journals journals,
    NodeJobs nodeJobs,
    Duration interval,
    SizingLimits limits) {
  /**
   * Whose jobs are served, and by which VOCs.
   *
   * @param name full name of this host, under which VOC ads are published
   * @param jobQueueLog of the own schedd, whose queue is followed
   * @param definitions directory of the registered definitions
   * @param schedd name under which the collector knows that schedd
   * @param others names of other schedds whose jobs are served too; {@code *} for all of the pool
   * @param maxJobsPerOwner how many jobs one account may have in that schedd's queue
   */
  public record AccessPoint(
      String name,
      Path jobQueueLog,
      Path definitions,
      String schedd,
      Set<String> others,
      int maxJobsPerOwner) {
    public AccessPoint {
      others = Set.copyOf(others);
    }

    /** All schedds whose jobs are served. */
    ServedSchedds served() {
      Set<String> served = new TreeSet<>(others);
      if (!served.contains(ServedSchedds.ALL)) {
        served.add(schedd);
      }
      return new ServedSchedds(served);
    }
  }

  /**
   * What lets this host act for VOs and their nodes.
   *
   * @param keys directory of the VOs' signing keys, each named like the VO's account
   * @param tokens directory of this process's account, with a directory of submit tokens for each
   *     VO
   * @param trustDomain of the tokens that nodes get
   */
  public record Authority(Path keys, Path tokens, String trustDomain) {}

  /**
   * HTCondor's own, and the part of ours that runs as root.
   *
   * @param bin its {@code $(BIN)}
   * @param sbin its {@code $(SBIN)}
   * @param collector its {@code $(COLLECTOR_HOST)}
   * @param reaper socket of the access point's reaper; empty if there is none
   */
  public record Tools(Path bin, Path sbin, String collector, Optional<Path> reaper) {}

  /**
   * What is written down.
   *
   * @param audit file that every action is appended to
   * @param nodes file that the times of every node are appended to
   * @param consoles directory for the ends of the consoles of nodes that never joined
   */
  public record Journals(Path audit, Path nodes, Path consoles) {}

  HtCondor condor() {
    return new HtCondor(
        tools.bin(), tools.sbin(), tools.collector(), authority.keys(), authority.tokens());
  }

  /** What asks for the configuration in force. */
  public StandingQuestion standing() {
    return new StandingQuestion(
        condor(), accessPoint.schedd(), tools.collector(), authority.trustDomain());
  }

  NodeSubmitter submitter(HtCondor condor) {
    return new NodeSubmitter(
        condor,
        authority.keys(),
        authority.tokens(),
        authority.trustDomain(),
        nodeJobs,
        accessPoint.schedd());
  }
}
