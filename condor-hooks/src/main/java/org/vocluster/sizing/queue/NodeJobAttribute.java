package org.vocluster.sizing.queue;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.vocluster.ad.Attr;
import org.vocluster.ad.CondorAttr;
import org.vocluster.condor.JobId;
import org.vocluster.condor.JobStatus;
import org.vocluster.sizing.reading.NodeJob;
import org.vocluster.vm.definition.ShapeName;

/**
 * What sizing looks at in node jobs, besides the numbers that every job has. Of payload jobs none
 * of this is kept: a million of them may have a million values.
 */
enum NodeJobAttribute {
  HOLD_REASON(3, CondorAttr.HOLD_REASON),
  OWNER(4, CondorAttr.OWNER),
  VOC(5, Attr.VOC),
  VOC_VO(6, Attr.VO),
  VOC_NODE(7, Attr.NODE),
  VOC_DEFINITION(8, Attr.DEFINITION),
  VOC_SHAPE(9, Attr.SHAPE),
  VOC_IMAGE(10, Attr.IMAGE),
  VOC_AVOID_HOSTS(11, Attr.AVOID_HOSTS),
  REMOTE_HOST(12, CondorAttr.REMOTE_HOST),
  LAST_REMOTE_HOST(13, CondorAttr.LAST_REMOTE_HOST),
  NUM_SHADOW_STARTS(14, CondorAttr.NUM_SHADOW_STARTS),
  VACATE_REASON_CODE(15, CondorAttr.VACATE_REASON_CODE),
  VACATE_REASON(16, CondorAttr.VACATE_REASON),
  REMOVE_REASON(17, CondorAttr.REMOVE_REASON),
  Q_DATE(18, CondorAttr.Q_DATE),
  JOB_CURRENT_START_DATE(19, CondorAttr.JOB_CURRENT_START_DATE);

  private final int number;
  private final String attribute;

  NodeJobAttribute(int number, String attribute) {
    this.number = number;
    this.attribute = attribute;
  }

  /** Its place among the attributes that {@link JobQueueMirror} knows. */
  int number() {
    return number;
  }

  String attribute() {
    return attribute;
  }

  /**
   * A node job.
   *
   * @param schedd whose queue it is in, empty for the own
   * @param text an attribute's expression in old ClassAd syntax, null if there is none
   */
  static NodeJob nodeJob(
      JobId id,
      String schedd,
      JobStatus status,
      long since,
      int holdCode,
      Function<NodeJobAttribute, @Nullable String> text) {
    String shape = unquoted(text.apply(VOC_SHAPE));
    String remote = unquoted(text.apply(REMOTE_HOST));
    String last = remote.isEmpty() ? unquoted(text.apply(LAST_REMOTE_HOST)) : remote;
    return new NodeJob(
        id,
        schedd,
        unquoted(text.apply(VOC)),
        unquoted(text.apply(VOC_VO)),
        shape.isEmpty() ? ShapeName.DEFAULT.value() : shape,
        unquoted(text.apply(VOC_NODE)),
        unquoted(text.apply(OWNER)),
        unquoted(text.apply(VOC_DEFINITION)),
        unquoted(text.apply(VOC_IMAGE)),
        unquoted(text.apply(VOC_AVOID_HOSTS)),
        status,
        since,
        new NodeJob.Run(
            last.substring(last.indexOf('@') + 1),
            (int) number(text.apply(NUM_SHADOW_STARTS)),
            (int) number(text.apply(VACATE_REASON_CODE)),
            unquoted(text.apply(VACATE_REASON)),
            unquoted(text.apply(REMOVE_REASON)),
            number(text.apply(Q_DATE)),
            number(text.apply(JOB_CURRENT_START_DATE))),
        unquoted(text.apply(HOLD_REASON)),
        holdCode);
  }

  /** A whole number, 0 for anything else. */
  static long number(@Nullable String value) {
    try {
      return value == null ? 0 : Long.parseLong(value.strip());
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /** The text of a string literal in old ClassAd syntax, empty for anything else. */
  static String unquoted(@Nullable String value) {
    if (value == null || value.length() < 2 || value.charAt(0) != '"' || !value.endsWith("\"")) {
      return "";
    }
    return value.substring(1, value.length() - 1).replace("\\\"", "\"");
  }
}
