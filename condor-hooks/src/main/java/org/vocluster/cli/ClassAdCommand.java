package org.vocluster.cli;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.vocluster.classad.tool.ClassAdTool;
import org.vocluster.cli.frame.ExitCode;
import org.vocluster.cli.frame.Subcommand;
import org.vocluster.cli.frame.Terminal;

/** {@code voc classad}: the ClassAd library's own tool, under the roof of {@code voc}. */
final class ClassAdCommand implements Subcommand {
  static final String NAME = "classad";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String operands() {
    return "eval|match|convert|refs …";
  }

  @Override
  public String summary() {
    return "evaluate, match and convert ClassAds";
  }

  @Override
  public String help() {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(text, false, StandardCharsets.UTF_8);
    var _ = ClassAdTool.run(new String[] {"--help"}, InputStream.nullInputStream(), out, out);
    out.flush();
    return text.toString(StandardCharsets.UTF_8);
  }

  @Override
  public ExitCode run(List<String> operands, Terminal terminal) {
    int status =
        ClassAdTool.run(
            operands.toArray(String[]::new), terminal.in(), terminal.out(), terminal.err());
    return switch (status) {
      case 0 -> ExitCode.OK;
      case 1 -> ExitCode.PROBLEM;
      default -> ExitCode.USAGE;
    };
  }
}
