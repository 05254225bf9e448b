package org.vocluster.sizing.journal;

import java.nio.file.Path;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.stream.Collectors;
import org.vocluster.ad.Attr;
import org.vocluster.classad.ClassAd;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.definition.VocName;

/**
 * What was done about nodes, by whom and why: a line for each action, and for what happened to
 * them. The sizer's parts write it, {@code voc log} reads it again. A line that cannot be written
 * is lost: sizing goes on.
 */
public final class AuditLog {
  private static final long MAX_BYTES = 64L * 1024 * 1024;

  private final JsonLines lines;
  private final String actor;
  private final Clock clock;

  public AuditLog(Path file, String actor, Clock clock) {
    this.lines = new JsonLines(file, MAX_BYTES);
    this.actor = actor;
    this.clock = clock;
  }

  /**
   * Appends a line.
   *
   * @param action what was done or happened, in a word
   */
  public void record(VocName voc, String action, Collection<NodeId> nodes, String why) {
    append(voc.value(), action, nodes, why);
  }

  /** Appends a line about nodes of which nobody knows what VOC they are of. */
  public void recordOfNoVoc(String action, Collection<NodeId> nodes, String why) {
    append("", action, nodes, why);
  }

  private void append(String voc, String action, Collection<NodeId> nodes, String why) {
    ClassAd line =
        ClassAd.builder()
            .set("Time", clock.instant().truncatedTo(ChronoUnit.MILLIS).toString())
            .set("Actor", actor)
            .set(Attr.VOC, voc)
            .set("Action", action)
            .set("Nodes", nodes.stream().map(NodeId::value).collect(Collectors.joining(",")))
            .set("Reason", why)
            .build();
    lines.append(line);
  }
}
