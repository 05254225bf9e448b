package org.vocluster.cli.node;

import java.util.List;
import org.vocluster.cli.frame.CliException;
import org.vocluster.cli.frame.ExitCode;
import org.vocluster.cli.frame.Site;
import org.vocluster.cli.frame.Subcommand;
import org.vocluster.cli.frame.Terminal;

/** {@code voc resume}: takes {@code voc drain} back. */
public final class ResumeCommand implements Subcommand {
  private final Site site;

  public ResumeCommand(Site site) {
    this.site = site;
  }

  @Override
  public String name() {
    return "resume";
  }

  @Override
  public String operands() {
    return "NODE";
  }

  @Override
  public String summary() {
    return "let a drained node take jobs again";
  }

  @Override
  public String help() {
    return "Takes `voc drain` back. Run it as root on the access point of the node's VOC.\n";
  }

  @Override
  public ExitCode run(List<String> operands, Terminal terminal) throws CliException {
    NodeStartd startd = NodeStartd.find(name(), operands, site);
    startd.resume();
    terminal.say(startd.node() + ": takes jobs");
    return ExitCode.OK;
  }
}
