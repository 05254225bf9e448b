package org.vocluster.classad;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

/** Runs a corpus of recorded answers of HTCondor's own library against this one. */
@NullUnmarked // rows have the fields that their kind promises
final class Corpus {
  /** Which of the recorded answers to expect. */
  @SuppressWarnings("ImmutableEnumChecker") // a record of enums
  enum Variant {
    CONDOR_23_9(null, new Language(Mode.CONDOR, Dialect.V23_9)),
    STRICT_23_9("strict", new Language(Mode.STRICT, Dialect.V23_9)),
    CONDOR_25_14("v25_14", new Language(Mode.CONDOR, Dialect.V25_14));

    final @Nullable String overlay;
    final Language language;

    Variant(@Nullable String overlay, Language language) {
      this.overlay = overlay;
      this.language = language;
    }
  }

  record Failure(
      Variant variant, String id, String group, String what, String expected, String actual) {
    @Override
    public String toString() {
      return variant
          + " "
          + id
          + " ("
          + group
          + ") "
          + what
          + "\n    expected "
          + expected
          + "\n    actual   "
          + actual;
    }
  }

  private static final List<String> COMPAT =
      List.of(
          "stringlist",
          "split",
          "env",
          "args",
          "evalineachcontext",
          "countmatches",
          "userhome",
          "usermap");

  final List<Map<String, Object>> cases = new ArrayList<>();
  private final Map<String, String> contexts = new HashMap<>();

  /** Passed and failed by variant, kind and group. */
  final Map<String, int[]> counts = new TreeMap<>();

  final List<Failure> failures = new ArrayList<>();

  private Variant variant = Variant.CONDOR_23_9;
  private EvalContext context = EvalContext.DEFAULT;
  private String id = "";
  private String group = "";
  private boolean failed;

  static Corpus read(InputStream in, boolean zipped) throws IOException {
    Corpus corpus = new Corpus();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(zipped ? new GZIPInputStream(in) : in, StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (line.isBlank()) {
          continue;
        }
        Map<String, Object> row = Json.object(line);
        switch ((String) row.get("kind")) {
          case "meta" -> {}
          case "context" -> corpus.contexts.put("@" + row.get("name"), (String) row.get("ad"));
          default -> corpus.cases.add(row);
        }
      }
    }
    return corpus;
  }

  void run(Variant v) {
    variant = v;
    context = EvalContext.DEFAULT.withLanguage(v.language).withZone(ZoneOffset.UTC);
    for (Map<String, Object> row : cases) {
      String kind = (String) row.get("kind");
      id = (String) row.get("id");
      group = (String) row.get("group");
      if (v == Variant.CONDOR_25_14 && !computedFor25(kind, row)) {
        continue;
      }
      failed = false;
      try {
        switch (kind) {
          case "expr" -> expr(overlaid(row));
          case "attrs" -> attrs(overlaid(row));
          case "ad" -> ad(overlaid(row));
          case "stream" -> stream(overlaid(row));
          case "match" -> match(overlaid(row));
          default -> throw new IllegalArgumentException("unknown kind " + kind);
        }
      } catch (RuntimeException | StackOverflowError e) {
        java.io.StringWriter w = new java.io.StringWriter();
        e.printStackTrace(new java.io.PrintWriter(w));
        check("exception", "", w.toString().lines().limit(12).reduce("", (a, b) -> a + "\n" + b));
      }
      counts.computeIfAbsent(v + " " + kind + " " + group, k -> new int[2])[failed ? 1 : 0]++;
    }
  }

  private static boolean computedFor25(String kind, Map<String, Object> row) {
    if (row.containsKey("v25_14")) {
      return true;
    }
    if (kind.equals("stream") || (kind.equals("ad") && row.get("format").equals("long"))) {
      return false;
    }
    String text = row.toString().toLowerCase(java.util.Locale.ROOT);
    return COMPAT.stream().noneMatch(text::contains);
  }

  @SuppressWarnings("unchecked")
  private Map<String, Object> overlaid(Map<String, Object> row) {
    Map<String, Object> merged = new LinkedHashMap<>(row);
    Object overlay = variant.overlay == null ? null : row.get(variant.overlay);
    if (overlay instanceof Map<?, ?> o) {
      merge(merged, (Map<String, Object>) o);
    }
    return merged;
  }

  @SuppressWarnings("unchecked")
  private static void merge(Map<String, Object> into, Map<String, Object> overlay) {
    for (String result : List.of("result", "unparsed")) {
      if (overlay.containsKey(result)) {
        into.remove(result + "_long");
        into.remove(result + "_long_b64");
        into.remove("eval_ok");
      }
    }
    if (overlay.containsKey("parse")) {
      into.remove("unparsed");
    }
    overlay.forEach(
        (k, x) -> {
          if (k.equals("values")) {
            Map<String, Object> values = new LinkedHashMap<>((Map<String, Object>) into.get(k));
            values.putAll((Map<String, Object>) x);
            into.put(k, values);
          } else {
            into.put(k, x);
          }
        });
  }

  private void check(String what, @Nullable String expected, @Nullable String actual) {
    if (expected != null && !expected.equals(actual)) {
      failures.add(new Failure(variant, id, group, what, expected, String.valueOf(actual)));
      failed = true;
    }
  }

  /** A text of the row, whether it stands there plainly or in base64. */
  static @Nullable String text(Map<?, ?> row, String key) {
    if (row.get(key + "_b64") instanceof String b) {
      return ByteText.toText(
          new String(Base64.getDecoder().decode(b), StandardCharsets.ISO_8859_1));
    }
    return (String) row.get(key);
  }

  private ClassAd contextAd(String text) {
    String t = text.startsWith("@") ? contexts.get(text) : text;
    ClassAd.Builder ad = ClassAd.builder();
    for (String line : t.split("\n", -1)) {
      byte[] buf = ByteText.toArray(ByteText.fromText(line));
      if (!line.isBlank()) {
        LongForm.attribute(ad, buf, 0, buf.length, variant.language);
      }
    }
    return ad.build();
  }

  private void expr(Map<String, Object> row) {
    boolean old = row.get("syntax").equals("old");
    String source = text(row, "expr");
    Expr e = null;
    String fault = "";
    try {
      e =
          old
              ? LongForm.parseExpr(source, variant.language)
              : NewForm.parseExpr(source, variant.language);
    } catch (ClassAdSyntaxException x) {
      fault = x.getMessage();
    }
    check("parse of " + source, (String) row.get("parse"), e == null ? "error" : "ok");
    if (e == null || failed) {
      return;
    }
    String unparsed = text(row, "unparsed");
    check("unparse of " + source + fault, unparsed, NewForm.print(e));
    String longer = text(row, "unparsed_long");
    check("unparse long of " + source, longer == null ? unparsed : longer, LongForm.print(e));
    String adText = text(row, "ad");
    String targetText = text(row, "target");
    ClassAd ad = adText == null ? ClassAd.EMPTY : contextAd(adText);
    Value v =
        targetText == null
            ? e.evaluate(ad, context)
            : e.evaluate(ad, contextAd(targetText), context);
    value(source, row, v);
  }

  private void value(String what, Map<?, ?> row, Value v) {
    if (Boolean.FALSE.equals(row.get("eval_ok"))) {
      check("value of " + what, "error", typeOf(v));
      return;
    }
    check("type of " + what, (String) row.get("type"), typeOf(v));
    String result = text(row, "result");
    check("value of " + what, result, NewForm.print(v));
    String longer = text(row, "result_long");
    if (longer != null) {
      check("long value of " + what, longer, LongForm.print(v));
    }
  }

  static String typeOf(Value v) {
    return switch (v) {
      case Value.Undefined u -> "undefined";
      case Value.Error e -> "error";
      case Value.Bool b -> "boolean";
      case Value.Int i -> "integer";
      case Value.Real r -> "real";
      case Value.Str s -> "string";
      case Value.AbsTime t -> "abstime";
      case Value.RelTime t -> "reltime";
      case Value.ListValue l -> "list";
      case Value.AdValue a -> "classad";
    };
  }

  private void attrs(Map<String, Object> row) {
    ClassAd ad = contextAd(text(row, "ad"));
    ((Map<?, ?>) row.get("values"))
        .forEach(
            (name, expected) ->
                value(
                    name + " in " + row.get("ad"),
                    (Map<?, ?>) expected,
                    ad.evaluate((String) name, context)));
  }

  private void ad(Map<String, Object> row) {
    String source = text(row, "text");
    ClassAd ad = null;
    try {
      ad =
          switch ((String) row.get("format")) {
            case "new" -> NewForm.parse(source, variant.language);
            case "long" -> LongForm.parseString(source, variant.language);
            case "json" -> JsonForm.parse(source, variant.language);
            default -> XmlForm.parse(source, variant.language);
          };
    } catch (ClassAdSyntaxException e) {
      // compared below
    }
    check("parse of " + source, (String) row.get("parse"), ad == null ? "error" : "ok");
    if (ad == null || failed) {
      return;
    }
    check("long of " + source, text(row, "long"), LongForm.printWithSecrets(ad));
    check("new of " + source, text(row, "new"), NewForm.print(ad));
    check("json of " + source, text(row, "json"), JsonForm.print(ad));
    check("xml of " + source, text(row, "xml"), XmlForm.print(ad));
  }

  private void stream(Map<String, Object> row) {
    byte[] text = ByteText.toArray(ByteText.fromText(text(row, "text")));
    StringBuilder expected = new StringBuilder();
    for (Object o : (List<?>) row.get("ads")) {
      Map<?, ?> ad = (Map<?, ?>) o;
      expected
          .append(ad.get("attrs"))
          .append(' ')
          .append(ad.get("error"))
          .append(' ')
          .append(ad.get("eof"));
      expected.append('\n').append(text(ad, "ad")).append("--\n");
    }
    StringBuilder actual = new StringBuilder();
    LongForm.StreamReader reader =
        LongForm.read(new java.io.ByteArrayInputStream(text), variant.language);
    try {
      LongForm.Item item;
      while ((item = reader.next()) != null) {
        boolean bad = item.fault() != null;
        actual.append(item.lines()).append(' ').append(bad ? -1 : 0);
        actual
            .append(' ')
            .append(reader.atEnd() ? 1 : 0)
            .append('\n')
            .append(LongForm.printWithSecrets(item.ad()))
            .append("--\n");
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    check("stream " + text(row, "text"), expected.toString(), actual.toString());
  }

  private void match(Map<String, Object> row) {
    ClassAd job = contextAd(text(row, "job"));
    ClassAd machine = contextAd(text(row, "machine"));
    Match match = Match.of(job, machine, context);
    check("match", String.valueOf(row.get("match")), String.valueOf(match.symmetric()));
    Object swapped = row.getOrDefault("match_swapped", row.get("match"));
    check(
        "match swapped",
        String.valueOf(swapped),
        String.valueOf(Match.symmetric(machine, job, context)));
    check(
        "job requirements met",
        String.valueOf(row.get("job_requirements_met")),
        String.valueOf(match.leftAccepts()));
    check(
        "machine requirements met",
        String.valueOf(row.get("machine_requirements_met")),
        String.valueOf(match.rightAccepts()));
    part(row, "job_requirements", attribute(job, "Requirements", match::evaluateLeft));
    part(row, "machine_requirements", attribute(machine, "Requirements", match::evaluateRight));
    part(row, "job_rank", attribute(job, "Rank", match::evaluateLeft));
    part(row, "machine_rank", attribute(machine, "Rank", match::evaluateRight));
  }

  private static Value attribute(
      ClassAd ad, String name, java.util.function.Function<Expr, Value> evaluate) {
    Expr e = ad.expr(name);
    return e == null ? Value.UNDEFINED : evaluate.apply(e);
  }

  private void part(Map<String, Object> row, String name, Value v) {
    if (row.get(name) instanceof Map<?, ?> expected) {
      value(name, expected, v);
    }
  }

  void printCounts(Consumer<String> out) {
    int passed = 0;
    int bad = 0;
    for (Map.Entry<String, int[]> e : counts.entrySet()) {
      out.accept(
          String.format(
              "%-60s passed %5d failed %5d", e.getKey(), e.getValue()[0], e.getValue()[1]));
      passed += e.getValue()[0];
      bad += e.getValue()[1];
    }
    out.accept("passed " + passed + " failed " + bad);
  }
}
