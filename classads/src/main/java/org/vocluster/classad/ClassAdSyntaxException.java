package org.vocluster.classad;

/** Text that is not in the language; says where, what was found and what was expected. */
public final class ClassAdSyntaxException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int line;
  private final int column;
  private final String found;
  private final String expected;

  public ClassAdSyntaxException(int line, int column, String found, String expected) {
    this.line = line;
    this.column = column;
    this.found = found;
    this.expected = expected;
  }

  @Override
  public String getMessage() {
    return "line " + line + ", column " + column + ": found " + found + ", expected " + expected;
  }

  /** Line of the offending token, counted from 1. */
  public int line() {
    return line;
  }

  /** Column of the offending token in bytes, counted from 1. */
  public int column() {
    return column;
  }

  /** The token that was found, in quotes, or a description such as "end of input". */
  public String found() {
    return found;
  }

  /** What would have been right there. */
  public String expected() {
    return expected;
  }

  /** The same fault, seen from text that starts {@code lines} lines further up. */
  ClassAdSyntaxException shifted(int lines) {
    return new ClassAdSyntaxException(line + lines, column, found, expected);
  }
}
