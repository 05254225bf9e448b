package org.vocluster.classad;

import java.util.List;

/** New syntax: {@code [ a = 1; b = a + 1 ]}. */
public final class NewForm {
  private NewForm() {}

  /** Reads one ad and nothing after it. */
  public static ClassAd parse(String text) throws ClassAdSyntaxException {
    return parse(text, Language.CONDOR_23_9);
  }

  /** Reads one ad and nothing after it. */
  public static ClassAd parse(String text, Language language) throws ClassAdSyntaxException {
    byte[] buf = ByteText.toArray(ByteText.fromText(text));
    Parser parser = new Parser(buf, 0, buf.length, false, language);
    ClassAd ad = parser.wholeAd();
    if (ad == null) {
      throw parser.failure();
    }
    return ad;
  }

  /** Reads several ads, one after the other or as a list {@code { [..], [..] }}. */
  public static List<ClassAd> parseAll(String text, Language language)
      throws ClassAdSyntaxException {
    byte[] buf = ByteText.toArray(ByteText.fromText(text));
    Parser parser = new Parser(buf, 0, buf.length, false, language);
    List<ClassAd> ads = parser.allAds();
    if (ads == null) {
      throw parser.failure();
    }
    return ads;
  }

  /** Reads one expression and nothing after it. */
  public static Expr parseExpr(String text, Language language) throws ClassAdSyntaxException {
    byte[] buf = ByteText.toArray(ByteText.fromText(text));
    Parser parser = new Parser(buf, 0, buf.length, false, language);
    Expr e = parser.wholeExpression();
    if (e == null) {
      throw parser.failure();
    }
    return e;
  }

  /**
   * The ad on one line; attributes by length of name, then alphabetically, as HTCondor orders them.
   */
  public static String print(ClassAd ad) {
    return print(new AdExpr(ad));
  }

  public static String print(Expr expr) {
    return ByteText.toText(Printer.newBytes(expr));
  }

  public static String print(Value value) {
    return Printer.newForm(value);
  }
}
