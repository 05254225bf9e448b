package org.vocluster.classad;

import java.util.List;
import java.util.Random;

/**
 * Makes expressions by the grammar, most of them sensible, some not, the same ones for the same
 * seed.
 */
final class ExpressionGenerator {
  private static final List<String> NAMES =
      List.of(
          "i",
          "r",
          "s",
          "t",
          "f",
          "u",
          "e",
          "l",
          "ls",
          "ad",
          "ads",
          "n",
          "neg",
          "big",
          "x",
          "y",
          "z",
          "names",
          "version",
          "when",
          "span",
          "loop1",
          "missing",
          "I",
          "AD",
          "MY.i",
          "my.s",
          "TARGET.m",
          "target.s",
          "TARGET.tad",
          "TARGET.tl",
          "TARGET.only",
          "only",
          "tl",
          "tad",
          "m",
          "back",
          "TARGET.back",
          "self.i",
          "parent",
          ".i",
          ".ad.b",
          "ad.inner.up",
          "ad.inner.i",
          "ads.a",
          "ads.x",
          "toplevel.i",
          "root",
          "MY",
          "TARGET",
          "other.i",
          "LEFT.i",
          "RIGHT.m",
          "'i'",
          "'a b'",
          "Requirements",
          "Rank",
          "ad.i",
          "ad.r",
          "parent.i",
          "self");
  private static final List<String> NUMBERS =
      List.of(
          "0",
          "1",
          "2",
          "3",
          "7",
          "10",
          "100",
          "-1",
          "-5",
          "2147483647",
          "2147483648",
          "-2147483648",
          "4294967296",
          "9223372036854775807",
          "-9223372036854775808",
          "9223372036854775808",
          "0.0",
          "-0.0",
          "0.5",
          "1.0",
          "1.5",
          "-2.5",
          "3.14159265358979",
          "0.1",
          "1e10",
          "1E-5",
          "1e22",
          "1e300",
          ".25",
          "123456789.123456789",
          "1e400",
          "010",
          "0x1F",
          "08",
          "1.7976931348623157e308",
          "5e-324",
          "86400",
          "1700000000",
          "90061.25");
  private static final List<String> PATTERNS =
      List.of(
          "a",
          "^a",
          "l+",
          "(l+)(o)?",
          "[a-c]",
          "b$",
          "^$",
          "",
          "H.llo",
          "(?i)hello",
          "\\\\d+",
          "\\\\w+",
          "[[:alpha:]]+",
          "(a|b)+",
          "x*",
          "(",
          "[",
          "a{2,}",
          "\\\\bfoo",
          "(?<n>e)",
          "(?P<n>l)\\\\1",
          "\\\\.",
          "o\\\\K",
          "\\\\h",
          "\\\\R",
          "^.*$",
          ".",
          "(?=l)",
          "[^,]+",
          "e|o",
          "\\\\x41",
          "\\\\101",
          "(.)(.)(.)",
          "\\\\Aa\\\\z",
          "(*FAIL)",
          "a++b",
          "(?>a+)b");
  private static final List<String> STRINGS =
      List.of(
          "",
          "a",
          "b",
          "A",
          "abc",
          "Hello",
          "hello",
          "Hello World",
          "a,b,c",
          "a, b ,,c",
          " x ",
          "1,2,3",
          "1.5,2",
          "-1,-2",
          "12abc",
          "0x10",
          "1e3",
          "NaN",
          "INF",
          "-inf",
          "true",
          "FALSE",
          "i + 1",
          "l",
          "slot1@host",
          "user@dom@x",
          "@",
          "A=1 B=2",
          "A='x y'",
          "A=1;B=2",
          "|A=1|B",
          "a 'b c' d",
          "'open",
          "23.9.6",
          "23.10.0",
          "8.8.10rc1",
          "008",
          "08",
          "1.0~",
          "$CondorVersion: 23.9.6 2024-08-08 $",
          "line\\nbreak",
          "tab\\there",
          "quote\\\"in",
          "back\\\\slash",
          "\\101\\7",
          "\\303\\251",
          "é☃",
          "x\\zy",
          "%Y-%m-%d",
          "%c",
          "%j|%U|%W",
          "%e%k%l",
          "%p%I",
          "%G-%V-%u",
          "%s",
          "%Z%z",
          "%5Y%_3d%-d%^a%#p",
          "%",
          "%Q",
          "%D %T %R",
          "2024-02-29T12:00:00Z",
          "1+02:03:04",
          "<",
          "<=",
          "==",
          "!=",
          ">",
          ">=",
          "is",
          "isnt",
          "=?=",
          "\\1",
          "\\0-\\2",
          "\\9",
          "x\\\\1",
          "imsx",
          "i",
          "g",
          "f",
          "fg",
          ",",
          ", ",
          ";",
          " ",
          "abcabc",
          "//c",
          "/* c */");
  private static final List<String> BINARY =
      List.of(
          "+", "-", "*", "/", "%", "&&", "||", "==", "!=", "<", "<=", ">", ">=", "=?=", "=!=", "is",
          "isnt", "&", "|", "^", "<<", ">>", ">>>");
  private static final List<String> UNARY = List.of("-", "- ", "+", "!", "~", "!!", "-(");

  private static final String MUTATIONS = "()[]{},;.?:=!<>&|+-*/%\"' 0x1ea\\";

  private static final List<Builtin> SKIPPED =
      List.of(
          Builtin.TIME,
          Builtin.CURRENT_TIME,
          Builtin.DAY_TIME,
          Builtin.TIME_ZONE_OFFSET,
          Builtin.RANDOM,
          Builtin.USER_HOME,
          Builtin.USER_MAP,
          Builtin.DEBUG);

  private final Random random;
  private final List<Builtin> functions;

  ExpressionGenerator(long seed) {
    random = new Random(seed);
    functions =
        java.util.Arrays.stream(Builtin.values()).filter(b -> !SKIPPED.contains(b)).toList();
  }

  String next() {
    String e = expr(1 + random.nextInt(4));
    if (random.nextInt(25) == 0) {
      e = mutate(e);
    }
    return e;
  }

  /** An ad's text in the form of that letter: A new, L long, J JSON, X XML; often malformed. */
  String nextAd(char form) {
    ClassAd.Builder b = ClassAd.builder();
    int n = random.nextInt(5);
    for (int i = 0; i < n; i++) {
      String name =
          pick(List.of("a", "b", "Memory", "A_1", "q r", "true", "é", "a\"b", "x&y", "<t>", "n'm"));
      try {
        Expr e = Expr.parse(expr(random.nextInt(3)));
        b.set(name, random.nextInt(6) == 0 ? new AdExpr(ClassAd.EMPTY.with(name, e)) : e);
      } catch (ClassAdSyntaxException malformed) {
        b.set(name, string());
      }
    }
    ClassAd ad = b.build();
    String text =
        switch (form) {
          case 'A' -> NewForm.print(ad);
          case 'L' -> LongForm.print(ad).stripTrailing();
          case 'J' -> JsonForm.print(ad);
          default -> XmlForm.print(ad);
        };
    int mutations = random.nextInt(3);
    for (int i = 0; i < mutations; i++) {
      text = mutate(text);
    }
    return text;
  }

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private String mutate(String e) {
    StringBuilder b = new StringBuilder(e);
    int at = random.nextInt(e.length() + 1);
    switch (random.nextInt(3)) {
      case 0 -> b.insert(at, MUTATIONS.charAt(random.nextInt(MUTATIONS.length())));
      case 1 -> b.delete(at, Math.min(e.length(), at + 1 + random.nextInt(3)));
      default -> {
        if (at < e.length()) {
          b.setCharAt(at, MUTATIONS.charAt(random.nextInt(MUTATIONS.length())));
        }
      }
    }
    return b.toString();
  }

  private String expr(int depth) {
    if (depth <= 0) {
      return atom();
    }
    return switch (random.nextInt(16)) {
      case 0, 1, 2 -> expr(depth - 1) + space() + pick(BINARY) + space() + expr(depth - 1);
      case 3 -> "(" + expr(depth - 1) + ")";
      case 4 -> unary(depth);
      case 5 ->
          random.nextInt(3) == 0
              ? expr(depth - 1) + " ?: " + expr(depth - 1)
              : expr(depth - 1) + " ? " + expr(depth - 1) + " : " + expr(depth - 1);
      case 6 -> postfix(depth);
      case 7 -> list(depth - 1);
      case 8 -> ad(depth - 1);
      case 9, 10, 11, 12, 13 -> call(depth - 1);
      default -> atom();
    };
  }

  private String space() {
    return random.nextInt(8) == 0 ? "  " : " ";
  }

  private String unary(int depth) {
    String op = pick(UNARY);
    return op.equals("-(") ? "-(" + expr(depth - 1) + ")" : op + expr(depth - 1);
  }

  private String postfix(int depth) {
    String base = random.nextBoolean() ? pick(NAMES) : "(" + expr(depth - 1) + ")";
    return switch (random.nextInt(4)) {
      case 0 -> base + "." + pick(List.of("a", "b", "i", "x", "inner", "missing", "s", "'a b'"));
      case 1 -> base + "[" + expr(depth - 1) + "]";
      case 2 -> list(depth - 1) + "[" + random.nextInt(4) + "]";
      default -> ad(depth - 1) + "." + pick(List.of("a", "b", "c", "i"));
    };
  }

  private String atom() {
    return switch (random.nextInt(11)) {
      case 10 -> time();
      case 0, 1, 2 -> pick(NUMBERS);
      case 3, 4 -> string();
      case 5 -> pick(List.of("true", "false", "undefined", "error", "TRUE", "Undefined"));
      case 6 ->
          random.nextBoolean()
              ? Integer.toString(random.nextInt(2000) - 1000)
              : Double.toString(random.nextGaussian() * 1000);
      default -> pick(NAMES);
    };
  }

  private String string() {
    return "\"" + pick(STRINGS) + "\"";
  }

  private String list(int depth) {
    int n = random.nextInt(4);
    StringBuilder b = new StringBuilder("{ ");
    for (int i = 0; i < n; i++) {
      b.append(i > 0 ? "," : "").append(expr(depth - 1));
    }
    return b.append(" }").toString();
  }

  private String ad(int depth) {
    int n = random.nextInt(4);
    StringBuilder b = new StringBuilder("[ ");
    for (int i = 0; i < n; i++) {
      b.append(i > 0 ? "; " : "")
          .append(pick(List.of("a", "b", "c", "i", "A", "'q r'")))
          .append(" = ")
          .append(expr(depth - 1));
    }
    return b.append(" ]").toString();
  }

  private String call(int depth) {
    Builtin f = pick(functions);
    String name =
        random.nextInt(6) == 0 ? f.spelling.toLowerCase(java.util.Locale.ROOT) : f.spelling;
    if (random.nextInt(60) == 0) {
      name = "noSuchFunction";
    }
    String args =
        random.nextInt(5) == 0
            ? String.join(
                ",",
                java.util.stream.Stream.generate(() -> expr(depth))
                    .limit(random.nextInt(4))
                    .toList())
            : sensible(f, depth);
    boolean asksTheClock = f == Builtin.FORMAT_TIME || f == Builtin.ABS_TIME;
    return name + "(" + (asksTheClock && args.isBlank() ? "0" : args) + ")";
  }

  private String time() {
    return pick(
        List.of(
            "when",
            "span",
            "absTime(\"2003-01-25T09:00:00-06:00\")",
            "relTime(\"1+00:00:01\")",
            "absTime(0,0)",
            "absTime(1700000000,-21600)",
            "relTime(-90)",
            "relTime(90061.5)",
            "1700000000",
            "0",
            "-1.5",
            "splitTime(when)",
            "relTime(1e10)",
            "relTime(-0.0)",
            "relTime(4294967297)",
            "relTime(1e300)"));
  }

  private String stringy(int depth) {
    return random.nextInt(4) == 0 ? expr(depth) : string();
  }

  private String number(int depth) {
    return random.nextInt(3) == 0 ? expr(depth) : pick(NUMBERS);
  }

  private String listy(int depth) {
    return random.nextInt(3) == 0
        ? expr(depth)
        : random.nextBoolean()
            ? list(depth)
            : pick(
                List.of(
                    "l",
                    "ls",
                    "ads",
                    "{ 1,2.5,3 }",
                    "{ \"a\",\"bb\" }",
                    "TARGET.tl",
                    "split(names)"));
  }

  private String pattern() {
    return "\"" + pick(PATTERNS) + "\"";
  }

  private String optional(String first, String more) {
    return random.nextInt(3) == 0 ? first + "," + more : first;
  }

  private String sensible(Builtin f, int depth) {
    return switch (f) {
      case IF_THEN_ELSE -> expr(depth) + "," + expr(depth) + "," + expr(depth);
      case EVAL ->
          "\""
              + pick(List.of("i + 1", "s", "ad.b", "TARGET.m", "1 +", "\\\"q\\\"", "l", "MY.i"))
              + "\"";
      case UNPARSE, UNRESOLVED ->
          pick(
              List.of(
                  "i",
                  "x",
                  "y",
                  "ad",
                  "ads",
                  "Requirements",
                  "missing",
                  "TARGET.back",
                  "l",
                  "TARGET.Requirements"));
      case EVAL_IN_EACH_CONTEXT, COUNT_MATCHES ->
          pick(List.of("a", "a > 1", "x", "i", "missing", "TARGET.m", "a + i", "MY.a"))
              + ","
              + pick(List.of("ads", "{ ad,[a=3] }", "l", "u", "{ [a=1],u,[a=TARGET.m] }"));
      case MEMBER, IDENTICAL_MEMBER -> expr(depth) + "," + listy(depth);
      case SUM, AVG, MIN, MAX ->
          random.nextInt(3) == 0
              ? listy(depth)
              : "{ " + number(depth) + "," + number(depth) + "," + pick(NUMBERS) + " }";
      case SIZE -> random.nextBoolean() ? stringy(depth) : listy(depth);
      case ANY_COMPARE, ALL_COMPARE ->
          "\""
              + pick(List.of("<", "<=", "==", "!=", ">", ">=", "is", "isnt", "=?="))
              + "\","
              + listy(depth)
              + ","
              + expr(depth);
      case GET_YEAR,
          GET_MONTH,
          GET_DAY_OF_YEAR,
          GET_DAY_OF_MONTH,
          GET_DAY_OF_WEEK,
          GET_DAYS,
          GET_HOURS,
          GET_MINUTES,
          GET_SECONDS,
          SPLIT_TIME ->
          time();
      case FORMAT_TIME -> optional(time(), string());
      case ABS_TIME, REL_TIME ->
          random.nextBoolean()
              ? pick(
                  List.of(
                      "\"2024-02-29T23:59:59+05:30\"",
                      "\"1+00:00:01\"",
                      "\"90.5\"",
                      "\"2003\"",
                      "\"-1h2m\"",
                      "\"x\""))
              : optional(number(depth), pick(NUMBERS));
      case INTERVAL -> number(depth);
      case STRCAT -> stringy(depth) + "," + expr(depth);
      case JOIN ->
          random.nextBoolean()
              ? string() + "," + listy(depth)
              : string() + "," + expr(depth) + "," + expr(depth);
      case TO_UPPER, TO_LOWER, STRING, BOOL, INT, REAL ->
          random.nextBoolean() ? string() : expr(depth);
      case SUBSTR ->
          optional(
              stringy(depth) + "," + (random.nextInt(9) - 4),
              Integer.toString(random.nextInt(9) - 4));
      case STRCMP,
          STRICMP,
          VERSION_CMP,
          VERSION_LE,
          VERSION_LT,
          VERSION_GE,
          VERSION_GT,
          VERSION_EQ ->
          stringy(depth) + "," + stringy(depth);
      case VERSION_IN_RANGE -> stringy(depth) + "," + string() + "," + string();
      case REGEXP ->
          optional(
              pattern() + "," + stringy(depth),
              "\"" + pick(List.of("i", "m", "s", "x", "", "imsx", "I", "q")) + "\"");
      case REGEXP_MEMBER -> optional(pattern() + "," + listy(depth), "\"i\"");
      case REGEXPS, REPLACE, REPLACE_ALL ->
          optional(
              pattern() + "," + stringy(depth) + "," + string(),
              "\"" + pick(List.of("i", "f", "g", "fg", "")) + "\"");
      case STRING_LIST_REGEXP_MEMBER -> optional(pattern() + "," + stringy(depth), "\",\"");
      case FLOOR, CEIL, CEILING, ROUND -> number(depth);
      case POW, QUANTIZE ->
          number(depth) + "," + (random.nextInt(4) == 0 ? listy(depth) : number(depth));
      case STRING_LIST_SIZE,
          STRING_LIST_SUM,
          STRING_LIST_AVG,
          STRING_LIST_MIN,
          STRING_LIST_MAX,
          SPLIT ->
          optional(stringy(depth), string());
      case STRING_LIST_MEMBER,
          STRING_LIST_I_MEMBER,
          STRING_LIST_SUBSET_MATCH,
          STRING_LIST_I_SUBSET_MATCH,
          STRING_LISTS_INTERSECT ->
          optional(stringy(depth) + "," + stringy(depth), "\",\"");
      case SPLIT_USER_NAME, SPLIT_SLOT_NAME, ENV_V1_TO_V2 -> stringy(depth);
      case MERGE_ENVIRONMENT -> optional(stringy(depth), string());
      case ARGS_TO_LIST -> optional(stringy(depth), pick(List.of("1", "2", "3")));
      case LIST_TO_ARGS -> optional(listy(depth), pick(List.of("1", "2", "3")));
      default -> expr(depth);
    };
  }
}
