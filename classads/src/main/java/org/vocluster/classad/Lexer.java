package org.vocluster.classad;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Cuts text into tokens the way lexer.cpp does, its oddities included: what a minus means depends
 * on the token before it, {@code ..5} is a number, adjacent strings join in new syntax, and a NUL
 * ends the text.
 */
final class Lexer {
  private final byte[] buf;
  private final int end;
  private final int origin;
  private final boolean oldStrings;
  private final boolean json;
  private final boolean condor;
  private final boolean modern;

  private int pos;

  Token token = Token.END;
  int start;
  Literal string = Literal.constant(Value.Str.EMPTY);
  @Nullable Name name;
  long integer;
  double real;
  boolean bool;

  /** Whether the string began and ended with an escaped slash, as expressions in JSON do. */
  boolean quotedExpression;

  Lexer(byte[] buf, int from, int to, boolean oldStrings, Language language) {
    this(buf, from, to, oldStrings, false, language);
  }

  private Lexer(byte[] buf, int from, int to, boolean oldStrings, boolean json, Language language) {
    this.json = json;
    this.buf = buf;
    this.pos = from;
    this.origin = from;
    this.end = to;
    this.oldStrings = oldStrings;
    this.condor = language.mode() == Mode.CONDOR;
    this.modern = language.dialect() == Dialect.V25_14;
  }

  static Lexer json(byte[] buf, Language language) {
    return new Lexer(buf, 0, buf.length, false, true, language);
  }

  private int at(int i) {
    return i < end ? buf[i] & 0xFF : -1;
  }

  static boolean isSpace(int c) {
    return c == ' ' || (c >= 9 && c <= 13);
  }

  static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  static boolean isAlpha(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  /** Reads the next token into the fields. */
  Token next() {
    token = scan(token);
    return token;
  }

  private Token scan(Token previous) {
    int p = pos;
    int c;
    while (true) {
      c = at(p);
      if (isSpace(c)) {
        p++;
      } else if (c == '/' && at(p + 1) == '/') {
        p += 2;
        while (at(p) > 0 && at(p) != '\n') {
          p++;
        }
      } else if (c == '/' && at(p + 1) == '*') {
        start = p;
        p += 2;
        while (p < end && !(buf[p] == '*' && at(p + 1) == '/')) {
          p++;
        }
        if (p >= end) {
          pos = end;
          return Token.BAD;
        }
        p += 2;
      } else {
        break;
      }
    }
    start = p;
    pos = p;
    if (c <= 0) {
      return Token.END;
    }
    if (c == '-') {
      return switch (previous) {
        case INTEGER,
            REAL,
            BOOLEAN,
            STRING,
            UNDEFINED,
            ERROR,
            IDENTIFIER,
            DOT,
            CLOSE_BOX,
            CLOSE_PAREN,
            CLOSE_BRACE ->
            one(Token.MINUS);
        default -> number(c);
      };
    }
    if (isDigit(c) || c == '.') {
      return number(c);
    }
    if (isAlpha(c) || c == '_') {
      return word();
    }
    if (c == '"' || c == '\'') {
      return oldStrings ? oldString(c) : newString(c);
    }
    return punctuation(c);
  }

  private Token one(Token t) {
    pos = start + 1;
    return t;
  }

  private Token number(int first) {
    int p = start;
    int c = first;
    if (c == '-') {
      int after = at(p + 1);
      if (isDigit(after)) {
        p++;
        c = after;
      } else if (!(after == '.' && isDigit(at(p + 2)))) {
        return one(Token.MINUS);
      }
    }
    boolean isReal = false;
    boolean digits = isDigit(c);
    int digitsFrom = p;
    if (c == '0' && (at(p + 1) | 32) == 'x') {
      p += 2;
      if (!isHex(at(p))) {
        pos = p;
        return Token.BAD;
      }
      while (isHex(at(p))) {
        p++;
      }
      // A dot after a hexadecimal number makes it a malformed real.
    } else if (digits) {
      boolean octal = c == '0';
      boolean nonOctal = false;
      p++;
      while (isDigit(at(p))) {
        nonOctal |= octal && at(p) >= '8';
        p++;
      }
      isReal = at(p) == '.' || (at(p) | 32) == 'e';
      if (nonOctal && !isReal) {
        pos = p;
        return Token.BAD;
      }
    } else {
      p++; // past the dot, or the minus before it
    }
    boolean dot = c == '.' || at(p) == '.';
    if (dot) {
      if (at(p) == '.') {
        p++;
      }
      if (isDigit(at(p))) {
        isReal = true;
        while (isDigit(at(p))) {
          p++;
        }
      } else {
        pos = p;
        return digits ? Token.BAD : Token.DOT;
      }
    }
    if (isReal && (at(p) | 32) == 'e') {
      p++;
      if (at(p) == '+' || at(p) == '-') {
        p++;
      }
      if (!isDigit(at(p))) {
        pos = p;
        return Token.BAD;
      }
      while (isDigit(at(p))) {
        p++;
      }
    }
    pos = p;
    if (isReal) {
      real = strtod(p);
      return Token.REAL;
    }
    if ((condor || json) && buf[start] == '0' && p - start > 1) {
      return Token.BAD;
    }
    integer = decimal(buf[start] == '-', digitsFrom, p);
    return Token.INTEGER;
  }

  private double strtod(int to) {
    if (buf[start] == '.' && at(start + 1) == '.') {
      return 0.0; // "..5": strtod() finds no number
    }
    String text = ByteText.fromArray(buf, start, to);
    // A fraction after a hexadecimal integer: strtod() reads both as hexadecimal.
    return text.indexOf('x') > 0 || text.indexOf('X') > 0
        ? Numbers.strtod(text).value()
        : Double.parseDouble(text);
  }

  /** std::from_chars: the leading decimal digits, 0 if they do not fit. */
  private long decimal(boolean negative, int from, int to) {
    if (to - from <= 18) {
      long v = 0;
      for (int i = from; i < to && isDigit(buf[i]); i++) {
        v = v * 10 + (buf[i] - '0');
      }
      return negative ? -v : v;
    }
    long v = 0;
    for (int i = from; i < to && isDigit(buf[i]); i++) {
      int d = buf[i] - '0';
      if (v < (Long.MIN_VALUE + d) / 10) {
        return 0;
      }
      v = v * 10 - d;
    }
    return negative ? v : v == Long.MIN_VALUE ? 0 : -v;
  }

  private static boolean isHex(int c) {
    return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  }

  private Token word() {
    int p = start;
    while (isAlpha(at(p))) {
      p++;
    }
    int letters = p;
    while (isAlpha(at(p)) || isDigit(at(p)) || at(p) == '_') {
      p++;
    }
    pos = p;
    if (letters == p) {
      switch (p - start) {
        case 2 -> {
          if (spells("is")) {
            return Token.IS;
          }
        }
        case 4 -> {
          if (spells("true")) {
            bool = true;
            return Token.BOOLEAN;
          }
          if (spells("isnt")) {
            return Token.ISNT;
          }
          if (json && spells("null")) {
            return Token.UNDEFINED;
          }
        }
        case 5 -> {
          if (spells("false")) {
            bool = false;
            return Token.BOOLEAN;
          }
          if (spells("error")) {
            return Token.ERROR;
          }
        }
        case 9 -> {
          if (!json && spells("undefined")) {
            return Token.UNDEFINED;
          }
        }
        default -> {}
      }
    }
    name = Name.of(buf, start, p);
    return Token.IDENTIFIER;
  }

  private boolean spells(String word) {
    for (int i = 0; i < word.length(); i++) {
      if ((buf[start + i] | 32) != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private Token newString(int delimiter) {
    quotedExpression = false;
    int p = start + 1;
    int from = p;
    boolean escapes = false;
    StringBuilder joined = null;
    while (true) {
      int c = at(p);
      while (c > 0 && c != delimiter) {
        if (c == '\\') {
          escapes = true;
          p++;
          if (at(p) <= 0) {
            break;
          }
        }
        p++;
        c = at(p);
      }
      if (at(p) != delimiter) {
        pos = p;
        return Token.BAD;
      }
      int q = p + 1;
      while (isSpace(at(q))) {
        q++;
      }
      boolean more = at(q) == delimiter;
      if (more || joined != null) {
        joined = joined == null ? new StringBuilder() : joined;
        joined.append(new String(buf, from, p - from, StandardCharsets.ISO_8859_1));
      }
      if (!more) {
        pos = p + 1;
        break;
      }
      p = q + 1;
      from = p;
    }
    if (joined == null && !escapes && delimiter == '"') {
      string = Literal.string(buf, from, pos - 1);
      return Token.STRING;
    }
    String raw = joined == null ? ByteText.fromArray(buf, from, pos - 1) : joined.toString();
    quotedExpression = json && raw.length() >= 4 && raw.startsWith("\\/") && raw.endsWith("\\/");
    String text = escapes ? unescape(raw, json) : raw;
    if (text == null) {
      return Token.BAD;
    }
    return word(text, delimiter);
  }

  private Token word(String text, int delimiter) {
    if (delimiter == '"') {
      string = Literal.constant(text.isEmpty() ? Value.Str.EMPTY : new Value.Str(text));
      return Token.STRING;
    }
    name = Name.of(text);
    return Token.IDENTIFIER;
  }

  /** The text with its escapes resolved; null if one is malformed or would be a NUL. */
  static @Nullable String unescape(String raw, boolean json) {
    StringBuilder out = new StringBuilder(raw.length());
    int n = raw.length();
    for (int i = 0; i < n; i++) {
      char c = raw.charAt(i);
      if (c != '\\' || i == n - 1) {
        out.append(c);
        continue;
      }
      i = json ? JsonForm.unescape(raw, i + 1, out) : unescape(raw, i + 1, out);
      if (i < 0) {
        return null;
      }
    }
    return out.toString();
  }

  /**
   * What a backslash before the char at i stands for, as convert_escapes() has it.
   *
   * @return the last char that belongs to it; -1 for a NUL
   */
  private static int unescape(String raw, int i, StringBuilder out) {
    char c = raw.charAt(i);
    if (!isOctal(c)) {
      out.append(c == 'a' ? '\007' : c == 'v' ? '\013' : controlChar(c));
      return i;
    }
    int last = i;
    int number = c - '0';
    if (last + 1 < raw.length() && isOctal(raw.charAt(last + 1))) {
      number = number << 3 | raw.charAt(++last) - '0';
      if (number < 040 && last + 1 < raw.length() && isOctal(raw.charAt(last + 1))) {
        number = number << 3 | raw.charAt(++last) - '0';
      }
    }
    if (number == 0) {
      return -1;
    }
    out.append((char) number);
    return last;
  }

  /** The control character that a letter after a backslash stands for; itself if for none. */
  static char controlChar(char c) {
    return switch (c) {
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      default -> c;
    };
  }

  private static boolean isOctal(char c) {
    return c >= '0' && c <= '7';
  }

  // A quote after a backslash is part of the string, unless the line ends there
  // (tokenizeStringOld).
  private Token oldString(int delimiter) {
    int p = start + 1;
    int from = p;
    StringBuilder pieces = null;
    while (true) {
      int segment = p;
      while (at(p) > 0 && at(p) != delimiter) {
        p++;
      }
      if (at(p) != delimiter) {
        pos = p;
        return Token.BAD;
      }
      int after = at(p + 1);
      if (p == segment || buf[p - 1] != '\\' || after <= 0 || after == '\n') {
        break;
      }
      pieces = pieces == null ? new StringBuilder() : pieces;
      pieces.append(ByteText.fromArray(buf, from, p - 1)).append((char) delimiter);
      from = p + 1;
      p = from;
    }
    pos = p + 1;
    if (pieces == null && delimiter == '"') {
      string = Literal.string(buf, from, p);
      return Token.STRING;
    }
    String last = ByteText.fromArray(buf, from, p);
    return word(pieces == null ? last : pieces.append(last).toString(), delimiter);
  }

  private Token punctuation(int c) {
    int n = at(start + 1);
    return switch (c) {
      case '*' -> one(Token.STAR);
      case '/' -> one(Token.SLASH);
      case '%' -> one(Token.PERCENT);
      case '+' -> one(Token.PLUS);
      case '~' -> one(Token.BIT_NOT);
      case '^' -> one(Token.BIT_XOR);
      case ':' -> one(Token.COLON);
      case ';' -> one(Token.SEMICOLON);
      case ',' -> one(Token.COMMA);
      case '[' -> one(Token.OPEN_BOX);
      case ']' -> one(Token.CLOSE_BOX);
      case '(' -> one(Token.OPEN_PAREN);
      case ')' -> one(Token.CLOSE_PAREN);
      case '{' -> one(Token.OPEN_BRACE);
      case '}' -> one(Token.CLOSE_BRACE);
      case '?' -> question();
      case '&' -> n == '&' ? two(Token.AND) : one(Token.BIT_AND);
      case '|' -> n == '|' ? two(Token.OR) : one(Token.BIT_OR);
      case '<' -> n == '=' ? two(Token.LE) : n == '<' ? two(Token.SHL) : one(Token.LT);
      case '>' -> {
        if (n == '>' && at(start + 2) == '>') {
          pos = start + 3;
          yield Token.USHR;
        }
        yield n == '=' ? two(Token.GE) : n == '>' ? two(Token.SHR) : one(Token.GT);
      }
      case '!' -> n == '=' ? two(Token.NE) : one(Token.NOT);
      case '=' -> {
        if (n == '?') {
          pos = start + 3;
          if (at(start + 2) == '=') {
            yield Token.IS;
          }
          pos = start + 2;
          yield Token.BAD;
        }
        if (n == '!' && at(start + 2) == '=') {
          pos = start + 3;
          yield Token.ISNT;
        }
        yield n == '=' ? two(Token.EQ) : one(Token.BOUND_TO);
      }
      default -> one(Token.BAD);
    };
  }

  private Token two(Token t) {
    pos = start + 2;
    return t;
  }

  private Token question() {
    if (modern) {
      int p = start + 1;
      while (isSpace(at(p))) {
        p++;
      }
      if (at(p) == ':') {
        pos = p + 1;
        return Token.ELVIS;
      }
    }
    return one(Token.QMARK);
  }

  /** The constant that the current token is. */
  Literal literal() {
    return switch (token) {
      case UNDEFINED -> Literal.UNDEFINED;
      case BOOLEAN -> bool ? Literal.TRUE : Literal.FALSE;
      case INTEGER -> Literal.constant(Value.Int.of(integer));
      case REAL -> Literal.constant(new Value.Real(real));
      case STRING -> string;
      default -> Literal.ERROR;
    };
  }

  /** The current token as shown in a message. */
  String found() {
    if (token == Token.END) {
      return "end of input";
    }
    if (token == Token.BAD && start < end && (buf[start] == '"' || buf[start] == '\'')) {
      return "an unterminated or malformed string";
    }
    if (token == Token.BAD && start + 1 < end && buf[start] == '/') {
      return "an unterminated comment";
    }
    int to = Math.min(Math.max(pos, start + 1), Math.min(end, start + 40));
    return "'" + ByteText.toText(ByteText.fromArray(buf, start, to)).strip() + "'";
  }

  int lineOf(int offset) {
    int line = 1;
    for (int i = origin; i < offset; i++) {
      if (buf[i] == '\n') {
        line++;
      }
    }
    return line;
  }

  int columnOf(int offset) {
    int column = 1;
    for (int i = offset - 1; i >= origin && buf[i] != '\n'; i--) {
      column++;
    }
    return column;
  }
}
