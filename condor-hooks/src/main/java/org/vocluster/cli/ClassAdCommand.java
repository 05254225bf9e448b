package org.vocluster.cli;

import java.util.List;

/** {@code voc classad}: the ClassAd library's own tool. */
final class ClassAdCommand implements Subcommand {
  @Override
  public String name() {
    return "classad";
  }

  @Override
  public String operands() {
    return "…";
  }

  @Override
  public String summary() {
    return "evaluate, match and convert ClassAds";
  }

  @Override
  public String help() {
    return "";
  }

  @Override
  public ExitCode run(List<String> operands, Terminal terminal) throws CliException {
    throw CliException.usage("classad: not built in yet");
  }
}
