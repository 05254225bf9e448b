package org.vocluster.sizing.demand;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.ClassAdSyntaxException;
import org.vocluster.classad.EvalContext;
import org.vocluster.classad.NewForm;

class ClauseAnalysisTest {
  private static final EvalContext CONTEXT = EvalContext.DEFAULT.withClock(() -> 1_800_000_000L);

  @Test
  void clauseThatRefusesIsToldWithWhatItSaw() throws ClassAdSyntaxException {
    ClauseAnalysis analysis =
        analysis(
            "[ RequestMemory = 2 * 1024; Requirements = (TARGET.OpSys == \"LINUX\")"
                + " && (TARGET.Memory >= RequestMemory) && HasGpu ]",
            "[ OpSys = \"LINUX\"; Memory = 1900 ]");
    assertEquals(3, analysis.clauses().size());
    assertEquals(
        List.of(
            "TARGET.Memory >= RequestMemory is false: MY.RequestMemory = 2048, TARGET.Memory ="
                + " 1900",
            "HasGpu is undefined: MY.HasGpu = undefined"),
        texts(analysis.refusing()));
  }

  @Test
  void namesWithoutScopeAreFoundOnTheSideThatHasThem() throws ClassAdSyntaxException {
    assertEquals(
        List.of("Site == Zone is false: MY.Site = \"a\", TARGET.Zone = \"b\""),
        texts(
            analysis("[ Site = \"a\"; Requirements = Site == Zone ]", "[ Zone = \"b\" ]")
                .refusing()));
  }

  @Test
  void attributeThatIsAClauseIsSplitFurther() throws ClassAdSyntaxException {
    ClauseAnalysis analysis =
        analysis(
            "[ Memory = 100; Start = MY.Own && TARGET.VocVO == \"cms\";"
                + " Own = Memory > 10 && TARGET.RequestMemory < 50;"
                + " Requirements = (Start) && true ]",
            "[ VocVO = \"cms\"; RequestMemory = 60 ]");
    assertEquals(4, analysis.clauses().size());
    assertEquals(
        List.of("TARGET.RequestMemory < 50 is false: TARGET.RequestMemory = 60"),
        texts(analysis.refusing()));
  }

  @Test
  void attributesThatNameEachOtherEnd() throws ClassAdSyntaxException {
    ClauseAnalysis analysis = analysis("[ A = B; B = A; Requirements = A ]", "[]");
    assertEquals(1, analysis.refusing().size());
  }

  @Test
  void adWithoutRequirementsHasNoClauses() throws ClassAdSyntaxException {
    assertTrue(analysis("[ A = 1 ]", "[]").clauses().isEmpty());
  }

  private static ClauseAnalysis analysis(String ad, String target) throws ClassAdSyntaxException {
    ClassAd own = NewForm.parse(ad);
    return ClauseAnalysis.of(own, NewForm.parse(target), CONTEXT);
  }

  private static List<String> texts(List<ClauseAnalysis.Clause> clauses) {
    return clauses.stream().map(ClauseAnalysis.Clause::toString).toList();
  }
}
