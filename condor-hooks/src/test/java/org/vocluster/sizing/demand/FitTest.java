package org.vocluster.sizing.demand;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.ClassAdSyntaxException;
import org.vocluster.classad.EvalContext;
import org.vocluster.classad.NewForm;
import org.vocluster.condor.Resources;
import org.vocluster.vm.definition.VocDefinition;

class FitTest {
  private static final Resources OFFERS = new Resources(2, 1900, 3_000_000, 0);
  private static final VocDefinition CMS = DemandTest.definition("cms", "cms", 2);
  private final NodePrototype prototype = NodePrototype.of(CMS, CMS.shapes().getFirst(), OFFERS);

  @Test
  void jobThatFitsTakesWhatIsCarvedFromTheSlot() {
    assertEquals(
        new Fit.Fits(new Resources(1, 512, 2048, 0)),
        fit("VocVO = \"cms\"; RequestMemory = 500; RequestDisk = 1025; Requirements = true"));
  }

  @Test
  void jobLargerThanTheNodeIsTooLargeWhateverItRequires() {
    assertEquals(
        new Fit.TooLarge(new Resources(3, 0, 0, 0), OFFERS),
        fit("VocVO = \"cms\"; RequestCpus = 3; Requirements = false"));
  }

  @Test
  void jobThatRunsForLongerThanNodesLiveFitsNone() {
    String job = "VocVO = \"cms\"; Requirements = true; AllowedExecuteDuration = ";
    assertEquals(new Fit.TooLong(86_101, 86_100), fit(job + "86101"));
    assertInstanceOf(Fit.Fits.class, fit(job + "86100"));
    assertInstanceOf(Fit.Fits.class, fit(job + "\"for ever\""));
    assertEquals(new Fit.TooLong(200_000, 86_100), fit(job + "60; VocRunSeconds = 200000"));
  }

  @Test
  void jobsOwnRequirementsAreAskedFirst() {
    Fit.RefusesNode refuses =
        assertInstanceOf(
            Fit.RefusesNode.class, fit("VocVO = \"atlas\"; Requirements = OpSys == \"WINDOWS\""));
    assertEquals(
        List.of("OpSys == \"WINDOWS\" is false: TARGET.OpSys = \"LINUX\""),
        refuses.refusing().stream().map(ClauseAnalysis.Clause::toString).toList());
  }

  @Test
  void jobWithoutRequirementsAcceptsNoNode() {
    assertEquals(new Fit.RefusesNode(List.of()), fit("VocVO = \"cms\""));
  }

  @Test
  void startOfTheNodesRefusesOtherVos() {
    Fit.NodeRefuses refuses =
        assertInstanceOf(Fit.NodeRefuses.class, fit("VocVO = \"atlas\"; Requirements = true"));
    assertEquals(1, refuses.refusing().size(), refuses.toString());
  }

  private Fit fit(String attributes) {
    try {
      ClassAd job = NewForm.parse("[ " + attributes + " ]");
      return Fit.of(job, prototype, EvalContext.DEFAULT);
    } catch (ClassAdSyntaxException e) {
      throw new AssertionError(e);
    }
  }
}
