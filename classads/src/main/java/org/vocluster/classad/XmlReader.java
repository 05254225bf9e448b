package org.vocluster.classad;

import java.math.BigInteger;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads XML for {@link XmlForm}, as forgivingly as xmlSource.cpp does. Where that reader would not
 * end or would run past its buffers, this one reports the fault.
 */
final class XmlReader {
  private enum Kind {
    START,
    END,
    EMPTY,
    INVALID
  }

  /** A tag, or text if the name is null; at is where it begins. */
  private record Piece(
      @Nullable String name, Kind kind, String text, Map<String, String> attributes, int at) {
    boolean is(String tag) {
      return tag.equals(name);
    }

    boolean is(String tag, Kind k) {
      return tag.equals(name) && kind == k;
    }
  }

  private final String s;
  private final Language language;
  private int i;
  private @Nullable Piece peeked;
  private boolean inString;
  private int lastAt;

  XmlReader(String s, Language language) {
    this.s = s;
    this.language = language;
  }

  /** The fault at the piece that was looked at last. */
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

  boolean atEnd() {
    return peek() == null;
  }

  private @Nullable Piece peek() {
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

  private @Nullable Piece consume() {
    Piece t = peek();
    peeked = null;
    return t;
  }

  private @Nullable Piece grab() {
    while (!inString && i < s.length() && Lexer.isSpace(s.charAt(i))) {
      i++;
    }
    if (i >= s.length()) {
      return null;
    }
    return s.charAt(i) == '<' ? tag() : text();
  }

  private Piece text() {
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
    return new Piece(null, Kind.INVALID, text.toString(), Map.of(), at);
  }

  private static String entity(String e) {
    return switch (e) {
      case "&amp;" -> "&";
      case "&lt;" -> "<";
      case "&gt;" -> ">";
      default -> e;
    };
  }

  private Piece tag() {
    int at = i++;
    while (i < s.length() && Lexer.isSpace(s.charAt(i))) {
      i++;
    }
    int end = s.indexOf('>', i + 1);
    if (end < 0) {
      i = s.length();
      return new Piece("", Kind.INVALID, "", Map.of(), at);
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
    return new Piece(name, kind, "", attributes, at);
  }

  /**
   * Reads attributes the way BreakdownTag() does, which gets only the first one right; false for a
   * NUL escape.
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
    Piece t = consume();
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
    Piece t = consume();
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
    Piece t = peek();
    if (t != null && t.is(tag, Kind.END)) {
      consume();
    }
  }

  private Expr thing(int depth) throws ClassAdSyntaxException {
    Piece t = peek();
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
    Piece t = peek();
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
          case "at" -> literal(Times.parseAbsolute(text, ZoneId.systemDefault()));
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
    BigInteger v = new BigInteger(s.substring(0, k));
    return v.bitLength() > 63 ? Literal.ERROR : Literal.constant(Value.Int.of(v.longValue()));
  }

  private Expr list(int depth) throws ClassAdSyntaxException {
    if (depth > Parser.MAX_DATA_DEPTH) {
      throw fault("less nesting");
    }
    Piece t = consume();
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
