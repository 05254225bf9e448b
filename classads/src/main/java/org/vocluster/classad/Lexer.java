package org.vocluster.classad;

import org.jspecify.annotations.Nullable;

/**
 * Cuts text into tokens the way lexer.cpp does, its oddities included: what a minus means depends
 * on the token before it, {@code ..5} is a number, adjacent strings join in new syntax, and a NUL
 * ends the text.
 */
final class Lexer {
  final byte[] buf;
  private final int end;
  private final int origin;
  private final boolean oldStrings;
  final boolean json;
  private final boolean condor;
  private final boolean modern;

  /** Where the next token is looked for. */
  int pos;

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

  /** The byte there; -1 beyond the end. */
  int at(int i) {
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
      return oldStrings ? StringLiterals.readOld(this, c) : StringLiterals.readNew(this, c);
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
        return bad(p);
      }
      while (isHex(at(p))) {
        p++;
      }
      // A dot after a hexadecimal number makes it a malformed real.
    } else if (digits) {
      p = pastDigits(p);
      isReal = at(p) == '.' || (at(p) | 32) == 'e';
      if (c == '0' && !isReal && !isOctal(digitsFrom, p)) {
        return bad(p);
      }
    } else {
      p++; // past the dot, or the minus before it
    }
    if (c == '.' || at(p) == '.') {
      if (at(p) == '.') {
        p++;
      }
      if (!isDigit(at(p))) {
        pos = p;
        return digits ? Token.BAD : Token.DOT;
      }
      isReal = true;
      p = pastDigits(p);
    }
    if (isReal && (at(p) | 32) == 'e') {
      p++;
      if (at(p) == '+' || at(p) == '-') {
        p++;
      }
      if (!isDigit(at(p))) {
        return bad(p);
      }
      p = pastDigits(p);
    }
    pos = p;
    return isReal ? real() : integer(digitsFrom);
  }

  private Token real() {
    real = strtod(pos);
    return Token.REAL;
  }

  private Token integer(int digitsFrom) {
    if ((condor || json) && buf[start] == '0' && pos - start > 1) {
      return Token.BAD;
    }
    integer = decimal(buf[start] == '-', digitsFrom, pos);
    return Token.INTEGER;
  }

  private int pastDigits(int from) {
    int p = from;
    while (isDigit(at(p))) {
      p++;
    }
    return p;
  }

  private boolean isOctal(int from, int to) {
    for (int i = from; i < to; i++) {
      if (buf[i] >= '8') {
        return false;
      }
    }
    return true;
  }

  /** A token that is malformed there. */
  private Token bad(int at) {
    pos = at;
    return Token.BAD;
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
