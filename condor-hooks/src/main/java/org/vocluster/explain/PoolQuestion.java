package org.vocluster.explain;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.vocluster.ad.Ads;
import org.vocluster.ad.Attr;
import org.vocluster.ad.CondorAttr;
import org.vocluster.ad.Constraints;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.ClassAdSyntaxException;
import org.vocluster.condor.JobStatus;
import org.vocluster.condor.Tools;
import org.vocluster.vm.definition.Definitions;
import org.vocluster.vm.node.NodeJobAd;
import org.vocluster.vm.os.CommandException;

/**
 * Asks queue and collector what the pool is like for a VO. {@link WhyQuestion} asks it once for all
 * jobs of a VO. A tool that fails makes its reading unknown, never empty, and a collector that has
 * failed once is not asked again.
 */
final class PoolQuestion {
  /** Slots of one kind that are looked at; the ads of more are not worth their transfer. */
  private static final String MOST_SLOTS = "1000";

  /** What is looked at of node jobs. */
  private static final String NODE_JOB_ATTRIBUTES =
      String.join(
          ",",
          CondorAttr.CLUSTER_ID,
          CondorAttr.PROC_ID,
          CondorAttr.OWNER,
          CondorAttr.JOB_STATUS,
          CondorAttr.ENTERED_CURRENT_STATUS,
          CondorAttr.JOB_CURRENT_START_DATE,
          CondorAttr.Q_DATE,
          CondorAttr.REMOTE_HOST,
          CondorAttr.HOLD_REASON,
          CondorAttr.HOLD_REASON_CODE,
          CondorAttr.LAST_MATCH_TIME,
          CondorAttr.LAST_REJ_MATCH_TIME,
          CondorAttr.LAST_REJ_MATCH_REASON,
          CondorAttr.REQUIREMENTS,
          CondorAttr.REQUEST_CPUS,
          CondorAttr.REQUEST_MEMORY,
          CondorAttr.REQUEST_DISK,
          CondorAttr.REQUEST_GPUS,
          String.join(",", NodeJobAd.attributes()));

  /** Dynamic slots are part of another, which tells what belongs to it. */
  private static final String NOT_DYNAMIC = " && " + CondorAttr.SLOT_TYPE + " =!= \"Dynamic\"";

  /** What is looked at of every node in the pool. */
  private static final String NODE_ATTRIBUTES =
      String.join(
          ",",
          CondorAttr.NAME,
          Attr.NODE,
          Attr.VOC,
          Attr.PAD_HOST,
          CondorAttr.PARTITIONABLE_SLOT,
          CondorAttr.TOTAL_SLOT_CPUS,
          CondorAttr.TOTAL_SLOT_MEMORY,
          CondorAttr.TOTAL_SLOT_DISK,
          CondorAttr.TOTAL_SLOT_GPUS);

  private final Tools tools;
  private final String accessPoint;

  PoolQuestion(Tools tools, String accessPoint) {
    this.tools = tools;
    this.accessPoint = accessPoint;
  }

  /**
   * Asks about everything.
   *
   * @param vo a valid name
   * @param registered the definitions of all VOs
   * @param usersMap only passed on
   */
  PoolFacts ask(
      String vo, Reading<Definitions.Registered> registered, String usersMap, Instant now) {
    Reading<List<ClassAd>> nodeJobs = nodeJobs(vo);
    Reading<List<ClassAd>> published = daemonsAndVocs();
    Reading<List<ClassAd>> nodes = nodes(published, vo);
    Reading<List<ClassAd>> room = room(published, vo);
    Reading<List<ClassAd>> padSlots = padSlots(published, nodeJobs);
    return new PoolFacts(
        now,
        accessPoint,
        usersMap,
        registered.map(
            all ->
                PoolFacts.prototypes(
                    all.valid().values(),
                    nodeJobs.orElse(List.of()),
                    nodes.orElse(List.of()),
                    ofThisAccessPoint(published.orElse(List.of())))),
        registered.map(Definitions.Registered::broken).orElse(Map.of()),
        new PoolFacts.Sizing(
            published.map(all -> all.stream().filter(PoolQuestion::isVoc).toList()),
            published.map(all -> all.stream().filter(ad -> !isVoc(ad)).toList())),
        new PoolFacts.Nodes(nodeJobs, nodes, room, padSlots));
  }

  private Reading<List<ClassAd>> nodeJobs(String vo) {
    return ads(
        "condor_q",
        "-allusers",
        "-constraint",
        Constraints.nodeJobs() + " && " + Constraints.is(Attr.VO, vo),
        "-long",
        "-attributes",
        NODE_JOB_ATTRIBUTES);
  }

  private Reading<List<ClassAd>> daemonsAndVocs() {
    return ads(
        "condor_status",
        "-any",
        "-constraint",
        Constraints.vocs() + " || (MyType == \"Scheduler\" && Machine == \"" + accessPoint + "\")",
        "-long");
  }

  private Reading<List<ClassAd>> nodes(Reading<?> before, String vo) {
    return slots(
        before,
        "-constraint",
        Constraints.vadsOf(vo) + NOT_DYNAMIC,
        "-long",
        "-attributes",
        NODE_ATTRIBUTES);
  }

  private Reading<List<ClassAd>> room(Reading<?> before, String vo) {
    return slots(
        before,
        "-limit",
        MOST_SLOTS,
        "-constraint",
        Constraints.noPads()
            + " && "
            + Constraints.is(Attr.VO, vo)
            + " && ifThenElse(PartitionableSlot =?= True, Cpus > 0, State =!= \"Claimed\")",
        "-long");
  }

  /** They matter only to node jobs that wait for one. */
  private Reading<List<ClassAd>> padSlots(Reading<?> before, Reading<List<ClassAd>> nodeJobs) {
    boolean queued =
        nodeJobs.orElse(List.of()).stream().anyMatch(ad -> JobAd.status(ad) == JobStatus.IDLE);
    return queued
        ? slots(
            before, "-limit", MOST_SLOTS, "-constraint", Constraints.pads() + NOT_DYNAMIC, "-long")
        : new Reading.Known<>(List.of());
  }

  /** Asks the collector something more, unless it has failed to answer already. */
  private Reading<List<ClassAd>> slots(Reading<?> before, String... arguments) {
    return before instanceof Reading.Unknown<?>(String why)
        ? new Reading.Unknown<>(why)
        : ads("condor_status", arguments);
  }

  private Reading<List<ClassAd>> ads(String tool, String... arguments) {
    try {
      return new Reading.Known<>(Ads.inLongForm(tools.run(tool, List.of(arguments))));
    } catch (CommandException e) {
      return new Reading.Unknown<>(String.valueOf(e.getMessage()));
    } catch (ClassAdSyntaxException e) {
      return new Reading.Unknown<>(tool + " printed what is no ad: " + e.getMessage());
    }
  }

  /** Of VOC ads those of the sizer that serves this queue. */
  private List<ClassAd> ofThisAccessPoint(List<ClassAd> ads) {
    return ads.stream()
        .filter(ad -> isVoc(ad) && Ads.text(ad, Attr.ACCESS_POINT).equals(accessPoint))
        .toList();
  }

  private static boolean isVoc(ClassAd ad) {
    return Ads.text(ad, CondorAttr.MY_TYPE).equals("VOC");
  }
}
