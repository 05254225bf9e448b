package org.vocluster.sizing.queue;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.vocluster.condor.JobId;
import org.vocluster.condor.JobStatus;
import org.vocluster.sizing.reading.NodeJob;
import org.vocluster.vm.definition.ShapeName;

/**
 * What sizing looks at in node jobs, besides the numbers that every job has. Of payload jobs none
 * of this is kept: a million of them may have a million values.
 */
enum NodeJobAttribute {
  HOLD_REASON(3, "HoldReason"),
  OWNER(4, "Owner"),
  VOC(5, "Voc"),
  VOC_VO(6, "VocVO"),
  VOC_NODE(7, "VocNode"),
  VOC_DEFINITION(8, "VocDefinition"),
  VOC_SHAPE(9, "VocShape"),
  VOC_IMAGE(10, "VocImage"),
  VOC_AVOID_HOSTS(11, "VocAvoidHosts"),
  REMOTE_HOST(12, "RemoteHost"),
  LAST_REMOTE_HOST(13, "LastRemoteHost"),
  NUM_SHADOW_STARTS(14, "NumShadowStarts"),
  VACATE_REASON_CODE(15, "VacateReasonCode"),
  VACATE_REASON(16, "VacateReason"),
  REMOVE_REASON(17, "RemoveReason"),
  Q_DATE(18, "QDate"),
  JOB_CURRENT_START_DATE(19, "JobCurrentStartDate");

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
