package org.vocluster.classad;

import org.jspecify.annotations.Nullable;

/** A function call. */
final class Call extends Expr {
  final String name;
  final @Nullable Builtin function;
  final Expr[] args;

  Call(String name, Expr[] args) {
    super(height(args) + 6, size(args) + 1);
    this.name = name;
    this.function = Builtin.find(name);
    this.args = args;
  }

  static int height(Expr[] list) {
    int h = 0;
    for (Expr x : list) {
      h = Math.max(h, x.height);
    }
    return h;
  }

  static int size(Expr[] list) {
    long n = 0;
    for (Expr x : list) {
      n += x.size;
    }
    return (int) Math.min(n, Integer.MAX_VALUE / 2);
  }

  @Override
  Value eval(Evaluation e) {
    return function == null ? Value.ERROR : function.apply(this, e);
  }

  static boolean same(Expr[] a, Expr[] b) {
    if (a.length != b.length) {
      return false;
    }
    for (int i = 0; i < a.length; i++) {
      if (a[i].getClass() != b[i].getClass() || !a[i].same(b[i])) {
        return false;
      }
    }
    return true;
  }

  static int hash(Expr[] list) {
    int h = list.length;
    for (Expr x : list) {
      h = 31 * h + x.hash();
    }
    return h;
  }

  @Override
  boolean same(Expr other) {
    Call c = (Call) other;
    return name.equals(c.name) && same(args, c.args);
  }

  @Override
  int hash() {
    return 31 * name.hashCode() + hash(args);
  }
}
