package org.vocluster.classad;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vocluster.classad.Value.AdValue;
import org.vocluster.classad.Value.Int;
import org.vocluster.classad.Value.ListValue;
import org.vocluster.classad.Value.Str;
import org.vocluster.classad.Value.Truth;
import org.vocluster.classad.Value.Undefined;

/** Functions that look at expressions and ads rather than values, and the user database. */
final class ContextFunctions {
  private ContextFunctions() {}

  static Value eval(Value v, Evaluation e) {
    String text = StringFunctions.convert(v);
    if (text == null) {
      return Value.ERROR;
    }
    if (e.depth <= 0 || !e.charge(text.length() / 8)) {
      return Evaluation.FAILED;
    }
    byte[] buf = ByteText.toArray(text);
    Expr expr = new Parser(buf, 0, buf.length, false, e.context.language()).wholeExpression();
    if (expr == null) {
      return Value.ERROR;
    }
    e.depth--;
    Scope lex = e.lex;
    e.lex = e.cur;
    Value result = e.at(expr);
    e.lex = lex;
    e.depth++;
    return result;
  }

  static Value unparse(Expr arg, Evaluation e) {
    if (!(arg instanceof Reference)) {
      return Value.ERROR;
    }
    ByteBuilder name = new ByteBuilder();
    new PrettyPrinter(name).print(arg);
    Expr expr = e.cur == null || name.isEmpty() ? null : e.cur.ad.find(Name.of(name.toString()));
    ByteBuilder out = new ByteBuilder();
    if (expr != null) {
      new PrettyPrinter(out).print(expr);
    }
    return new Str(out.toString());
  }

  static Value unresolved(Expr[] args, Evaluation e) {
    if (!(args[0] instanceof Reference reference)) {
      return Value.ERROR;
    }
    Expr found = e.find(reference);
    if (found == null) {
      return Value.UNDEFINED;
    }
    Pcre.Pattern pattern = null;
    if (args.length == 2) {
      if (!(args[1].eval(e) instanceof Str s)) {
        return Evaluation.FAILED;
      }
      pattern = Pcre.compile(s.bytes, Pcre.CASELESS);
      if (pattern == null) {
        return Value.ERROR;
      }
    }
    List<String> names = e.cur == null ? null : ReferenceFinder.external(found, e.cur, e);
    StringBuilder out = new StringBuilder();
    if (names != null) {
      for (String full : names) {
        String name = full.regionMatches(true, 0, "target.", 0, 7) ? full.substring(7) : full;
        if (pattern == null) {
          out.append(out.isEmpty() ? "" : ",").append(name);
        } else if (pattern.match(name, 0, Pcre.NOTEMPTY, e) > 0) {
          return Value.Bool.TRUE;
        }
      }
    }
    return pattern == null ? new Str(out.toString()) : Value.Bool.FALSE;
  }

  /** evalInEachContext(), or countMatches() if count. */
  static Value inEachContext(Expr[] args, Evaluation e, boolean count) {
    Expr expr = args[0];
    Scope exprScope = e.lex;
    if (expr instanceof Reference reference) {
      Expr found = e.find(reference);
      if (found != null) {
        expr = found;
        exprScope = e.cur;
      }
    }
    ListValue list;
    if (args[1] instanceof ListExpr literal) {
      list = new ListValue(literal, e.lex, false);
    } else {
      Value v = args[1].eval(e);
      if (v instanceof Undefined) {
        return count ? Int.of(0) : v;
      }
      if (!(v instanceof ListValue l)) {
        return Value.ERROR;
      }
      list = l;
    }
    List<Value> results = new ArrayList<>();
    int matches = 0;
    for (int i = 0; i < list.size(); i++) {
      Value v = inContext(expr, exprScope, e.elementHere(list, i), e);
      if (!e.charge(1)) {
        return Evaluation.FAILED;
      }
      if (count) {
        matches += v.truth() == Truth.TRUE ? 1 : 0;
      } else {
        results.add(v);
      }
    }
    return count ? Int.of(matches) : ListValue.made(results);
  }

  private static Value inContext(
      Expr expr, @Nullable Scope exprScope, Value context, Evaluation e) {
    if (!(context instanceof AdValue nested)) {
      return context instanceof Undefined ? context : Value.ERROR;
    }
    Scope scope = nested.scope;
    MatchScopes match = e.root == null ? null : e.root.match;
    if (match != null) {
      // The nested ad gets the other side of the match that its parent belongs to.
      Scope side =
          match.left.encloses(scope.parent)
              ? match.left
              : match.right.encloses(scope.parent) ? match.right : null;
      if (side != null) {
        Scope copy = new Scope(scope.ad, scope.parent);
        copy.alternate = side.alternate;
        scope = copy;
      }
    }
    return e.apart(scope, exprScope, expr);
  }

  static Value userHome(Expr[] args, Evaluation e) {
    // Another number of arguments ends the whole evaluation here.
    if (args.length < 1 || args.length > 2) {
      return Evaluation.FAILED;
    }
    String otherwise = args.length == 2 && args[1].eval(e) instanceof Str s ? s.bytes : "";
    Value user = args[0].eval(e);
    if (user instanceof Undefined && otherwise.isEmpty()) {
      return user;
    }
    if (user instanceof Str s) {
      String home = e.context.users().home(s.text());
      if (home != null) {
        return Value.of(home);
      }
    }
    if (!otherwise.isEmpty()) {
      return new Str(otherwise);
    }
    return user instanceof Str ? Value.UNDEFINED : Value.ERROR;
  }

  static Value userMap(Value[] v, Evaluation e) {
    Value otherwise = v.length == 4 ? v[3] : Value.UNDEFINED;
    if (!(v[0] instanceof Str map) || !(v[1] instanceof Str user)) {
      return v[0] instanceof Value.Error || v[1] instanceof Value.Error ? Value.ERROR : otherwise;
    }
    String mapped = e.context.users().map(map.text(), user.text());
    if (mapped == null) {
      return otherwise;
    }
    List<String> items = StringListFunctions.tokens(ByteText.fromText(mapped), ",");
    if (v.length == 2) {
      List<Value> values = new ArrayList<>();
      for (String item : items) {
        values.add(new Str(item));
      }
      return ListValue.made(values);
    }
    if (v[2] instanceof Str preferred) {
      for (String item : items) {
        if (Name.equalsIgnoreCase(item, preferred.bytes)) {
          return new Str(item);
        }
      }
    }
    return items.isEmpty() ? otherwise : new Str(items.get(0));
  }
}
