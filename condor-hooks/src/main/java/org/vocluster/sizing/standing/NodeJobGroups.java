package org.vocluster.sizing.standing;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.vocluster.ad.Ads;
import org.vocluster.ad.Attr;
import org.vocluster.ad.CondorAttr;
import org.vocluster.ad.Constraints;
import org.vocluster.classad.ClassAd;

/**
 * Node jobs whose accounting group another took: transforms that assign groups to users' jobs, as
 * HTCondor's manual has one, assign them to node jobs too, and a VO's quota then counts nothing.
 * The access point's own transform keeps what sizing asked for beside it. Pure.
 */
public final class NodeJobGroups {
  /** Node jobs of this access point. */
  public static final String JOBS = Constraints.nodeJobs();

  /** What of them is looked at; they are grouped by it. */
  public static final List<String> ATTRIBUTES =
      List.of(Attr.NODE_JOB, Attr.VOC, CondorAttr.ACCT_GROUP, Attr.ACCT_GROUP);

  private NodeJobGroups() {}

  /**
   * What is missing.
   *
   * @param jobs an ad for each combination of these attributes
   */
  public static List<Missing> judge(String schedd, List<ClassAd> jobs) {
    Map<String, Missing> missing = new LinkedHashMap<>();
    for (ClassAd job : jobs) {
      String has = Ads.text(job, CondorAttr.ACCT_GROUP);
      String asked = Ads.text(job, Attr.ACCT_GROUP);
      if (!asked.isEmpty() && !has.equalsIgnoreCase(asked)) {
        missing.putIfAbsent(
            asked + " " + has, missing(schedd, Ads.text(job, Attr.VOC), asked, has));
      }
    }
    return new ArrayList<>(missing.values());
  }

  private static Missing missing(String schedd, String voc, String asked, String has) {
    return new Missing(
        "JOB_TRANSFORM_NAMES",
        "schedd " + schedd,
        "gives node jobs of VOC "
            + voc
            + " the accounting group "
            + (has.isEmpty() ? "(none)" : has)
            + " instead of "
            + asked,
        "",
        "the VO's quota and priority do not count for them",
        "let the site's transform that assigns groups say REQUIREMENTS "
            + Attr.NODE_JOB
            + " =!= True, then condor_reconfig",
        false);
  }
}
