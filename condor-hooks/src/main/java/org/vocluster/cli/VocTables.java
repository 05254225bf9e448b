package org.vocluster.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.vocluster.ad.AdTime;
import org.vocluster.ad.Attr;
import org.vocluster.ad.CondorAttr;
import org.vocluster.classad.ClassAd;
import org.vocluster.cli.frame.Table;
import org.vocluster.explain.Words;
import org.vocluster.vm.definition.VoRealName;

/**
 * What the collector knows of VOCs and their nodes, in tables: for {@code voc status}, {@code voc
 * list}, and {@code voc plan} where it may not look itself. Pure.
 */
final class VocTables {
  private static final String NO_VOC =
      "no VOC is known to the collector; `voc register FILE` on an access point puts one into"
          + " service\n";

  private VocTables() {}

  /** A line for each VOC. */
  static String list(List<ClassAd> ads) {
    if (ads.isEmpty()) {
      return NO_VOC;
    }
    Table table = new Table("VOC", "VO", "NODES", "DECISION", "ACCESS POINT");
    for (ClassAd ad : byName(ads)) {
      table.row(
          text(ad, Attr.VOC),
          vo(ad),
          Long.toString(ad.integer(Attr.NODES_RUNNING).orElse(0)),
          text(ad, Attr.DECISION),
          text(ad, Attr.ACCESS_POINT));
    }
    return table.toString();
  }

  /** A line for each VOC, and below them why sizing decided so, and which sizing is silent. */
  static String status(List<ClassAd> ads, Instant now, ZoneId zone) {
    if (ads.isEmpty()) {
      return NO_VOC;
    }
    Table table =
        new Table(
            "VOC",
            "VO",
            "JOBS",
            "QUEUED",
            "BOOTING",
            "JOINED",
            "HELD",
            "MIN",
            "MAX",
            "AGE",
            "DECISION");
    List<String> reasons = new ArrayList<>();
    for (ClassAd ad : byName(ads)) {
      table.row(
          text(ad, Attr.VOC),
          vo(ad),
          number(ad, Attr.DEMAND_JOBS),
          number(ad, Attr.NODES_IDLE),
          number(ad, Attr.NODES_BOOTING),
          number(ad, Attr.NODES_JOINED),
          number(ad, Attr.NODES_HELD),
          number(ad, Attr.MIN_NODES),
          number(ad, Attr.MAX_NODES),
          age(ad, Attr.HEARTBEAT, now),
          text(ad, Attr.DECISION));
      reasons.add("  " + text(ad, Attr.VOC) + ": " + text(ad, Attr.REASON));
    }
    reasons.addAll(silent(ads, new Words(now, zone)));
    return table + "\n" + String.join("\n", reasons) + "\n";
  }

  /** Access points whose sizing was last heard of too long ago. */
  private static List<String> silent(List<ClassAd> ads, Words words) {
    Map<String, Instant> heard = new TreeMap<>();
    for (ClassAd ad : ads) {
      if (ad.integer(Attr.HEARTBEAT).isPresent()) {
        heard.merge(
            text(ad, Attr.ACCESS_POINT),
            AdTime.of(ad.integer(Attr.HEARTBEAT).getAsLong()),
            (one, other) -> one.isAfter(other) ? one : other);
      }
    }
    List<String> silent = new ArrayList<>();
    heard.forEach(
        (accessPoint, last) -> {
          if (words.isSilent(last)) {
            silent.add("  " + words.silent(accessPoint, Optional.of(last)));
          }
        });
    return silent;
  }

  /** A line for each slot of a node. */
  static String nodes(List<ClassAd> slots) {
    if (slots.isEmpty()) {
      return "no node is in the pool\n";
    }
    Table table =
        new Table("NODE", "VOC", "PAD HOST", "SLOT", "STATE", "CPUS", "MEMORY", "JOB", "OF");
    List<ClassAd> sorted = new ArrayList<>(slots);
    sorted.sort(Comparator.comparing(ad -> text(ad, Attr.NODE) + " " + text(ad, CondorAttr.NAME)));
    for (ClassAd ad : sorted) {
      String slot = text(ad, CondorAttr.NAME);
      int at = slot.indexOf('@');
      table.row(
          text(ad, Attr.NODE),
          text(ad, Attr.VOC),
          text(ad, Attr.PAD_HOST),
          at > 0 ? slot.substring(0, at) : slot,
          text(ad, CondorAttr.STATE) + "/" + text(ad, CondorAttr.ACTIVITY),
          number(ad, CondorAttr.CPUS),
          number(ad, CondorAttr.MEMORY),
          text(ad, "JobId"),
          text(ad, CondorAttr.REMOTE_USER));
    }
    return table.toString();
  }

  private static List<ClassAd> byName(List<ClassAd> ads) {
    List<ClassAd> sorted = new ArrayList<>(ads);
    sorted.sort(Comparator.comparing(ad -> text(ad, CondorAttr.NAME)));
    return sorted;
  }

  /** What people call the VO, and in brackets what accounts and jobs do. */
  private static String vo(ClassAd ad) {
    return ad.string(Attr.VO_NAME)
        .filter(VoRealName::isValid)
        .map(name -> name + " (" + text(ad, Attr.VO) + ")")
        .orElse(text(ad, Attr.VO));
  }

  private static String text(ClassAd ad, String attribute) {
    return ad.string(attribute).orElse("-");
  }

  private static String number(ClassAd ad, String attribute) {
    return ad.integer(attribute).stream().mapToObj(Long::toString).findFirst().orElse("-");
  }

  private static String age(ClassAd ad, String attribute, Instant now) {
    return ad.integer(attribute).stream()
        .mapToObj(then -> Duration.between(AdTime.of(then), now).toSeconds() + "s")
        .findFirst()
        .orElse("-");
  }
}
