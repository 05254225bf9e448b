package org.vocluster.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.vocluster.cli.frame.CliException;
import org.vocluster.cli.frame.ExitCode;
import org.vocluster.cli.frame.Knob;
import org.vocluster.cli.frame.Site;
import org.vocluster.cli.frame.Subcommand;
import org.vocluster.cli.frame.Terminal;
import org.vocluster.vm.definition.Definitions;
import org.vocluster.vm.definition.VocName;

/** {@code voc unregister}: takes a definition out of service. */
final class UnregisterCommand implements Subcommand {
  private final Site site;

  UnregisterCommand(Site site) {
    this.site = site;
  }

  @Override
  public String name() {
    return "unregister";
  }

  @Override
  public String operands() {
    return "NAME";
  }

  @Override
  public String summary() {
    return "take a VOC out of service";
  }

  @Override
  public String help() {
    return """
        Removes NAME.ad from VOC_DEFINITIONS_DIR. Queued nodes of that VOC are
        removed; running ones finish their jobs and leave when idle. To end them now:
          condor_rm -constraint 'Voc == "NAME" && VocNodeJob'
        """;
  }

  @Override
  public ExitCode run(List<String> operands, Terminal terminal) throws CliException {
    if (operands.size() != 1 || !VocName.isValid(operands.getFirst())) {
      throw CliException.usage("unregister: give one VOC's name; `voc list` shows them");
    }
    Path file = site.path(Knob.DEFINITIONS).resolve(operands.getFirst() + Definitions.SUFFIX);
    try {
      if (!Files.deleteIfExists(file)) {
        terminal.complain(file + ": there is no such definition; `voc list` shows what there is");
        return ExitCode.PROBLEM;
      }
    } catch (AccessDeniedException e) {
      throw new CliException(
          ExitCode.NOT_PERMITTED, file + ": may not be removed; run this as root");
    } catch (IOException e) {
      throw CliException.failed(file + ": cannot be removed: " + e);
    }
    terminal.say("removed " + file);
    return ExitCode.OK;
  }
}
