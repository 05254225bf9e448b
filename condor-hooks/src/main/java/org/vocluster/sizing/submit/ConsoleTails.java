package org.vocluster.sizing.submit;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.vocluster.condor.HtCondor;
import org.vocluster.sizing.reading.NodeJob;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.definition.VoName;
import org.vocluster.vm.node.ConsoleText;
import org.vocluster.vm.os.AtomicFile;
import org.vocluster.vm.os.CommandException;

/**
 * Fetches the ends of the consoles of nodes that are about to be removed because they never joined,
 * and keeps the newest in a directory of the access point. Bounded in time: a host that does not
 * answer must not keep its node.
 */
public final class ConsoleTails {
  /** The longest that a removal is put off. */
  static final Duration BOUND = Duration.ofSeconds(5);

  /** Of how many nodes at a time the consoles are looked at; many that fail fail alike. */
  private static final int MOST_AT_ONCE = 8;

  private static final int KEPT = 100;

  private final HtCondor condor;
  private final Path directory;

  public ConsoleTails(HtCondor condor, Path directory) {
    this.condor = condor;
    this.directory = directory;
  }

  /**
   * Fetches and keeps what it can get in time.
   *
   * @param vo whose account the jobs belong to
   * @param nodes that run
   * @return for each node whose console was got, where it is and what it ends with, in words
   */
  Map<NodeId, String> fetch(VoName vo, List<NodeJob> nodes, Instant now) {
    Map<NodeId, String> said = new ConcurrentHashMap<>();
    List<NodeJob> some = nodes.stream().limit(MOST_AT_ONCE).toList();
    CountDownLatch done = new CountDownLatch(some.size());
    for (NodeJob node : some) {
      Thread.ofVirtual()
          .name("console of " + node.node())
          .start(
              () -> {
                try {
                  said.put(node.node(), keep(node, condor.console(vo, node.id(), BOUND), now));
                } catch (CommandException | IOException e) {
                  // What cannot be had is not there; the PAD host still has it.
                } finally {
                  done.countDown();
                }
              });
    }
    try {
      boolean _ = done.await(BOUND.toMillis(), TimeUnit.MILLISECONDS);
      trim();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      // A few files too many; the next call tries again.
    }
    return Map.copyOf(said);
  }

  private String keep(NodeJob node, String raw, Instant now) throws IOException {
    String text = ConsoleText.tail(raw, raw.length() >= ConsoleText.TAIL_BYTES);
    Files.createDirectories(directory);
    Path file = directory.resolve(node.node() + ".log");
    AtomicFile.write(
        file,
        "# console of node %s (node job %s of VOC %s) on %s at %s, its end\n%s"
            .formatted(node.node(), node.id(), node.voc(), node.run().host(), now, text),
        "rw-r-----");
    String last = ConsoleText.lastLine(text);
    return last.isEmpty()
        ? "it wrote nothing to its console (" + file + ")"
        : "its console ends with \"" + last.replace('"', '\'') + "\" (" + file + ")";
  }

  private void trim() throws IOException {
    record Aged(Path file, FileTime modified) {}
    List<Aged> all = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.log")) {
      for (Path file : files) {
        all.add(new Aged(file, Files.getLastModifiedTime(file)));
      }
    }
    all.sort(Comparator.comparing(Aged::modified));
    for (Aged old : all.subList(0, Math.max(0, all.size() - KEPT))) {
      Files.deleteIfExists(old.file());
    }
  }
}
