package org.vocluster.classad;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AdTest {
  private static final EvalContext CONTEXT = EvalContext.DEFAULT;

  private static ClassAd ad(String text) throws ClassAdSyntaxException {
    return NewForm.parse(text);
  }

  @Test
  void namesAreFoundInAnyCaseAndKeepTheirFirstSpellingAndPlace() throws ClassAdSyntaxException {
    ClassAd ad = ad("[ Memory = 1; Cpus = 2 ]").with("MEMORY", 3);
    assertEquals(List.of("Memory", "Cpus"), ad.names());
    assertEquals(OptionalLong.of(3), ad.integer("memory"));
  }

  @Test
  void changingAnAdLeavesTheOriginalAsItWas() throws ClassAdSyntaxException {
    ClassAd ad = ad("[ a = 1; b = 2 ]");
    ClassAd changed = ad.with("a", "x").with("c", true).without("B");
    assertEquals(ad("[ a = 1; b = 2 ]"), ad);
    assertEquals(ad("[ a = \"x\"; c = true ]"), changed);
    assertEquals(ad("[ a = \"x\"; b = 2; c = true ]"), ad.overlay(changed));
  }

  @Test
  void aBuilderMayGoOnAfterBuilding() {
    ClassAd.Builder b = ClassAd.builder().set("a", 1);
    ClassAd first = b.build();
    ClassAd second = b.set("a", 2).set("b", 3).build();
    assertEquals(OptionalLong.of(1), first.integer("a"));
    assertEquals(1, first.size());
    assertEquals(OptionalLong.of(2), second.integer("a"));
  }

  @Test
  void manyAttributesAreAllFound() {
    ClassAd.Builder b = ClassAd.builder();
    for (int i = 0; i < 5000; i++) {
      b.set("Attribute" + i, i);
    }
    ClassAd ad = b.build();
    for (int i = 0; i < 5000; i++) {
      assertEquals(OptionalLong.of(i), ad.integer("attribute" + i));
    }
    assertFalse(ad.has("Attribute5000"));
  }

  @Test
  void gettersAreEmptyForAnythingElse() throws ClassAdSyntaxException {
    ClassAd ad = ad("[ s = \"x\"; i = 1 + 1; b = i > 1; u = undefined; e = error; d = 2.5 ]");
    assertEquals(Optional.of("x"), ad.string("s"));
    assertEquals(OptionalLong.of(2), ad.integer("i"));
    assertEquals(Optional.of(true), ad.bool("b"));
    assertEquals(2.5, ad.number("d").orElseThrow());
    assertTrue(ad.string("i").isEmpty());
    assertTrue(ad.integer("d").isEmpty());
    assertTrue(ad.bool("u").isEmpty());
    assertTrue(ad.bool("e").isEmpty());
    assertTrue(ad.string("missing").isEmpty());
  }

  @Test
  void textIsUtf8OutsideAndBytesInside() throws ClassAdSyntaxException {
    ClassAd ad = ClassAd.EMPTY.with("name", "Zoë ☃ 😀");
    assertEquals(Optional.of("Zoë ☃ 😀"), ad.string("name"));
    assertEquals(Value.of(13), Expr.parse("size(name)").evaluate(ad, CONTEXT));
    assertEquals("name = \"Zoë ☃ 😀\"\n", LongForm.print(ad));
    assertEquals(ad, NewForm.parse(NewForm.print(ad)));
    assertEquals(ad, JsonForm.parse(JsonForm.print(ad)));
    assertEquals(ad, JsonForm.parse("{\"name\": \"Zo\\u00eb \\u2603 \\uD83D\\uDE00\"}"));
  }

  @Test
  void capabilitiesAreNotPrintedUnlessAskedFor() throws ClassAdSyntaxException {
    ClassAd ad = ad("[ ClaimId = \"secret\"; _condor_priv_x = 1; A = 2 ]");
    assertEquals("A = 2\n", LongForm.print(ad));
    assertTrue(LongForm.printWithSecrets(ad).contains("secret"));
  }

  @Test
  void streamsSkipTheRestOfAFaultyAd() throws IOException {
    String text = "A = 1\nB = (\nC = 3\n\n# comment\nD = 4\n\n\n";
    try (LongForm.StreamReader reader =
        LongForm.read(
            new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
            Language.CONDOR_23_9)) {
      LongForm.Item faulty = reader.next();
      assertEquals(List.of("A"), faulty == null ? List.of() : faulty.ad().names());
      @Nullable ClassAdSyntaxException fault = faulty == null ? null : faulty.fault();
      assertEquals(2, fault == null ? 0 : fault.line());
      ClassAd good = reader.nextGood();
      assertEquals(List.of("D"), good == null ? List.of() : good.names());
      assertTrue(reader.nextGood() == null);
    }
  }

  @Test
  void matchAsksBothSides() throws ClassAdSyntaxException {
    ClassAd job =
        ad(
            "[ RequestMemory = 100; Requirements = TARGET.Memory >= MY.RequestMemory; Rank = Memory ]");
    ClassAd machine = ad("[ Memory = 128; Requirements = 1; Owner = \"x\" ]");
    assertTrue(Match.symmetric(job, machine));
    assertEquals(Value.of(128), Match.rank(job, machine));
    assertFalse(Match.symmetric(job, machine.with("Memory", 64)));
    assertFalse(Match.symmetric(job, machine.without("Requirements")));
    assertFalse(Match.symmetric(job, machine.with("Requirements", "yes")));
    assertTrue(Match.requirementsMet(job, machine.without("Requirements")));
  }

  @Test
  void clockRandomAndUsersAreTheCallers() throws ClassAdSyntaxException {
    UserDatabase users =
        new UserDatabase() {
          @Override
          public @Nullable String map(String mapName, String user) {
            return mapName.equals("vo") && user.equals("alice") ? "cms, atlas" : null;
          }

          @Override
          public @Nullable String home(String user) {
            return null;
          }
        };
    EvalContext context = CONTEXT.withClock(() -> 42).withRandom(() -> 0.5).withUsers(users);
    assertEquals(Value.of(43), Expr.parse("time() + 1").evaluate(context));
    assertEquals(Value.of(42), Expr.parse("CurrentTime").evaluate(ClassAd.EMPTY, context));
    assertEquals(Value.of(5), Expr.parse("random(10)").evaluate(context));
    assertEquals(
        Value.of("atlas"), Expr.parse("userMap(\"vo\",\"alice\",\"ATLAS\")").evaluate(context));
    assertEquals(
        Value.of("none"), Expr.parse("userMap(\"vo\",\"bob\",\"x\",\"none\")").evaluate(context));
    assertEquals(
        "{ \"cms\",\"atlas\" }",
        Expr.parse("userMap(\"vo\",\"alice\")").evaluate(context).toString());
  }

  @Test
  void referencesAreFollowedThroughTheAd() throws ClassAdSyntaxException {
    ClassAd ad =
        ad(
            "[ Requirements = TARGET.Memory >= RequestMemory && Good; RequestMemory = Base * 2; Base = 5; Good = Arch == \"X\"; loop = loop ]");
    References refs = References.of("Requirements", ad, CONTEXT);
    assertEquals(Set.of("RequestMemory", "Base", "Good"), refs.internal());
    assertEquals(Set.of("TARGET.Memory", "Arch"), refs.external());
    assertEquals(Set.of("loop"), References.of("loop", ad, CONTEXT).internal());
    assertEquals(Set.of("Base"), Expr.parse("MY.Base").references(ad, CONTEXT).internal());
  }

  @Test
  void flatteningLeavesWhatTheTargetHasToSay() throws ClassAdSyntaxException {
    ClassAd ad =
        ad("[ RequestMemory = Base * 2; Base = 5; Debug = false; Local = TARGET.Disk > Base ]");
    assertFlat("TARGET.Memory >= 10", "TARGET.Memory >= MY.RequestMemory", ad);
    assertFlat("TARGET.Memory >= 10", "Base == 5 && TARGET.Memory >= RequestMemory", ad);
    assertFlat("false", "Debug && TARGET.x", ad);
    assertFlat("true && TARGET.x", "Base && TARGET.x", ad.with("Base", true));
    assertFlat("(TARGET.Disk > 5)", "Local", ad);
    assertFlat("strcat(\"a\",TARGET.x)", "strcat(\"a\",TARGET.x)", ad);
    assertFlat("\"A5\"", "toUpper(strcat(\"a\",Base))", ad);
    assertFlat("time()", "time()", ad);
  }

  private static void assertFlat(String expected, String text, ClassAd ad)
      throws ClassAdSyntaxException {
    assertEquals(expected, Expr.parse(text).flatten(ad, CONTEXT).toString());
  }

  @Test
  void flatteningKeepsTheValueOfGeneratedExpressions() throws ClassAdSyntaxException {
    ExpressionGenerator generator = new ExpressionGenerator(11);
    ClassAd ad =
        ad(
            "[ i = 5; r = 2.5; s = \"Hello\"; t = true; f = false; x = i + 1; y = TARGET.m * 2; l = {1,2}; ad = [a=1] ]");
    ClassAd target = ad("[ m = 8; i = 77; only = \"there\" ]");
    for (int n = 0; n < 20_000; n++) {
      Expr e;
      try {
        e = Expr.parse(generator.next());
      } catch (ClassAdSyntaxException malformed) {
        continue;
      }
      Expr flat = e.flatten(ad, CONTEXT);
      String expected = e.evaluate(ad, target, CONTEXT).toString();
      String actual = flat.evaluate(ad, target, CONTEXT).toString();
      if (!expected.contains("{") && !expected.contains("[") && !e.toString().contains("unparse")) {
        assertEquals(expected, actual, () -> e + "  flattened to  " + flat);
      }
    }
  }

  @Test
  void dialectsDifferWhereHtcondorsReleasesDo() throws ClassAdSyntaxException {
    Expr older = Expr.parse("1 + undefined ?: 2", Language.CONDOR_23_9);
    Expr newer = Expr.parse("1 + undefined ?: 2", Language.CONDOR_25_14);
    assertNotEquals(older, newer);
    assertEquals(Value.of(2), older.evaluate(CONTEXT));
    assertEquals(Value.of(3), newer.evaluate(CONTEXT.withLanguage(Language.CONDOR_25_14)));
  }

  @Test
  void everyFunctionAnswersWhateverItIsGiven() throws ClassAdSyntaxException {
    for (Builtin b : Builtin.values()) {
      for (String argument : List.of("undefined", "error", "1", "\"a\"", "{ 1 }", "x")) {
        for (int n = 0; n <= 5; n++) {
          Expr call =
              new Call(
                  b.spelling, Collections.nCopies(n, Expr.parse(argument)).toArray(new Expr[0]));
          assertNotNull(call.evaluate(CONTEXT), call::toString);
        }
      }
    }
  }

  @Test
  void everyFunctionIsFoundInAnyCase() {
    for (Builtin b : Builtin.values()) {
      assertTrue(b == Builtin.find(b.spelling.toUpperCase(java.util.Locale.ROOT)), b.spelling);
    }
    assertTrue(Builtin.find("noSuchFunction") == null);
    assertThrows(IllegalArgumentException.class, () -> ClassAd.builder().set("", 1));
  }
}
