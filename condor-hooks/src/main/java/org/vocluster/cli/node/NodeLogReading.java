package org.vocluster.cli.node;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.vocluster.cli.frame.CliException;
import org.vocluster.cli.frame.ExitCode;
import org.vocluster.cli.frame.Site;
import org.vocluster.cli.frame.SizeArguments;
import org.vocluster.sizing.journal.NodeLog;
import org.vocluster.sizing.journal.NodeRecord;

/**
 * What the size hook of this access point has written about nodes, for subcommands that say how
 * long they took. Reads only.
 */
final class NodeLogReading {
  private NodeLogReading() {}

  /** What is known of each run of a node; none if nothing was written yet. */
  static List<NodeRecord> runs(Site site) throws CliException {
    Path log = SizeArguments.of(site).journals().nodes();
    try {
      return new NodeLog(log).runs();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (AccessDeniedException e) {
      throw new CliException(
          ExitCode.NOT_PERMITTED, log + ": may not be read by you; run this as root");
    } catch (IOException e) {
      throw CliException.failed(log + ": cannot be read: " + e);
    }
  }
}
