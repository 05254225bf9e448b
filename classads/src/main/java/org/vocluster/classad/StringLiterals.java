package org.vocluster.classad;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * String literals and their escapes. Reads for {@link Lexer}, in its text and from where it stands,
 * and leaves it behind the literal.
 */
final class StringLiterals {
  private StringLiterals() {}

  /** Reads a string of new syntax or JSON, with its escapes and whatever adjoins it. */
  static Token readNew(Lexer in, int delimiter) {
    in.quotedExpression = false;
    int p = in.start + 1;
    int from = p;
    boolean escapes = false;
    StringBuilder joined = null;
    while (true) {
      int c = in.at(p);
      while (c > 0 && c != delimiter) {
        if (c == '\\') {
          escapes = true;
          p++;
          if (in.at(p) <= 0) {
            break;
          }
        }
        p++;
        c = in.at(p);
      }
      if (in.at(p) != delimiter) {
        in.pos = p;
        return Token.BAD;
      }
      int q = p + 1;
      while (Lexer.isSpace(in.at(q))) {
        q++;
      }
      boolean more = in.at(q) == delimiter;
      if (more || joined != null) {
        joined = joined == null ? new StringBuilder() : joined;
        joined.append(new String(in.buf, from, p - from, StandardCharsets.ISO_8859_1));
      }
      if (!more) {
        in.pos = p + 1;
        break;
      }
      p = q + 1;
      from = p;
    }
    if (joined == null && !escapes && delimiter == '"') {
      in.string = Literal.string(in.buf, from, in.pos - 1);
      return Token.STRING;
    }
    String raw = joined == null ? ByteText.fromArray(in.buf, from, in.pos - 1) : joined.toString();
    in.quotedExpression =
        in.json && raw.length() >= 4 && raw.startsWith("\\/") && raw.endsWith("\\/");
    String text = escapes ? unescape(raw, in.json) : raw;
    if (text == null) {
      return Token.BAD;
    }
    return token(in, text, delimiter);
  }

  /**
   * Reads a string of long form: a quote after a backslash is part of it, unless the line ends
   * there (tokenizeStringOld).
   */
  static Token readOld(Lexer in, int delimiter) {
    int p = in.start + 1;
    int from = p;
    StringBuilder pieces = null;
    while (true) {
      int segment = p;
      while (in.at(p) > 0 && in.at(p) != delimiter) {
        p++;
      }
      if (in.at(p) != delimiter) {
        in.pos = p;
        return Token.BAD;
      }
      int after = in.at(p + 1);
      if (p == segment || in.buf[p - 1] != '\\' || after <= 0 || after == '\n') {
        break;
      }
      pieces = pieces == null ? new StringBuilder() : pieces;
      pieces.append(ByteText.fromArray(in.buf, from, p - 1)).append((char) delimiter);
      from = p + 1;
      p = from;
    }
    in.pos = p + 1;
    if (pieces == null && delimiter == '"') {
      in.string = Literal.string(in.buf, from, p);
      return Token.STRING;
    }
    String last = ByteText.fromArray(in.buf, from, p);
    return token(in, pieces == null ? last : pieces.append(last).toString(), delimiter);
  }

  /** A string in double quotes, a name in single ones. */
  private static Token token(Lexer in, String text, int delimiter) {
    if (delimiter == '"') {
      in.string = Literal.constant(text.isEmpty() ? Value.Str.EMPTY : new Value.Str(text));
      return Token.STRING;
    }
    in.name = Name.of(text);
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
}
