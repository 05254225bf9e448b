package org.vocluster.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.vocluster.cli.frame.CliException;
import org.vocluster.cli.frame.ExitCode;
import org.vocluster.cli.frame.Since;
import org.vocluster.cli.frame.Site;
import org.vocluster.cli.frame.SizeArguments;
import org.vocluster.cli.frame.Subcommand;
import org.vocluster.cli.frame.Terminal;
import org.vocluster.explain.AuditTrail;

/** {@code voc log}: what sizing did, by its audit log. */
final class LogCommand implements Subcommand {
  private final Site site;

  LogCommand(Site site) {
    this.site = site;
  }

  @Override
  public String name() {
    return "log";
  }

  @Override
  public String operands() {
    return "[--voc=NAME] [--node=NAME] [--since=1h]";
  }

  @Override
  public String summary() {
    return "show what sizing did about nodes, and why";
  }

  @Override
  public String help() {
    return """
        On an access point. Prints the audit log that the size hook writes, oldest first:
        when, VOC, what was done or happened, to which nodes, and why. The log itself has
        one JSON object a line.

          --voc=NAME     of one VOC
          --node=NAME    of one node
          --since=SPAN   of the last 90s, 15m, 1h or 2d, or since 2026-11-23T08:00:00Z
        """;
  }

  @Override
  public ExitCode run(List<String> operands, Terminal terminal) throws CliException {
    Instant now = site.clock().instant();
    String voc = "";
    String node = "";
    Instant since = Instant.MIN;
    for (String operand : operands) {
      if (operand.startsWith("--voc=")) {
        voc = operand.substring("--voc=".length());
      } else if (operand.startsWith("--node=")) {
        node = operand.substring("--node=".length());
      } else if (operand.startsWith(Since.OPTION)) {
        since = Since.of(name(), operand, now);
      } else {
        throw CliException.usage("log: " + operand + " is not understood; `voc log --help`");
      }
    }
    Path log = SizeArguments.of(site).journals().audit();
    AuditTrail.Filter filter = new AuditTrail.Filter(voc, node, since);
    try {
      List<String> lines = new ArrayList<>();
      for (Path file : List.of(log.resolveSibling(log.getFileName() + ".old"), log)) {
        if (file.equals(log) || Files.exists(file)) {
          try (Stream<String> text = Files.lines(file, StandardCharsets.UTF_8)) {
            lines.addAll(new AuditTrail(now, site.clock().getZone()).inWords(text, filter));
          }
        }
      }
      lines.forEach(terminal::say);
      return ExitCode.OK;
    } catch (NoSuchFileException e) {
      throw CliException.failed(
          log + ": there is none; the size hook writes it with its first action");
    } catch (AccessDeniedException e) {
      throw new CliException(
          ExitCode.NOT_PERMITTED, log + ": may not be read by you; run this as root");
    } catch (IOException e) {
      throw CliException.failed(log + ": cannot be read: " + e);
    }
  }
}
