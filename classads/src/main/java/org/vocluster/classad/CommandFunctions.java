package org.vocluster.classad;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.vocluster.classad.Value.ListValue;
import org.vocluster.classad.Value.Str;
import org.vocluster.classad.Value.Undefined;

/** Command lines and environments in HTCondor's two syntaxes (condor_arglist.cpp, env.cpp). */
final class CommandFunctions {
  private static final String V1_DELIMITERS = "!#$%&*+,-/:;<>?@^`|~\037";

  private CommandFunctions() {}

  static Value argsToList(Expr[] args, Evaluation e) {
    int version = version(args, e);
    if (version <= 0) {
      return version < 0 ? Evaluation.FAILED : Value.ERROR;
    }
    Value v = args[0].eval(e);
    if (!(v instanceof Str s)) {
      return Evaluation.failed(v) ? v : Value.ERROR;
    }
    List<String> list = version == 1 ? splitV1(s.bytes) : splitV2(s.bytes);
    if (list == null) {
      return Value.ERROR;
    }
    List<Value> values = new ArrayList<>(list.size());
    for (String arg : list) {
      values.add(new Str(arg));
    }
    return ListValue.made(values);
  }

  static Value listToArgs(Expr[] args, Evaluation e) {
    int version = version(args, e);
    if (version <= 0) {
      return version < 0 ? Evaluation.FAILED : Value.ERROR;
    }
    Value v = args[0].eval(e);
    if (!(v instanceof ListValue list)) {
      return Evaluation.failed(v) ? v : Value.ERROR;
    }
    StringBuilder out = new StringBuilder();
    boolean unsafe = false;
    for (int i = 0; i < list.size(); i++) {
      Value element = e.elementHere(list, i);
      if (!(element instanceof Str s)) {
        return Evaluation.failed(element) ? element : Value.ERROR;
      }
      if (version == 2) {
        append(s.bytes, out);
      } else {
        unsafe |= hasSpace(s.bytes);
        if (out.length() > 0) {
          out.append(' ');
        }
        out.append(s.bytes);
      }
    }
    return unsafe ? Value.ERROR : new Str(out.toString());
  }

  /** The syntax asked for, 1 or 2; 0 is an error, -1 a failure. */
  private static int version(Expr[] args, Evaluation e) {
    if (args.length == 1) {
      return 2;
    }
    Value v = args[1].eval(e);
    if (Evaluation.failed(v)) {
      return -1;
    }
    Integer version = NumberFunctions.cInt(v);
    return version != null && (version == 1 || version == 2) ? version : 0;
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
  }

  private static boolean hasSpace(String s) {
    for (int i = 0; i < s.length(); i++) {
      if (isBlank(s.charAt(i))) {
        return true;
      }
    }
    return false;
  }

  private static List<String> splitV1(String s) {
    List<String> list = new ArrayList<>();
    int from = -1;
    for (int i = 0; i <= s.length(); i++) {
      boolean blank = i == s.length() || isBlank(s.charAt(i));
      if (blank && from >= 0) {
        list.add(s.substring(from, i));
        from = -1;
      } else if (!blank && from < 0) {
        from = i;
      }
    }
    return list;
  }

  /**
   * Words separated by blanks, with single quotes around what is to be kept together; null if one
   * is not closed.
   */
  static @Nullable List<String> splitV2(String s) {
    List<String> list = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean inWord = false;
    boolean quoted = false;
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      if (c == '\'') {
        if (quoted && i + 1 < s.length() && s.charAt(i + 1) == '\'') {
          word.append(c);
          i++;
        } else {
          quoted = !quoted;
          inWord = true;
        }
      } else if (!quoted && isBlank(c)) {
        if (inWord) {
          list.add(word.toString());
          word.setLength(0);
          inWord = false;
        }
      } else {
        word.append(c);
        inWord = true;
      }
    }
    if (quoted) {
      return null;
    }
    if (inWord) {
      list.add(word.toString());
    }
    return list;
  }

  /** Appends a word, quoting its blanks and quotes; neighbouring quoted pieces become one. */
  static void append(String arg, StringBuilder out) {
    if (out.length() > 0) {
      out.append(' ');
    }
    if (arg.isEmpty()) {
      out.append("''");
    }
    for (int i = 0; i < arg.length(); i++) {
      char c = arg.charAt(i);
      if (c != '\'' && !isBlank(c)) {
        out.append(c);
        continue;
      }
      if (out.length() > 0 && out.charAt(out.length() - 1) == '\'') {
        out.setLength(out.length() - 1);
      } else {
        out.append('\'');
      }
      if (c == '\'') {
        out.append('\'');
      }
      out.append(c).append('\'');
    }
  }

  static Value envV1ToV2(Value v) {
    if (v instanceof Undefined) {
      return v;
    }
    if (!(v instanceof Str s)) {
      return Value.ERROR;
    }
    Map<String, String> env = new TreeMap<>();
    return mergeV1(s.bytes, env) ? new Str(print(env)) : Value.ERROR;
  }

  static Value mergeEnvironment(Expr[] args, Evaluation e) {
    Map<String, String> env = new TreeMap<>();
    for (Expr arg : args) {
      Value v = arg.eval(e);
      if (v instanceof Undefined) {
        continue;
      }
      if (!(v instanceof Str s)) {
        return Evaluation.failed(v) ? v : Value.ERROR;
      }
      List<String> entries = splitV2(s.bytes);
      if (entries == null) {
        return Value.ERROR;
      }
      for (String entry : entries) {
        if (!set(entry, env)) {
          return Value.ERROR;
        }
      }
    }
    return new Str(print(env));
  }

  private static boolean mergeV1(String s, Map<String, String> env) {
    if (s.isEmpty()) {
      return true;
    }
    char delimiter = ';';
    int i = 0;
    if (V1_DELIMITERS.indexOf(s.charAt(0)) >= 0) {
      delimiter = s.charAt(0);
      i = 1;
    }
    while (i < s.length()) {
      while (i < s.length() && isBlank(s.charAt(i))) {
        i++;
      }
      int from = i;
      while (i < s.length() && s.charAt(i) != '\n' && s.charAt(i) != delimiter) {
        i++;
      }
      if (i > from && !set(s.substring(from, i), env)) {
        return false;
      }
      i++;
    }
    return true;
  }

  /**
   * Takes in {@code NAME=value}, or an unexpanded {@code $$(…)} as it is; false if it is neither.
   */
  private static boolean set(String entry, Map<String, String> env) {
    int eq = entry.indexOf('=');
    if (eq < 0 && entry.contains("$$")) {
      env.put(entry, "");
      return true;
    }
    if (eq <= 0) {
      return false;
    }
    env.put(entry.substring(0, eq), entry.substring(eq));
    return true;
  }

  private static String print(Map<String, String> env) {
    StringBuilder out = new StringBuilder();
    for (Map.Entry<String, String> entry : env.entrySet()) {
      append(entry.getKey().concat(entry.getValue()), out);
    }
    return out.toString();
  }
}
