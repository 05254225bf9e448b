package org.vocluster.cli;

import java.util.List;
import org.vocluster.cli.frame.CliException;
import org.vocluster.cli.frame.ExitCode;
import org.vocluster.cli.frame.Site;
import org.vocluster.cli.frame.Subcommand;
import org.vocluster.cli.frame.Terminal;

/** {@code voc list}: the pool's VOCs, from the collector. */
final class ListCommand implements Subcommand {
  private final Site site;

  ListCommand(Site site) {
    this.site = site;
  }

  @Override
  public String name() {
    return "list";
  }

  @Override
  public String operands() {
    return "";
  }

  @Override
  public String summary() {
    return "list the pool's VOCs";
  }

  @Override
  public String help() {
    return StatusCommand.HELP;
  }

  @Override
  public ExitCode run(List<String> operands, Terminal terminal) throws CliException {
    if (!operands.isEmpty()) {
      throw CliException.usage("list: takes no operands; `voc list --help`");
    }
    terminal.out().print(VocTables.list(site.vocs()));
    return ExitCode.OK;
  }
}
