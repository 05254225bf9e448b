package org.vocluster.classad;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The functions, each by the name HTCondor gives it; the one table of them. */
enum Builtin {
  IS_UNDEFINED("isUndefined"),
  IS_ERROR("isError"),
  IS_STRING("isString"),
  IS_INTEGER("isInteger"),
  IS_REAL("isReal"),
  IS_LIST("isList"),
  IS_CLASSAD("isClassAd"),
  IS_BOOLEAN("isBoolean"),
  IS_ABSTIME("isAbsTime"),
  IS_RELTIME("isRelTime"),
  IF_THEN_ELSE("ifThenElse");

  final String spelling;

  Builtin(String spelling) {
    this.spelling = spelling;
  }

  private static final class ByName {
    static final Map<String, Builtin> TABLE = new HashMap<>();

    static {
      for (Builtin b : values()) {
        if (TABLE.put(folded(b.spelling), b) != null) {
          throw new IllegalStateException(b.spelling + " is defined twice");
        }
      }
    }
  }

  static @Nullable Builtin find(String name) {
    return ByName.TABLE.get(folded(name));
  }

  private static String folded(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (Name.fold(name.charAt(i)) != name.charAt(i)) {
        StringBuilder b = new StringBuilder(name);
        for (int k = i; k < b.length(); k++) {
          b.setCharAt(k, (char) Name.fold(b.charAt(k)));
        }
        return b.toString();
      }
    }
    return name;
  }

  Value apply(Call call, Evaluation e) {
    return Functions.apply(this, call.args, e);
  }
}
