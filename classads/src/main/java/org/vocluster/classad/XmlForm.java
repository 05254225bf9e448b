package org.vocluster.classad;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * XML as HTCondor has it, {@code <c><a n="A"><i>1</i></a></c>}, read as forgivingly as
 * xmlSource.cpp does: what stands around an ad is skipped, and an ad that is not closed ends with
 * the text. Where that reader would not end or would run past its buffers, this one reports the
 * fault.
 */
public final class XmlForm {
  private XmlForm() {}

  /** Reads the first ad of the text. */
  public static ClassAd parse(String text) throws ClassAdSyntaxException {
    return parse(text, Language.CONDOR_23_9);
  }

  /** Reads the first ad of the text. */
  public static ClassAd parse(String text, Language language) throws ClassAdSyntaxException {
    Reader reader = new Reader(ByteText.fromText(text), language);
    ClassAd ad = reader.ad(0);
    if (ad == null) {
      throw reader.fault("an ad, <c>…</c>");
    }
    return ad;
  }

  /** Reads all ads of the text. */
  public static List<ClassAd> parseAll(String text, Language language)
      throws ClassAdSyntaxException {
    Reader reader = new Reader(ByteText.fromText(text), language);
    List<ClassAd> ads = new ArrayList<>();
    while (reader.peek() != null) {
      ClassAd ad = reader.ad(0);
      if (ad == null) {
        break;
      }
      ads.add(ad);
    }
    return ads;
  }

  /** The ad on one line, its attributes in HTCondor's order. */
  public static String print(ClassAd ad) {
    return new Writer().print(ad);
  }

  private enum Kind {
    START,
    END,
    EMPTY,
    INVALID
  }

  /** A tag, or text if the name is null. */
  private record Token(
      @Nullable String name, Kind kind, String text, Map<String, String> attributes, int at) {
    boolean is(String tag) {
      return tag.equals(name);
    }

    boolean is(String tag, Kind k) {
      return tag.equals(name) && kind == k;
    }
  }

  private static final class Reader {
    private final String s;
    private final Language language;
    private int i;
    private @Nullable Token peeked;
    private boolean inString;
    private int lastAt;

    Reader(String s, Language language) {
      this.s = s;
      this.language = language;
    }

    ClassAdSyntaxException fault(String expected) {
      int at = Math.min(lastAt, s.length());
      int line = 1;
      int column = 1;
      for (int k = 0; k < at; k++) {
        column++;
        if (s.charAt(k) == '\n') {
          line++;
          column = 1;
        }
      }
      String found =
          at == s.length()
              ? "end of input"
              : "'" + ByteText.toText(s.substring(at, Math.min(at + 30, s.length()))).strip() + "'";
      return new ClassAdSyntaxException(line, column, found, expected);
    }

    @Nullable Token peek() {
      if (peeked == null) {
        peeked = grab();
        if (peeked != null) {
          lastAt = peeked.at;
          inString = peeked.is("s", Kind.START);
        } else {
          lastAt = s.length();
        }
      }
      return peeked;
    }

    private @Nullable Token consume() {
      Token t = peek();
      peeked = null;
      return t;
    }

    private @Nullable Token grab() {
      while (!inString && i < s.length() && Lexer.isSpace(s.charAt(i))) {
        i++;
      }
      if (i >= s.length()) {
        return null;
      }
      return s.charAt(i) == '<' ? tag() : text();
    }

    private Token text() {
      int at = i;
      StringBuilder text = new StringBuilder();
      while (i < s.length() && s.charAt(i) != '<') {
        char c = s.charAt(i++);
        if (c != '&') {
          text.append(c);
          continue;
        }
        int from = i - 1;
        while (i < s.length() && " &;".indexOf(s.charAt(i)) < 0) {
          i++;
        }
        if (i >= s.length()) {
          break; // an entity that the text ends in is lost
        }
        if (s.charAt(i) != '&') {
          i++;
        }
        text.append(entity(s.substring(from, i)));
      }
      return new Token(null, Kind.INVALID, text.toString(), Map.of(), at);
    }

    private static String entity(String e) {
      return switch (e) {
        case "&amp;" -> "&";
        case "&lt;" -> "<";
        case "&gt;" -> ">";
        default -> e;
      };
    }

    private Token tag() {
      int at = i++;
      while (i < s.length() && Lexer.isSpace(s.charAt(i))) {
        i++;
      }
      int end = s.indexOf('>', i + 1);
      if (end < 0) {
        i = s.length();
        return new Token("", Kind.INVALID, "", Map.of(), at);
      }
      String tag = s.substring(i, end);
      i = end + 1;
      int k = 0;
      int length = tag.length();
      Kind kind = Kind.START;
      if (tag.startsWith("/")) {
        kind = Kind.END;
        k++;
      } else if (tag.endsWith("/")) {
        kind = Kind.EMPTY;
        length--;
      }
      int from = k;
      while (k < length && !Lexer.isSpace(tag.charAt(k))) {
        k++;
      }
      String name = tag.substring(from, Math.max(from, k));
      Map<String, String> attributes = new HashMap<>();
      if (!attributes(tag, k, length, attributes)) {
        kind = Kind.INVALID;
      }
      return new Token(name, kind, "", attributes, at);
    }

    /**
     * Reads attributes the way BreakdownTag() does, which gets only the first one right; false for
     * a NUL escape.
     */
    private static boolean attributes(String tag, int from, int length, Map<String, String> into) {
      boolean valid = true;
      int k = from;
      while (k < length) {
        while (k < length && Lexer.isSpace(tag.charAt(k))) {
          k++;
        }
        int start = k;
        while (k < length && !Lexer.isSpace(tag.charAt(k)) && tag.charAt(k) != '=') {
          k++;
        }
        String name = tag.substring(start, k);
        while (k < length && (Lexer.isSpace(tag.charAt(k)) || tag.charAt(k) == '=')) {
          k++;
        }
        k++;
        int begin = Math.min(k, length);
        while (k < length && (tag.charAt(k) != '"' || (k > begin && tag.charAt(k - 1) == '\\'))) {
          k++;
        }
        String value =
            StringLiterals.unescape(
                entities(tag.substring(begin, Math.max(begin, Math.min(k, length)))), false);
        if (value == null) {
          valid = false;
        } else if (!name.isEmpty() && !value.isEmpty()) {
          into.put(name, value);
        }
      }
      return valid;
    }

    private static String entities(String value) {
      StringBuilder out = new StringBuilder();
      int k = 0;
      while (k < value.length()) {
        int end = value.charAt(k) == '&' ? value.indexOf(';', k) : -1;
        if (end < 0) {
          out.append(value.charAt(k++));
        } else {
          String whole = value.substring(k, end + 1);
          String replaced = entity(whole);
          out.append(replaced.equals(whole) ? "&" : replaced);
          k = replaced.equals(whole) ? k + 1 : end + 1;
        }
      }
      return out.toString();
    }

    /** The next ad; null if there is none. */
    @Nullable ClassAd ad(int depth) throws ClassAdSyntaxException {
      if (depth > Parser.MAX_DATA_DEPTH) {
        throw fault("less nesting");
      }
      Token t = consume();
      while (t != null && !t.is("c")) {
        t = consume();
      }
      if (t == null || t.kind != Kind.START) {
        return null;
      }
      ClassAd.Builder ad = ClassAd.builder();
      while ((t = peek()) != null) {
        if (t.is("a")) {
          if (t.kind == Kind.INVALID) {
            throw fault("a name without a NUL");
          }
          if (t.kind == Kind.START) {
            attribute(ad, depth);
          } else {
            consume();
          }
        } else if (t.name != null
            && (t.is("?xml") || t.is("?xml-stylesheet") || t.is("DOCTYPE") || t.is("classads"))) {
          throw fault("an attribute, <a n=\"…\">, or </c>");
        } else {
          consume();
          boolean isAd = t.is("c");
          if (isAd ? t.kind == Kind.END : t.name != null) {
            break;
          }
        }
      }
      return ad.build();
    }

    private void attribute(ClassAd.Builder ad, int depth) throws ClassAdSyntaxException {
      Token t = consume();
      String name = t == null ? null : t.attributes.get("n");
      if (name == null) {
        throw fault("an attribute with a name, <a n=\"…\">");
      }
      Expr e = thing(depth);
      if (ad.size() == ClassAd.Builder.MAX_SIZE) {
        throw fault("fewer attributes");
      }
      swallow("a");
      ad.put(Name.of(name), e);
    }

    private void swallow(String tag) {
      Token t = peek();
      if (t != null && t.is(tag, Kind.END)) {
        consume();
      }
    }

    private Expr thing(int depth) throws ClassAdSyntaxException {
      Token t = peek();
      if (t == null || t.name == null) {
        throw fault("a value");
      }
      return switch (t.name) {
        case "c" -> {
          ClassAd ad = ad(depth + 1);
          if (ad == null) {
            throw fault("an ad");
          }
          yield new AdExpr(ad);
        }
        case "l" -> list(depth + 1);
        case "b" -> {
          consume();
          String v = t.attributes.getOrDefault("v", "");
          if (t.kind == Kind.START) {
            swallow("b");
          }
          yield v.equals("t") || v.equals("T") ? Literal.TRUE : Literal.FALSE;
        }
        case "un", "er" -> {
          consume();
          if (t.kind == Kind.START) {
            swallow(t.name);
          }
          yield t.is("un") ? Literal.UNDEFINED : Literal.ERROR;
        }
        case "i", "r", "s", "at", "rt", "e" -> {
          consume();
          Expr e = scalar(t.name);
          swallow(t.name);
          yield e;
        }
        default -> throw fault("a value");
      };
    }

    private Expr scalar(String tag) throws ClassAdSyntaxException {
      Token t = peek();
      if (t == null || t.name != null) {
        if (tag.equals("s")) {
          return Literal.constant(Value.Str.EMPTY);
        }
        throw fault("text");
      }
      consume();
      String text = t.text;
      Expr e =
          switch (tag) {
            case "i" -> integer(text);
            case "r" -> {
              Numbers.Prefix p = Numbers.strtod(text);
              yield p.length() == 0 ? Literal.ERROR : Literal.constant(new Value.Real(p.value()));
            }
            case "s" -> {
              String u = StringLiterals.unescape(text, false);
              yield u == null ? null : Literal.constant(new Value.Str(u));
            }
            case "at" -> literal(Times.parseAbsolute(text, java.time.ZoneId.systemDefault()));
            case "rt" -> literal(Times.parseRelative(text));
            default -> {
              byte[] buf = ByteText.toArray(text);
              yield new Parser(buf, 0, buf.length, false, language).leadingExpression();
            }
          };
      if (e == null) {
        throw fault("a well-formed value of type " + tag);
      }
      return e;
    }

    private static @Nullable Expr literal(@Nullable Value v) {
      return v == null ? null : Literal.constant(v);
    }

    /**
     * std::from_chars(): digits at the start of the text; an error value if there are none or too
     * many.
     */
    private static Expr integer(String s) {
      int k = s.startsWith("-") ? 1 : 0;
      int from = k;
      while (k < s.length() && Lexer.isDigit(s.charAt(k))) {
        k++;
      }
      if (k == from || k - from > 40) {
        return Literal.ERROR;
      }
      java.math.BigInteger v = new java.math.BigInteger(s.substring(0, k));
      return v.bitLength() > 63 ? Literal.ERROR : Literal.constant(Value.Int.of(v.longValue()));
    }

    private Expr list(int depth) throws ClassAdSyntaxException {
      if (depth > Parser.MAX_DATA_DEPTH) {
        throw fault("less nesting");
      }
      Token t = consume();
      List<Expr> elements = new ArrayList<>();
      while ((t = peek()) != null && !t.is("l", Kind.END)) {
        if (t.name == null || t.kind == Kind.END) {
          throw fault("a value or </l>");
        }
        elements.add(thing(depth));
      }
      consume();
      return new ListExpr(elements.toArray(new Expr[0]));
    }
  }

  private static final class Writer extends FormWriter {
    @Override
    void ad(ClassAd ad) {
      out.append("<c>");
      for (int i : Order.LIBRARY.sort(ad)) {
        out.append("<a n=\"");
        new XmlPrinter(out).escaped(ad.nameAt(i).text, '"');
        out.append("\">");
        expr(ad.exprAt(i));
        out.append("</a>");
      }
      out.append("</c>");
    }

    @Override
    void list(ListExpr list) {
      out.append("<l>");
      for (Expr e : list.elements) {
        expr(e);
      }
      out.append("</l>");
    }

    @Override
    void literal(Literal literal) {
      value(literal.value);
    }

    @Override
    void quoted(Expr e) {
      out.append("<e>");
      new XmlPrinter(out).print(e);
      out.append("</e>");
    }

    private void value(Value v) {
      switch (v) {
        case Value.Undefined u -> out.append("<un/>");
        case Value.Error e -> out.append("<er/>");
        case Value.Bool b -> out.append(b.value() ? "<b v=\"t\"/>" : "<b v=\"f\"/>");
        case Value.Int i -> out.append("<i>").append(i.value()).append("</i>");
        case Value.Str s -> {
          out.append("<s>");
          new XmlPrinter(out).escaped(s.bytes, '\0');
          out.append("</s>");
        }
        case Value.Real r -> real(r.value());
        // A reltime literal's value is its number of seconds.
        case Value.RelTime t -> real(t.seconds());
        case Value.AbsTime t -> {
          out.append("<at>");
          Times.print(out, t);
          out.append("</at>");
        }
        case Value.ListValue l -> list(l.list);
        case Value.AdValue a -> ad(a.scope.ad);
      }
    }

    private void real(double d) {
      out.append("<r>");
      if (d == 0) {
        out.append("0.0");
      } else if (Double.isNaN(d)) {
        out.append("NaN");
      } else if (Double.isInfinite(d)) {
        out.append(d < 0 ? "-INF" : "INF");
      } else {
        Numbers.scientific(out, d);
      }
      out.append("</r>");
    }
  }

  /** New syntax with XML's special characters escaped in strings and operators. */
  private static final class XmlPrinter extends Printer {
    private final ByteBuilder out;

    XmlPrinter(ByteBuilder out) {
      super(out, false);
      this.out = out;
    }

    @Override
    void string(String s, char delimiter) {
      out.append('"');
      escaped(s, delimiter);
      out.append('"');
    }

    void escaped(String s, char delimiter) {
      int at = out.length();
      super.string(s, delimiter);
      String plain = out.toString().substring(at + 1, out.length() - 1);
      out.truncate(at);
      append(plain);
    }

    @Override
    void operator(Op op) {
      append(op.newText);
    }

    private void append(String plain) {
      for (int i = 0; i < plain.length(); i++) {
        char c = plain.charAt(i);
        switch (c) {
          case '&' -> out.append("&amp;");
          case '<' -> out.append("&lt;");
          case '>' -> out.append("&gt;");
          default -> out.append(c);
        }
      }
    }
  }
}
