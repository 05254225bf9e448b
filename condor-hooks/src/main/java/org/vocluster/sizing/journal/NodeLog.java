package org.vocluster.sizing.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The log of nodes: a line when a node joins the pool, when it is claimed for the first time and
 * when it ends, each with all moments known by then. The sizer writes it and reads it once, to go
 * on after a restart; {@code voc nodes} and {@code voc report boot} read it. Grown too large, the
 * file becomes {@code .old}.
 */
public final class NodeLog {
  private static final long MAX_BYTES = 16L * 1024 * 1024;

  private final Path file;
  private final JsonLines lines;

  public NodeLog(Path file) {
    this.file = file;
    this.lines = new JsonLines(file, MAX_BYTES);
  }

  public void record(NodeRecord record) {
    lines.append(record.ad());
  }

  /** The last records of nodes that the log says nothing of the end of. */
  public List<NodeRecord> living() throws IOException {
    Map<String, String> open = new LinkedHashMap<>();
    read(
        line -> {
          String node = NodeRecord.nodeOf(line);
          if (node.isEmpty()) {
            return;
          }
          if (NodeRecord.isEnd(line)) {
            open.remove(node);
          } else {
            open.put(node, line);
          }
        });
    return open.values().stream().map(NodeRecord::parse).flatMap(Optional::stream).toList();
  }

  /**
   * What is known of each run of a node, in the order of the last lines: where a node has ended,
   * what was written then.
   *
   * @throws NoSuchFileException if there is no log yet
   */
  public List<NodeRecord> runs() throws IOException {
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString());
    }
    Map<String, NodeRecord> runs = new LinkedHashMap<>();
    read(
        line ->
            NodeRecord.parse(line)
                .ifPresent(
                    record -> {
                      String run =
                          record.node()
                              + " "
                              + record.job()
                              + " "
                              + record.moments().at(Moment.LAUNCHED).orElse(0);
                      runs.remove(run);
                      runs.put(run, record);
                    }));
    return new ArrayList<>(runs.values());
  }

  private interface LineUse {
    void take(String line);
  }

  private void read(LineUse use) throws IOException {
    for (Path each : List.of(JsonLines.older(file), file)) {
      if (!Files.exists(each)) {
        continue;
      }
      // A torn line may hold half a character, which strict decoding would refuse.
      try (Stream<String> text = Files.lines(each, StandardCharsets.ISO_8859_1)) {
        text.filter(line -> !line.isBlank()).forEach(use::take);
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
    }
  }
}
