package org.vocluster.sizing.standing;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.vocluster.ad.Attr;
import org.vocluster.condor.InForce;

/**
 * What a schedd has to have in force so that a job's VO is its user's, and what follows where it
 * has not. The names are those of startd-config/ap, which a test compares. Pure.
 */
public final class SubmitSide {
  /** Files of ours by their last name: what stands in them is as we mean it. */
  static final Set<String> OUR_FILES = Set.of("50-voc-ap.conf", "zz-voc-ap.conf");

  private static final String REQUIREMENTS = "SUBMIT_REQUIREMENT_NAMES";
  private static final String TRANSFORMS = "JOB_TRANSFORM_NAMES";
  private static final String REQUIREMENT = "SUBMIT_REQUIREMENT_";
  private static final String TRANSFORM = "JOB_TRANSFORM_";
  private static final String WARNING = "_IS_WARNING";
  private static final String CANNOT_TELL =
      "any user can submit jobs and node jobs of any VO, so none is served";
  private static final String ORDINARY = "jobs of users of VOs stay ordinary ones";
  private static final String GROUPS =
      "a transform of the site's may give node jobs another accounting group";

  /**
   * Members that a list has to have.
   *
   * @param texts whether what the members name has to be ours, and where: the beginning of the
   *     settings' names
   */
  private record Listed(
      String knob, Optional<String> texts, List<String> members, boolean stops, String means) {}

  static final List<String> BINDING = List.of("VocVOIsOwn", "VocNodeJobIsOwn");

  private static final List<Listed> LISTS =
      List.of(
          new Listed(REQUIREMENTS, Optional.of(REQUIREMENT), BINDING, true, CANNOT_TELL),
          new Listed(
              REQUIREMENTS,
              Optional.of(REQUIREMENT),
              List.of("VocClaimIsOwn", "VocJobIsTransformed"),
              false,
              "nobody is told that a job is not what its submit file claims"),
          new Listed(
              "IMMUTABLE_JOB_ATTRS",
              Optional.empty(),
              List.of(Attr.VO, Attr.NODE_JOB),
              true,
              "any user can change the VO of a job that is queued, so none is served"),
          new Listed(
              "IMMUTABLE_JOB_ATTRS",
              Optional.empty(),
              List.of(Attr.VO_CLAIMED, "VocNodeJobClaimed"),
              false,
              "users can change what a job has claimed"),
          new Listed(
              TRANSFORMS,
              Optional.of(TRANSFORM),
              List.of("VocJob", "VocPayload", "VocInNodes"),
              false,
              ORDINARY),
          new Listed(
              TRANSFORMS, Optional.of(TRANSFORM), List.of("VocFirst", "VocNodeJob"), false, GROUPS),
          new Listed(
              "SCHEDD_CRON_JOBLIST",
              Optional.empty(),
              List.of("VOC_SIZE"),
              false,
              "sizing does not run, or not any more once the schedd is restarted: no node is asked"
                  + " for"),
          new Listed(
              "SCHEDD_CLASSAD_USER_MAP_NAMES",
              Optional.empty(),
              List.of("VocUsers"),
              false,
              "no user is in a VO: " + ORDINARY),
          new Listed(
              "SCHEDD_CLASSAD_USER_MAP_NAMES",
              Optional.empty(),
              List.of("VocVOs"),
              false,
              "VOs are known by their short names only"));

  /** What the binding requirements are made of. */
  private static final List<String> PARTS =
      List.of("VOC_VO_IS_OWN", "VOC_NODE_JOB_IS_OWN", "VOC_OWNER_IS_VO");

  private SubmitSide() {}

  /** What a schedd is to be asked for. */
  public static List<String> knobs() {
    Set<String> knobs = new TreeSet<>(PARTS);
    for (Listed list : LISTS) {
      knobs.add(list.knob);
      list.texts.ifPresent(prefix -> list.members.forEach(member -> knobs.add(prefix + member)));
    }
    BINDING.forEach(name -> knobs.add(REQUIREMENT + name + WARNING));
    return List.copyOf(knobs);
  }

  /**
   * What is missing.
   *
   * @param schedd its name
   */
  public static List<Missing> judge(String schedd, InForce inForce) {
    List<Missing> missing = new ArrayList<>();
    String where = "schedd " + schedd;
    for (Listed list : LISTS) {
      Set<String> members = members(inForce.value(list.knob));
      List<String> absent = list.members.stream().filter(m -> !members.contains(m)).toList();
      if (!absent.isEmpty()) {
        missing.add(absent(list, absent, where, inForce));
      }
      for (String member : list.members) {
        if (members.contains(member)) {
          list.texts.ifPresent(
              prefix ->
                  foreign(prefix + member, where, inForce, list.stops, list.means)
                      .ifPresent(missing::add));
        }
      }
    }
    for (String part : PARTS) {
      foreign(part, where, inForce, true, CANNOT_TELL).ifPresent(missing::add);
    }
    for (String name : BINDING) {
      weakened(REQUIREMENT + name + WARNING, where, inForce).ifPresent(missing::add);
    }
    return Missing.worstFirst(missing);
  }

  private static Missing absent(Listed list, List<String> absent, String where, InForce inForce) {
    String source = source(list.knob, inForce);
    String remedy =
        source.isEmpty()
            ? "install voc-ap there, then condor_reconfig"
            : (isFile(source) ? "let that file say " : "let the file that assigns it say ")
                + list.knob
                + " = $("
                + list.knob
                + ") and the site's own names, then condor_reconfig";
    return new Missing(
        list.knob,
        where,
        "does not name " + String.join(", ", absent),
        source,
        list.means,
        remedy + (list.stops ? andTheQueue() : ""),
        list.stops);
  }

  /** Jobs that came in while nothing kept them out stay what they claim to be. */
  private static String andTheQueue() {
    return "; look at what was submitted meanwhile with `condor_q -allusers -af ClusterId Owner "
        + Attr.VO
        + " "
        + Attr.NODE_JOB
        + "`";
  }

  /** A setting that another file says, or none. */
  private static Optional<Missing> foreign(
      String knob, String where, InForce inForce, boolean stops, String means) {
    Optional<InForce.Setting> setting = inForce.of(knob);
    if (setting.isPresent() && isOurs(setting.get().source())) {
      return Optional.empty();
    }
    String source = source(knob, inForce);
    return Optional.of(
        new Missing(
            knob,
            where,
            setting.isPresent() ? "is not what voc-ap makes it" : "is not defined",
            source,
            means,
            setting.isPresent()
                ? "take " + knob + " out of that file, then condor_reconfig"
                : "install voc-ap there, then condor_reconfig",
            stops));
  }

  private static Optional<Missing> weakened(String knob, String where, InForce inForce) {
    return inForce
        .of(knob)
        .filter(setting -> !setting.value().equalsIgnoreCase("false"))
        .map(
            setting ->
                new Missing(
                    knob,
                    where,
                    "makes a warning of what must be refused",
                    setting.source(),
                    CANNOT_TELL,
                    "take it out of that file, then condor_reconfig" + andTheQueue(),
                    true));
  }

  private static boolean isOurs(String source) {
    return OUR_FILES.contains(source.substring(source.lastIndexOf('/') + 1));
  }

  /** A feature of HTCondor's may have added to what a file assigned. */
  private static boolean isFile(String source) {
    return source.startsWith("/");
  }

  private static String source(String knob, InForce inForce) {
    return inForce.of(knob).map(InForce.Setting::source).orElse("");
  }

  /** Names in a list, whose case HTCondor does not look at. */
  private static Set<String> members(String list) {
    Set<String> members = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    Collections.addAll(members, list.toLowerCase(Locale.ROOT).split("[,\\s]+", -1));
    return members;
  }
}
