package org.vocluster.cli;

import java.nio.file.Path;
import java.util.List;
import org.vocluster.cli.frame.CliException;
import org.vocluster.cli.frame.ExitCode;
import org.vocluster.cli.frame.Subcommand;
import org.vocluster.cli.frame.Terminal;
import org.vocluster.vm.definition.Problem;
import org.vocluster.vm.definition.VocDefinition;

/** {@code voc check}: says all that is wrong with definitions. */
final class CheckCommand implements Subcommand {
  @Override
  public String name() {
    return "check";
  }

  @Override
  public String operands() {
    return "FILE…";
  }

  @Override
  public String summary() {
    return "say all that is wrong with VOC definitions";
  }

  @Override
  public String help() {
    return """
        Reads VOC definitions and names every problem of each, with its remedy.
        Changes nothing. A definition is a ClassAd:

          [ Name = "cms"; VO = "cms";
            Image = "https://images.example.org/cms-el9.qcow2";
            ImageSha256 = "9f86d081…";   // what `sha256sum` prints for the image
            Cpus = 4; MemoryMb = 8192; DiskMb = 40960;
            // from here on optional
            MinNodes = 0; MaxNodes = 200;
            IdleSeconds = 300;           // a node without a job leaves after this
            LifetimeSeconds = 86400;     // and takes no more jobs after this
            AccountingGroup = "group_voc.cms";
            Network = "user"; Accelerator = "auto" ]

        All attributes: voc-definition(5).
        """;
  }

  @Override
  public ExitCode run(List<String> operands, Terminal terminal) throws CliException {
    if (operands.isEmpty()) {
      throw CliException.usage("check: no file is named; `voc check FILE…`");
    }
    ExitCode result = ExitCode.OK;
    for (String file : operands) {
      VocDefinition.Reading reading = VocDefinition.read(Path.of(file));
      complain(reading, terminal);
      switch (reading) {
        case VocDefinition.Reading.Valid valid ->
            terminal.say(file + ": " + inWords(valid.definition()));
        case VocDefinition.Reading.Invalid invalid -> result = ExitCode.PROBLEM;
      }
    }
    return result;
  }

  static void complain(VocDefinition.Reading reading, Terminal terminal) {
    if (reading instanceof VocDefinition.Reading.Invalid invalid) {
      invalid.problems().stream().map(Problem::message).forEach(terminal::complain);
    }
    reading.warnings().stream().map(w -> w.message() + " (a warning)").forEach(terminal::complain);
  }

  static String inWords(VocDefinition voc) {
    return "VOC "
        + voc.name()
        + " of VO "
        + voc.voInWords()
        + ": "
        + voc.minNodes()
        + " to "
        + (voc.maxNodes() == VocDefinition.UNLIMITED_NODES ? "unlimited" : voc.maxNodes())
        + " nodes of "
        + voc.shapesInWords();
  }
}
