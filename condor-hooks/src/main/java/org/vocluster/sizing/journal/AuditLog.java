package org.vocluster.sizing.journal;

import java.nio.file.Path;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import org.vocluster.ad.Attr;
import org.vocluster.classad.ClassAd;

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
   * @param voc the VOC concerned, or empty
   * @param action what was done or happened, in a word
   */
  public void record(String voc, String action, Collection<String> nodes, String why) {
    ClassAd line =
        ClassAd.builder()
            .set("Time", clock.instant().truncatedTo(ChronoUnit.MILLIS).toString())
            .set("Actor", actor)
            .set(Attr.VOC, voc)
            .set("Action", action)
            .set("Nodes", String.join(",", nodes))
            .set("Reason", why)
            .build();
    lines.append(line);
  }
}
