package org.vocluster.classad;

/** Writes expressions and values as sink.cpp does. Works on byte text. */
class Printer {
  private static final String[] OCTAL = new String[256];

  private final ByteBuilder out;

  /** Long form's way of writing values: raw strings, short reals, =?= and =!=. */
  private final boolean old;

  Printer(ByteBuilder out, boolean old) {
    this.out = out;
    this.old = old;
  }

  static String newForm(Value v) {
    ByteBuilder out = new ByteBuilder();
    new Printer(out, false).value(v);
    return out.toText();
  }

  /** Byte text of a value in new syntax, as string() and strcat() make it. */
  static String newBytes(Value v) {
    ByteBuilder out = new ByteBuilder();
    new Printer(out, false).value(v);
    return out.toString();
  }

  static String newBytes(Expr e) {
    ByteBuilder out = new ByteBuilder();
    new Printer(out, false).print(e);
    return out.toString();
  }

  /** Writes an expression, on a larger stack if it is high. */
  final void print(Expr e) {
    if (e.height > DeepStack.SAFE_LEVELS) {
      deep(e.height, () -> expr(e));
    } else {
      expr(e);
    }
  }

  /** Does what recurses that high, on a larger stack if it has to. */
  static void deep(int height, Runnable work) {
    if (height > DeepStack.SAFE_LEVELS) {
      DeepStack.test(
          () -> {
            work.run();
            return true;
          });
    } else {
      work.run();
    }
  }

  // No pattern switches here: linking one costs a process milliseconds when it starts, and every
  // hook prints.

  final void value(Value v) {
    if (v instanceof Value.Str s) {
      string(s.bytes, '"');
    } else if (v instanceof Value.Int i) {
      out.append(i.value());
    } else if (v instanceof Value.Bool b) {
      out.append(b.value());
    } else if (v instanceof Value.Real r) {
      real(r.value());
    } else if (v instanceof Value.Undefined) {
      out.append("undefined");
    } else if (v instanceof Value.Error) {
      out.append("error");
    } else if (v instanceof Value.ListValue l) {
      print(l.list);
    } else if (v instanceof Value.AdValue a) {
      print(new AdExpr(a.scope.shown()));
    } else if (v instanceof Value.AbsTime t) {
      out.append("absTime(\"");
      Times.print(out, t);
      out.append("\")");
    } else if (v instanceof Value.RelTime t) {
      out.append("relTime(\"");
      Times.print(out, t);
      out.append("\")");
    }
  }

  final void expr(Expr e) {
    if (e instanceof Literal l) {
      value(l.value);
    } else if (e instanceof Reference r) {
      reference(r);
    } else if (e instanceof Binary b) {
      expr(b.left);
      operator(b.op);
      expr(b.right);
    } else if (e instanceof Unary u) {
      unary(u);
    } else if (e instanceof Call c) {
      out.append(c.name).append('(');
      elements(c.args);
      out.append(')');
    } else if (e instanceof ListExpr l) {
      list(l);
    } else if (e instanceof AdExpr a) {
      ad(a.ad);
    } else if (e instanceof Conditional c) {
      conditional(c);
    } else if (e instanceof Subscript s) {
      expr(s.container);
      out.append('[');
      expr(s.index);
      out.append(']');
    } else if (e instanceof Side) {
      out.append("error");
    }
  }

  private void conditional(Conditional c) {
    expr(c.test);
    if (c.yes == null) {
      out.append(" ?: ");
    } else {
      out.append(" ? ");
      expr(c.yes);
      out.append(" : ");
    }
    expr(c.no);
  }

  private void reference(Reference r) {
    if (r.base != null) {
      expr(r.base);
      out.append('.').append(r.name.text);
    } else {
      if (r.absolute) {
        out.append('.');
      }
      name(r.name.text);
    }
  }

  private void unary(Unary u) {
    if (u.op == Op.PAREN) {
      out.append('(');
      expr(u.operand);
      out.append(')');
    } else {
      out.append(u.op.newText);
      expr(u.operand);
    }
  }

  void operator(Op op) {
    out.append(old ? op.longText : op.newText);
  }

  private void elements(Expr[] elements) {
    for (int i = 0; i < elements.length; i++) {
      if (i > 0) {
        out.append(',');
      }
      expr(elements[i]);
    }
  }

  void list(ListExpr list) {
    out.append("{ ");
    elements(list.elements);
    out.append(" }");
  }

  void ad(ClassAd ad) {
    out.append("[ ");
    int[] order = Order.LIBRARY.sort(ad);
    for (int i = 0; i < order.length; i++) {
      if (i > 0) {
        out.append("; ");
      }
      name(ad.nameAt(order[i]).text);
      out.append(" = ");
      expr(ad.exprAt(order[i]));
    }
    out.append(" ]");
  }

  /** A name, in quotes if it is not an identifier. */
  final void name(String text) {
    if (isIdentifier(text)) {
      out.append(text);
    } else {
      int at = out.length();
      string(text, '\'');
      out.setCharAt(at, '\'');
      out.setCharAt(out.length() - 1, '\'');
    }
  }

  private static boolean isIdentifier(String s) {
    int n = s.length();
    if (n == 0 || !(Lexer.isAlpha(s.charAt(0)) || s.charAt(0) == '_')) {
      return false;
    }
    for (int i = 1; i < n; i++) {
      char c = s.charAt(i);
      if (!Lexer.isAlpha(c) && !Lexer.isDigit(c) && c != '_') {
        return false;
      }
    }
    return switch (n) {
      case 2 -> !Name.equalsIgnoreCase(s, "is");
      case 4 -> !Name.equalsIgnoreCase(s, "true") && !Name.equalsIgnoreCase(s, "isnt");
      case 5 -> !Name.equalsIgnoreCase(s, "false") && !Name.equalsIgnoreCase(s, "error");
      case 6 -> !Name.equalsIgnoreCase(s, "parent");
      case 9 -> !Name.equalsIgnoreCase(s, "undefined");
      default -> true;
    };
  }

  void string(String s, char delimiter) {
    out.append('"');
    if (old) {
      raw(s, delimiter);
    } else {
      escaped(s, delimiter);
    }
    out.append('"');
  }

  private void raw(String s, char delimiter) {
    int from = 0;
    for (int at = s.indexOf(delimiter); at >= 0; at = s.indexOf(delimiter, from)) {
      out.append(s, from, at).append('\\').append(delimiter);
      from = at + 1;
    }
    if (from == 0) {
      out.append(s);
    } else {
      out.append(s, from, s.length());
    }
  }

  private void escaped(String s, char delimiter) {
    int n = s.length();
    int from = 0;
    for (int i = 0; i < n; i++) {
      char c = s.charAt(i);
      if (c == delimiter || c < ' ' || c > '~' || c == '\\') {
        out.append(s, from, i);
        from = i + 1;
        if (c == delimiter) {
          out.append('\\').append(c);
        } else {
          out.append(escape(c));
        }
      }
    }
    out.append(s, from, n);
  }

  private static String escape(char c) {
    return switch (c) {
      case 7 -> "\\a";
      case '\b' -> "\\b";
      case '\f' -> "\\f";
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      case 11 -> "\\v";
      case '\\' -> "\\\\";
      default -> octal(c);
    };
  }

  private static String octal(char c) {
    String s = OCTAL[c];
    if (s == null) {
      s =
          new String(
              new char[] {
                '\\', (char) ('0' + (c >> 6)), (char) ('0' + (c >> 3 & 7)), (char) ('0' + (c & 7))
              });
      OCTAL[c] = s;
    }
    return s;
  }

  private void real(double d) {
    if (d == 0) {
      out.append(1 / d < 0 ? "-0.0" : "0.0");
    } else if (Double.isNaN(d)) {
      out.append("real(\"NaN\")");
    } else if (Double.isInfinite(d)) {
      out.append(d < 0 ? "real(\"-INF\")" : "real(\"INF\")");
    } else if (old) {
      if (!Numbers.general(out, d)) {
        out.append(".0");
      }
    } else {
      Numbers.scientific(out, d);
    }
  }
}
