package org.vocluster.classad;

import java.util.ArrayList;
import java.util.List;

/**
 * JSON as HTCondor has it: an ad is an object, undefined is null, and an expression that is no
 * literal a string {@code "\/Expr(…)\/"}, whose slashes have to be escaped for it to be read as
 * one.
 */
public final class JsonForm {
  private JsonForm() {}

  /** Reads one ad and nothing after it. */
  public static ClassAd parse(String text) throws ClassAdSyntaxException {
    return parse(text, Language.CONDOR_23_9);
  }

  /** Reads one ad and nothing after it. */
  public static ClassAd parse(String text, Language language) throws ClassAdSyntaxException {
    Reader reader = new Reader(text, language);
    ClassAd ad = reader.ad(0);
    reader.expect(Token.END, "end of input");
    return ad;
  }

  /** Reads several ads, one after the other or as an array. */
  public static List<ClassAd> parseAll(String text, Language language)
      throws ClassAdSyntaxException {
    Reader reader = new Reader(text, language);
    List<ClassAd> ads = new ArrayList<>();
    boolean array = reader.skip(Token.OPEN_BOX);
    while (reader.peek() == Token.OPEN_BRACE) {
      ads.add(reader.ad(0));
      reader.skip(Token.COMMA);
    }
    if (array) {
      reader.expect(Token.CLOSE_BOX, "'{' or ']'");
    }
    reader.expect(Token.END, "'{' or end of input");
    return ads;
  }

  /** The ad over several lines, its attributes in HTCondor's order. */
  public static String print(ClassAd ad) {
    return new Writer().print(ad);
  }

  private static final class Reader {
    private final Lexer lexer;
    private final Language language;
    private boolean peeked;

    Reader(String text, Language language) {
      byte[] buf = ByteText.toArray(ByteText.fromText(text));
      this.lexer = Lexer.json(buf, language);
      this.language = language;
    }

    Token peek() {
      if (!peeked) {
        lexer.next();
        peeked = true;
      }
      return lexer.token;
    }

    private Token consume() {
      Token t = peek();
      peeked = false;
      return t;
    }

    boolean skip(Token t) {
      if (peek() == t) {
        consume();
        return true;
      }
      return false;
    }

    private ClassAdSyntaxException fault(String expected) {
      return new ClassAdSyntaxException(
          lexer.lineOf(lexer.start), lexer.columnOf(lexer.start), lexer.found(), expected);
    }

    void expect(Token t, String expected) throws ClassAdSyntaxException {
      if (consume() != t) {
        throw fault(expected);
      }
    }

    ClassAd ad(int depth) throws ClassAdSyntaxException {
      if (depth > Parser.MAX_DATA_DEPTH) {
        throw fault("less nesting");
      }
      expect(Token.OPEN_BRACE, "'{'");
      ClassAd.Builder ad = ClassAd.builder();
      while (peek() != Token.CLOSE_BRACE) {
        if (skip(Token.COMMA)) {
          // A comma too many is let pass before an attribute, but not as all there is.
          if (peek() == Token.CLOSE_BRACE) {
            throw fault("an attribute name");
          }
          continue;
        }
        expect(Token.STRING, "an attribute name in quotes or '}'");
        Name name = Name.of(text());
        if (name.text.isEmpty() || ad.size() == ClassAd.Builder.MAX_SIZE) {
          throw fault(
              name.text.isEmpty() ? "an attribute name that is not empty" : "fewer attributes");
        }
        expect(Token.COLON, "':'");
        ad.put(name, value(depth + 1));
        if (peek() != Token.COMMA && peek() != Token.CLOSE_BRACE) {
          throw fault("',' or '}'");
        }
        while (skip(Token.COMMA)) {
          // more than one is let pass
        }
      }
      consume();
      return ad.build();
    }

    private Expr value(int depth) throws ClassAdSyntaxException {
      return switch (peek()) {
        case OPEN_BRACE -> new AdExpr(ad(depth));
        case OPEN_BOX -> list(depth);
        case UNDEFINED, BOOLEAN, INTEGER, REAL -> {
          consume();
          yield lexer.literal();
        }
        case STRING -> {
          consume();
          yield string();
        }
        default -> throw fault("a value");
      };
    }

    private String text() {
      return lexer.string.value instanceof Value.Str s ? s.bytes : "";
    }

    private Expr string() throws ClassAdSyntaxException {
      String s = text();
      if (!lexer.quotedExpression
          || !s.regionMatches(true, 0, "/Expr(", 0, 6)
          || !s.endsWith(")/")
          || s.length() < 8) {
        return lexer.string;
      }
      byte[] buf = ByteText.toArray(s.substring(6, s.length() - 2));
      Parser parser = new Parser(buf, 0, buf.length, false, language);
      Expr e = parser.wholeExpression();
      if (e == null) {
        ClassAdSyntaxException inner = parser.failure();
        throw new ClassAdSyntaxException(
            lexer.lineOf(lexer.start),
            lexer.columnOf(lexer.start),
            inner.found() + " within the expression",
            inner.expected());
      }
      return e;
    }

    private Expr list(int depth) throws ClassAdSyntaxException {
      if (depth > Parser.MAX_DATA_DEPTH) {
        throw fault("less nesting");
      }
      consume();
      List<Expr> elements = new ArrayList<>();
      while (peek() != Token.CLOSE_BOX) {
        elements.add(value(depth + 1));
        if (!skip(Token.COMMA)) {
          if (peek() != Token.CLOSE_BOX) {
            throw fault("',' or ']'");
          }
        } else if (peek() == Token.CLOSE_BOX) {
          throw fault("a value");
        }
      }
      consume();
      return new ListExpr(elements.toArray(new Expr[0]));
    }
  }

  private static final class Writer extends FormWriter {
    private static final String HEX = "0123456789ABCDEF";
    private int indent;

    private void line() {
      out.append('\n');
      for (int i = 0; i < indent; i++) {
        out.append(' ');
      }
    }

    @Override
    void ad(ClassAd ad) {
      out.append('{');
      indent += 2;
      int[] order = Order.LIBRARY.sort(ad);
      for (int i = 0; i < order.length; i++) {
        if (i > 0) {
          out.append(',');
        }
        line();
        out.append('"');
        escape(ad.nameAt(order[i]).text);
        out.append("\": ");
        expr(ad.exprAt(order[i]));
      }
      indent -= 2;
      line();
      out.append('}');
    }

    @Override
    void list(ListExpr list) {
      out.append('[');
      indent += 2;
      for (int i = 0; i < list.elements.length; i++) {
        if (i > 0) {
          out.append(',');
        }
        line();
        expr(list.elements[i]);
      }
      indent -= 2;
      line();
      out.append(']');
    }

    @Override
    void literal(Literal literal) {
      value(literal.value, literal);
    }

    private void value(Value v, Literal literal) {
      switch (v) {
        case Value.Undefined u -> out.append("null");
        case Value.Bool b -> out.append(b.value());
        case Value.Int i -> out.append(i.value());
        case Value.Str s -> {
          out.append('"');
          escape(s.bytes);
          out.append('"');
        }
        case Value.Real r -> {
          if (Double.isNaN(r.value()) || Double.isInfinite(r.value())) {
            quoted(literal);
          } else {
            new Printer(out, true).value(r);
          }
        }
        // A reltime literal's value is its number of seconds.
        case Value.RelTime t -> value(new Value.Real(t.seconds()), literal);
        case Value.ListValue l -> list(l.list);
        case Value.AdValue a -> ad(a.scope.ad);
        case Value.Error x -> quoted(literal);
        case Value.AbsTime t -> quoted(literal);
      }
    }

    @Override
    void quoted(Expr e) {
      out.append("\"\\/Expr(");
      escape(Printer.newBytes(e));
      out.append(")\\/\"");
    }

    private void escape(String s) {
      for (int i = 0; i < s.length(); i++) {
        char c = s.charAt(i);
        switch (c) {
          case '"' -> out.append("\\\"");
          case '\\' -> out.append("\\\\");
          case '\b' -> out.append("\\b");
          case '\f' -> out.append("\\f");
          case '\n' -> out.append("\\n");
          case '\r' -> out.append("\\r");
          case '\t' -> out.append("\\t");
          default -> {
            if (c < 32) {
              out.append("\\u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
            } else {
              out.append(c);
            }
          }
        }
      }
    }
  }

  /**
   * What a backslash before the char at i stands for, as convert_escapes_json() has it but for
   * characters beyond ASCII, which it garbles.
   *
   * @return the last char that belongs to it; -1 if it is malformed
   */
  static int unescape(String raw, int i, StringBuilder out) {
    if (raw.charAt(i) != 'u') {
      out.append(StringLiterals.controlChar(raw.charAt(i)));
      return i;
    }
    int unit = hex(raw, i + 1);
    if (unit <= 0) {
      return -1;
    }
    int last = i + 4;
    String text = String.valueOf((char) unit);
    if (Character.isHighSurrogate((char) unit) && raw.startsWith("\\u", last + 1)) {
      int low = hex(raw, last + 3);
      if (low > 0 && Character.isLowSurrogate((char) low)) {
        text += (char) low;
        last += 6;
      }
    }
    out.append(ByteText.fromText(text));
    return last;
  }

  private static int hex(String s, int from) {
    if (from + 4 > s.length()) {
      return -1;
    }
    int v = 0;
    for (int i = from; i < from + 4; i++) {
      int d = Character.digit(s.charAt(i), 16);
      if (d < 0) {
        return -1;
      }
      v = v << 4 | d;
    }
    return v;
  }
}
