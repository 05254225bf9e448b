package org.vocluster.classad;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/**
 * Whatever the text, the end is a value or a syntax error, soon, and on an ordinary thread's stack.
 */
class HostileTextTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  private static Value evaluate(String text) throws ClassAdSyntaxException {
    return Expr.parse(text).evaluate(EvalContext.DEFAULT);
  }

  private static void soon(org.junit.jupiter.api.function.Executable e) {
    Assertions.assertTimeout(SOON, e);
  }

  @Test
  void nestingBeyondHtcondorsBoundIsASyntaxError() {
    String text = "(".repeat(1001) + "1" + ")".repeat(1001);
    ClassAdSyntaxException e = assertThrows(ClassAdSyntaxException.class, () -> Expr.parse(text));
    assertEquals("less nesting", e.expected());
  }

  @Test
  void deepestNestingParsesEvaluatesPrintsAndComparesOnASmallStack() throws Exception {
    String text = "(".repeat(999) + "1" + ")".repeat(999);
    List<Throwable> faults = new java.util.concurrent.CopyOnWriteArrayList<>();
    Thread small =
        new Thread(
            null,
            () -> {
              try {
                Expr e = Expr.parse(text);
                assertEquals(text, e.toString());
                assertEquals(e, Expr.parse(text));
                assertEquals(Value.of(1), e.evaluate(EvalContext.DEFAULT));
              } catch (Throwable t) {
                faults.add(t);
              }
            },
            "small",
            256 << 10);
    small.start();
    small.join();
    assertEquals(List.of(), faults);
  }

  @Test
  void longChainsOfOperatorsAreEvaluatedOrRefused() {
    soon(() -> assertEquals(Value.of(50_001), evaluate("1" + "+1".repeat(50_000))));
    assertThrows(ClassAdSyntaxException.class, () -> Expr.parse("1" + "+1".repeat(500_000)));
    assertThrows(ClassAdSyntaxException.class, () -> Expr.parse("!".repeat(500_000) + "true"));
    assertThrows(ClassAdSyntaxException.class, () -> Expr.parse("a" + ".a".repeat(500_000)));
  }

  @Test
  void doublingAttributesRunOutOfBudget() {
    ClassAd.Builder b = ClassAd.builder().set("a0", 1);
    soon(
        () -> {
          for (int i = 1; i < 60; i++) {
            String before = "a" + (i - 1);
            b.set("a" + i, Expr.parse(before + " + " + before));
          }
          assertInstanceOf(Value.Error.class, b.build().evaluate("a59"));
        });
  }

  @Test
  void stringsThatDoubleRunOutOfBudget() {
    ClassAd.Builder b = ClassAd.builder().set("a0", "x".repeat(1000));
    soon(
        () -> {
          for (int i = 1; i < 40; i++) {
            String before = "a" + (i - 1);
            b.set("a" + i, Expr.parse("strcat(" + before + "," + before + ")"));
          }
          assertInstanceOf(Value.Error.class, b.build().evaluate("a39"));
        });
  }

  @Test
  void circularReferencesEnd() throws ClassAdSyntaxException {
    ClassAd ad =
        NewForm.parse("[ a = b; b = a; c = [ d = c.d ]; e = { e[0] }; f = me[\"f\"]; me = self ]");
    EvalContext modern = EvalContext.DEFAULT.withLanguage(Language.CONDOR_25_14);
    assertEquals(Value.ERROR, ad.evaluate("a"));
    assertEquals(Value.UNDEFINED, ad.evaluate("a", modern));
    soon(() -> ad.evaluate("f"));
    soon(() -> ad.evaluate("f", modern));
    soon(() -> Expr.parse("e[0]").evaluate(ad, EvalContext.DEFAULT));
    soon(() -> Expr.parse("c.d").evaluate(ad, EvalContext.DEFAULT));
    soon(
        () ->
            Expr.parse("eval(\"eval(s)\")").evaluate(ad.with("s", "eval(s)"), EvalContext.DEFAULT));
  }

  @Test
  void aPatternThatBacktracksForEverIsAnError() {
    soon(
        () ->
            assertInstanceOf(
                Value.Error.class, evaluate("regexp(\"(a+)+$\",\"" + "a".repeat(60) + "b\")")));
    String list = "{" + ("\"" + "a".repeat(60) + "b\",").repeat(2000) + "\"\"}";
    soon(() -> evaluate("regexpMember(\"(a+)+$\"," + list + ")"));
  }

  @Test
  void jsonAndXmlNestingIsBounded() {
    assertThrows(
        ClassAdSyntaxException.class,
        () -> JsonForm.parse("{\"a\":" + "[".repeat(100_000), Language.CONDOR_23_9));
    assertThrows(
        ClassAdSyntaxException.class,
        () -> XmlForm.parse("<c><a n=\"a\">" + "<l>".repeat(100_000), Language.CONDOR_23_9));
    assertThrows(
        ClassAdSyntaxException.class,
        () -> NewForm.parse("[a=".repeat(100_000), Language.CONDOR_23_9));
  }

  @Test
  void xmlThatHtcondorNeverFinishesIsASyntaxError() {
    for (String text :
        List.of(
            "<c><a n=\"a\"><l>text</l></a></c>",
            "<c><a n=\"a\"><l></e></l></a></c>",
            "<c><?xml version=\"1.0\"?></c>",
            "<c><a n=\"a\"><l><z/></l></a></c>")) {
      assertThrows(ClassAdSyntaxException.class, () -> XmlForm.parse(text));
    }
  }

  @Test
  void syntaxErrorsSayWhereAndWhat() {
    ClassAdSyntaxException e =
        assertThrows(
            ClassAdSyntaxException.class, () -> NewForm.parse("[\n a = 1;\n b = (2 + ;\n]"));
    assertEquals("line 3, column 11: found ';', expected an expression", e.getMessage());
    ClassAdSyntaxException f =
        assertThrows(
            ClassAdSyntaxException.class, () -> LongForm.parse("A = 1\nB = \"open\nC = 3\n"));
    assertEquals(
        "line 2, column 5: found an unterminated or malformed string, expected an expression",
        f.getMessage());
  }

  @Test
  void bytesThatAreNoTextSurvive() throws ClassAdSyntaxException {
    byte[] text = {'A', '=', '"', (byte) 0xFF, (byte) 0xC3, '"', '\n'};
    ClassAd ad = LongForm.parse(text, Language.CONDOR_23_9);
    assertEquals("A = \"\uDCFF\uDCC3\"\n", LongForm.print(ad));
    assertEquals(ad, LongForm.parse(LongForm.print(ad)));
    assertDoesNotThrow(() -> JsonForm.parse(JsonForm.print(ad)));
  }
}
