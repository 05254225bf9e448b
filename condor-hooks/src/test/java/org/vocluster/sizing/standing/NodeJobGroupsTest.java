package org.vocluster.sizing.standing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.vocluster.ad.Ads;
import org.vocluster.classad.ClassAdSyntaxException;

class NodeJobGroupsTest {
  @Test
  void groupThatATransformTookIsSaidOncePerVoc() throws ClassAdSyntaxException {
    List<Missing> missing =
        NodeJobGroups.judge(
            "ap.test",
            Ads.inLongForm(
                """
                Voc = "cms"
                VocAcctGroup = "group_voc.cms"
                AcctGroup = "group_physics"
                JobCount = 3

                Voc = "atlas"
                VocAcctGroup = "group_voc.atlas"
                AcctGroup = "Group_VOC.atlas"
                JobCount = 2

                Voc = "old"
                AcctGroup = "group_voc.old"
                JobCount = 1
                """));
    assertEquals(
        List.of(
            "JOB_TRANSFORM_NAMES of schedd ap.test gives node jobs of VOC cms the accounting group"
                + " group_physics instead of group_voc.cms: the VO's quota and priority do not count"
                + " for them"),
        missing.stream().map(Missing::inWords).toList());
  }
}
