package org.vocluster.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vocluster.cli.frame.CliException;
import org.vocluster.cli.frame.ExitCode;
import org.vocluster.cli.frame.Site;
import org.vocluster.cli.frame.Subcommand;
import org.vocluster.cli.frame.Terminal;
import org.vocluster.cli.node.DrainCommand;
import org.vocluster.cli.node.NodesCommand;
import org.vocluster.cli.node.ReportBootCommand;
import org.vocluster.cli.node.ResumeCommand;
import org.vocluster.cli.pad.ImageAddCommand;
import org.vocluster.cli.pad.ImageListCommand;
import org.vocluster.cli.pad.ImagePruneCommand;
import org.vocluster.cli.pad.ImageVerifyCommand;
import org.vocluster.cli.pad.ReapCommand;
import org.vocluster.cli.simulate.SimulateCommand;
import org.vocluster.hook.HookIo;

/**
 * The {@code voc} command: administration of Virtual Organization Clusters. Finds the subcommand
 * that its arguments name, and turns what that throws into a message and an exit status; knows
 * nothing of what any of them does. {@code packaging/bin/voc} starts it by name.
 */
public final class Voc {
  private final Site site;

  Voc(Site site) {
    this.site = site;
  }

  private List<Subcommand> subcommands() {
    return List.of(
        new StatusCommand(site),
        new ListCommand(site),
        new NodesCommand(site),
        new WhyCommand(site),
        new PlanCommand(site),
        new LogCommand(site),
        new ReportBootCommand(site),
        new CheckCommand(),
        new RegisterCommand(site),
        new UnregisterCommand(site),
        new VoAddCommand(site),
        new ImageListCommand(site),
        new ImageAddCommand(site),
        new ImageVerifyCommand(site),
        new ImagePruneCommand(site),
        new ReapCommand(site),
        new SimulateCommand(),
        new DrainCommand(site),
        new ResumeCommand(site),
        new ClassAdCommand());
  }

  /** Runs the command and ends the process with a status of {@link ExitCode}. */
  public static void main(String[] args) {
    Terminal terminal =
        new Terminal(System.in, stream(FileDescriptor.out), stream(FileDescriptor.err));
    HookIo.end(new Voc(new Site()).run(List.of(args), terminal).status());
  }

  private static PrintStream stream(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }

  ExitCode run(List<String> args, Terminal terminal) {
    try {
      return dispatch(args, terminal);
    } catch (CliException e) {
      terminal.complain(String.valueOf(e.getMessage()));
      return e.code();
    } catch (RuntimeException e) {
      terminal.complain("internal fault; please report it with what follows");
      e.printStackTrace(terminal.err());
      return ExitCode.BUG;
    }
  }

  private ExitCode dispatch(List<String> args, Terminal terminal) throws CliException {
    if (args.isEmpty()) {
      terminal.err().print(help());
      return ExitCode.USAGE;
    }
    if (isHelp(args.getFirst()) || args.getFirst().equals("help")) {
      terminal.out().print(help());
      return ExitCode.OK;
    }
    Subcommand subcommand = find(args);
    if (subcommand == null) {
      throw CliException.usage(
          String.join(" ", args.subList(0, Math.min(2, args.size())))
              + ": no such subcommand; `voc --help` lists them");
    }
    int words = subcommand.name().split(" ", -1).length;
    List<String> operands = args.subList(words, args.size());
    for (String operand : operands) {
      if (isHelp(operand)) {
        terminal.out().print(helpOf(subcommand));
        return ExitCode.OK;
      }
    }
    return subcommand.run(operands, terminal);
  }

  private @Nullable Subcommand find(List<String> args) {
    if (args.getFirst().equals(ClassAdCommand.NAME)) {
      // A filter starts often: the classes of the others are not loaded for it.
      return new ClassAdCommand();
    }
    for (Subcommand subcommand : subcommands()) {
      List<String> words = Arrays.asList(subcommand.name().split(" ", -1));
      if (args.size() >= words.size() && args.subList(0, words.size()).equals(words)) {
        return subcommand;
      }
    }
    return null;
  }

  private static boolean isHelp(String arg) {
    return arg.equals("--help") || arg.equals("-h");
  }

  private static String synopsis(Subcommand subcommand) {
    return ("voc " + subcommand.name() + " " + subcommand.operands()).strip();
  }

  private static String helpOf(Subcommand subcommand) {
    return "usage: "
        + synopsis(subcommand)
        + "\n\n"
        + subcommand.help().strip()
        + "\n\n"
        + exitCodes();
  }

  private String help() {
    StringBuilder text =
        new StringBuilder(
            """
            usage: voc SUBCOMMAND …

            Administration of Virtual Organization Clusters on HTCondor.

            """);
    for (Subcommand subcommand : subcommands()) {
      text.append("  %-38s %s%n".formatted(synopsis(subcommand), subcommand.summary()));
    }
    text.append(
        """

        The way to a first cluster, as root on the access point:
          voc vo add cms           the VO's key and token
          $EDITOR cms.ad           its definition, see `voc check --help`
          voc check cms.ad
          voc register cms.ad
          voc status               what it wants and has, and why

        `voc SUBCOMMAND --help` says more.

        """);
    return text.append(exitCodes()).toString();
  }

  private static String exitCodes() {
    StringBuilder text = new StringBuilder("exit status:\n");
    for (ExitCode code : ExitCode.values()) {
      text.append("  %-4d %s%n".formatted(code.status(), code.meaning()));
    }
    return text.toString();
  }
}
