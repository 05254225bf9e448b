package org.vocluster.classad;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Long form: one {@code Attr = expression} a line, as {@code condor_status -long} prints and hooks
 * exchange. Values are in old syntax, where a backslash escapes nothing but a quote.
 */
public final class LongForm {
  private static final int MAX_LINE = 64 << 20;

  private LongForm() {}

  /**
   * Reads one ad. Empty lines and lines that start with {@code #} are skipped; the value of an
   * attribute ends where its expression ends, what follows on the line is ignored, as in HTCondor.
   */
  public static ClassAd parse(String text) throws ClassAdSyntaxException {
    return parse(text, Language.CONDOR_23_9);
  }

  /** Reads one ad. */
  public static ClassAd parse(String text, Language language) throws ClassAdSyntaxException {
    byte[] buf = ByteText.toArray(ByteText.fromText(text));
    return parse(buf, 0, buf.length, language);
  }

  /** Reads one ad from bytes. */
  public static ClassAd parse(byte[] text, Language language) throws ClassAdSyntaxException {
    return parse(text, 0, text.length, language);
  }

  private static ClassAd parse(byte[] buf, int from, int to, Language language)
      throws ClassAdSyntaxException {
    ClassAd.Builder ad = ClassAd.builder();
    int line = 0;
    int at = from;
    while (at < to) {
      int end = endOfLine(buf, at, to);
      int first = at;
      while (first < end && Lexer.isSpace(buf[first])) {
        first++;
      }
      if (first < end && buf[first] != '#') {
        ClassAdSyntaxException fault = attribute(ad, buf, at, end, language);
        if (fault != null) {
          throw fault.shifted(line);
        }
      }
      line++;
      at = end + 1;
    }
    return ad.build();
  }

  /**
   * Reads one ad exactly as HTCondor's own initAdFromString does: white space before an attribute
   * is skipped, lines included, but a comment is malformed and so is white space at the very end.
   */
  public static ClassAd parseString(String text, Language language) throws ClassAdSyntaxException {
    byte[] buf = ByteText.toArray(ByteText.fromText(text));
    ClassAd.Builder ad = ClassAd.builder();
    int length = endOfString(buf, 0, buf.length);
    int at = 0;
    int line = 0;
    while (at < length) {
      while (at < length && Lexer.isSpace(buf[at])) {
        line += buf[at] == '\n' ? 1 : 0;
        at++;
      }
      int end = endOfLine(buf, at, length);
      ClassAdSyntaxException fault = attribute(ad, buf, at, end, language);
      if (fault != null) {
        throw fault.shifted(line);
      }
      line++;
      at = end + 1;
    }
    return ad.build();
  }

  /** Reads ads one after the other; an empty line ends an ad. */
  public static StreamReader read(InputStream in, Language language) {
    return new StreamReader(in, language);
  }

  /**
   * What one reading from a stream gave.
   *
   * @param ad the attributes up to the end of the ad, or up to the first malformed line
   * @param lines attributes read, those that replaced another included
   * @param fault what is wrong with the malformed line; the rest of that ad was skipped
   */
  public record Item(ClassAd ad, int lines, @Nullable ClassAdSyntaxException fault) {}

  /**
   * Reads a stream of ads as HTCondor's tools do (CondorClassAdFileParseHelper): an empty line ends
   * an ad, which may well be empty; lines that begin with {@code #} are skipped; after a malformed
   * line the rest of its ad is skipped.
   */
  public static final class StreamReader implements Closeable {
    private final InputStream in;
    private final Language language;
    private byte[] buf = new byte[8192];
    private int from;
    private int to;
    private int lineEnd;
    private int nextFrom;
    private int line;
    private boolean exhausted;
    private boolean atEnd;

    private StreamReader(InputStream in, Language language) {
      this.in = in;
      this.language = language;
    }

    /** Whether the end of the stream has been met, so that there is no further item. */
    public boolean atEnd() {
      return atEnd;
    }

    /** The next ad, however empty or malformed; null after the last one. */
    public @Nullable Item next() throws IOException {
      if (atEnd) {
        return null;
      }
      ClassAd.Builder ad = ClassAd.builder();
      int lines = 0;
      while (nextLine()) {
        int first = from;
        while (first < lineEnd && (buf[first] == ' ' || buf[first] == '\t')) {
          first++;
        }
        if (isBlank(first)) {
          return new Item(ad.build(), lines, null);
        }
        if (buf[first] == '#') {
          continue;
        }
        ClassAdSyntaxException fault = attribute(ad, buf, from, lineEnd, language);
        if (fault != null) {
          fault = fault.shifted(line - 1);
          skipAd();
          return new Item(ad.build(), lines, fault);
        }
        lines++;
      }
      return new Item(ad.build(), lines, null);
    }

    /** The next ad that has attributes and no fault; null after the last one. */
    public @Nullable ClassAd nextGood() throws IOException {
      Item item = next();
      while (item != null && (item.fault() != null || item.ad().isEmpty())) {
        item = next();
      }
      return item == null ? null : item.ad();
    }

    private boolean isBlank(int at) {
      int i = at;
      while (i < lineEnd && Lexer.isSpace(buf[i])) {
        i++;
      }
      return i == lineEnd;
    }

    private void skipAd() throws IOException {
      while (nextLine()) {
        if (isBlank(from)) {
          return;
        }
      }
    }

    /** Puts the next line between from and lineEnd; false at the end of the stream. */
    private boolean nextLine() throws IOException {
      from = nextFrom;
      int i = from;
      while (true) {
        while (i < to && buf[i] != '\n') {
          i++;
        }
        if (i < to) {
          break;
        }
        if (!exhausted) {
          i -= from;
          fill();
          i += from;
          continue;
        }
        atEnd = true;
        if (i == from) {
          return false;
        }
        break;
      }
      line++;
      lineEnd = i > from && i < to && buf[i - 1] == '\r' ? i - 1 : i;
      nextFrom = Math.min(i + 1, to);
      return true;
    }

    private void fill() throws IOException {
      if (from > 0) {
        System.arraycopy(buf, from, buf, 0, to - from);
        to -= from;
        from = 0;
      }
      if (to == buf.length) {
        if (buf.length >= MAX_LINE) {
          throw new IOException("a line of a ClassAd is longer than " + MAX_LINE + " bytes");
        }
        buf = Arrays.copyOf(buf, buf.length * 2);
      }
      int n = in.read(buf, to, buf.length - to);
      if (n < 0) {
        exhausted = true;
      } else {
        to += n;
      }
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }

  static int endOfLine(byte[] buf, int from, int to) {
    int i = from;
    while (i < to && buf[i] != '\n') {
      i++;
    }
    return i;
  }

  /** A C string ends at a NUL. */
  private static int endOfString(byte[] buf, int from, int to) {
    int i = from;
    while (i < to && buf[i] != 0) {
      i++;
    }
    return i;
  }

  /** Puts the attribute of one line into the ad; returns what is wrong with the line, or null. */
  static @Nullable ClassAdSyntaxException attribute(
      ClassAd.Builder ad, byte[] buf, int from, int to, Language language) {
    int start = from;
    while (start < to && Lexer.isSpace(buf[start])) {
      start++;
    }
    int eq = start;
    while (eq < to && buf[eq] != '=' && buf[eq] != 0) {
      eq++;
    }
    if (eq == to || buf[eq] == 0) {
      return new ClassAdSyntaxException(1, to - from + 1, "end of line", "'='");
    }
    int nameEnd = eq;
    while (nameEnd > start && buf[nameEnd - 1] == ' ') {
      nameEnd--;
    }
    if (nameEnd == start) {
      return new ClassAdSyntaxException(1, eq - from + 1, "'='", "an attribute name");
    }
    Parser parser = new Parser(buf, eq + 1, to, true, language);
    Expr e = parser.leadingExpression();
    if (e == null) {
      ClassAdSyntaxException fault = parser.failure();
      return new ClassAdSyntaxException(
          fault.line(),
          fault.line() == 1 ? fault.column() + eq + 1 - from : fault.column(),
          fault.found(),
          fault.expected());
    }
    if (ad.size() == ClassAd.Builder.MAX_SIZE) {
      return new ClassAdSyntaxException(1, 1, "another attribute", "fewer attributes");
    }
    ad.put(Name.of(buf, start, nameEnd), e);
    return null;
  }

  /**
   * The ad's attributes, a line each, in byte order of their names. Capabilities and keys, such as
   * ClaimId, are left out, as in sPrintAd.
   */
  public static String print(ClassAd ad) {
    return print(ad, false).toText();
  }

  /** As {@link #print(ClassAd)}, in bytes. */
  public static byte[] printBytes(ClassAd ad) {
    return print(ad, false).toByteArray();
  }

  /** As {@link #print(ClassAd)}, capabilities and keys included. */
  public static String printWithSecrets(ClassAd ad) {
    return print(ad, true).toText();
  }

  private static ByteBuilder print(ClassAd ad, boolean secrets) {
    ByteBuilder out = new ByteBuilder(ad.size() * 40);
    Printer printer = new Printer(out, true);
    for (int i : ad.byteOrder()) {
      String name = ad.nameAt(i).text;
      if (secrets || !isSecret(name)) {
        out.append(name).append(" = ");
        printer.print(ad.exprAt(i));
        out.append('\n');
      }
    }
    return out;
  }

  /** ClassAdAttributeIsPrivateAny() */
  private static boolean isSecret(String name) {
    return switch (name.charAt(0)) {
      case 'C', 'c' ->
          Name.equalsIgnoreCase(name, "ClaimId")
              || Name.equalsIgnoreCase(name, "ClaimIds")
              || Name.equalsIgnoreCase(name, "ClaimIdList")
              || Name.equalsIgnoreCase(name, "Capability")
              || Name.equalsIgnoreCase(name, "ChildClaimIds");
      case 'T', 't' -> Name.equalsIgnoreCase(name, "TransferKey");
      case '_' -> name.regionMatches(true, 0, "_condor_priv", 0, 12);
      default -> false;
    };
  }

  /** A value as long form writes it. */
  public static String print(Value value) {
    ByteBuilder out = new ByteBuilder();
    new Printer(out, true).value(value);
    return out.toText();
  }

  /** An expression as long form writes it. */
  public static String print(Expr expr) {
    ByteBuilder out = new ByteBuilder();
    new Printer(out, true).print(expr);
    return out.toText();
  }

  /** An expression as it would stand after {@code Attr =}; must be followed by nothing. */
  public static Expr parseExpr(String text, Language language) throws ClassAdSyntaxException {
    byte[] buf = ByteText.toArray(ByteText.fromText(text));
    Parser parser = new Parser(buf, 0, buf.length, true, language);
    Expr e = parser.wholeExpression();
    if (e == null) {
      throw parser.failure();
    }
    return e;
  }
}
