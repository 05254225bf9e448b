package org.vocluster.cli;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.vocluster.ad.Ads;
import org.vocluster.ad.Attr;
import org.vocluster.ad.CondorAttr;
import org.vocluster.ad.Constraints;
import org.vocluster.classad.ClassAd;
import org.vocluster.cli.frame.CliException;
import org.vocluster.cli.frame.ExitCode;
import org.vocluster.cli.frame.Knob;
import org.vocluster.cli.frame.Site;
import org.vocluster.cli.frame.SizeArguments;
import org.vocluster.cli.frame.Subcommand;
import org.vocluster.cli.frame.Terminal;
import org.vocluster.sizing.SizerConfig;
import org.vocluster.sizing.standing.Missing;
import org.vocluster.sizing.standing.MissingAds;

/** {@code voc status}: what the collector knows of the pool's VOCs and of their nodes. */
final class StatusCommand implements Subcommand {
  /** Of {@code voc list} too, whose columns are a part of these. */
  static final String HELP =
      """
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

  private final Site site;

  StatusCommand(Site site) {
    this.site = site;
  }

  @Override
  public String name() {
    return "status";
  }

  @Override
  public String operands() {
    return "";
  }

  @Override
  public String summary() {
    return "show what each VOC wants and has, why, and its nodes";
  }

  @Override
  public String help() {
    return HELP
        + """

          Then come the nodes, and what of HTCondor's configuration in force is not what
          VOC rests on, with the file that says so and the remedy: on an access point as
          its daemons say now, of other access points as their sizing has said.
        """;
  }

  @Override
  public ExitCode run(List<String> operands, Terminal terminal) throws CliException {
    if (!operands.isEmpty()) {
      throw CliException.usage("status: takes no operands; `voc status --help`");
    }
    Clock clock = site.clock();
    terminal.out().print(VocTables.status(site.vocs(), clock.instant(), clock.getZone()));
    terminal.say("");
    terminal.out().print(VocTables.nodes(site.slots(Constraints.vads(), List.of())));
    terminal.say("");
    String here = "";
    if (!site.text(Knob.SIZE_ARGUMENTS).isEmpty()) {
      SizerConfig config = SizeArguments.of(site);
      here = config.accessPoint().schedd();
      terminal.out().print(StandingTable.here(config.standing().ask()));
    }
    terminal.out().print(StandingTable.elsewhere(elsewhere(here)));
    return ExitCode.OK;
  }

  /** What sizing of other schedds than this host's has said to be missing. */
  private Map<String, List<Missing>> elsewhere(String here) throws CliException {
    Map<String, List<Missing>> missing = new TreeMap<>();
    for (ClassAd ad : site.sizers()) {
      String schedd = Ads.text(ad, CondorAttr.NAME);
      if (!schedd.equals(here)) {
        missing.put(schedd, MissingAds.read(ad.evaluate(Attr.MISSING)));
      }
    }
    return missing;
  }
}
