package org.vocluster.sizing.standing;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vocluster.ad.Attr;
import org.vocluster.ad.CondorAttr;
import org.vocluster.ad.Constraints;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.ClassAdSyntaxException;
import org.vocluster.classad.EvalContext;
import org.vocluster.classad.Expr;
import org.vocluster.classad.Value;
import org.vocluster.condor.InForce;
import org.vocluster.vm.definition.VoName;

/**
 * What a collector has to have in force so that a node can be no other VO's, and can join at all.
 * Its requirement is tried on ads that must be refused: however a site composes it, that is what
 * counts. Pure.
 */
public final class CollectorSide {
  static final String TRUST_DOMAIN = "TRUST_DOMAIN";
  static final String REQUIREMENTS = "COLLECTOR_REQUIREMENTS";

  /** In the order in which HTCondor looks for one: the first that is there counts. */
  private static final List<String> ALLOWS =
      List.of(
          "ALLOW_ADVERTISE_STARTD_COLLECTOR",
          "ALLOW_ADVERTISE_STARTD",
          "ALLOW_DAEMON_COLLECTOR",
          "ALLOW_DAEMON",
          "ALLOW_DEFAULT");

  /** What the package's requirement says, wherever it stands in what is in force. */
  private static final String OURS = "AuthenticatedIdentity =?= strcat(\"voc-\", VocVO, ";

  private static final String NODE = "vo-node";

  private CollectorSide() {}

  /** What a collector is to be asked for. */
  public static List<String> knobs() {
    List<String> knobs = new ArrayList<>(List.of(TRUST_DOMAIN, REQUIREMENTS));
    knobs.addAll(ALLOWS);
    return List.copyOf(knobs);
  }

  /**
   * What is missing.
   *
   * @param collector its name
   * @param trustDomain the access point's, which nodes' tokens are of
   */
  public static List<Missing> judge(String collector, InForce inForce, String trustDomain) {
    String where = "collector " + collector;
    List<Missing> missing = new ArrayList<>();
    String theirs = inForce.value(TRUST_DOMAIN);
    if (!theirs.equals(trustDomain)) {
      missing.add(
          new Missing(
              TRUST_DOMAIN,
              where,
              "is " + theirs + ", and " + trustDomain + " on the access point",
              source(TRUST_DOMAIN, inForce),
              "nodes' tokens are not known there, so no node could join and none is asked for",
              "set "
                  + TRUST_DOMAIN
                  + " to the same on both hosts, restart HTCondor there and make the VOs' tokens"
                  + " anew (`voc vo add`)",
              true));
    }
    accepted(inForce.value(REQUIREMENTS), theirs)
        .ifPresent(
            what ->
                missing.add(
                    new Missing(
                        REQUIREMENTS,
                        where,
                        "accepts " + what,
                        source(REQUIREMENTS, inForce),
                        "a node can pose as another VO's or as a host and draw its jobs, so no VO"
                            + " is served",
                        "let the last file that says it add"
                            + " `&& ($(VOC_COLLECTOR_REQUIREMENTS))` (package voc-cm), then"
                            + " condor_reconfig there",
                        true)));
    if (theirs.equals(trustDomain) && !letsIn(inForce, theirs)) {
      String knob = allow(inForce);
      missing.add(
          new Missing(
              knob,
              where,
              "does not let " + VoName.ACCOUNT_PREFIX + "*@" + theirs + " in",
              source(knob, inForce),
              "nodes cannot join the pool",
              "add $(VOC_NODES) to it there (package voc-cm), then condor_reconfig",
              false));
    }
    return Missing.worstFirst(missing);
  }

  // --- the requirement

  /** An ad that the requirement accepts and must not; empty if it refuses all of these. */
  private static Optional<String> accepted(String requirement, String domain) {
    if (requirement.isEmpty()) {
      return Optional.of("every ad, for there is none");
    }
    Expr expr;
    try {
      expr = Expr.parse(requirement);
    } catch (ClassAdSyntaxException e) {
      return Optional.of("every ad, for it is no expression");
    }
    for (Map.Entry<String, ClassAd> each : falseAds(domain).entrySet()) {
      if (expr.evaluate(each.getValue(), EvalContext.DEFAULT).equals(Value.Bool.TRUE)) {
        return Optional.of(each.getKey());
      }
    }
    // Whoever refuses an honest node refuses ads for other reasons than ours: then only our own
    // text tells that it is in force.
    ClassAd honest = ad("voc-vo@" + domain, Constraints.VAD, NODE);
    return requirement.contains(OURS)
            || expr.evaluate(honest, EvalContext.DEFAULT).equals(Value.Bool.TRUE)
        ? Optional.empty()
        : Optional.of("ads without looking at who sends them, as far as can be told");
  }

  private static Map<String, ClassAd> falseAds(String domain) {
    String own = "voc-vo@" + domain;
    Map<String, ClassAd> ads = new LinkedHashMap<>();
    ads.put(
        "a node of one VO that says it is another's",
        ad("voc-other@" + domain, Constraints.VAD, NODE));
    ads.put("a node of a VO that comes from a host", ad("condor@" + domain, Constraints.VAD, NODE));
    ads.put(
        "a node of a VO from another trust domain",
        ad("voc-vo@other." + domain, Constraints.VAD, NODE));
    ads.put("a node under another's name", ad(own, Constraints.VAD, "slot1@other-node"));
    ads.put("a node that says it is a host", ad(own, Constraints.PAD, NODE));
    ads.put(
        "a node that does not say it is one",
        ad(own, Constraints.VAD, NODE).without(Attr.DOMAIN).without(Attr.VO));
    return ads;
  }

  private static ClassAd ad(String identity, String domain, String name) {
    return ClassAd.builder()
        .set(CondorAttr.MY_TYPE, "Machine")
        .set(CondorAttr.NAME, name)
        .set(CondorAttr.MACHINE, NODE)
        .set(CondorAttr.AUTHENTICATED_IDENTITY, identity)
        .set(Attr.DOMAIN, domain)
        .set(Attr.VO, "vo")
        .set(Attr.NODE, NODE)
        // What sites ask for: a slot like any other.
        .set(CondorAttr.AUTHENTICATION_METHOD, "IDTOKENS")
        .set(CondorAttr.MY_ADDRESS, "<10.0.2.15:9618?sock=startd>")
        .set(CondorAttr.CONDOR_VERSION, "$CondorVersion: 23.9.6 2024-08-08 $")
        .set(CondorAttr.OP_SYS, "LINUX")
        .set(CondorAttr.ARCH, "X86_64")
        .set(CondorAttr.CPUS, 1)
        .set(CondorAttr.MEMORY, 1024)
        .set(CondorAttr.DISK, 4_000_000)
        .build();
  }

  // --- who may advertise

  private static String allow(InForce inForce) {
    return ALLOWS.stream()
        .filter(knob -> !inForce.value(knob).isEmpty())
        .findFirst()
        .orElse(ALLOWS.getFirst());
  }

  private static boolean letsIn(InForce inForce, String domain) {
    String list = inForce.value(allow(inForce));
    for (String entry : list.split("[,\\s]+", -1)) {
      int slash = entry.indexOf('/');
      String user = slash < 0 ? entry : entry.substring(0, slash);
      // An entry without a user is a host, which nodes may have any of.
      if (fits(user, "voc-vo@" + domain) || (slash < 0 && !user.contains("@") && !user.isEmpty())) {
        return true;
      }
    }
    return false;
  }

  /** As HTCondor's lists: one star at most means anything. */
  private static boolean fits(String pattern, String text) {
    int star = pattern.indexOf('*');
    return star < 0
        ? pattern.equals(text)
        : text.length() >= pattern.length() - 1
            && text.startsWith(pattern.substring(0, star))
            && text.endsWith(pattern.substring(star + 1));
  }

  private static String source(String knob, InForce inForce) {
    return inForce.of(knob).map(InForce.Setting::source).orElse("");
  }
}
