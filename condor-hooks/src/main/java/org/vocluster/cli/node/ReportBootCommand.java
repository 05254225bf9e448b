package org.vocluster.cli.node;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.vocluster.cli.frame.CliException;
import org.vocluster.cli.frame.ExitCode;
import org.vocluster.cli.frame.Since;
import org.vocluster.cli.frame.Site;
import org.vocluster.cli.frame.SizeArguments;
import org.vocluster.cli.frame.Subcommand;
import org.vocluster.cli.frame.Terminal;
import org.vocluster.sizing.journal.NodeRecord;

/** {@code voc report boot}: how long nodes took to boot. */
public final class ReportBootCommand implements Subcommand {
  private static final String CSV = "--csv";

  private final Site site;

  public ReportBootCommand(Site site) {
    this.site = site;
  }

  @Override
  public String name() {
    return "report boot";
  }

  @Override
  public String operands() {
    return "[--since=1h] [--csv] [VOC…]";
  }

  @Override
  public String summary() {
    return "say how long the nodes of each VOC took to boot";
  }

  @Override
  public String help() {
    return """
        On an access point. From the log of nodes that the size hook writes: boot times of
        the VOCs' nodes in seconds, minimum, median, maximum, average and standard deviation
        (of a sample), and below them the parts of the way from the submission of the node
        job. The boot time runs from the moment at which prepare-job begins to make the
        virtual machine on the PAD host to the first ad of its startd in the collector.
        Each run of a node counts once; FAILED are those that ended and never joined.
        A part is known only of nodes whose image and PAD host say what it takes: the
        start of the kernel needs voc-guest in the image, or Context = "cloud-init". Hosts,
        guests and the access point each go by their own clock.

          --since=SPAN   nodes of the last 90s, 15m, 1h or 2d, or since 2026-11-23T08:00:00Z
          --csv          as comma-separated values
        """;
  }

  @Override
  public ExitCode run(List<String> operands, Terminal terminal) throws CliException {
    List<String> vocs = new ArrayList<>(operands);
    boolean csv = vocs.removeIf(CSV::equals);
    Instant since = Instant.MIN;
    for (String operand : List.copyOf(vocs)) {
      if (operand.startsWith(Since.OPTION)) {
        since = Since.of(name(), operand, site.clock().instant());
        vocs.remove(operand);
      } else if (operand.startsWith("-")) {
        throw CliException.usage(
            "report boot: " + operand + " is no option; `voc report boot --help`");
      }
    }
    List<NodeRecord> runs = new ArrayList<>();
    for (NodeRecord run : NodeLogReading.runs(site)) {
      if ((vocs.isEmpty() || vocs.contains(run.voc().value())) && !run.last().isBefore(since)) {
        runs.add(run);
      }
    }
    BootReport report = new BootReport(runs);
    if (csv) {
      terminal.out().print(report.csv());
    } else if (report.isEmpty()) {
      terminal.say(
          "no node has joined or ended in that time, by "
              + SizeArguments.of(site).journals().nodes());
    } else {
      terminal.out().print(report.table());
    }
    return ExitCode.OK;
  }
}
