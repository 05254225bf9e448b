package org.vocluster.cli;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.vocluster.classad.ClassAdSyntaxException;
import org.vocluster.cli.frame.CliException;
import org.vocluster.cli.frame.ExitCode;
import org.vocluster.cli.frame.Knob;
import org.vocluster.cli.frame.Site;
import org.vocluster.cli.frame.Subcommand;
import org.vocluster.cli.frame.Terminal;
import org.vocluster.explain.Explanation;
import org.vocluster.explain.WhyQuestion;
import org.vocluster.explain.Words;
import org.vocluster.vm.os.CommandException;

/** {@code voc why}: says what a job waits for. */
final class WhyCommand implements Subcommand {
  private static final String VERBOSE = "--verbose";

  private final Site site;

  WhyCommand(Site site) {
    this.site = site;
  }

  @Override
  public String name() {
    return "why";
  }

  @Override
  public String operands() {
    return "[--verbose] JOB…";
  }

  @Override
  public String summary() {
    return "say what a job waits for";
  }

  @Override
  public String help() {
    return """
        On the access point that the job was submitted to, as anybody. JOB is a number as
        condor_q shows it: 12.0 is one job, 12 all of a submission, of which each kind is
        explained once. Says which VO and VOC the job belongs to and what it waits for:
        a node that has room, boots or waits for a PAD slot, and why; or why no node is
        asked for. What to do about it stands after an arrow. Node jobs can be asked
        about too.

          --verbose   also print each condition between the job and the VOCs' nodes
        """;
  }

  @Override
  public ExitCode run(List<String> operands, Terminal terminal) throws CliException {
    List<String> jobs = new ArrayList<>(operands);
    boolean verbose = jobs.removeIf(VERBOSE::equals);
    if (jobs.isEmpty()) {
      throw CliException.usage("why: no job is named; `voc why 12.0`, or `voc why 12` for all");
    }
    for (String job : jobs) {
      if (!WhyQuestion.isId(job)) {
        throw CliException.usage("why: " + job + " is no job's number; `condor_q` shows them");
      }
    }
    Clock clock = site.clock();
    WhyQuestion question =
        new WhyQuestion(
            site.tools(),
            site.path(Knob.DEFINITIONS),
            site.text(Knob.USERS_MAP),
            site.text(Knob.FULL_HOSTNAME),
            clock);
    ExitCode result = ExitCode.OK;
    try {
      for (String job : jobs) {
        for (Explanation explanation : question.ask(job)) {
          terminal
              .out()
              .print(new Words(clock.instant(), clock.getZone()).of(explanation, verbose));
          if (!explanation.isFound()) {
            result = ExitCode.PROBLEM;
          }
        }
      }
    } catch (CommandException | ClassAdSyntaxException e) {
      throw CliException.failed("the schedd gave no answer: " + e.getMessage());
    }
    return result;
  }
}
