package org.vocluster.classad;

import org.vocluster.classad.Value.AdValue;
import org.vocluster.classad.Value.Bool;
import org.vocluster.classad.Value.Int;
import org.vocluster.classad.Value.ListValue;
import org.vocluster.classad.Value.Real;
import org.vocluster.classad.Value.Str;
import org.vocluster.classad.Value.Undefined;

/** Functions over lists (fnCall.cpp). */
final class ListFunctions {
  private ListFunctions() {}

  static Value member(Value[] v, Evaluation e, boolean identical) {
    if (v[1] instanceof Undefined || (!identical && v[0] instanceof Undefined)) {
      return Value.UNDEFINED;
    }
    if (!(v[1] instanceof ListValue list)
        || v[0] instanceof ListValue
        || v[0] instanceof AdValue
        || (!identical && v[0] instanceof Value.Error)) {
      return Value.ERROR;
    }
    for (int i = 0; i < list.size(); i++) {
      Value element = e.elementHere(list, i);
      if (Evaluation.failed(element)) {
        return element;
      }
      Value same = Operators.binary(identical ? Op.IS : Op.EQ, element, v[0]);
      if (same instanceof Bool b && b.value()) {
        return Bool.TRUE;
      }
    }
    return Bool.FALSE;
  }

  static Value size(Value v) {
    return switch (v) {
      case Undefined u -> u;
      case ListValue l -> Int.of(l.size());
      case AdValue a -> Int.of(a.scope.ad.size());
      case Str s -> Int.of(s.bytes.length());
      case Value.Error error -> error;
      default -> Value.ERROR;
    };
  }

  static Value sum(Value arg, Evaluation e, boolean average) {
    if (!(arg instanceof ListValue list)) {
      return arg instanceof Undefined ? arg : Value.ERROR;
    }
    Value result = Int.of(0);
    int count = 0;
    for (int i = 0; i < list.size(); i++) {
      Value v = e.elementHere(list, i);
      if (Evaluation.failed(v)) {
        return v;
      }
      if (v instanceof Undefined) {
        continue;
      }
      if (!Operators.isNumber(v)) {
        return Value.ERROR;
      }
      result = count == 0 ? v : Operators.binary(Op.ADD, result, v);
      count++;
    }
    return average && count > 0 ? Operators.binary(Op.DIV, result, new Real(count)) : result;
  }

  static Value bound(Value arg, Evaluation e, Op op) {
    if (!(arg instanceof ListValue list)) {
      return arg instanceof Undefined ? arg : Value.ERROR;
    }
    Value best = Value.UNDEFINED;
    for (int i = 0; i < list.size(); i++) {
      Value v = e.elementHere(list, i);
      if (Evaluation.failed(v)) {
        return v;
      }
      if (v instanceof Undefined) {
        continue;
      }
      if (!Operators.isNumber(v)) {
        return Value.ERROR;
      }
      if (best instanceof Undefined) {
        best = v;
        continue;
      }
      // Comparing promotes both operands, the one that is kept included (coerceToNumber).
      Value x = Operators.number(v);
      Value y = Operators.number(best);
      if (x instanceof Real || y instanceof Real) {
        x = new Real(Operators.real(x));
        y = new Real(Operators.real(y));
      }
      best = Operators.binary(op, x, y) instanceof Bool b && b.value() ? x : y;
    }
    return best;
  }

  static Value compare(Expr[] args, Evaluation e, boolean all) {
    Value name = args[0].eval(e);
    if (!(name instanceof Str s)) {
      return name instanceof Undefined || Evaluation.failed(name) ? name : Value.ERROR;
    }
    Op op =
        switch (s.bytes) {
          case "<" -> Op.LT;
          case "<=" -> Op.LE;
          case "!=" -> Op.NE;
          case "==" -> Op.EQ;
          case ">" -> Op.GT;
          case ">=" -> Op.GE;
          case "is" -> Op.IS;
          case "isnt" -> Op.ISNT;
          default -> Op.PAREN;
        };
    if (op == Op.PAREN) {
      return Value.ERROR;
    }
    Value arg = args[1].eval(e);
    if (!(arg instanceof ListValue list)) {
      return arg instanceof Undefined || Evaluation.failed(arg) ? arg : Value.ERROR;
    }
    Value other = args[2].eval(e);
    if (Evaluation.failed(other)) {
      return other;
    }
    for (int i = 0; i < list.size(); i++) {
      Value v = e.elementHere(list, i);
      if (Evaluation.failed(v)) {
        return v;
      }
      Value result = Operators.binary(op, v, other);
      if (result instanceof Undefined) {
        return Bool.FALSE;
      }
      if (!(result instanceof Bool b)) {
        return Value.ERROR;
      }
      if (b.value() != all) {
        return Value.of(!all);
      }
    }
    return Value.of(all);
  }
}
