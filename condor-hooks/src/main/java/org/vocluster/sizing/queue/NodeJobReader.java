package org.vocluster.sizing.queue;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.vocluster.condor.JobId;
import org.vocluster.condor.JobStatus;
import org.vocluster.sizing.reading.NodeJob;
import org.vocluster.vm.definition.ShapeName;

/**
 * Makes a {@link NodeJob} of the text of its attributes, for the queue that is followed by its log
 * and for those that are asked. Whether the job is genuine it does not judge.
 */
final class NodeJobReader {
  private NodeJobReader() {}

  /**
   * A node job.
   *
   * @param schedd whose queue it is in, empty for the own
   * @param since when it entered its status, in seconds since 1970
   * @param text an attribute's expression in old ClassAd syntax, null if there is none
   */
  static NodeJob read(
      JobId id,
      String schedd,
      JobStatus status,
      long since,
      int holdCode,
      Function<KnownAttribute, @Nullable String> text) {
    String shape = Literals.unquoted(text.apply(KnownAttribute.SHAPE));
    return new NodeJob(
        id,
        schedd,
        Literals.unquoted(text.apply(KnownAttribute.OWNER)),
        new NodeJob.Spec(
            Literals.unquoted(text.apply(KnownAttribute.VOC)),
            Literals.unquoted(text.apply(KnownAttribute.VO)),
            shape.isEmpty() ? ShapeName.DEFAULT.value() : shape,
            Literals.unquoted(text.apply(KnownAttribute.NODE)),
            Literals.unquoted(text.apply(KnownAttribute.DEFINITION)),
            Literals.unquoted(text.apply(KnownAttribute.IMAGE)),
            Literals.unquoted(text.apply(KnownAttribute.AVOID_HOSTS))),
        new NodeJob.State(
            status, since, Literals.unquoted(text.apply(KnownAttribute.HOLD_REASON)), holdCode),
        run(text));
  }

  private static NodeJob.Run run(Function<KnownAttribute, @Nullable String> text) {
    String remote = Literals.unquoted(text.apply(KnownAttribute.REMOTE_HOST));
    String last =
        remote.isEmpty() ? Literals.unquoted(text.apply(KnownAttribute.LAST_REMOTE_HOST)) : remote;
    return new NodeJob.Run(
        last.substring(last.indexOf('@') + 1),
        (int) Literals.number(text.apply(KnownAttribute.NUM_SHADOW_STARTS)),
        (int) Literals.number(text.apply(KnownAttribute.VACATE_REASON_CODE)),
        Literals.unquoted(text.apply(KnownAttribute.VACATE_REASON)),
        Literals.unquoted(text.apply(KnownAttribute.REMOVE_REASON)),
        Literals.number(text.apply(KnownAttribute.Q_DATE)),
        Literals.number(text.apply(KnownAttribute.JOB_CURRENT_START_DATE)));
  }
}
