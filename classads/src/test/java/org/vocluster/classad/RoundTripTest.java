package org.vocluster.classad;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What is written is read back as it was, over every expression of the corpus, in each form that
 * can carry it. What a form cannot carry is HTCondor's doing: {@link Carried} says which
 * expressions those are.
 */
class RoundTripTest {
  private static final Language LANGUAGE = Language.CONDOR_23_9;
  private static final List<Expr> EXPRESSIONS = new ArrayList<>();

  @BeforeAll
  static void readCorpus() throws IOException {
    Corpus corpus;
    try (InputStream in = RoundTripTest.class.getResourceAsStream("/corpus-a.jsonl.gz")) {
      corpus = Corpus.read(in, true);
    }
    for (Map<String, Object> row : corpus.cases) {
      String text = Corpus.text(row, "expr");
      if (text != null && "ok".equals(row.get("parse"))) {
        try {
          EXPRESSIONS.add(
              "old".equals(row.get("syntax"))
                  ? LongForm.parseExpr(text, LANGUAGE)
                  : NewForm.parseExpr(text, LANGUAGE));
        } catch (ClassAdSyntaxException e) {
          throw new AssertionError(text, e);
        }
      }
    }
    assertTrue(EXPRESSIONS.size() > 5000);
  }

  @Test
  void newForm() throws ClassAdSyntaxException {
    int carried = 0;
    for (Expr e : EXPRESSIONS) {
      if (Carried.byNewForm(e)) {
        carried++;
        assertEquals(e, NewForm.parseExpr(NewForm.print(e), LANGUAGE), () -> NewForm.print(e));
      }
    }
    assertMost(carried);
  }

  @Test
  void longForm() throws ClassAdSyntaxException {
    int carried = 0;
    for (Expr e : EXPRESSIONS) {
      if (Carried.byLongForm(e)) {
        carried++;
        assertEquals(e, LongForm.parseExpr(LongForm.print(e), LANGUAGE), () -> LongForm.print(e));
      }
    }
    assertMost(carried);
  }

  @Test
  void json() throws ClassAdSyntaxException {
    int carried = 0;
    for (Expr e : EXPRESSIONS) {
      if (Carried.byJson(e)) {
        carried++;
        ClassAd ad = ClassAd.EMPTY.with("a", e);
        assertEquals(ad, JsonForm.parse(JsonForm.print(ad), LANGUAGE), () -> JsonForm.print(ad));
      }
    }
    assertMost(carried);
  }

  @Test
  void xml() throws ClassAdSyntaxException {
    int carried = 0;
    for (Expr e : EXPRESSIONS) {
      if (Carried.byXml(e)) {
        carried++;
        ClassAd ad = ClassAd.EMPTY.with("a", e);
        assertEquals(ad, XmlForm.parse(XmlForm.print(ad), LANGUAGE), () -> XmlForm.print(ad));
      }
    }
    assertMost(carried);
  }

  private static void assertMost(int carried) {
    assertTrue(carried > EXPRESSIONS.size() * 3 / 4, carried + " of " + EXPRESSIONS.size());
  }
}
