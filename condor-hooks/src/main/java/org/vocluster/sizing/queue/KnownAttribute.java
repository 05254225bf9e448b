package org.vocluster.sizing.queue;

import java.util.ArrayList;
import java.util.List;
import org.vocluster.ad.Attr;
import org.vocluster.ad.CondorAttr;

/**
 * The attributes that this room knows by name, before any job or slot has named one: the one table,
 * which {@link AttributeUses} enters first and in this order, so that the ordinal is the number.
 * What a slot or a job looks at is not here but found by {@link
 * org.vocluster.sizing.demand.Significance}.
 */
enum KnownAttribute {
  // What decides whether a job is payload or node job.
  JOB_UNIVERSE(CondorAttr.JOB_UNIVERSE, AttributeUses.SIGNIFICANT),
  NODE_JOB(Attr.NODE_JOB, AttributeUses.SIGNIFICANT),
  IS_NOOP_JOB(CondorAttr.IS_NOOP_JOB, AttributeUses.SIGNIFICANT),

  // What sizing looks at in node jobs. Of payload jobs none of this is kept: a million of them may
  // have a million values.
  HOLD_REASON(CondorAttr.HOLD_REASON, AttributeUses.REPORTED),
  OWNER(CondorAttr.OWNER, AttributeUses.REPORTED),
  VOC(Attr.VOC, AttributeUses.REPORTED),
  VO(Attr.VO, AttributeUses.REPORTED),
  NODE(Attr.NODE, AttributeUses.REPORTED),
  DEFINITION(Attr.DEFINITION, AttributeUses.REPORTED),
  SHAPE(Attr.SHAPE, AttributeUses.REPORTED),
  IMAGE(Attr.IMAGE, AttributeUses.REPORTED),
  AVOID_HOSTS(Attr.AVOID_HOSTS, AttributeUses.REPORTED),
  REMOTE_HOST(CondorAttr.REMOTE_HOST, AttributeUses.REPORTED),
  LAST_REMOTE_HOST(CondorAttr.LAST_REMOTE_HOST, AttributeUses.REPORTED),
  NUM_SHADOW_STARTS(CondorAttr.NUM_SHADOW_STARTS, AttributeUses.REPORTED),
  VACATE_REASON_CODE(CondorAttr.VACATE_REASON_CODE, AttributeUses.REPORTED),
  VACATE_REASON(CondorAttr.VACATE_REASON, AttributeUses.REPORTED),
  REMOVE_REASON(CondorAttr.REMOVE_REASON, AttributeUses.REPORTED),
  Q_DATE(CondorAttr.Q_DATE, AttributeUses.REPORTED),
  JOB_CURRENT_START_DATE(CondorAttr.JOB_CURRENT_START_DATE, AttributeUses.REPORTED),

  // Numbers that every ad may have.
  JOB_STATUS(CondorAttr.JOB_STATUS, AttributeUses.COUNTED),
  ENTERED_CURRENT_STATUS(CondorAttr.ENTERED_CURRENT_STATUS, AttributeUses.COUNTED),
  HOLD_REASON_CODE(CondorAttr.HOLD_REASON_CODE, AttributeUses.COUNTED),

  // Of clusters whose jobs the schedd makes one after the other, from a submit digest.
  MATERIALIZE_DIGEST(CondorAttr.JOB_MATERIALIZE_DIGEST_FILE, AttributeUses.COUNTED),
  MATERIALIZE_NEXT(CondorAttr.JOB_MATERIALIZE_NEXT_PROC_ID, AttributeUses.COUNTED),
  MATERIALIZE_MAX_IDLE(CondorAttr.JOB_MATERIALIZE_MAX_IDLE, AttributeUses.COUNTED),
  MATERIALIZE_LIMIT(CondorAttr.JOB_MATERIALIZE_LIMIT, AttributeUses.COUNTED),
  MATERIALIZE_PAUSED(CondorAttr.JOB_MATERIALIZE_PAUSED, AttributeUses.COUNTED),
  TOTAL_SUBMIT_PROCS(CondorAttr.TOTAL_SUBMIT_PROCS, AttributeUses.COUNTED);

  private static final KnownAttribute[] BY_NUMBER = values();

  private final String attribute;
  private final byte use;

  KnownAttribute(String attribute, byte use) {
    this.attribute = attribute;
    this.use = use;
  }

  static KnownAttribute of(int number) {
    return BY_NUMBER[number];
  }

  /** Its place among the attributes that {@link AttributeUses} has numbers for. */
  @SuppressWarnings("EnumOrdinal") // one order, instead of numbers by hand that must agree
  int number() {
    return ordinal();
  }

  /** As ads spell it. */
  String attribute() {
    return attribute;
  }

  /** One of the uses that {@link AttributeUses} has. */
  byte use() {
    return use;
  }

  /** Names of what is looked at in node jobs, besides the numbers that every ad may have. */
  static List<String> ofNodeJobs() {
    List<String> names = new ArrayList<>();
    for (KnownAttribute known : BY_NUMBER) {
      if (known.use == AttributeUses.REPORTED) {
        names.add(known.attribute);
      }
    }
    return names;
  }
}
