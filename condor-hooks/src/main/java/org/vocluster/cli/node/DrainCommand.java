package org.vocluster.cli.node;

import java.util.List;
import org.vocluster.cli.frame.CliException;
import org.vocluster.cli.frame.ExitCode;
import org.vocluster.cli.frame.Site;
import org.vocluster.cli.frame.Subcommand;
import org.vocluster.cli.frame.Terminal;
import org.vocluster.condor.DrainResult;

/** {@code voc drain}: tells a node without a job to take none. */
public final class DrainCommand implements Subcommand {
  private final Site site;

  public DrainCommand(Site site) {
    this.site = site;
  }

  @Override
  public String name() {
    return "drain";
  }

  @Override
  public String operands() {
    return "NODE";
  }

  @Override
  public String summary() {
    return "tell a node without a job to take none";
  }

  @Override
  public String help() {
    return """
        Tells the node's startd to take no more jobs, unless it has one: then nothing
        is changed, and the status is 1. No job is lost either way. Sizing removes
        the node job of a drained node within seconds; before that, `voc resume NODE`
        takes it back. `voc nodes` lists the nodes.
        Run it as root on the access point of the node's VOC.
        """;
  }

  @Override
  public ExitCode run(List<String> operands, Terminal terminal) throws CliException {
    NodeStartd startd = NodeStartd.find(name(), operands, site);
    return switch (startd.drain()) {
      case DrainResult.Drained() -> {
        terminal.say(startd.node() + ": drained, takes no more jobs");
        yield ExitCode.OK;
      }
      case DrainResult.Claimed(String why) -> {
        terminal.complain(startd.node() + ": has a job and goes on as before: " + why);
        yield ExitCode.PROBLEM;
      }
      case DrainResult.Unreachable(String why) ->
          throw CliException.failed(
              startd.node()
                  + ": gave no answer: "
                  + why
                  + "; `voc status` shows whether it is drained");
    };
  }
}
