package org.vocluster.cli;

import java.nio.file.Files;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.vocluster.ad.Ads;
import org.vocluster.ad.Attr;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.ClassAdSyntaxException;
import org.vocluster.classad.LongForm;
import org.vocluster.cli.frame.CliException;
import org.vocluster.cli.frame.ExitCode;
import org.vocluster.cli.frame.Site;
import org.vocluster.cli.frame.SizeArguments;
import org.vocluster.cli.frame.Subcommand;
import org.vocluster.cli.frame.Terminal;
import org.vocluster.explain.PlanWords;
import org.vocluster.sizing.DryRun;
import org.vocluster.sizing.SizerConfig;
import org.vocluster.vm.os.CommandException;

/** {@code voc plan}: says what sizing would do now, and does nothing. */
final class PlanCommand implements Subcommand {
  private static final String LONG = "--long";

  private final Site site;

  PlanCommand(Site site) {
    this.site = site;
  }

  @Override
  public String name() {
    return "plan";
  }

  @Override
  public String operands() {
    return "[--long] [VOC…]";
  }

  @Override
  public String summary() {
    return "say what sizing would do now and why, and do nothing";
  }

  @Override
  public String help() {
    return """
        As root on an access point. Reads the queue, the definitions and the collector as
        the size hook does after a restart, decides by the same function, and prints what
        would be done for each VOC, or for those named: demand, supply, decision, actions;
        then what failed lately and which jobs no VOC serves. Nothing is changed, and a
        size hook that runs is not disturbed. A definition can be tried so: put it into
        VOC_DEFINITIONS_DIR of a host where the hook is off, and ask.

        Others than root cannot read the queue's log; they are shown what sizing
        published last, as by `voc status`, and the exit status is 4.

          --long   print the VOC ads that would be published, in long form
        """;
  }

  @Override
  public ExitCode run(List<String> operands, Terminal terminal) throws CliException {
    List<String> vocs = new ArrayList<>(operands);
    boolean longForm = vocs.removeIf(LONG::equals);
    for (String voc : vocs) {
      if (voc.startsWith("-")) {
        throw CliException.usage("plan: " + voc + " is no option; `voc plan --help`");
      }
    }
    SizerConfig config = SizeArguments.of(site);
    Clock clock = site.clock();
    if (!Files.isReadable(config.accessPoint().jobQueueLog())) {
      return published(config, terminal);
    }
    try {
      DryRun.Result result = new DryRun(config, clock).run();
      if (longForm) {
        for (ClassAd ad : result.ads()) {
          if (vocs.isEmpty() || vocs.contains(Ads.text(ad, Attr.VOC))) {
            terminal.say(LongForm.print(ad));
          }
        }
      } else {
        terminal
            .out()
            .print(
                new PlanWords(clock.instant(), clock.getZone())
                    .of(vocs.isEmpty() ? result.plan() : result.plan().only(vocs)));
      }
      return ExitCode.OK;
    } catch (DryRun.UnreadableException e) {
      throw CliException.failed(String.valueOf(e.getMessage()));
    }
  }

  private ExitCode published(SizerConfig config, Terminal terminal) throws CliException {
    terminal.complain(
        config.accessPoint().jobQueueLog()
            + ": may not be read by you; run this as root. What sizing published last:");
    Clock clock = site.clock();
    try {
      List<ClassAd> ads = Ads.inLongForm(site.condor().vocs());
      terminal.out().print(VocTables.status(ads, clock.instant(), clock.getZone()));
    } catch (CommandException | ClassAdSyntaxException e) {
      throw CliException.failed("the collector gave no answer: " + e.getMessage());
    }
    return ExitCode.NOT_PERMITTED;
  }
}
