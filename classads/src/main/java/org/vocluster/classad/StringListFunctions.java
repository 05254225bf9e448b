package org.vocluster.classad;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.vocluster.classad.Value.Bool;
import org.vocluster.classad.Value.Int;
import org.vocluster.classad.Value.ListValue;
import org.vocluster.classad.Value.Real;
import org.vocluster.classad.Value.Str;
import org.vocluster.classad.Value.Undefined;

/** Functions over strings that hold lists (compat_classad.cpp). */
final class StringListFunctions {
  /** FLT_MIN and FLT_MAX, from which stringListMax and stringListMin start. */
  private static final double LEAST = Float.MIN_NORMAL;

  private static final double MOST = Float.MAX_VALUE;

  private StringListFunctions() {}

  /**
   * StringTokenIterator: pieces between delimiters, without the white space around them, none of
   * them empty.
   */
  private static final class Tokens {
    private final String s;
    private final String delimiters;
    private final char single;
    private int next;
    int from;
    int to;

    Tokens(String s, String delimiters) {
      this.s = s;
      this.delimiters = delimiters;
      this.single = delimiters.isEmpty() ? 0 : delimiters.charAt(0);
    }

    private boolean delimits(char c) {
      return c == single || (delimiters.length() > 1 && delimiters.indexOf(c) >= 0);
    }

    boolean advance() {
      int n = s.length();
      int i = next;
      while (i < n && (Lexer.isSpace(s.charAt(i)) || delimits(s.charAt(i)))) {
        i++;
      }
      from = i;
      to = i;
      while (i < n && !delimits(s.charAt(i))) {
        if (!Lexer.isSpace(s.charAt(i++))) {
          to = i;
        }
      }
      next = i;
      return i > from;
    }

    String token() {
      return s.substring(from, to);
    }
  }

  /** All tokens. */
  static List<String> tokens(String s, String delimiters) {
    List<String> list = new ArrayList<>();
    Tokens tokens = new Tokens(s, delimiters);
    while (tokens.advance()) {
      list.add(tokens.token());
    }
    return list;
  }

  /**
   * The one or two string arguments, with the default for the second; null if they are something
   * else.
   */
  private static String @Nullable [] listAndDelimiters(Value[] v) {
    return v[0] instanceof Str s && (v.length == 1 || v[1] instanceof Str)
        ? new String[] {s.bytes, v.length == 2 && v[1] instanceof Str d ? d.bytes : ", "}
        : null;
  }

  static Value size(Value[] v) {
    String[] s = listAndDelimiters(v);
    return s == null ? Value.ERROR : Int.of(tokens(s[0], s[1]).size());
  }

  static Value summarize(Builtin f, Value[] v) {
    String[] s = listAndDelimiters(v);
    if (s == null) {
      return Value.ERROR;
    }
    List<String> items = tokens(s[0], s[1]);
    boolean additive = f == Builtin.STRING_LIST_SUM || f == Builtin.STRING_LIST_AVG;
    if (items.isEmpty()) {
      return additive ? new Real(0) : Value.UNDEFINED;
    }
    double total = additive ? 0 : f == Builtin.STRING_LIST_MIN ? MOST : LEAST;
    boolean isReal = false;
    for (String item : items) {
      Numbers.Prefix p = Numbers.strtod(item);
      if (p.length() == 0 || !Numbers.isScannable(item)) {
        return Value.ERROR;
      }
      isReal |= !isDigitsAndSigns(item);
      double d = p.value();
      total =
          additive
              ? d + total
              : f == Builtin.STRING_LIST_MIN ? (d < total ? d : total) : (d > total ? d : total);
    }
    if (f == Builtin.STRING_LIST_AVG) {
      total /= items.size();
    }
    return isReal ? new Real(total) : Int.of(Operators.toLong(total));
  }

  private static boolean isDigitsAndSigns(String s) {
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      if (!Lexer.isDigit(c) && c != '+' && c != '-') {
        return false;
      }
    }
    return true;
  }

  /** The member functions' item, list and delimiters; null if they are something else. */
  private static String @Nullable [] memberArguments(Value[] v) {
    String[] s = {"", "", ", \t\r\n"};
    for (int i = 0; i < v.length; i++) {
      if (v[i] instanceof Str x) {
        s[i] = x.bytes;
      } else if (!(v[i] instanceof Undefined)) {
        return null;
      }
    }
    return s;
  }

  private static boolean bothUndefined(Value[] v) {
    return v[0] instanceof Undefined && v[1] instanceof Undefined;
  }

  static Value member(Value[] v, boolean ignoreCase) {
    String[] s = memberArguments(v);
    if (s == null) {
      return Value.ERROR;
    }
    if (bothUndefined(v)) {
      return Value.UNDEFINED;
    }
    Tokens tokens = new Tokens(s[1], s[2]);
    int length = s[0].length();
    while (tokens.advance()) {
      if (tokens.to - tokens.from == length && matches(s[1], tokens.from, s[0], ignoreCase)) {
        return Bool.TRUE;
      }
    }
    return Bool.FALSE;
  }

  private static boolean matches(String list, int at, String item, boolean ignoreCase) {
    if (!ignoreCase) {
      return list.startsWith(item, at);
    }
    for (int i = 0; i < item.length(); i++) {
      if (Name.fold(list.charAt(at + i)) != Name.fold(item.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  static Value subset(Value[] v, boolean ignoreCase) {
    String[] s = memberArguments(v);
    if (s == null) {
      return Value.ERROR;
    }
    if (bothUndefined(v)) {
      return Value.UNDEFINED;
    }
    if (s[0].isEmpty()) {
      return Bool.TRUE;
    }
    Set<String> list = new HashSet<>();
    for (String item : tokens(s[1], s[2])) {
      list.add(ignoreCase ? StringFunctions.lower(item) : item);
    }
    List<String> items = tokens(s[0], s[2]);
    for (String item : items) {
      if (!list.contains(ignoreCase ? StringFunctions.lower(item) : item)) {
        return Bool.FALSE;
      }
    }
    return Value.of(!items.isEmpty());
  }

  static Value intersect(Expr[] args, Evaluation e) {
    Value[] v = Builtin.values(args, e);
    if (v == null) {
      return Value.ERROR; // where any other function ends the whole evaluation
    }
    for (Value x : v) {
      if (x instanceof Value.Error) {
        return x;
      }
    }
    for (Value x : v) {
      if (x instanceof Undefined) {
        return x;
      }
    }
    String delimiters = " ,";
    if (v.length == 3) {
      if (!(v[2] instanceof Str d)) {
        return Value.ERROR;
      }
      delimiters = d.bytes.isEmpty() ? delimiters : d.bytes;
    }
    if (!(v[0] instanceof Str a) || !(v[1] instanceof Str b)) {
      return Value.ERROR;
    }
    Set<String> left = new HashSet<>(pieces(a.bytes, delimiters));
    for (String item : pieces(b.bytes, delimiters)) {
      if (left.contains(item)) {
        return Bool.TRUE;
      }
    }
    return Bool.FALSE;
  }

  /** Pieces between delimiters, white space kept, empty ones dropped. */
  private static List<String> pieces(String s, String delimiters) {
    List<String> pieces = new ArrayList<>();
    int from = 0;
    for (int i = 0; i <= s.length(); i++) {
      if (i == s.length() || delimiters.indexOf(s.charAt(i)) >= 0) {
        if (i > from) {
          pieces.add(s.substring(from, i));
        }
        from = i + 1;
      }
    }
    return pieces;
  }

  static Value split(Value[] v) {
    if (!(v[0] instanceof Str text) || (v.length == 2 && !(v[1] instanceof Str))) {
      return Value.ERROR;
    }
    String s = text.bytes;
    String separators = v.length == 2 && v[1] instanceof Str d ? d.bytes : ", \t";
    List<Value> parts = new ArrayList<>();
    int from = 0;
    int last = -1;
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      if (separators.indexOf(c) < 0) {
        continue;
      }
      if (i > from) {
        parts.add(new Str(s.substring(from, i)));
      } else if (last == c) {
        // The same separator twice in a row, but for white space, has an empty part in between.
        parts.add(Str.EMPTY);
      }
      if (!Lexer.isSpace(c)) {
        last = c;
      }
      from = i + 1;
    }
    if (s.length() > from) {
      parts.add(new Str(s.substring(from)));
    }
    return ListValue.made(parts);
  }

  static Value splitAt(Value v, boolean slot) {
    if (!(v instanceof Str s)) {
      return Value.ERROR;
    }
    int at = s.bytes.indexOf('@');
    return at < 0
        ? ListValue.made(slot ? List.of(Str.EMPTY, s) : List.of(s, Str.EMPTY))
        : ListValue.made(
            List.of(new Str(s.bytes.substring(0, at)), new Str(s.bytes.substring(at + 1))));
  }
}
