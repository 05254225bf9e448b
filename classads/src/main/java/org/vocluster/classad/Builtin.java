package org.vocluster.classad;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The functions, each by the name HTCondor's documentation gives it; the one table of them. */
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
  IF_THEN_ELSE("ifThenElse"),
  DEBUG("debug"),
  EVAL("eval"),
  UNPARSE("unparse"),
  UNRESOLVED("unresolved"),
  EVAL_IN_EACH_CONTEXT("evalInEachContext"),
  COUNT_MATCHES("countMatches"),
  USER_HOME("userHome"),
  USER_MAP("userMap"),

  MEMBER("member"),
  IDENTICAL_MEMBER("identicalMember"),
  SIZE("size"),
  SUM("sum"),
  AVG("avg"),
  MIN("min"),
  MAX("max"),
  ANY_COMPARE("anyCompare"),
  ALL_COMPARE("allCompare"),

  TIME("time"),
  CURRENT_TIME("currentTime"),
  TIME_ZONE_OFFSET("timeZoneOffset"),
  DAY_TIME("dayTime"),
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
  FORMAT_TIME("formatTime"),
  ABS_TIME("absTime"),
  REL_TIME("relTime"),
  INTERVAL("interval"),

  STRCAT("strcat"),
  JOIN("join"),
  TO_UPPER("toUpper"),
  TO_LOWER("toLower"),
  SUBSTR("substr"),
  STRCMP("strcmp"),
  STRICMP("stricmp"),
  VERSION_CMP("versioncmp"),
  VERSION_LE("versionLE"),
  VERSION_LT("versionLT"),
  VERSION_GE("versionGE"),
  VERSION_GT("versionGT"),
  VERSION_EQ("versionEQ"),
  VERSION_IN_RANGE("version_in_range"),

  REGEXP("regexp"),
  REGEXP_MEMBER("regexpMember"),
  REGEXPS("regexps"),
  REPLACE("replace"),
  REPLACE_ALL("replaceAll"),
  STRING_LIST_REGEXP_MEMBER("stringList_regexpMember"),

  INT("int"),
  REAL("real"),
  STRING("string"),
  BOOL("bool"),
  FLOOR("floor"),
  CEIL("ceil"),
  CEILING("ceiling"),
  ROUND("round"),
  POW("pow"),
  QUANTIZE("quantize"),
  RANDOM("random"),

  STRING_LIST_SIZE("stringListSize"),
  STRING_LIST_SUM("stringListSum"),
  STRING_LIST_AVG("stringListAvg"),
  STRING_LIST_MIN("stringListMin"),
  STRING_LIST_MAX("stringListMax"),
  STRING_LIST_MEMBER("stringListMember"),
  STRING_LIST_I_MEMBER("stringListIMember"),
  STRING_LIST_SUBSET_MATCH("stringListSubsetMatch"),
  STRING_LIST_I_SUBSET_MATCH("stringListISubsetMatch"),
  STRING_LISTS_INTERSECT("stringListsIntersect"),
  SPLIT("split"),
  SPLIT_USER_NAME("splitUserName"),
  SPLIT_SLOT_NAME("splitSlotName"),

  ENV_V1_TO_V2("envV1ToV2"),
  MERGE_ENVIRONMENT("mergeEnvironment"),
  LIST_TO_ARGS("listToArgs"),
  ARGS_TO_LIST("argsToList");

  final String spelling;

  Builtin(String spelling) {
    this.spelling = spelling;
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
    return switch (this) {
      case IS_UNDEFINED,
          IS_ERROR,
          IS_STRING,
          IS_INTEGER,
          IS_REAL,
          IS_LIST,
          IS_CLASSAD,
          IS_BOOLEAN,
          IS_ABSTIME,
          IS_RELTIME ->
          isType(args, e);
      case IF_THEN_ELSE -> ifThenElse(args, e);
      case DEBUG -> args.length == 1 ? args[0].eval(e) : Value.ERROR;
      case EVAL -> ContextFunctions.eval(args, e);
      case UNPARSE -> ContextFunctions.unparse(args, e);
      case UNRESOLVED -> ContextFunctions.unresolved(args, e);
      case EVAL_IN_EACH_CONTEXT -> ContextFunctions.inEachContext(args, e, false);
      case COUNT_MATCHES -> ContextFunctions.inEachContext(args, e, true);
      case USER_HOME -> ContextFunctions.userHome(args, e);
      case USER_MAP -> ContextFunctions.userMap(args, e);
      case MEMBER -> ListFunctions.member(args, e, false);
      case IDENTICAL_MEMBER -> ListFunctions.member(args, e, true);
      case SIZE -> ListFunctions.size(args, e);
      case SUM -> ListFunctions.sum(args, e, false);
      case AVG -> ListFunctions.sum(args, e, true);
      case MIN -> ListFunctions.bound(args, e, Op.LT);
      case MAX -> ListFunctions.bound(args, e, Op.GT);
      case ANY_COMPARE -> ListFunctions.compare(args, e, false);
      case ALL_COMPARE -> ListFunctions.compare(args, e, true);
      case TIME -> args.length > 0 ? Value.ERROR : Value.of(e.context.now());
      case CURRENT_TIME -> args.length > 0 ? Value.ERROR : TimeFunctions.currentTime(e);
      case TIME_ZONE_OFFSET -> args.length > 0 ? Value.ERROR : TimeFunctions.timeZoneOffset(e);
      case DAY_TIME -> args.length > 0 ? Value.ERROR : TimeFunctions.dayTime(e);
      case GET_YEAR,
          GET_MONTH,
          GET_DAY_OF_YEAR,
          GET_DAY_OF_MONTH,
          GET_DAY_OF_WEEK,
          GET_DAYS,
          GET_HOURS,
          GET_MINUTES,
          GET_SECONDS ->
          TimeFunctions.field(this, args, e);
      case SPLIT_TIME -> TimeFunctions.splitTime(args, e);
      case FORMAT_TIME -> TimeFunctions.formatTime(args, e);
      case ABS_TIME -> TimeFunctions.absTime(args, e);
      case REL_TIME -> TimeFunctions.relTime(args, e);
      case INTERVAL -> TimeFunctions.interval(args, e);
      case STRCAT -> StringFunctions.strcat(args, e);
      case JOIN -> StringFunctions.join(args, e);
      case TO_UPPER -> StringFunctions.changeCase(args, e, true);
      case TO_LOWER -> StringFunctions.changeCase(args, e, false);
      case SUBSTR -> StringFunctions.substr(args, e);
      case STRCMP -> StringFunctions.strcmp(args, e, false);
      case STRICMP -> StringFunctions.strcmp(args, e, true);
      case VERSION_CMP, VERSION_LE, VERSION_LT, VERSION_GE, VERSION_GT, VERSION_EQ ->
          StringFunctions.version(this, call, e);
      case VERSION_IN_RANGE -> StringFunctions.versionInRange(args, e);
      case REGEXP -> RegexFunctions.regexp(args, e);
      case REGEXP_MEMBER -> RegexFunctions.regexpMember(args, e);
      case REGEXPS -> RegexFunctions.substitute(args, e, "");
      case REPLACE -> RegexFunctions.substitute(args, e, "f");
      case REPLACE_ALL -> RegexFunctions.substitute(args, e, "fg");
      case STRING_LIST_REGEXP_MEMBER -> RegexFunctions.stringListMember(args, e);
      case INT -> NumberFunctions.toInteger(args, e);
      case REAL -> NumberFunctions.toReal(args, e);
      case STRING -> StringFunctions.string(args, e);
      case BOOL -> NumberFunctions.toBoolean(args, e);
      case FLOOR, CEIL, CEILING, ROUND -> NumberFunctions.round(this, args, e);
      case POW -> NumberFunctions.pow(args, e);
      case QUANTIZE -> NumberFunctions.quantize(args, e);
      case RANDOM -> NumberFunctions.random(args, e);
      case STRING_LIST_SIZE -> StringListFunctions.size(args, e);
      case STRING_LIST_SUM, STRING_LIST_AVG, STRING_LIST_MIN, STRING_LIST_MAX ->
          StringListFunctions.summarize(this, args, e);
      case STRING_LIST_MEMBER -> StringListFunctions.member(args, e, false);
      case STRING_LIST_I_MEMBER -> StringListFunctions.member(args, e, true);
      case STRING_LIST_SUBSET_MATCH -> StringListFunctions.subset(args, e, false);
      case STRING_LIST_I_SUBSET_MATCH -> StringListFunctions.subset(args, e, true);
      case STRING_LISTS_INTERSECT -> StringListFunctions.intersect(args, e);
      case SPLIT -> StringListFunctions.split(args, e);
      case SPLIT_USER_NAME -> StringListFunctions.splitAt(args, e, false);
      case SPLIT_SLOT_NAME -> StringListFunctions.splitAt(args, e, true);
      case ENV_V1_TO_V2 -> CommandFunctions.envV1ToV2(args, e);
      case MERGE_ENVIRONMENT -> CommandFunctions.mergeEnvironment(args, e);
      case LIST_TO_ARGS -> CommandFunctions.listToArgs(args, e);
      case ARGS_TO_LIST -> CommandFunctions.argsToList(args, e);
    };
  }

  private Value isType(Expr[] args, Evaluation e) {
    if (args.length != 1) {
      return Value.ERROR;
    }
    Value v = args[0].eval(e);
    if (Evaluation.failed(v)) {
      return v;
    }
    return Value.of(
        switch (this) {
          case IS_UNDEFINED -> v instanceof Value.Undefined;
          case IS_ERROR -> v instanceof Value.Error;
          case IS_STRING -> v instanceof Value.Str;
          case IS_INTEGER -> v instanceof Value.Int;
          case IS_REAL -> v instanceof Value.Real;
          case IS_LIST -> v instanceof Value.ListValue;
          case IS_CLASSAD -> v instanceof Value.AdValue;
          case IS_BOOLEAN -> v instanceof Value.Bool;
          case IS_ABSTIME -> v instanceof Value.AbsTime;
          default -> v instanceof Value.RelTime;
        });
  }

  private static Value ifThenElse(Expr[] args, Evaluation e) {
    if (args.length != 3) {
      return Value.ERROR;
    }
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
