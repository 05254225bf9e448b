package org.vocluster.ad;

import java.util.Collection;

/**
 * Conditions on ads that more than one asks for, as expressions for HTCondor's tools. What stands
 * in quotes is a name that its type or the caller has checked: these methods do not escape.
 */
public final class Constraints {
  /** Value of {@link Attr#DOMAIN} in ads of PAD hosts. */
  public static final String PAD = "PAD";

  /** Value of {@link Attr#DOMAIN} in ads of nodes. */
  public static final String VAD = "VAD";

  /** What a VO's job and a node's slot ask of each other. */
  public static final String OF_ITS_VO = "TARGET." + Attr.VO + " =?= MY." + Attr.VO;

  /**
   * A node's START, the same in all nodes: a job of its VO, no longer than the node lives, which
   * the image's own START takes. Where a job does not say how long it is, or says no number, its
   * length is no matter. No sum of it is made, which could overflow.
   */
  public static final String NODE_START =
      "("
          + OF_ITS_VO
          + ") && (time() < MY."
          + Attr.DEATH_TIME
          + ") && ((TARGET."
          + Attr.RUN_SECONDS
          + " > MY."
          + Attr.DEATH_TIME
          + " - time()) =!= True) && MY."
          + Attr.IMAGE_START;

  private Constraints() {}

  /** Slots of PAD hosts. */
  public static String pads() {
    return is(Attr.DOMAIN, PAD);
  }

  /** Slots that are none of a PAD host that runs VOC. */
  public static String noPads() {
    return Attr.DOMAIN + " =!= \"" + PAD + "\"";
  }

  /** What nodes advertise: slots and masters. */
  public static String vads() {
    return is(Attr.DOMAIN, VAD);
  }

  /** What the nodes of a VO advertise. */
  public static String vadsOf(String vo) {
    return vads() + " && " + is(Attr.VO, vo);
  }

  /** What one node advertises. */
  public static String vad(String node) {
    return vads() + " && " + is(Attr.NODE, node);
  }

  /** Ads that a size hook publishes. */
  public static String vocs() {
    return CondorAttr.MY_TYPE + " == \"VOC\"";
  }

  /** Jobs whose process is a node. */
  public static String nodeJobs() {
    return Attr.NODE_JOB + " =?= True";
  }

  /** One job of a queue. */
  public static String job(int cluster, int proc) {
    return "("
        + CondorAttr.CLUSTER_ID
        + " == "
        + cluster
        + " && "
        + CondorAttr.PROC_ID
        + " == "
        + proc
        + ")";
  }

  /** Idle payload jobs of some users that nothing cools down for as long as that. */
  public static String idleOf(Collection<String> owners, long until) {
    return CondorAttr.JOB_STATUS
        + " == 1 && "
        + Attr.VO
        + " =!= Undefined && "
        + Attr.NODE_JOB
        + " =!= True && "
        + isAmong(CondorAttr.OWNER, owners)
        + " && ("
        + CondorAttr.JOB_COOL_DOWN_EXPIRATION
        + " < "
        + until
        + ") =!= False";
  }

  /** A string attribute with just that value: neither undefined nor of another case. */
  public static String is(String attribute, String value) {
    return attribute + " =?= \"" + value + "\"";
  }

  /** A string attribute with one of these values. */
  public static String isAmong(String attribute, Collection<String> values) {
    return "stringListMember(" + attribute + ", \"" + String.join(",", values) + "\")";
  }
}
