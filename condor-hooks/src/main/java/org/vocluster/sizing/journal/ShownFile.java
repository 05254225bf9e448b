package org.vocluster.sizing.journal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.vocluster.ad.Ads;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.LongForm;
import org.vocluster.sizing.demand.ShownNode;
import org.vocluster.vm.os.AtomicFile;

/**
 * What nodes have shown, kept while the sizer is restarted: an ad for each kind of node. The sizer
 * writes it, and reads it at its start, as {@code voc plan} does. What in it makes no sense is
 * passed over; it can be removed at any time, and then the next node shows it again.
 */
public final class ShownFile {
  /** Of each directory of submit tokens, beside those of the VOs, whose names have no dot. */
  private static final String NAME = ".shown-nodes.ads";

  private static final long MOST_BYTES = 64L * 1024 * 1024;
  private static final String PERMISSIONS = "rw-------";

  private final Path file;

  /**
   * @param tokens directory of HTCondor's account alone
   */
  public ShownFile(Path tokens) {
    this.file = tokens.resolve(NAME);
  }

  public Path path() {
    return file;
  }

  /**
   * What it holds; nothing if there is none.
   *
   * @throws IOException if it cannot be read, or nothing in it makes sense
   */
  public List<ShownNode> read() throws IOException {
    String text;
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw new IOException("has more than " + MOST_BYTES + " bytes");
      }
      text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      return List.of();
    }
    List<ShownNode> nodes = new ArrayList<>();
    for (ClassAd ad : Ads.goodInLongForm(text)) {
      ShownNode.of(ad).ifPresent(nodes::add);
    }
    if (nodes.isEmpty() && !text.isBlank()) {
      throw new IOException("holds nothing that a node has shown");
    }
    return nodes;
  }

  public void write(Collection<ShownNode> nodes) throws IOException {
    StringBuilder text = new StringBuilder();
    for (ShownNode node : nodes) {
      text.append(LongForm.print(node.ad())).append('\n');
    }
    AtomicFile.write(file, text.toString(), PERMISSIONS);
  }
}
