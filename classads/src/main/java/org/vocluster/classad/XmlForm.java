package org.vocluster.classad;

import java.util.ArrayList;
import java.util.List;

/**
 * XML as HTCondor has it, {@code <c><a n="A"><i>1</i></a></c>}, read as forgivingly as HTCondor
 * does: what stands around an ad is skipped, and an ad that is not closed ends with the text.
 */
public final class XmlForm {
  private XmlForm() {}

  /** Reads the first ad of the text. */
  public static ClassAd parse(String text) throws ClassAdSyntaxException {
    return parse(text, Language.CONDOR_23_9);
  }

  /** Reads the first ad of the text. */
  public static ClassAd parse(String text, Language language) throws ClassAdSyntaxException {
    XmlReader reader = new XmlReader(ByteText.fromText(text), language);
    ClassAd ad = reader.ad(0);
    if (ad == null) {
      throw reader.fault("an ad, <c>…</c>");
    }
    return ad;
  }

  /** Reads all ads of the text. */
  public static List<ClassAd> parseAll(String text, Language language)
      throws ClassAdSyntaxException {
    XmlReader reader = new XmlReader(ByteText.fromText(text), language);
    List<ClassAd> ads = new ArrayList<>();
    while (!reader.atEnd()) {
      ClassAd ad = reader.ad(0);
      if (ad == null) {
        break;
      }
      ads.add(ad);
    }
    return ads;
  }

  /** The ad on one line, its attributes in HTCondor's order. */
  public static String print(ClassAd ad) {
    return new Writer().print(ad);
  }

  private static final class Writer extends FormWriter {
    @Override
    void ad(ClassAd ad) {
      out.append("<c>");
      for (int i : Order.LIBRARY.sort(ad)) {
        out.append("<a n=\"");
        new XmlPrinter(out).escaped(ad.nameAt(i).text, '"');
        out.append("\">");
        expr(ad.exprAt(i));
        out.append("</a>");
      }
      out.append("</c>");
    }

    @Override
    void list(ListExpr list) {
      out.append("<l>");
      for (Expr e : list.elements) {
        expr(e);
      }
      out.append("</l>");
    }

    @Override
    void literal(Literal literal) {
      value(literal.value);
    }

    @Override
    void quoted(Expr e) {
      out.append("<e>");
      new XmlPrinter(out).print(e);
      out.append("</e>");
    }

    private void value(Value v) {
      switch (v) {
        case Value.Undefined u -> out.append("<un/>");
        case Value.Error e -> out.append("<er/>");
        case Value.Bool b -> out.append(b.value() ? "<b v=\"t\"/>" : "<b v=\"f\"/>");
        case Value.Int i -> out.append("<i>").append(i.value()).append("</i>");
        case Value.Str s -> {
          out.append("<s>");
          new XmlPrinter(out).escaped(s.bytes, '\0');
          out.append("</s>");
        }
        case Value.Real r -> real(r.value());
        // A reltime literal's value is its number of seconds.
        case Value.RelTime t -> real(t.seconds());
        case Value.AbsTime t -> {
          out.append("<at>");
          Times.print(out, t);
          out.append("</at>");
        }
        case Value.ListValue l -> list(l.list);
        case Value.AdValue a -> ad(a.scope.ad);
      }
    }

    private void real(double d) {
      out.append("<r>");
      if (d == 0) {
        out.append("0.0");
      } else if (Double.isNaN(d)) {
        out.append("NaN");
      } else if (Double.isInfinite(d)) {
        out.append(d < 0 ? "-INF" : "INF");
      } else {
        Numbers.scientific(out, d);
      }
      out.append("</r>");
    }
  }

  /** New syntax with XML's special characters escaped in strings and operators. */
  private static final class XmlPrinter extends Printer {
    private final ByteBuilder out;

    XmlPrinter(ByteBuilder out) {
      super(out, false);
      this.out = out;
    }

    @Override
    void string(String s, char delimiter) {
      out.append('"');
      escaped(s, delimiter);
      out.append('"');
    }

    void escaped(String s, char delimiter) {
      int at = out.length();
      super.string(s, delimiter);
      String plain = out.toString().substring(at + 1, out.length() - 1);
      out.truncate(at);
      append(plain);
    }

    @Override
    void operator(Op op) {
      append(op.newText);
    }

    private void append(String plain) {
      for (int i = 0; i < plain.length(); i++) {
        char c = plain.charAt(i);
        switch (c) {
          case '&' -> out.append("&amp;");
          case '<' -> out.append("&lt;");
          case '>' -> out.append("&gt;");
          default -> out.append(c);
        }
      }
    }
  }
}
