package org.vocluster.classad;

import org.jspecify.annotations.Nullable;
import org.vocluster.classad.Value.AbsTime;
import org.vocluster.classad.Value.Int;
import org.vocluster.classad.Value.ListValue;
import org.vocluster.classad.Value.RelTime;
import org.vocluster.classad.Value.Str;
import org.vocluster.classad.Value.Undefined;

/** Functions over strings (fnCall.cpp). */
final class StringFunctions {
  /** Bytes that a string made by concatenation may have. */
  private static final int MAX_LENGTH = 64 << 20;

  private StringFunctions() {}

  static String lower(String s) {
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      if (c >= 'A' && c <= 'Z') {
        StringBuilder b = new StringBuilder(s);
        for (int k = i; k < b.length(); k++) {
          b.setCharAt(k, (char) Name.fold(b.charAt(k)));
        }
        return b.toString();
      }
    }
    return s;
  }

  private static String upper(String s) {
    StringBuilder b = new StringBuilder(s);
    for (int i = 0; i < b.length(); i++) {
      char c = b.charAt(i);
      if (c >= 'a' && c <= 'z') {
        b.setCharAt(i, (char) (c - 32));
      }
    }
    return b.toString();
  }

  /** convertValueToStringValue(): null for undefined and error. */
  static @Nullable String convert(Value v) {
    if (v instanceof Str s) {
      return s.bytes;
    }
    if (v instanceof Undefined || v instanceof Value.Error) {
      return null;
    }
    return convertOthers(v);
  }

  // What is common stands above, without a pattern switch, which wants it here once more and whose
  // first use costs start-up (docs/decisions/0103).
  private static @Nullable String convertOthers(Value v) {
    return switch (v) {
      case Undefined u -> null;
      case Value.Error e -> null;
      case Str s -> s.bytes;
      case AbsTime t -> {
        ByteBuilder b = new ByteBuilder();
        Times.print(b, t);
        yield b.toString();
      }
      case RelTime t -> {
        ByteBuilder b = new ByteBuilder();
        Times.print(b, new RelTime(Operators.toInt(t.seconds())));
        yield b.toString();
      }
      default -> Printer.newBytes(v);
    };
  }

  static Value string(Value v) {
    String s = convert(v);
    return s == null ? v : v instanceof Str ? v : new Str(s);
  }

  static Value strcat(Expr[] args, Evaluation e) {
    StringBuilder out = new StringBuilder();
    for (Expr arg : args) {
      Value v = nested(arg, e);
      if (Evaluation.failed(v)) {
        return v;
      }
      String s = convert(v);
      if (s == null) {
        return v;
      }
      if (!e.charge(s.length() / 16) || out.length() + s.length() > MAX_LENGTH) {
        return Evaluation.FAILED;
      }
      out.append(s);
    }
    return new Str(out.toString());
  }

  static Value join(Expr[] args, Evaluation e) {
    if (args.length == 1 || args.length == 2) {
      Value last = nested(args[args.length - 1], e);
      if (last instanceof ListValue list) {
        return joinList(args, list, e);
      }
    }
    Joined joined = new Joined();
    for (int i = 0; i < args.length && !joined.over; i++) {
      joined.add(nested(args[i], e), e, i == 0);
    }
    return joined.result();
  }

  private static Value joinList(Expr[] args, ListValue list, Evaluation e) {
    Joined joined = new Joined();
    joined.add(args.length == 2 ? nested(args[0], e) : Str.EMPTY, e, true);
    for (int i = 0; i < list.size() && !joined.over; i++) {
      if (e.depth <= 0) {
        return Evaluation.FAILED;
      }
      e.depth--;
      Value v = e.elementHere(list, i);
      e.depth++;
      joined.add(v, e, false);
    }
    return joined.result();
  }

  private static Value nested(Expr arg, Evaluation e) {
    if (e.depth <= 0) {
      return Evaluation.FAILED;
    }
    e.depth--;
    Value v = arg.eval(e);
    e.depth++;
    return v;
  }

  /** What join() has put together. */
  private static final class Joined {
    private final StringBuilder out = new StringBuilder();
    private String separator = "";
    private boolean undefined;
    private boolean defined;
    private boolean over;
    private Value end = Value.ERROR;

    void add(Value v, Evaluation e, boolean isSeparator) {
      if (Evaluation.failed(v)) {
        over = true;
        end = v;
        return;
      }
      String s = convert(v);
      if (s == null) {
        if (v instanceof Undefined) {
          undefined = true;
        } else {
          over = true;
        }
      } else if (isSeparator) {
        separator = s;
      } else {
        if (!e.charge((s.length() + separator.length()) / 16)
            || out.length() + s.length() + separator.length() > MAX_LENGTH) {
          over = true;
          end = Evaluation.FAILED;
          return;
        }
        if (out.length() > 0) {
          out.append(separator);
        }
        out.append(s);
        defined = true;
      }
    }

    Value result() {
      if (over) {
        return end;
      }
      return undefined && !defined ? Value.UNDEFINED : new Str(out.toString());
    }
  }

  static Value changeCase(Value v, boolean up) {
    String s = convert(v);
    return s == null ? v : new Str(up ? upper(s) : lower(s));
  }

  static Value substr(Value[] v) {
    for (Value x : v) {
      if (x instanceof Undefined) {
        return x;
      }
    }
    if (!(v[0] instanceof Str s)
        || !(v[1] instanceof Int o)
        || (v.length == 3 && !(v[2] instanceof Int))) {
      return Value.ERROR;
    }
    int length = s.bytes.length();
    int offset = (int) o.value();
    int count = v.length == 3 && v[2] instanceof Int n ? (int) n.value() : 0;
    if (v.length == 3 && count == 0) {
      return Str.EMPTY;
    }
    offset = offset < 0 ? Math.max(0, length + offset) : Math.min(offset, length);
    count = count <= 0 ? Math.max(0, length - offset + count) : Math.min(count, length - offset);
    return new Str(s.bytes.substring(offset, offset + count));
  }

  static Value strcmp(Value[] v, boolean ignoreCase) {
    if (v[0] instanceof Undefined || v[1] instanceof Undefined) {
      return Value.UNDEFINED;
    }
    String a = convert(v[0]);
    String b = convert(v[1]);
    if (a == null || b == null) {
      return Value.ERROR;
    }
    return Int.of(Integer.signum(ignoreCase ? Name.compareIgnoreCase(a, b) : a.compareTo(b)));
  }

  static Value version(Builtin f, Value[] v, Call call, Evaluation e) {
    if (v[0] instanceof Undefined || v[1] instanceof Undefined) {
      return Value.UNDEFINED;
    }
    String a = convert(v[0]);
    String b = convert(v[1]);
    if (a == null || b == null) {
      return Value.ERROR;
    }
    int c = naturalCompare(a, b);
    if (f == Builtin.VERSION_CMP) {
      return Int.of(c);
    }
    // 23.9 finds the function in any spelling and then compares the name with its case.
    if (!e.modern && !call.name.equals(f.spelling)) {
      return Value.ERROR;
    }
    return Value.of(
        switch (f) {
          case VERSION_LE -> c <= 0;
          case VERSION_LT -> c < 0;
          case VERSION_GE -> c >= 0;
          case VERSION_GT -> c > 0;
          default -> c == 0;
        });
  }

  static Value versionInRange(Value[] v) {
    if (v[1] instanceof Undefined || v[2] instanceof Undefined) {
      return Value.UNDEFINED;
    }
    String test = convert(v[0]);
    String low = convert(v[1]);
    String high = convert(v[2]);
    if (test == null || low == null || high == null) {
      return Value.ERROR;
    }
    return Value.of(naturalCompare(low, test) <= 0 && naturalCompare(test, high) <= 0);
  }

  /** strverscmp() as natural_cmp.cpp has it: runs of digits as numbers, leading zeros first. */
  static int naturalCompare(String a, String b) {
    int i = 0;
    while (i < a.length() && i < b.length() && a.charAt(i) == b.charAt(i)) {
      i++;
    }
    if (i == a.length() && i == b.length()) {
      return 0;
    }
    int difference = (byte) at(a, i) - (byte) at(b, i);
    int from = i;
    while (from > 0 && Lexer.isDigit(a.charAt(from - 1))) {
      from--;
    }
    if (from == i && (!Lexer.isDigit(at(a, i)) || !Lexer.isDigit(at(b, i)))) {
      return difference;
    }
    int zerosA = zeros(a, from);
    int zerosB = zeros(b, from);
    if (zerosA != zerosB) {
      return zerosB - zerosA;
    }
    if (zerosA > 0) {
      return difference;
    }
    int digitsA = digits(a, from);
    int digitsB = digits(b, from);
    return digitsA != digitsB ? digitsA - digitsB : difference;
  }

  private static int at(String s, int i) {
    return i < s.length() ? s.charAt(i) : 0;
  }

  private static int zeros(String s, int from) {
    int i = from;
    while (at(s, i) == '0') {
      i++;
    }
    if (i > from && !Lexer.isDigit(at(s, i))) {
      i--;
    }
    return i - from;
  }

  private static int digits(String s, int from) {
    int i = from;
    while (Lexer.isDigit(at(s, i))) {
      i++;
    }
    return i - from;
  }
}
