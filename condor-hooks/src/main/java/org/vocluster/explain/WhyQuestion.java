package org.vocluster.explain;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.vocluster.ad.Ads;
import org.vocluster.ad.Attr;
import org.vocluster.ad.CondorAttr;
import org.vocluster.ad.Constraints;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.ClassAdSyntaxException;
import org.vocluster.condor.Tools;
import org.vocluster.sizing.demand.NodePrototype;
import org.vocluster.vm.definition.Definitions;
import org.vocluster.vm.definition.VoName;
import org.vocluster.vm.node.NodeJobAd;
import org.vocluster.vm.os.CommandException;

/**
 * Reads what an explanation rests on, with the rights of whoever asks: the queue of this host's
 * schedd, the collector, and the definitions where they may be read.
 */
public final class WhyQuestion {
  /** A job's or a whole submission's number. */
  private static final Pattern ID = Pattern.compile("[1-9][0-9]{0,9}(\\.[0-9]{1,9})?");

  /** Jobs of one submission that are looked at to tell kinds of them apart. */
  private static final int MOST_JOBS = 200_000;

  /** Kinds of jobs of one submission that are explained. */
  private static final int MOST_KINDS = 6;

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

  /** What is looked at of every node in the pool. */
  private static final String NOT_DYNAMIC = " && " + CondorAttr.SLOT_TYPE + " =!= \"Dynamic\"";

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
  private final Path definitions;
  private final String usersMap;
  private final String accessPoint;
  private final Clock clock;

  /**
   * @param definitions directory of the registered definitions
   * @param usersMap path of the map from users to VOs
   * @param accessPoint this host's full name
   */
  public WhyQuestion(
      Tools tools, Path definitions, String usersMap, String accessPoint, Clock clock) {
    this.tools = tools;
    this.definitions = definitions;
    this.usersMap = usersMap;
    this.accessPoint = accessPoint;
    this.clock = clock;
  }

  /** Whether this may be a job's or a submission's number. */
  public static boolean isId(String text) {
    return ID.matcher(text).matches();
  }

  /**
   * Explains a job, or each kind of job of a submission.
   *
   * @param id {@code 12.0} or {@code 12}
   * @throws CommandException if the schedd gives no answer
   * @throws ClassAdSyntaxException if what it prints is no ad
   */
  public List<Explanation> ask(String id) throws CommandException, ClassAdSyntaxException {
    List<Explanation> result = new ArrayList<>();
    for (Map.Entry<String, String> kind : kinds(id).entrySet()) {
      result.add(Explainer.explain(kind.getValue(), facts(kind.getKey())));
    }
    return result;
  }

  /** A job of each kind, and what to call all of that kind. */
  private Map<String, String> kinds(String id) throws CommandException {
    if (id.contains(".")) {
      return Map.of(id, id);
    }
    String text =
        tools.run(
            "condor_q",
            List.of(
                "-allusers",
                id,
                "-limit",
                Integer.toString(MOST_JOBS),
                "-af:,",
                CondorAttr.PROC_ID,
                CondorAttr.JOB_STATUS,
                "AutoClusterId",
                CondorAttr.HOLD_REASON_CODE,
                CondorAttr.HOLD_REASON_SUB_CODE));
    Map<String, List<String>> procs = new LinkedHashMap<>();
    for (String line : text.lines().filter(l -> !l.isBlank()).toList()) {
      String[] parts = line.split(",", 2);
      procs
          .computeIfAbsent(parts[parts.length - 1].strip(), kind -> new ArrayList<>())
          .add(parts[0].strip());
    }
    Map<String, String> result = new LinkedHashMap<>();
    for (List<String> alike : procs.values()) {
      String first = id + "." + alike.getFirst();
      if (result.size() < MOST_KINDS) {
        result.put(
            first, alike.size() == 1 ? first : first + " and " + (alike.size() - 1) + " like it");
      }
    }
    return result.isEmpty() ? Map.of(id, id) : result;
  }

  private Facts facts(String id) throws CommandException, ClassAdSyntaxException {
    Instant now = clock.instant();
    JobReading job = job(id);
    String vo =
        job instanceof JobReading.InQueue(ClassAd ad)
            ? ad.string(Attr.VO).filter(VoName::isValid).orElse("")
            : "";
    Definitions.Registered registered = new Definitions.Registered(Map.of(), Map.of());
    String unreadable = "";
    try {
      registered = new Definitions(definitions).readIfChanged().orElse(registered);
    } catch (IOException e) {
      unreadable = definitions + " cannot be read here (" + e.getClass().getSimpleName() + ")";
    }
    if (vo.isEmpty()) {
      return new Facts(
          now,
          accessPoint,
          usersMap,
          job,
          new Reading.Known<>(List.of()),
          Map.of(),
          none(),
          none(),
          none(),
          none(),
          none(),
          none());
    }
    Reading<List<ClassAd>> nodeJobs =
        ads(
            "condor_q",
            "-allusers",
            "-constraint",
            Constraints.nodeJobs() + " && " + Constraints.is(Attr.VO, vo),
            "-long",
            "-attributes",
            NODE_JOB_ATTRIBUTES);
    Reading<List<ClassAd>> pool =
        ads(
            "condor_status",
            "-any",
            "-constraint",
            Constraints.vocs()
                + " || (MyType == \"Scheduler\" && Machine == \""
                + accessPoint
                + "\")",
            "-long");
    Reading<List<ClassAd>> nodes =
        afterPool(
            pool,
            "-constraint",
            Constraints.vadsOf(vo) + NOT_DYNAMIC,
            "-long",
            "-attributes",
            NODE_ATTRIBUTES);
    Reading<List<ClassAd>> room =
        afterPool(
            pool,
            "-limit",
            MOST_SLOTS,
            "-constraint",
            Constraints.noPads()
                + " && "
                + Constraints.is(Attr.VO, vo)
                + " && ifThenElse(PartitionableSlot =?= True, Cpus > 0, State =!= \"Claimed\")",
            "-long");
    boolean queued =
        nodeJobs.orElse(List.of()).stream()
            .anyMatch(ad -> ad.integer(CondorAttr.JOB_STATUS).orElse(0) == 1);
    Reading<List<ClassAd>> padSlots =
        queued
            ? afterPool(
                pool,
                "-limit",
                MOST_SLOTS,
                "-constraint",
                Constraints.pads() + NOT_DYNAMIC,
                "-long")
            : none();
    Reading<List<NodePrototype>> prototypes =
        unreadable.isEmpty()
            ? new Reading.Known<>(
                Facts.prototypes(
                    registered.valid().values(),
                    nodeJobs.orElse(List.of()),
                    nodes.orElse(List.of())))
            : new Reading.Unknown<>(unreadable);
    return new Facts(
        now,
        accessPoint,
        usersMap,
        job,
        prototypes,
        registered.broken(),
        pool.map(all -> all.stream().filter(WhyQuestion::isVoc).toList()),
        nodeJobs,
        nodes,
        room,
        padSlots,
        pool.map(all -> all.stream().filter(ad -> !isVoc(ad)).toList()));
  }

  private JobReading job(String id) throws CommandException, ClassAdSyntaxException {
    List<ClassAd> queued = Ads.inLongForm(tools.run("condor_q", List.of("-allusers", id, "-long")));
    if (!queued.isEmpty()) {
      return new JobReading.InQueue(queued.getFirst());
    }
    try {
      List<ClassAd> past =
          Ads.inLongForm(tools.run("condor_history", List.of(id, "-limit", "1", "-long")));
      return past.isEmpty()
          ? new JobReading.Nowhere("")
          : new JobReading.InHistory(past.getFirst());
    } catch (CommandException e) {
      return new JobReading.Nowhere(String.valueOf(e.getMessage()));
    }
  }

  /** Asks the collector something more, unless it has failed to answer already. */
  private Reading<List<ClassAd>> afterPool(Reading<List<ClassAd>> pool, String... arguments) {
    return pool instanceof Reading.Unknown<List<ClassAd>> ? pool : ads("condor_status", arguments);
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

  private static Reading<List<ClassAd>> none() {
    return new Reading.Known<>(List.of());
  }

  private static boolean isVoc(ClassAd ad) {
    return Ads.text(ad, CondorAttr.MY_TYPE).equals("VOC");
  }
}
