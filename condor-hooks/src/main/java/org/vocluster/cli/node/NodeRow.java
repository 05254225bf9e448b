package org.vocluster.cli.node;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.vocluster.ad.Attr;
import org.vocluster.ad.CondorAttr;
import org.vocluster.classad.ClassAd;
import org.vocluster.condor.JobStatus;
import org.vocluster.sizing.journal.Moment;
import org.vocluster.sizing.journal.NodeMoments;
import org.vocluster.sizing.journal.NodeRecord;
import org.vocluster.sizing.reading.NodePhase;

/**
 * A node as {@code voc nodes} shows it: what its job, its slots and the log of nodes say of it.
 * Pure; {@link NodeTables} prints it.
 *
 * @param state in a word
 * @param host the PAD host, empty if it has none yet
 */
record NodeRow(
    String voc, String node, String job, String state, String host, NodeMoments moments) {

  /** What is asked of node jobs. */
  static final List<String> JOB_ATTRIBUTES =
      List.of(
          CondorAttr.CLUSTER_ID,
          CondorAttr.PROC_ID,
          CondorAttr.JOB_STATUS,
          CondorAttr.HOLD_REASON_CODE,
          CondorAttr.REMOTE_HOST,
          CondorAttr.Q_DATE,
          CondorAttr.JOB_CURRENT_START_DATE,
          Attr.VOC,
          Attr.NODE);

  /** What is asked of nodes' slots. */
  static final List<String> SLOT_ATTRIBUTES =
      List.of(
          CondorAttr.NAME,
          CondorAttr.STATE,
          CondorAttr.PARTITIONABLE_SLOT,
          CondorAttr.DAEMON_START_TIME,
          Attr.NODE,
          Attr.EXEC_TIME,
          Attr.KERNEL_TIME);

  /**
   * The nodes that live: every node job in the queue.
   *
   * @param jobs node jobs
   * @param slots of nodes
   * @param runs what the log of nodes knows
   */
  static List<NodeRow> living(List<ClassAd> jobs, List<ClassAd> slots, List<NodeRecord> runs) {
    Map<String, List<ClassAd>> slotsOf = new HashMap<>();
    for (ClassAd slot : slots) {
      slotsOf.computeIfAbsent(text(slot, Attr.NODE), node -> new ArrayList<>()).add(slot);
    }
    Map<String, NodeRecord> logged = new HashMap<>();
    for (NodeRecord run : runs) {
      if (run.event() != NodeRecord.Event.END) {
        logged.put(
            key(run.node().value(), run.job(), run.moments().at(Moment.LAUNCHED).orElse(0)), run);
      }
    }
    List<NodeRow> rows = new ArrayList<>();
    for (ClassAd job : jobs) {
      rows.add(row(job, slotsOf.getOrDefault(text(job, Attr.NODE), List.of()), logged));
    }
    rows.sort(Comparator.comparing(NodeRow::voc).thenComparing(NodeRow::node));
    return rows;
  }

  private static String key(String node, String job, long launched) {
    return node + " " + job + " " + launched;
  }

  private static NodeRow row(ClassAd job, List<ClassAd> slots, Map<String, NodeRecord> logged) {
    String id = number(job, CondorAttr.CLUSTER_ID) + "." + number(job, CondorAttr.PROC_ID);
    String node = text(job, Attr.NODE);
    JobStatus status = JobStatus.of((int) number(job, CondorAttr.JOB_STATUS));
    NodeMoments moments = NodeMoments.NONE.with(Moment.SUBMITTED, number(job, CondorAttr.Q_DATE));
    String host = "";
    NodePhase phase =
        NodePhase.of(status, number(job, CondorAttr.HOLD_REASON_CODE), !slots.isEmpty());
    if (phase.runs()) {
      String remote = text(job, CondorAttr.REMOTE_HOST);
      host = remote.substring(remote.indexOf('@') + 1);
      long launched = number(job, CondorAttr.JOB_CURRENT_START_DATE);
      NodeRecord known = logged.get(key(node, id, launched));
      moments =
          seen(slots, known == null ? moments.with(Moment.LAUNCHED, launched) : known.moments());
    }
    String state =
        switch (phase) {
          case QUEUED -> "queued";
          case HELD -> "held";
          case BOOTING -> moments.has(Moment.FIRST_AD) ? "leaving" : "booting";
          case JOINED -> inPool(slots);
          case ENDING -> "ending";
          case UNKNOWN -> "unknown";
        };
    return new NodeRow(text(job, Attr.VOC), node, id, state, host, moments);
  }

  private static NodeMoments seen(List<ClassAd> slots, NodeMoments known) {
    NodeMoments moments = known;
    for (ClassAd slot : slots) {
      moments =
          moments
              .with(Moment.EXEC, number(slot, Attr.EXEC_TIME))
              .with(Moment.KERNEL, number(slot, Attr.KERNEL_TIME))
              .with(Moment.STARTD, number(slot, CondorAttr.DAEMON_START_TIME));
    }
    return moments;
  }

  private static String inPool(List<ClassAd> slots) {
    boolean busy =
        slots.stream()
            .anyMatch(
                slot ->
                    text(slot, CondorAttr.STATE).equals("Claimed")
                        && !slot.bool(CondorAttr.PARTITIONABLE_SLOT).orElse(false));
    boolean drained =
        slots.stream().anyMatch(slot -> text(slot, CondorAttr.STATE).equals("Drained"));
    return busy ? "busy" : drained ? "leaving" : "idle";
  }

  /** The nodes that have ended since then, by the log of nodes. */
  static List<NodeRow> ended(List<NodeRecord> runs, Instant since) {
    return runs.stream()
        .filter(run -> run.event() == NodeRecord.Event.END && !run.last().isBefore(since))
        .map(
            run ->
                new NodeRow(
                    run.voc().value(),
                    run.node().value(),
                    run.job(),
                    "ended",
                    run.host(),
                    run.moments()))
        .toList();
  }

  private static String text(ClassAd ad, String attribute) {
    return ad.string(attribute).orElse("");
  }

  private static long number(ClassAd ad, String attribute) {
    return ad.integer(attribute).orElse(0);
  }
}
