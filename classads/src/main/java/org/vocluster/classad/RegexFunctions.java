package org.vocluster.classad;

import org.jspecify.annotations.Nullable;
import org.vocluster.classad.Value.Bool;
import org.vocluster.classad.Value.ListValue;
import org.vocluster.classad.Value.Str;
import org.vocluster.classad.Value.Undefined;

/** Functions over regular expressions (fnCall.cpp, compat_classad.cpp). */
final class RegexFunctions {
  private RegexFunctions() {}

  /** What a pattern says of a text. */
  private enum Found {
    YES,
    NO,
    ERROR;

    Value value() {
      return this == ERROR ? Value.ERROR : Value.of(this == YES);
    }
  }

  static Value regexp(Value[] v, Evaluation e) {
    Value exceptional = exceptional(v, 2);
    if (exceptional != null) {
      return exceptional;
    }
    return v[0] instanceof Str pattern && v[1] instanceof Str subject
        ? find(pattern.bytes, options(letters(v, 2)), subject.bytes, e).value()
        : Value.ERROR;
  }

  static Value regexpMember(Value[] v, Evaluation e) {
    Value exceptional = exceptional(v, 2);
    if (exceptional != null) {
      return exceptional;
    }
    return v[0] instanceof Str pattern && v[1] instanceof ListValue list
        ? anyFound(pattern.bytes, options(letters(v, 2)), list, e)
        : Value.ERROR;
  }

  private static Value anyFound(String pattern, int options, ListValue list, Evaluation e) {
    boolean undefined = false;
    for (int i = 0; i < list.size(); i++) {
      Value element = e.elementHere(list, i);
      if (element instanceof Undefined) {
        undefined = true;
      } else if (!(element instanceof Str s)) {
        return Value.ERROR;
      } else if (find(pattern, options, s.bytes, e) == Found.YES) {
        return Bool.TRUE;
      }
      if (!e.charge(1)) {
        return Evaluation.FAILED;
      }
    }
    return undefined ? Value.UNDEFINED : Bool.FALSE;
  }

  static Value stringListMember(Value[] v, Evaluation e) {
    String[] s = {"", "", ", ", ""};
    for (int i = 0; i < v.length; i++) {
      if (!(v[i] instanceof Str x)) {
        return Value.ERROR;
      }
      s[i] = x.bytes;
    }
    int options = options(StringFunctions.lower(s[3]));
    if (find(s[0], options, "", e) == Found.ERROR) {
      return Value.ERROR;
    }
    boolean empty = true;
    boolean found = false;
    for (String item : StringListFunctions.tokens(s[1], s[2])) {
      empty = false;
      found |= find(s[0], options, item, e) == Found.YES;
      if (!e.charge(1)) {
        return Evaluation.FAILED;
      }
    }
    return empty ? Value.UNDEFINED : Value.of(found);
  }

  /**
   * What a call with so many arguments and, perhaps, options after them is for an argument's sake:
   * an error before undefined, and an error if the options are no string; null if it has to be
   * worked out.
   */
  private static @Nullable Value exceptional(Value[] v, int arguments) {
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
    return v.length > arguments && !(v[arguments] instanceof Str) ? Value.ERROR : null;
  }

  /** The letters of the options after so many arguments. */
  private static String letters(Value[] v, int arguments) {
    return v.length > arguments && v[arguments] instanceof Str s ? s.bytes : "";
  }

  private static int options(String s) {
    return (s.indexOf('i') >= 0 ? Pcre.CASELESS : 0)
        | (s.indexOf('m') >= 0 ? Pcre.MULTILINE : 0)
        | (s.indexOf('s') >= 0 ? Pcre.DOTALL : 0)
        | (s.indexOf('x') >= 0 ? Pcre.EXTENDED : 0);
  }

  private static Found find(String pattern, int options, String subject, Evaluation e) {
    if ((options & ~(Pcre.CASELESS | Pcre.DOTALL)) == 0 && isPlain(pattern)) {
      return plain(pattern, (options & Pcre.CASELESS) != 0, subject) ? Found.YES : Found.NO;
    }
    Pcre.Pattern compiled = Pcre.compile(pattern, options);
    if (compiled == null) {
      return Found.ERROR;
    }
    int status = compiled.match(subject, 0, 0, e);
    return status >= 0 ? Found.YES : status == Pcre.NO_MATCH ? Found.NO : Found.ERROR;
  }

  /** Whether a pattern is plain text, perhaps anchored; such ones need no library. */
  private static boolean isPlain(String p) {
    for (int i = 0; i < p.length(); i++) {
      char c = p.charAt(i);
      boolean plain = Lexer.isAlpha(c) || Lexer.isDigit(c) || "_ -/:,=@%~;<>!'\"&".indexOf(c) >= 0;
      if (!plain && !(c == '^' && i == 0) && !(c == '$' && i == p.length() - 1)) {
        return false;
      }
    }
    return true;
  }

  private static boolean plain(String pattern, boolean ignoreCase, String subject) {
    boolean atStart = pattern.startsWith("^");
    boolean atEnd = pattern.endsWith("$");
    int from = atStart ? 1 : 0;
    int length = pattern.length() - from - (atEnd ? 1 : 0);
    int last = subject.length() - length;
    if (last < 0) {
      return false;
    }
    if (!atEnd) {
      int end = atStart ? 0 : last;
      for (int at = 0; at <= end; at++) {
        if (region(pattern, from, length, subject, at, ignoreCase)) {
          return true;
        }
      }
      return false;
    }
    // A dollar matches before a newline at the very end, too.
    boolean newline = subject.endsWith("\n");
    return ((!atStart || last == 0) && region(pattern, from, length, subject, last, ignoreCase))
        || (newline
            && last >= 1
            && (!atStart || last == 1)
            && region(pattern, from, length, subject, last - 1, ignoreCase));
  }

  private static boolean region(
      String pattern, int from, int length, String subject, int at, boolean ignoreCase) {
    for (int i = 0; i < length; i++) {
      char a = pattern.charAt(from + i);
      char b = subject.charAt(at + i);
      if (ignoreCase ? Name.fold(a) != Name.fold(b) : a != b) {
        return false;
      }
    }
    return true;
  }

  /** regexps(), replace() and replaceAll(), which differ in the options they add. */
  static Value substitute(Value[] v, Evaluation e, String added) {
    Value exceptional = exceptional(v, 3);
    if (exceptional != null) {
      return exceptional;
    }
    if (!(v[0] instanceof Str pattern)
        || !(v[1] instanceof Str subject)
        || !(v[2] instanceof Str replacement)) {
      return Value.ERROR;
    }
    String options = letters(v, 3).concat(added);
    Pcre.Pattern compiled = Pcre.compile(pattern.bytes, options(options));
    return compiled == null
        ? Value.ERROR
        : substitute(
            compiled,
            subject.bytes,
            replacement.bytes,
            options.indexOf('f') >= 0,
            options.indexOf('g') >= 0,
            e);
  }

  private static Value substitute(
      Pcre.Pattern pattern,
      String subject,
      String replacement,
      boolean full,
      boolean all,
      Evaluation e) {
    StringBuilder out = new StringBuilder();
    int at = 0;
    boolean empty = false;
    do {
      int status = pattern.match(subject, at, empty ? Pcre.NOTEMPTY_ATSTART | Pcre.ANCHORED : 0, e);
      if (empty && status == Pcre.NO_MATCH) {
        // After an empty match one character is passed over; past the end HTCondor then asks PCRE2
        // for a match beyond the text, which is an error.
        if (at >= subject.length()) {
          return Value.ERROR;
        }
        out.append(subject.charAt(at++));
        empty = false;
        continue;
      }
      if (status == Pcre.NO_MATCH) {
        break;
      }
      if (status < 0 || pattern.start(0) < at || !e.charge(1 + replacement.length() / 16)) {
        return Value.ERROR;
      }
      if (full) {
        out.append(subject, at, pattern.start(0));
      }
      if (!replace(pattern, status, subject, replacement, out)) {
        return Value.ERROR;
      }
      empty |= pattern.start(0) == pattern.end(0);
      at = pattern.end(0);
    } while (all);
    if (full) {
      out.append(subject, at, subject.length());
    }
    return new Str(out.toString());
  }

  /** Appends the replacement with its groups; false if it names one that is not there. */
  private static boolean replace(
      Pcre.Pattern pattern, int groups, String subject, String replacement, StringBuilder out) {
    for (int i = 0; i < replacement.length(); i++) {
      char c = replacement.charAt(i);
      if (c == '\\' && i + 1 < replacement.length() && Lexer.isDigit(replacement.charAt(i + 1))) {
        int group = replacement.charAt(++i) - '0';
        if (group >= groups) {
          return false;
        }
        if (pattern.start(group) >= 0) {
          out.append(subject, pattern.start(group), pattern.end(group));
        }
      } else {
        out.append(c);
      }
    }
    return true;
  }
}
