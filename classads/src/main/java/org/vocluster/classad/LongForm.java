package org.vocluster.classad;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Long form: one {@code Attr = expression} a line, as {@code condor_status -long} prints and hooks
 * exchange. Values are in old syntax, where a backslash escapes nothing but a quote.
 */
public final class LongForm {
  private LongForm() {}

  /**
   * Reads one ad. Empty lines and lines that start with {@code #} are skipped; the value of an
   * attribute ends where its expression ends, what follows on the line is ignored, as in HTCondor.
   */
  public static ClassAd parse(String text) throws ClassAdSyntaxException {
    return parse(text, Language.CONDOR_23_9);
  }

  /** Reads one ad. */
  public static ClassAd parse(String text, Language language) throws ClassAdSyntaxException {
    byte[] buf = ByteText.toArray(ByteText.fromText(text));
    return parse(buf, 0, buf.length, language);
  }

  /** Reads one ad from bytes. */
  public static ClassAd parse(byte[] text, Language language) throws ClassAdSyntaxException {
    return parse(text, 0, text.length, language);
  }

  private static ClassAd parse(byte[] buf, int from, int to, Language language)
      throws ClassAdSyntaxException {
    ClassAd.Builder ad = ClassAd.builder();
    int line = 0;
    int at = from;
    while (at < to) {
      int end = endOfLine(buf, at, to);
      int first = at;
      while (first < end && Lexer.isSpace(buf[first])) {
        first++;
      }
      if (first < end && buf[first] != '#') {
        ClassAdSyntaxException fault = attribute(ad, buf, at, end, language);
        if (fault != null) {
          throw fault.shifted(line);
        }
      }
      line++;
      at = end + 1;
    }
    return ad.build();
  }

  static int endOfLine(byte[] buf, int from, int to) {
    int i = from;
    while (i < to && buf[i] != '\n') {
      i++;
    }
    return i;
  }

  /** Puts the attribute of one line into the ad; returns what is wrong with the line, or null. */
  static @Nullable ClassAdSyntaxException attribute(
      ClassAd.Builder ad, byte[] buf, int from, int to, Language language) {
    int start = from;
    while (start < to && Lexer.isSpace(buf[start])) {
      start++;
    }
    int eq = start;
    while (eq < to && buf[eq] != '=') {
      eq++;
    }
    if (eq == to) {
      return new ClassAdSyntaxException(1, to - from + 1, "end of line", "'='");
    }
    int nameEnd = eq;
    while (nameEnd > start && buf[nameEnd - 1] == ' ') {
      nameEnd--;
    }
    if (nameEnd == start) {
      return new ClassAdSyntaxException(1, eq - from + 1, "'='", "an attribute name");
    }
    Parser parser = new Parser(buf, eq + 1, to, true, language);
    Expr e = parser.leadingExpression();
    if (e == null) {
      ClassAdSyntaxException fault = parser.failure();
      return new ClassAdSyntaxException(
          fault.line(),
          fault.line() == 1 ? fault.column() + eq + 1 - from : fault.column(),
          fault.found(),
          fault.expected());
    }
    if (ad.size() == ClassAd.Builder.MAX_SIZE) {
      return new ClassAdSyntaxException(1, 1, "another attribute", "fewer attributes");
    }
    ad.put(Name.of(buf, start, nameEnd), e);
    return null;
  }

  /** The ad's attributes, a line each, in byte order of their names. */
  public static String print(ClassAd ad) {
    StringBuilder out = new StringBuilder(ad.size() * 40);
    print(ad, out);
    return ByteText.toText(out.toString());
  }

  /** As {@link #print(ClassAd)}, in bytes. */
  public static byte[] printBytes(ClassAd ad) {
    StringBuilder out = new StringBuilder(ad.size() * 40);
    print(ad, out);
    return out.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void print(ClassAd ad, StringBuilder out) {
    Printer printer = new Printer(out, true);
    for (int i : byName(ad)) {
      out.append(ad.nameAt(i).text).append(" = ");
      printer.print(ad.exprAt(i));
      out.append('\n');
    }
  }

  private static int[] byName(ClassAd ad) {
    Integer[] order = new Integer[ad.size()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    Arrays.sort(
        order,
        new Comparator<Integer>() {
          @Override
          public int compare(Integer a, Integer b) {
            return ad.nameAt(a).text.compareTo(ad.nameAt(b).text);
          }
        });
    int[] result = new int[order.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = order[i];
    }
    return result;
  }

  /** An expression as long form writes it. */
  public static String print(Expr expr) {
    StringBuilder out = new StringBuilder();
    new Printer(out, true).print(expr);
    return ByteText.toText(out.toString());
  }

  /** An expression as it would stand after {@code Attr =}; must be followed by nothing. */
  public static Expr parseExpr(String text, Language language) throws ClassAdSyntaxException {
    byte[] buf = ByteText.toArray(ByteText.fromText(text));
    Parser parser = new Parser(buf, 0, buf.length, true, language);
    Expr e = parser.wholeExpression();
    if (e == null) {
      throw parser.failure();
    }
    return e;
  }
}
