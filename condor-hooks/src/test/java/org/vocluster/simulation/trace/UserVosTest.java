package org.vocluster.simulation.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.vocluster.vm.definition.VoName;

class UserVosTest {
  @Test
  void theFirstLineThatFitsCounts() {
    UserVos.Reading reading =
        UserVos.parse(
            "users.map",
            List.of(
                "# who", "", "* alice cms", "* /^al/ atlas", "*  bob\tatlas,cms", "* /.*/ lhcb"));
    assertEquals(List.of(), reading.problems());
    assertEquals(Optional.of(vos("cms")), reading.map().of(List.of("alice")));
    assertEquals(Optional.of(vos("atlas")), reading.map().of(List.of("albert")));
    assertEquals(Optional.of(vos("atlas", "cms")), reading.map().of(List.of("bob")));
    assertEquals(Optional.of(vos("lhcb")), reading.map().of(List.of("carol")));
    assertEquals(Optional.empty(), UserVos.none().of(List.of("carol")));
    assertEquals(Optional.of(vos("cms")), UserVos.all(new VoName("cms")).of(List.of("")));
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

  private static List<VoName> vos(String... names) {
    return Arrays.stream(names).map(VoName::new).toList();
  }
}
