package org.vocluster.classad;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The functions, each by the name HTCondor's documentation gives it, with what it takes; the one
 * table of them. A call with another number of arguments is an error. {@link Call} asks by name and
 * applies; what the functions do stands in the classes named after their kinds.
 *
 * <p>A constant says how its arguments reach it, three switches what becomes of them. References to
 * methods in the constants would be shorter, but each of the ninety would be linked at the first
 * function that a process meets (docs/decisions/0410).
 */
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
  IF_THEN_ELSE("ifThenElse", Takes.EXPRESSIONS, 3, 3),
  DEBUG("debug"),
  EVAL("eval"),
  UNPARSE("unparse", Takes.EXPRESSIONS, 1, 1),
  UNRESOLVED("unresolved", Takes.EXPRESSIONS, 1, 2),
  EVAL_IN_EACH_CONTEXT("evalInEachContext", Takes.EXPRESSIONS, 2, 2),
  COUNT_MATCHES("countMatches", Takes.EXPRESSIONS, 2, 2),
  USER_HOME("userHome", Takes.EXPRESSIONS, 0, Takes.ANY),
  USER_MAP("userMap", Takes.VALUES, 2, 4),

  MEMBER("member", Takes.VALUES, 2, 2),
  IDENTICAL_MEMBER("identicalMember", Takes.VALUES, 2, 2),
  SIZE("size"),
  SUM("sum"),
  AVG("avg"),
  MIN("min"),
  MAX("max"),
  ANY_COMPARE("anyCompare", Takes.EXPRESSIONS, 3, 3),
  ALL_COMPARE("allCompare", Takes.EXPRESSIONS, 3, 3),

  TIME("time", Takes.EXPRESSIONS, 0, 0),
  CURRENT_TIME("currentTime", Takes.EXPRESSIONS, 0, 0),
  TIME_ZONE_OFFSET("timeZoneOffset", Takes.EXPRESSIONS, 0, 0),
  DAY_TIME("dayTime", Takes.EXPRESSIONS, 0, 0),
  GET_YEAR("getYear"),
  GET_MONTH("getMonth"),
  GET_DAY_OF_YEAR("getDayOfYear"),
  GET_DAY_OF_MONTH("getDayOfMonth"),
  GET_DAY_OF_WEEK("getDayOfWeek"),
  GET_DAYS("getDays"),
  GET_HOURS("getHours"),
  GET_MINUTES("getMinutes"),
  GET_SECONDS("getSeconds"),
  SPLIT_TIME("splitTime"),
  FORMAT_TIME("formatTime", Takes.EXPRESSIONS, 0, 2),
  ABS_TIME("absTime", Takes.VALUES, 0, 2),
  REL_TIME("relTime", Takes.VALUES, 1, 2),
  INTERVAL("interval"),

  STRCAT("strcat", Takes.EXPRESSIONS, 0, Takes.ANY),
  JOIN("join", Takes.EXPRESSIONS, 0, Takes.ANY),
  TO_UPPER("toUpper"),
  TO_LOWER("toLower"),
  SUBSTR("substr", Takes.VALUES, 2, 3),
  STRCMP("strcmp", Takes.VALUES, 2, 2),
  STRICMP("stricmp", Takes.VALUES, 2, 2),
  VERSION_CMP("versioncmp", Takes.VALUES, 2, 2),
  VERSION_LE("versionLE", Takes.VALUES, 2, 2),
  VERSION_LT("versionLT", Takes.VALUES, 2, 2),
  VERSION_GE("versionGE", Takes.VALUES, 2, 2),
  VERSION_GT("versionGT", Takes.VALUES, 2, 2),
  VERSION_EQ("versionEQ", Takes.VALUES, 2, 2),
  VERSION_IN_RANGE("version_in_range", Takes.VALUES, 3, 3),

  REGEXP("regexp", Takes.VALUES, 2, 3),
  REGEXP_MEMBER("regexpMember", Takes.VALUES, 2, 3),
  REGEXPS("regexps", Takes.VALUES, 3, 4),
  REPLACE("replace", Takes.VALUES, 3, 4),
  REPLACE_ALL("replaceAll", Takes.VALUES, 3, 4),
  STRING_LIST_REGEXP_MEMBER("stringList_regexpMember", Takes.VALUES, 2, 4),

  INT("int"),
  REAL("real"),
  STRING("string"),
  BOOL("bool"),
  FLOOR("floor"),
  CEIL("ceil"),
  CEILING("ceiling"),
  ROUND("round"),
  POW("pow", Takes.VALUES, 2, 2),
  QUANTIZE("quantize", Takes.VALUES, 2, 2),
  RANDOM("random", Takes.VALUES, 0, 1),

  STRING_LIST_SIZE("stringListSize", Takes.VALUES, 1, 2),
  STRING_LIST_SUM("stringListSum", Takes.VALUES, 1, 2),
  STRING_LIST_AVG("stringListAvg", Takes.VALUES, 1, 2),
  STRING_LIST_MIN("stringListMin", Takes.VALUES, 1, 2),
  STRING_LIST_MAX("stringListMax", Takes.VALUES, 1, 2),
  STRING_LIST_MEMBER("stringListMember", Takes.VALUES, 2, 3),
  STRING_LIST_I_MEMBER("stringListIMember", Takes.VALUES, 2, 3),
  STRING_LIST_SUBSET_MATCH("stringListSubsetMatch", Takes.VALUES, 2, 3),
  STRING_LIST_I_SUBSET_MATCH("stringListISubsetMatch", Takes.VALUES, 2, 3),
  STRING_LISTS_INTERSECT("stringListsIntersect", Takes.EXPRESSIONS, 2, 3),
  SPLIT("split", Takes.VALUES, 1, 2),
  SPLIT_USER_NAME("splitUserName"),
  SPLIT_SLOT_NAME("splitSlotName"),

  ENV_V1_TO_V2("envV1ToV2"),
  MERGE_ENVIRONMENT("mergeEnvironment", Takes.EXPRESSIONS, 0, Takes.ANY),
  LIST_TO_ARGS("listToArgs", Takes.EXPRESSIONS, 1, 2),
  ARGS_TO_LIST("argsToList", Takes.EXPRESSIONS, 1, 2);

  /** In what form a function gets its arguments. */
  private enum Takes {
    /** Its only argument's value, unless the evaluation of that has to end. */
    VALUE,
    /** All arguments' values, unless the evaluation of one has to end. */
    VALUES,
    /** The arguments as they stand: it looks at them, or evaluates not all, or in its own order. */
    EXPRESSIONS;

    static final int ANY = Integer.MAX_VALUE;
  }

  final String spelling;
  private final Takes takes;
  private final int least;
  private final int most;

  Builtin(String spelling) {
    this(spelling, Takes.VALUE, 1, 1);
  }

  Builtin(String spelling, Takes takes, int least, int most) {
    this.spelling = spelling;
    this.takes = takes;
    this.least = least;
    this.most = most;
  }

  private static final class ByName {
    static final Map<String, Builtin> TABLE = new HashMap<>();

    static {
      for (Builtin b : values()) {
        if (TABLE.put(StringFunctions.lower(b.spelling), b) != null) {
          throw new IllegalStateException(b.spelling + " is defined twice");
        }
      }
    }
  }

  /** The function of that name, in whatever case; null if there is none. */
  static @Nullable Builtin find(String name) {
    return ByName.TABLE.get(StringFunctions.lower(name));
  }

  /** The call's value; it is {@link Evaluation#FAILED} where the whole evaluation has to end. */
  Value apply(Call call, Evaluation e) {
    Expr[] args = call.args;
    if (args.length < least || args.length > most) {
      return Value.ERROR;
    }
    if (takes == Takes.VALUE) {
      Value v = args[0].eval(e);
      return Evaluation.failed(v) ? v : ofValue(v, e);
    }
    if (takes == Takes.VALUES) {
      Value[] v = values(args, e);
      return v == null ? Evaluation.FAILED : ofValues(v, call, e);
    }
    return ofExpressions(args, e);
  }

  private Value ofValue(Value v, Evaluation e) {
    return switch (this) {
      case IS_UNDEFINED -> Value.of(v instanceof Value.Undefined);
      case IS_ERROR -> Value.of(v instanceof Value.Error);
      case IS_STRING -> Value.of(v instanceof Value.Str);
      case IS_INTEGER -> Value.of(v instanceof Value.Int);
      case IS_REAL -> Value.of(v instanceof Value.Real);
      case IS_LIST -> Value.of(v instanceof Value.ListValue);
      case IS_CLASSAD -> Value.of(v instanceof Value.AdValue);
      case IS_BOOLEAN -> Value.of(v instanceof Value.Bool);
      case IS_ABSTIME -> Value.of(v instanceof Value.AbsTime);
      case IS_RELTIME -> Value.of(v instanceof Value.RelTime);
      case DEBUG -> v;
      case EVAL -> ContextFunctions.eval(v, e);
      case SIZE -> ListFunctions.size(v);
      case SUM -> ListFunctions.sum(v, e, false);
      case AVG -> ListFunctions.sum(v, e, true);
      case MIN -> ListFunctions.bound(v, e, Op.LT);
      case MAX -> ListFunctions.bound(v, e, Op.GT);
      case GET_YEAR,
          GET_MONTH,
          GET_DAY_OF_YEAR,
          GET_DAY_OF_MONTH,
          GET_DAY_OF_WEEK,
          GET_DAYS,
          GET_HOURS,
          GET_MINUTES,
          GET_SECONDS ->
          TimeFunctions.field(this, v, e);
      case SPLIT_TIME -> TimeFunctions.splitTime(v, e);
      case INTERVAL -> TimeFunctions.interval(v);
      case TO_UPPER -> StringFunctions.changeCase(v, true);
      case TO_LOWER -> StringFunctions.changeCase(v, false);
      case INT -> NumberFunctions.integer(v);
      case REAL -> NumberFunctions.real(v);
      case STRING -> StringFunctions.string(v);
      case BOOL -> NumberFunctions.bool(v);
      case FLOOR, CEIL, CEILING, ROUND -> NumberFunctions.round(this, v);
      case SPLIT_USER_NAME -> StringListFunctions.splitAt(v, false);
      case SPLIT_SLOT_NAME -> StringListFunctions.splitAt(v, true);
      case ENV_V1_TO_V2 -> CommandFunctions.envV1ToV2(v);
      default -> throw new IllegalStateException(spelling);
    };
  }

  private Value ofValues(Value[] v, Call call, Evaluation e) {
    return switch (this) {
      case USER_MAP -> ContextFunctions.userMap(v, e);
      case MEMBER -> ListFunctions.member(v, e, false);
      case IDENTICAL_MEMBER -> ListFunctions.member(v, e, true);
      case ABS_TIME -> TimeFunctions.absTime(v, e);
      case REL_TIME -> TimeFunctions.relTime(v);
      case SUBSTR -> StringFunctions.substr(v);
      case STRCMP -> StringFunctions.strcmp(v, false);
      case STRICMP -> StringFunctions.strcmp(v, true);
      case VERSION_CMP, VERSION_LE, VERSION_LT, VERSION_GE, VERSION_GT, VERSION_EQ ->
          StringFunctions.version(this, v, call, e);
      case VERSION_IN_RANGE -> StringFunctions.versionInRange(v);
      case REGEXP -> RegexFunctions.regexp(v, e);
      case REGEXP_MEMBER -> RegexFunctions.regexpMember(v, e);
      case REGEXPS -> RegexFunctions.substitute(v, e, "");
      case REPLACE -> RegexFunctions.substitute(v, e, "f");
      case REPLACE_ALL -> RegexFunctions.substitute(v, e, "fg");
      case STRING_LIST_REGEXP_MEMBER -> RegexFunctions.stringListMember(v, e);
      case POW -> NumberFunctions.pow(v);
      case QUANTIZE -> NumberFunctions.quantize(v, e);
      case RANDOM -> NumberFunctions.random(v, e);
      case STRING_LIST_SIZE -> StringListFunctions.size(v);
      case STRING_LIST_SUM, STRING_LIST_AVG, STRING_LIST_MIN, STRING_LIST_MAX ->
          StringListFunctions.summarize(this, v);
      case STRING_LIST_MEMBER -> StringListFunctions.member(v, false);
      case STRING_LIST_I_MEMBER -> StringListFunctions.member(v, true);
      case STRING_LIST_SUBSET_MATCH -> StringListFunctions.subset(v, false);
      case STRING_LIST_I_SUBSET_MATCH -> StringListFunctions.subset(v, true);
      case SPLIT -> StringListFunctions.split(v);
      default -> throw new IllegalStateException(spelling);
    };
  }

  private Value ofExpressions(Expr[] args, Evaluation e) {
    return switch (this) {
      case IF_THEN_ELSE -> ifThenElse(args, e);
      case UNPARSE -> ContextFunctions.unparse(args[0], e);
      case UNRESOLVED -> ContextFunctions.unresolved(args, e);
      case EVAL_IN_EACH_CONTEXT -> ContextFunctions.inEachContext(args, e, false);
      case COUNT_MATCHES -> ContextFunctions.inEachContext(args, e, true);
      case USER_HOME -> ContextFunctions.userHome(args, e);
      case ANY_COMPARE -> ListFunctions.compare(args, e, false);
      case ALL_COMPARE -> ListFunctions.compare(args, e, true);
      case TIME -> Value.of(e.context.now());
      case CURRENT_TIME -> TimeFunctions.currentTime(e);
      case TIME_ZONE_OFFSET -> TimeFunctions.timeZoneOffset(e);
      case DAY_TIME -> TimeFunctions.dayTime(e);
      case FORMAT_TIME -> TimeFunctions.formatTime(args, e);
      case STRCAT -> StringFunctions.strcat(args, e);
      case JOIN -> StringFunctions.join(args, e);
      case STRING_LISTS_INTERSECT -> StringListFunctions.intersect(args, e);
      case MERGE_ENVIRONMENT -> CommandFunctions.mergeEnvironment(args, e);
      case LIST_TO_ARGS -> CommandFunctions.listToArgs(args, e);
      case ARGS_TO_LIST -> CommandFunctions.argsToList(args, e);
      default -> throw new IllegalStateException(spelling);
    };
  }

  private static Value ifThenElse(Expr[] args, Evaluation e) {
    Value test = args[0].eval(e);
    if (Evaluation.failed(test) || test instanceof Value.Undefined) {
      return test;
    }
    return switch (test.truth()) {
      case TRUE -> args[1].eval(e);
      case FALSE -> args[2].eval(e);
      case NONE -> Value.ERROR;
    };
  }

  /** All arguments' values; null if one failed. */
  static Value @Nullable [] values(Expr[] args, Evaluation e) {
    Value[] values = new Value[args.length];
    for (int i = 0; i < args.length; i++) {
      Value v = args[i].eval(e);
      if (Evaluation.failed(v)) {
        return null;
      }
      values[i] = v;
    }
    return values;
  }
}
