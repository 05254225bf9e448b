package org.vocluster.classad;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MentionsTest {
  @Test
  void namesAreToldApartByTheirScope() throws ClassAdSyntaxException {
    Mentions mentions =
        Expr.parse("MY.A + TARGET.B * c - .D =?= self.E ? {f, \"G\"} : [h = i; j = target.k].h")
            .mentions();
    assertEquals(Set.of("A", "D", "E"), mentions.own());
    assertEquals(Set.of("B", "k"), mentions.target());
    assertEquals(Set.of("c", "f", "i"), mentions.free());
    assertFalse(mentions.computed());
  }

  @Test
  void scopesAndNamesIgnoreCase() throws ClassAdSyntaxException {
    Mentions mentions = Expr.parse("Target.Memory > tARGET.memory && my.X == MY.x").mentions();
    assertEquals(1, mentions.target().size());
    assertTrue(mentions.target().contains("MEMORY"));
    assertEquals(1, mentions.own().size());
  }

  @Test
  void argumentsOfFunctionsAreVisitedAndFunctionsAreNoNames() throws ClassAdSyntaxException {
    Mentions mentions = Expr.parse("ifThenElse(isUndefined(a), size(b), x[c])").mentions();
    assertEquals(Set.of("a", "b", "c", "x"), mentions.free());
    assertFalse(mentions.computed());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "eval(\"Memory\")",
        "1 + EVAL(x)",
        "MY[\"Mem\" + \"ory\"]",
        "TARGET[x]",
        "size(MY)",
        "(x ? MY : TARGET).Memory",
        "parent.x",
        "toplevel.x",
      })
  void whatReachesNamesItDoesNotSpellIsComputed(String expression) throws ClassAdSyntaxException {
    assertTrue(Expr.parse(expression).mentions().computed());
  }

  @ParameterizedTest
  @ValueSource(strings = {"unparse(x)", "time() > CurrentTime", "\"eval(x)\" == y", "x.y.z"})
  void whatSpellsItsNamesIsNot(String expression) throws ClassAdSyntaxException {
    assertFalse(Expr.parse(expression).mentions().computed());
  }

  @Test
  void conjunctsComeWithoutParenthesesInOrder() throws ClassAdSyntaxException {
    assertEquals(
        List.of("a", "b", "c || d && e", "!(f && g)"),
        Expr.parse("(a && (b)) && ((c || d && e)) && !(f && g)").conjuncts().stream()
            .map(expr -> expr.toString().strip())
            .toList());
  }

  @Test
  void deepExpressionsAreNoDanger() throws ClassAdSyntaxException {
    String deep = "a + ".repeat(3000) + "b";
    assertEquals(Set.of("a", "b"), Expr.parse(deep).mentions().free());
    assertEquals(3001, Expr.parse("a && ".repeat(3000) + "b").conjuncts().size());
  }
}
