package org.vocluster.classad;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * The entry points that text from outside reaches, as a fuzzer calls them. Whatever the bytes,
 * nothing but a syntax error may come of them, and what was read can be written and read again.
 */
final class Fuzz {
  private static final Language[] LANGUAGES = {
    Language.CONDOR_23_9, Language.CONDOR_25_14, new Language(Mode.STRICT, Dialect.V23_9)
  };

  private Fuzz() {}

  private static String text(byte[] data) {
    return ByteText.toText(new String(data, StandardCharsets.ISO_8859_1));
  }

  /** Long form, as a stream and as one ad. */
  static final class LongText {
    private LongText() {}

    public static void fuzzerTestOneInput(byte[] data) {
      for (Language language : LANGUAGES) {
        try (LongForm.StreamReader reader =
            LongForm.read(new ByteArrayInputStream(data), language)) {
          for (LongForm.Item item = reader.next(); item != null; item = reader.next()) {
            LongForm.print(item.ad());
          }
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        try {
          ClassAd ad = LongForm.parseString(text(data), language);
          rewrite(ad, language);
        } catch (ClassAdSyntaxException expected) {
          // fine
        }
      }
    }
  }

  /** New syntax. */
  static final class NewText {
    private NewText() {}

    public static void fuzzerTestOneInput(byte[] data) {
      for (Language language : LANGUAGES) {
        try {
          rewrite(NewForm.parse(text(data), language), language);
        } catch (ClassAdSyntaxException expected) {
          // fine
        }
      }
    }
  }

  /** JSON. */
  static final class JsonText {
    private JsonText() {}

    public static void fuzzerTestOneInput(byte[] data) {
      try {
        rewrite(JsonForm.parse(text(data)), Language.CONDOR_23_9);
      } catch (ClassAdSyntaxException expected) {
        // fine
      }
    }
  }

  /** XML. */
  static final class XmlText {
    private XmlText() {}

    public static void fuzzerTestOneInput(byte[] data) {
      try {
        rewrite(XmlForm.parse(text(data)), Language.CONDOR_23_9);
        XmlForm.parseAll(text(data), Language.CONDOR_23_9);
      } catch (ClassAdSyntaxException expected) {
        // fine
      }
    }
  }

  /** An expression evaluated in a match, flattened, and asked for its references. */
  static final class Evaluated {
    private static final ClassAd AD =
        ClassAd.builder()
            .set("i", 5)
            .set("s", "Hello")
            .set("u", Value.UNDEFINED)
            .set("l", new ListExpr(new Expr[] {Literal.TRUE, Expr.attribute("i")}))
            .set("x", Expr.attribute("x"))
            .set("ad", new AdExpr(ClassAd.EMPTY.with("a", 1)))
            .build();
    private static final ClassAd TARGET = ClassAd.EMPTY.with("m", 8).with("i", 77);

    private Evaluated() {}

    public static void fuzzerTestOneInput(byte[] data) {
      for (Language language : LANGUAGES) {
        EvalContext context = EvalContext.DEFAULT.withLanguage(language);
        try {
          Expr e = NewForm.parseExpr(text(data), language);
          Value v = e.evaluate(AD, TARGET, context);
          NewForm.print(v);
          LongForm.print(v);
          e.flatten(AD, context).evaluate(AD, TARGET, context);
          e.references(AD, context);
        } catch (ClassAdSyntaxException expected) {
          // fine
        }
      }
    }
  }

  /** Writes an ad in every form and reads it back where that must work. */
  private static void rewrite(ClassAd ad, Language language) {
    String json = JsonForm.print(ad);
    String xml = XmlForm.print(ad);
    LongForm.print(ad);
    try {
      NewForm.parse(NewForm.print(ad), language);
      XmlForm.parse(xml, language);
      JsonForm.parse(json, language);
    } catch (ClassAdSyntaxException e) {
      // A name after a dot and a function's name are written without quotes (sink.cpp), so that
      // they may not be readable.
      // XML may hold a NUL, which no other form can.
      String fresh = NewForm.print(ad);
      if (!fresh.contains(".") && !fresh.contains("(") && !fresh.contains("\\000")) {
        throw new IllegalStateException(fresh, e);
      }
    }
  }
}
