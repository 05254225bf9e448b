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
import org.vocluster.ad.Ads;
import org.vocluster.ad.Attr;
import org.vocluster.ad.CondorAttr;
import org.vocluster.ad.Constraints;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.ClassAdSyntaxException;
import org.vocluster.cli.frame.CliException;
import org.vocluster.cli.frame.ExitCode;
import org.vocluster.cli.frame.Knob;
import org.vocluster.cli.frame.Site;
import org.vocluster.cli.frame.Subcommand;
import org.vocluster.cli.frame.Table;
import org.vocluster.cli.frame.Terminal;
import org.vocluster.explain.Words;
import org.vocluster.vm.os.CommandException;

/** {@code voc status} and {@code voc list}: the pool's VOCs and their nodes, from the collector. */
final class StatusCommand implements Subcommand {
  private final String name;
  private final Site site;

  StatusCommand(String name, Site site) {
    this.name = name;
    this.site = site;
  }

  private boolean brief() {
    return name.equals("list");
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String operands() {
    return "";
  }

  @Override
  public String summary() {
    return brief()
        ? "list the pool's VOCs"
        : "show what each VOC wants and has, why, and its nodes";
  }

  @Override
  public String help() {
    return """
        Asks the collector; works on any host of the pool.

          JOBS     idle jobs that the VOC's nodes would take
          QUEUED   node jobs that wait for a PAD slot
          BOOTING  node jobs that run and whose node has not joined the pool yet
          JOINED   nodes in the pool
          HELD     node jobs on hold
          AGE      time since sizing said so; a large one means that it is not running
                   (why one job waits: `voc why`)
          DECISION what sizing decided last, and why:
                   submit, remove   node jobs are being submitted or removed
                   enough           what exists or is coming suffices
                   maximum          MaxNodes or VOC_MAX_NODES is reached
                   ramp             as many nodes are starting as RampNodes allows
                   paused           nodes failed lately; the next attempt has to wait
                   held, blocked    somebody has to mend something
                   unknown          a reading failed; nothing is changed
                   standby          another access point's sizing serves this VOC
                   broken           the definition has faults
        """;
  }

  @Override
  public ExitCode run(List<String> operands, Terminal terminal) throws CliException {
    if (!operands.isEmpty()) {
      throw CliException.usage(name + ": takes no operands; `voc " + name + " --help`");
    }
    try {
      Instant now = Instant.now();
      terminal.out().print(vocs(Ads.inLongForm(site.condor().vocs()), now));
      if (!brief()) {
        terminal.say("");
        terminal
            .out()
            .print(nodes(Ads.inLongForm(site.condor().slots(Constraints.vads(), List.of())), now));
      }
      return ExitCode.OK;
    } catch (CommandException | ClassAdSyntaxException e) {
      throw CliException.failed(
          "the collector "
              + site.text(Knob.COLLECTOR_HOST)
              + " gave no answer: "
              + e.getMessage()
              + "; try `condor_status -any`");
    }
  }

  String vocs(List<ClassAd> ads, Instant now) {
    if (ads.isEmpty()) {
      return "no VOC is known to the collector; `voc register FILE` on an access point puts one into"
          + " service\n";
    }
    Table table =
        brief()
            ? new Table("VOC", "VO", "NODES", "DECISION", "ACCESS POINT")
            : new Table(
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
    Map<String, Instant> heard = new TreeMap<>();
    List<ClassAd> sorted = new ArrayList<>(ads);
    sorted.sort(Comparator.comparing(ad -> text(ad, CondorAttr.NAME)));
    for (ClassAd ad : sorted) {
      long running = ad.integer(Attr.NODES_RUNNING).orElse(0);
      if (brief()) {
        table.row(
            text(ad, Attr.VOC),
            text(ad, Attr.VO),
            Long.toString(running),
            text(ad, Attr.DECISION),
            text(ad, Attr.ACCESS_POINT));
      } else {
        table.row(
            text(ad, Attr.VOC),
            text(ad, Attr.VO),
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
        if (ad.integer(Attr.HEARTBEAT).isPresent()) {
          heard.merge(
              text(ad, Attr.ACCESS_POINT),
              Instant.ofEpochSecond(ad.integer(Attr.HEARTBEAT).getAsLong()),
              (one, other) -> one.isAfter(other) ? one : other);
        }
      }
    }
    Words words = new Words(now, ZoneId.systemDefault());
    heard.forEach(
        (accessPoint, last) -> {
          if (words.isSilent(last)) {
            reasons.add("  " + words.silent(accessPoint, Optional.of(last)));
          }
        });
    String text = table.toString();
    return brief() ? text : text + "\n" + String.join("\n", reasons) + "\n";
  }

  String nodes(List<ClassAd> slots, Instant now) {
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

  private static String text(ClassAd ad, String attribute) {
    return ad.string(attribute).orElse("-");
  }

  private static String number(ClassAd ad, String attribute) {
    return ad.integer(attribute).stream().mapToObj(Long::toString).findFirst().orElse("-");
  }

  private static String age(ClassAd ad, String attribute, Instant now) {
    return ad.integer(attribute).stream()
        .mapToObj(then -> Duration.between(Instant.ofEpochSecond(then), now).toSeconds() + "s")
        .findFirst()
        .orElse("-");
  }
}
