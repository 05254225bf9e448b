package org.vocluster.vm.node;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.vocluster.vm.definition.NodeId;

/**
 * How files are named that node jobs leave in a directory where every account may make some: {@code
 * NODE.RANDOM} and an ending. Everybody can know a node's name, and nobody the random part, so that
 * no account can have the name before the node.
 */
public final class NodeFileName {
  private static final int RANDOM_BYTES = 8;

  private NodeFileName() {}

  /**
   * A name that no file has.
   *
   * @param ending with its dot
   */
  public static String fresh(NodeId node, String ending) throws IOException {
    return node + "." + random() + ending;
  }

  /** SecureRandom would take a tenth of the hook's time to load its providers. */
  private static String random() throws IOException {
    try (InputStream in = Files.newInputStream(Path.of("/dev/urandom"))) {
      return HexFormat.of().formatHex(in.readNBytes(RANDOM_BYTES));
    }
  }

  /** The node of a file; empty for a name that is none of ours. */
  public static String node(Path file, String ending) {
    String name = String.valueOf(file.getFileName());
    int dot = name.indexOf('.');
    boolean ours =
        dot > 0
            && name.length() == dot + 1 + 2 * RANDOM_BYTES + ending.length()
            && name.endsWith(ending)
            && NodeId.isValid(name.substring(0, dot));
    return ours ? name.substring(0, dot) : "";
  }
}
