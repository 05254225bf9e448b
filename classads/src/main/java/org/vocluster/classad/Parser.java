package org.vocluster.classad;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Recursive descent over the tokens, taking them in the order source.cpp does. Failure is a null
 * that travels up, since 23.9 goes on after a failed middle operand of {@code ? :} if a colon
 * follows.
 */
final class Parser {
  /** source.cpp: parseExpression may nest this deep in 23.9. */
  private static final int MAX_DEPTH = 1000;

  /** source.cpp: all recursive functions together may nest this deep in 25.14. */
  private static final int MAX_MODERN_DEPTH = 500;

  /** Height of a tree; chains of operators count here, which HTCondor does not bound. */
  private static final int MAX_HEIGHT = 60_000;

  /** Nesting of objects, lists and ads in JSON and XML; HTCondor bounds it only by its stack. */
  static final int MAX_DATA_DEPTH = 500;

  /** Nesting from which parsing continues on a larger stack. */
  private static final int SAFE_DEPTH = 60;

  private final Lexer lexer;
  private final boolean condor;
  private final boolean modern;
  private boolean peeked;
  private int depth;
  private int nesting;
  private boolean ternaryOnTop;
  private boolean tooHigh;

  private int failedAt = -1;
  private String failedFound = "";
  private String failedExpected = "";

  Parser(byte[] buf, int from, int to, boolean oldStrings, Language language) {
    this.lexer = new Lexer(buf, from, to, oldStrings, language);
    this.condor = language.mode() == Mode.CONDOR;
    this.modern = language.dialect() == Dialect.V25_14;
  }

  private Token peek() {
    if (!peeked) {
      lexer.next();
      peeked = true;
    }
    return lexer.token;
  }

  private Token consume() {
    Token t = peek();
    peeked = false;
    return t;
  }

  /** Remembers the failure that is furthest into the text. */
  private @Nullable Expr fail(String expected) {
    if (lexer.start >= failedAt && !tooHigh) {
      failedAt = lexer.start;
      failedFound = lexer.found();
      failedExpected = expected;
    }
    return null;
  }

  ClassAdSyntaxException failure() {
    int at = Math.max(failedAt, 0);
    return new ClassAdSyntaxException(
        lexer.lineOf(at), lexer.columnOf(at), failedFound, failedExpected);
  }

  /** An expression and nothing after it; null if it is malformed. */
  @Nullable Expr wholeExpression() {
    Expr e = expression();
    // parseExpression() returns from its ternary branch before it looks for the end of the text.
    if (e != null && !ternaryOnTop && consume() != Token.END) {
      return fail("an operator or end of input");
    }
    return e;
  }

  /** An expression with whatever after it; null if it is malformed. */
  @Nullable Expr leadingExpression() {
    return expression();
  }

  /** An ad and nothing after it; null if it is malformed. */
  @Nullable ClassAd wholeAd() {
    ClassAd ad = classAd();
    if (ad != null && consume() != Token.END) {
      fail("end of input");
      return null;
    }
    return ad;
  }

  /** Ads one after the other, or in a list; null if one is malformed. */
  @Nullable List<ClassAd> allAds() {
    boolean list = peek() == Token.OPEN_BRACE;
    if (list) {
      consume();
    }
    List<ClassAd> ads = new ArrayList<>();
    while (peek() == Token.OPEN_BOX) {
      ClassAd ad = classAd();
      if (ad == null) {
        return null;
      }
      ads.add(ad);
      if (peek() == Token.COMMA) {
        consume();
      }
    }
    if (list && consume() != Token.CLOSE_BRACE) {
      fail("'[' or '}'");
      return null;
    }
    if (consume() != Token.END) {
      fail("'[' or end of input");
      return null;
    }
    return ads;
  }

  private @Nullable Expr expression() {
    if (nesting == SAFE_DEPTH) {
      return DeepStack.get(this::boundedExpression);
    }
    return boundedExpression();
  }

  private @Nullable Expr boundedExpression() {
    depth++;
    nesting++;
    Expr e = depth > (modern ? MAX_MODERN_DEPTH : MAX_DEPTH) ? fail("less nesting") : conditional();
    nesting--;
    depth--;
    return e;
  }

  private @Nullable Expr conditional() {
    Expr test = binary(1);
    ternaryOnTop = false;
    if (test == null || peek() != Token.QMARK) {
      return test;
    }
    consume();
    Expr yes = null;
    if (modern) {
      yes = expression();
      if (peek() != Token.COLON) {
        return fail("':'");
      }
      consume();
    } else if (peek() == Token.COLON) {
      consume();
    } else {
      yes = expression();
      if (consume() != Token.COLON) {
        return fail("':'");
      }
    }
    Expr no = expression();
    if (no == null || (modern && yes == null)) {
      return null;
    }
    ternaryOnTop = true;
    return checked(new Conditional(test, yes, no));
  }

  private @Nullable Expr checked(Expr e) {
    if (e.height > MAX_HEIGHT) {
      fail("a smaller expression");
      tooHigh = true;
      return null;
    }
    return e;
  }

  private @Nullable Expr binary(int minimum) {
    Expr left = unary();
    while (left != null) {
      Op op = binaryOperator(peek());
      if (op == null || op.precedence < minimum) {
        return left;
      }
      consume();
      Expr right = binary(op.precedence + 1);
      if (right == null) {
        return null;
      }
      left = checked(new Binary(op, left, right));
    }
    return null;
  }

  private static @Nullable Op binaryOperator(Token t) {
    return switch (t) {
      case OR -> Op.OR;
      case AND -> Op.AND;
      case BIT_OR -> Op.BIT_OR;
      case BIT_XOR -> Op.BIT_XOR;
      case BIT_AND -> Op.BIT_AND;
      case EQ -> Op.EQ;
      case NE -> Op.NE;
      case IS -> Op.IS;
      case ISNT -> Op.ISNT;
      case LT -> Op.LT;
      case LE -> Op.LE;
      case GT -> Op.GT;
      case GE -> Op.GE;
      case SHL -> Op.SHL;
      case SHR -> Op.SHR;
      case USHR -> Op.USHR;
      case PLUS -> Op.ADD;
      case MINUS -> Op.SUB;
      case STAR -> Op.MUL;
      case SLASH -> Op.DIV;
      case PERCENT -> Op.MOD;
      default -> null;
    };
  }

  private @Nullable Expr unary() {
    if (modern) {
      return modernUnary();
    }
    Op first = unaryOperator(peek());
    return first == null ? postfix() : prefixed(first);
  }

  private static @Nullable Op unaryOperator(Token t) {
    return switch (t) {
      case MINUS -> Op.MINUS;
      case PLUS -> Op.PLUS;
      case NOT -> Op.NOT;
      case BIT_NOT -> Op.BIT_NOT;
      default -> null;
    };
  }

  private @Nullable Expr prefixed(Op first) {
    List<Op> ops = new ArrayList<>();
    Op op = first;
    while (op != null) {
      consume();
      ops.add(op);
      op = unaryOperator(peek());
    }
    Expr e = postfix();
    for (int i = ops.size() - 1; i >= 0 && e != null; i--) {
      e = checked(new Unary(ops.get(i), e));
    }
    return e;
  }

  private @Nullable Expr modernUnary() {
    int before = depth;
    List<Op> ops = new ArrayList<>();
    Expr e;
    while (true) {
      depth++;
      if (depth > MAX_MODERN_DEPTH) {
        e = fail("less nesting");
        break;
      }
      Op op = unaryOperator(peek());
      if (op == null) {
        e = postfix();
        break;
      }
      consume();
      ops.add(op);
    }
    depth = before;
    for (int i = ops.size() - 1; i >= 0 && e != null; i--) {
      e = new Unary(ops.get(i), e);
    }
    return e;
  }

  private @Nullable Expr postfix() {
    if (!modern) {
      return postfixed();
    }
    if (++depth > MAX_MODERN_DEPTH) {
      depth--;
      return fail("less nesting");
    }
    Expr e = postfixed();
    depth--;
    return e;
  }

  private @Nullable Expr postfixed() {
    Expr e = primary();
    while (e != null) {
      switch (peek()) {
        case OPEN_BOX -> {
          consume();
          Expr index = expression();
          if (index == null) {
            return null;
          }
          if (consume() != Token.CLOSE_BOX) {
            return fail("']'");
          }
          e = checked(new Subscript(e, index));
        }
        case DOT -> {
          consume();
          if (consume() != Token.IDENTIFIER || lexer.name == null) {
            return fail("an attribute name");
          }
          e = checked(new Reference(e, lexer.name, false));
        }
        case ELVIS -> {
          consume();
          Expr otherwise = postfix();
          if (otherwise == null) {
            return null;
          }
          e = checked(new Conditional(e, null, otherwise));
        }
        default -> {
          return e;
        }
      }
    }
    return null;
  }

  private @Nullable Expr primary() {
    return switch (peek()) {
      case IDENTIFIER -> {
        Name name = lexer.name;
        consume();
        if (name == null) {
          yield fail("an attribute name");
        }
        yield peek() == Token.OPEN_PAREN ? call(name) : new Reference(null, name, false);
      }
      case DOT -> {
        consume();
        if (consume() == Token.IDENTIFIER && lexer.name != null) {
          yield new Reference(null, lexer.name, true);
        }
        yield fail("an attribute name");
      }
      case OPEN_PAREN -> {
        consume();
        Expr inner = expression();
        if (inner == null) {
          yield null;
        }
        if (consume() != Token.CLOSE_PAREN) {
          yield fail("')'");
        }
        yield checked(new Unary(Op.PAREN, inner));
      }
      case OPEN_BOX -> {
        ClassAd ad = classAd();
        yield ad == null ? null : checked(new AdExpr(ad));
      }
      case OPEN_BRACE -> list();
      case UNDEFINED, ERROR, BOOLEAN, INTEGER, REAL, STRING -> {
        consume();
        yield lexer.literal();
      }
      default -> fail("an expression");
    };
  }

  private @Nullable Expr call(Name name) {
    consume();
    List<Expr> args = new ArrayList<>();
    Token t = peek();
    while (t != Token.CLOSE_PAREN) {
      Expr arg = expression();
      if (arg == null) {
        return null;
      }
      args.add(arg);
      t = peek();
      if (t == Token.COMMA || (t == Token.SEMICOLON && condor)) {
        consume();
      } else if (t != Token.CLOSE_PAREN) {
        return fail("',' or ')'");
      }
    }
    consume();
    Expr[] list = args.toArray(new Expr[0]);
    if (list.length == 1 && list[0].literal() instanceof Value.Str text) {
      if (Name.equalsIgnoreCase(name.text, "absTime")) {
        Value time = Times.parseAbsolute(text.bytes, java.time.ZoneId.systemDefault());
        return time == null
            ? fail("a time such as \"2026-01-31T12:00:00Z\"")
            : Literal.constant(time);
      }
      if (Name.equalsIgnoreCase(name.text, "relTime")) {
        Value time = Times.parseRelative(text.bytes);
        return time == null
            ? fail("a span of time such as \"1+02:03:04\"")
            : Literal.constant(time);
      }
    }
    return checked(new Call(name.text, list));
  }

  private @Nullable Expr list() {
    consume();
    List<Expr> elements = new ArrayList<>();
    Token t = peek();
    while (t != Token.CLOSE_BRACE) {
      Expr element = expression();
      if (element == null) {
        return null;
      }
      elements.add(element);
      t = peek();
      if (t == Token.COMMA) {
        consume();
      } else if (t != Token.CLOSE_BRACE) {
        return fail("',' or '}'");
      }
    }
    consume();
    return checked(new ListExpr(elements.toArray(new Expr[0])));
  }

  private @Nullable ClassAd classAd() {
    if (consume() != Token.OPEN_BOX) {
      fail("'['");
      return null;
    }
    ClassAd.Builder ad = ClassAd.builder();
    Token t = peek();
    while (t != Token.CLOSE_BOX) {
      t = consume();
      if (t == Token.SEMICOLON) {
        continue;
      }
      Name name = lexer.name;
      if (t != Token.IDENTIFIER || name == null) {
        fail("an attribute name or ']'");
        return null;
      }
      if (consume() != Token.BOUND_TO) {
        fail("'='");
        return null;
      }
      Expr e = expression();
      if (e == null) {
        return null;
      }
      if (name.text.isEmpty() || ad.size() == ClassAd.Builder.MAX_SIZE) {
        fail(name.text.isEmpty() ? "an attribute name that is not empty" : "fewer attributes");
        return null;
      }
      ad.put(name, e);
      t = peek();
      if (t != Token.SEMICOLON && t != Token.CLOSE_BOX) {
        fail("';' or ']'");
        return null;
      }
      while (t == Token.SEMICOLON) {
        consume();
        t = peek();
      }
    }
    consume();
    return ad.build();
  }
}
