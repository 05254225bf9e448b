package org.vocluster.simulation.trace;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.function.BiConsumer;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.ClassAdSyntaxException;
import org.vocluster.classad.JsonForm;
import org.vocluster.classad.Language;
import org.vocluster.classad.LongForm;
import org.vocluster.classad.XmlForm;
import org.vocluster.vm.os.Printable;

/**
 * Finds the ads in what HTCondor's tools print or keep, one after the other, so that a history of
 * any length can be read: {@code -long}, {@code -json} (and {@code -jsonl}), {@code -xml}, or the
 * history file itself. What stands between ads, as the lines that {@code condor_q} prints before
 * each schedd, is skipped. {@link AdTrace} calls it; what the ads mean is not its business.
 */
final class AdText {
  /** What is read of one ad; a job's whole ad is seldom a thousandth of it. */
  private static final int MOST_CHARACTERS = 16 << 20;

  /** Takes what is wrong in the text. */
  interface Faults {
    /** Something is wrong in that line. */
    void bad(long line, String fault);
  }

  private enum Form {
    LONG,
    JSON,
    XML;

    static Form of(char first) {
      return switch (first) {
        case '[', '{' -> JSON;
        case '<' -> XML;
        default -> LONG;
      };
    }

    ClassAd parse(String text) throws ClassAdSyntaxException {
      return switch (this) {
        case LONG -> LongForm.parse(text);
        case JSON -> JsonForm.parse(text, Language.CONDOR_23_9);
        case XML -> XmlForm.parse(text, Language.CONDOR_23_9);
      };
    }
  }

  private final BufferedReader text;
  private final BiConsumer<Long, ClassAd> ads;
  private final Faults faults;
  private final StringBuilder ad = new StringBuilder();
  private long line = 1;
  private long first;

  /**
   * @param ads takes each ad with the number of its first line
   */
  AdText(BufferedReader text, BiConsumer<Long, ClassAd> ads, Faults faults) {
    this.text = text;
    this.ads = ads;
    this.faults = faults;
  }

  /** Whether a line is none of an ad: a tool's own words, or the line that ends an ad in a file. */
  static boolean isBetweenAds(String line) {
    return line.isBlank() || line.startsWith("***") || line.startsWith("-- ");
  }

  void read() throws IOException {
    for (String next = text.readLine(); next != null; next = text.readLine()) {
      if (!isBetweenAds(next)) {
        switch (Form.of(next.strip().charAt(0))) {
          case LONG -> inLines(next);
          case JSON -> new Nested(Form.JSON).read(next);
          case XML -> new Nested(Form.XML).read(next);
        }
        return;
      }
      line++;
    }
  }

  private void inLines(String begin) throws IOException {
    for (String next = begin; next != null; next = text.readLine()) {
      if (isBetweenAds(next)) {
        end(Form.LONG);
      } else {
        append(next);
        append('\n');
      }
      line++;
    }
    end(Form.LONG);
  }

  private void append(CharSequence more) {
    if (ad.isEmpty()) {
      first = line;
    }
    if (ad.length() < MOST_CHARACTERS) {
      ad.append(more);
    }
  }

  private void append(char more) {
    if (ad.length() < MOST_CHARACTERS) {
      ad.append(more);
    }
  }

  private void end(Form form) {
    if (ad.isEmpty()) {
      return;
    }
    try {
      if (ad.length() >= MOST_CHARACTERS) {
        faults.bad(first, "an ad of more than " + MOST_CHARACTERS + " characters");
      } else {
        ads.accept(first, form.parse(ad.toString()));
      }
    } catch (ClassAdSyntaxException e) {
      faults.bad(
          first + e.line() - 1,
          "column "
              + e.column()
              + ": found "
              + Printable.of(e.found())
              + ", expected "
              + e.expected());
    }
    ad.setLength(0);
  }

  /** Ads with a mark at both ends, which may have others in them. */
  private final class Nested {
    private final Form form;
    private int depth;
    private boolean quoted;
    private boolean escaped;
    private final StringBuilder tag = new StringBuilder();
    private boolean inTag;

    Nested(Form form) {
      this.form = form;
    }

    void read(String begin) throws IOException {
      for (String next = begin; next != null; next = text.readLine()) {
        for (int i = 0; i < next.length(); i++) {
          take(next.charAt(i));
        }
        take('\n');
        line++;
      }
      if (depth > 0) {
        faults.bad(first, "the text ends within the ad that begins here");
      }
    }

    private void take(char c) {
      if (form == Form.JSON) {
        json(c);
      } else {
        xml(c);
      }
    }

    private void json(char c) {
      if (depth == 0) {
        if (c != '{') {
          return;
        }
        first = line;
      }
      append(c);
      if (quoted) {
        quoted = escaped || c != '"';
        escaped = !escaped && c == '\\';
      } else if (c == '"') {
        quoted = true;
      } else if (c == '{') {
        depth++;
      } else if (c == '}' && --depth == 0) {
        end(form);
      }
    }

    /** Whatever stands in an ad that is no mark has its angle brackets escaped. */
    private void xml(char c) {
      if (depth > 0) {
        append(c);
      }
      if (c == '<') {
        inTag = true;
        tag.setLength(0);
      } else if (c == '>' && inTag) {
        inTag = false;
        mark(tag.toString());
      } else if (inTag && tag.length() < 3) {
        tag.append(c);
      }
    }

    private void mark(String name) {
      if (name.equals("c")) {
        if (depth++ == 0) {
          first = line;
          ad.append("<c>");
        }
      } else if (name.equals("/c") && depth > 0 && --depth == 0) {
        end(form);
      }
    }
  }
}
