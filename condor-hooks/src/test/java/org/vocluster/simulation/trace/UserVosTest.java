package org.vocluster.simulation.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.vocluster.vm.definition.VoName;
import org.vocluster.vm.definition.VoNames;
import org.vocluster.vm.definition.VoRealName;

class UserVosTest {
  @Test
  void theFirstLineThatFitsCounts() {
    UserVos.Reading reading =
        UserVos.parse(
            "users.map",
            List.of(
                "# who", "", "* alice cms", "* /^al/ atlas", "*  bob\tatlas,cms", "* /.*/ lhcb"));
    assertEquals(List.of(), reading.problems());
    assertEquals(vos("cms"), reading.map().of(List.of("alice")));
    assertEquals(vos("atlas"), reading.map().of(List.of("albert")));
    assertEquals(vos("atlas", "cms"), reading.map().of(List.of("bob")));
    assertEquals(vos("lhcb"), reading.map().of(List.of("carol")));
    assertEquals(Optional.empty(), UserVos.none().of(List.of("carol")));
    assertEquals(vos("cms"), UserVos.all(new VoName("cms")).of(List.of("")));
  }

  @Test
  void allProblemsAreNamedWithTheirLines() {
    assertEquals(
        List.of(
            "voc: users.map:1: \"alice cms\" is no line of a users' map; write * USER VO",
            "voc: users.map:2: \"CMS\" is no name of a VO; write a lower-case letter, then letters,"
                + " digits and hyphens",
            "voc: users.map:3: \",\" is no name of a VO; write a lower-case letter, then letters,"
                + " digits and hyphens",
            "voc: users.map:4: /(/ is no regular expression (Unclosed group); mend it, or name the"
                + " user without slashes"),
        UserVos.parse("users.map", List.of("alice cms", "* bob cms,CMS", "* carol ,", "* /(/ cms"))
            .problems());
  }

  @Test
  void noneLeavesJobsOrdinaryOnes() {
    UserVos.Reading reading =
        UserVos.parse("users.map", List.of("* alice none,cms", "* bob cms,none", "* carol none"));
    assertEquals(List.of(), reading.problems());
    assertEquals(
        Optional.of(new UserVos.Choice(List.of(new VoName("cms")), true)),
        reading.map().of(List.of("alice")));
    assertEquals(
        Optional.of(true),
        reading.map().of(List.of("alice")).map(choice -> choice.byDefault().isEmpty()));
    assertEquals(vos("cms"), reading.map().of(List.of("bob")));
    assertEquals(
        Optional.of(new UserVos.Choice(List.of(), true)), reading.map().of(List.of("carol")));
  }

  @Test
  void aVoMayStandThereByItsRealName() {
    UserVos.Reading reading =
        UserVos.parse(
            "m",
            List.of("* alice vo.cta.example.eu,xfel.eu"),
            new VoNames(Map.of(new VoRealName("vo.cta.example.eu"), new VoName("cta"))));
    assertEquals(List.of(), reading.problems());
    assertEquals(vos("cta", "xfel-eu"), reading.map().of(List.of("alice")));
    assertEquals(Optional.of(new VoName("cta")), reading.map().called("vo.cta.example.eu"));
  }

  private static Optional<UserVos.Choice> vos(String... names) {
    return Optional.of(new UserVos.Choice(Arrays.stream(names).map(VoName::new).toList(), false));
  }
}
