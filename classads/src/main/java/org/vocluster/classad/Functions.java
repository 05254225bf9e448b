package org.vocluster.classad;

/** Calls the functions. */
final class Functions {
  private Functions() {}

  static Value apply(Builtin f, Expr[] args, Evaluation e) {
    return switch (f) {
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
          Value.ERROR;
      case IF_THEN_ELSE -> Value.ERROR;
    };
  }
}
