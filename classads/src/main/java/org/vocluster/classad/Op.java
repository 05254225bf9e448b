package org.vocluster.classad;

/**
 * The unary and binary operators with their one table of spellings and precedences, for parser and
 * printer.
 */
enum Op {
  OR("||", "||", 1),
  AND("&&", "&&", 2),
  BIT_OR("|", "|", 3),
  BIT_XOR("^", "^", 4),
  BIT_AND("&", "&", 5),
  EQ("==", "==", 6),
  NE("!=", "!=", 6),
  IS("is", "=?=", 6),
  ISNT("isnt", "=!=", 6),
  LT("<", "<", 7),
  LE("<=", "<=", 7),
  GT(">", ">", 7),
  GE(">=", ">=", 7),
  SHL("<<", "<<", 8),
  SHR(">>", ">>", 8),
  USHR(">>>", ">>>", 8),
  ADD("+", "+", 9),
  SUB("-", "-", 9),
  MUL("*", "*", 10),
  DIV("/", "/", 10),
  MOD("%", "%", 10),
  PLUS("+", "+", 0),
  MINUS("-", "-", 0),
  NOT("!", "!", 0),
  BIT_NOT("~", "~", 0),
  PAREN("()", "()", 0);

  /** As printed in new syntax, with the blanks around a binary operator or before a unary one. */
  final String newText;

  /** As printed in long form. */
  final String longText;

  /** Of a binary operator, 1 binding weakest; 0 for the others. */
  final int precedence;

  Op(String newSpelling, String longSpelling, int precedence) {
    String after = precedence > 0 ? " " : "";
    this.newText = " ".concat(newSpelling).concat(after);
    this.longText = " ".concat(longSpelling).concat(after);
    this.precedence = precedence;
  }
}
