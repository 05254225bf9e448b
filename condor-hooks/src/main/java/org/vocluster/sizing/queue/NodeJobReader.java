package org.vocluster.sizing.queue;

import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.vocluster.condor.JobId;
import org.vocluster.condor.JobStatus;
import org.vocluster.sizing.reading.NodeJob;
import org.vocluster.sizing.reading.VocShape;
import org.vocluster.vm.definition.ImageDigest;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.definition.ShapeName;
import org.vocluster.vm.definition.VoName;
import org.vocluster.vm.definition.VocName;

/**
 * Makes a {@link NodeJob} of the text of its attributes, for the queue that is followed by its log
 * and for those that are asked. A job with a name that no definition could have is none: sizing
 * never wrote it, and prepare-job refuses it. Whether the job is genuine it does not judge.
 */
final class NodeJobReader {
  private NodeJobReader() {}

  /**
   * A node job; empty if its names make it none.
   *
   * @param schedd whose queue it is in, empty for the own
   * @param since when it entered its status, in seconds since 1970
   * @param text an attribute's expression in old ClassAd syntax, null if there is none
   */
  static Optional<NodeJob> read(
      JobId id,
      String schedd,
      JobStatus status,
      long since,
      int holdCode,
      Function<KnownAttribute, @Nullable String> text) {
    return spec(text)
        .map(
            spec ->
                new NodeJob(
                    id,
                    schedd,
                    Literals.unquoted(text.apply(KnownAttribute.OWNER)),
                    spec,
                    new NodeJob.State(
                        status,
                        since,
                        Literals.unquoted(text.apply(KnownAttribute.HOLD_REASON)),
                        holdCode),
                    run(text)));
  }

  private static Optional<NodeJob.Spec> spec(Function<KnownAttribute, @Nullable String> text) {
    String voc = Literals.unquoted(text.apply(KnownAttribute.VOC));
    String vo = Literals.unquoted(text.apply(KnownAttribute.VO));
    String shape = Literals.unquoted(text.apply(KnownAttribute.SHAPE));
    String node = Literals.unquoted(text.apply(KnownAttribute.NODE));
    String image = Literals.unquoted(text.apply(KnownAttribute.IMAGE));
    if (!VocName.isValid(voc)
        || !VoName.isValid(vo)
        || !(shape.isEmpty() || ShapeName.isValid(shape))
        || !NodeId.isValid(node)
        || !(image.isEmpty() || ImageDigest.isValid(image))) {
      return Optional.empty();
    }
    return Optional.of(
        new NodeJob.Spec(
            new VocShape(
                new VocName(voc), shape.isEmpty() ? ShapeName.DEFAULT : new ShapeName(shape)),
            new VoName(vo),
            new NodeId(node),
            Literals.unquoted(text.apply(KnownAttribute.DEFINITION)),
            image.isEmpty() ? Optional.empty() : Optional.of(new ImageDigest(image)),
            Literals.unquoted(text.apply(KnownAttribute.AVOID_HOSTS))));
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
