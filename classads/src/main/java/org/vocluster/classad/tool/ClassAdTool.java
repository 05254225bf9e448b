package org.vocluster.classad.tool;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.ClassAdSyntaxException;
import org.vocluster.classad.Dialect;
import org.vocluster.classad.EvalContext;
import org.vocluster.classad.Expr;
import org.vocluster.classad.JsonForm;
import org.vocluster.classad.Language;
import org.vocluster.classad.LongForm;
import org.vocluster.classad.Match;
import org.vocluster.classad.Mode;
import org.vocluster.classad.NewForm;
import org.vocluster.classad.References;
import org.vocluster.classad.Value;
import org.vocluster.classad.XmlForm;

/**
 * {@code voc classad eval|match|convert|refs}, in the way of HTCondor's classad_eval. Exit status:
 * 0 done, 1 a match was asked for and there is none, 2 wrong usage or unreadable input.
 */
public final class ClassAdTool {
  private static final String USAGE =
      """
      usage: voc classad eval [--ad FILE] [--target FILE] EXPRESSION...
             voc classad match LEFT-FILE RIGHT-FILE
             voc classad convert [--to long|new|json|xml] [--set NAME=EXPRESSION]... [FILE...]
             voc classad refs [--ad FILE] EXPRESSION...

        eval      prints each expression's value, in each ad of FILE, as if matched with the first ad of the target's file
        match     prints for each pair of ads whether they match, and each side's Requirements and Rank
        convert   prints ads in another form; --set gives each of them an attribute before
        refs      prints which attributes of the ad an expression refers to, and which names outside of it

        --from long|new|json|xml   form of the ads that are read; found out by itself unless given
        --strict                   evaluate as with STRICT_CLASSAD_EVALUATION=true
        --dialect 23.9|25.14       answer as that HTCondor does; 23.9 unless given
        FILE may be -, standard input.
      """;

  private final InputStream in;
  private final PrintStream out;
  private final PrintStream err;

  private String adFile = "";
  private String targetFile = "";
  private String from = "auto";
  private String to = "new";
  private Mode mode = Mode.CONDOR;
  private Dialect dialect = Dialect.V23_9;
  private final List<String> settings = new ArrayList<>();
  private final List<String> operands = new ArrayList<>();

  private ClassAdTool(InputStream in, PrintStream out, PrintStream err) {
    this.in = in;
    this.out = out;
    this.err = err;
  }

  public static void main(String[] args) {
    System.exit(run(args, System.in, System.out, System.err));
  }

  /** Runs the command; returns its exit status. */
  public static int run(String[] args, InputStream in, PrintStream out, PrintStream err) {
    return new ClassAdTool(in, out, err).run(args);
  }

  private int run(String[] args) {
    if (args.length == 0 || args[0].equals("--help") || args[0].equals("-h")) {
      (args.length == 0 ? err : out).print(USAGE);
      return args.length == 0 ? 2 : 0;
    }
    String problem = readArguments(args);
    if (!problem.isEmpty()) {
      return complain("arguments", problem + "; see voc classad --help");
    }
    try {
      return switch (args[0]) {
        case "eval" -> eval();
        case "match" -> match();
        case "convert" -> convert();
        case "refs" -> refs();
        default -> complain(args[0], "is no command; use eval, match, convert or refs");
      };
    } catch (InputFault e) {
      return complain(e.file, e.problem);
    }
  }

  private int complain(String thing, String problem) {
    err.println("voc: " + thing + ": " + problem);
    return 2;
  }

  /** Input that cannot be read; the file and what is wrong with it. */
  private static final class InputFault extends Exception {
    private static final long serialVersionUID = 1L;
    private final String file;
    private final String problem;

    InputFault(String file, String problem) {
      super(file + ": " + problem);
      this.file = file;
      this.problem = problem;
    }
  }

  private String readArguments(String[] args) {
    for (int i = 1; i < args.length; i++) {
      String arg = args[i];
      String value = i + 1 < args.length ? args[i + 1] : "";
      switch (arg) {
        case "--strict" -> mode = Mode.STRICT;
        case "--ad", "--target", "--from", "--to", "--set", "--dialect" -> {
          if (value.isEmpty()) {
            return arg + " needs a value";
          }
          i++;
          String wrong = option(arg, value);
          if (!wrong.isEmpty()) {
            return wrong;
          }
        }
        default -> {
          if (arg.startsWith("--")) {
            return arg + " is not known";
          }
          operands.add(arg);
        }
      }
    }
    return "";
  }

  private String option(String name, String value) {
    switch (name) {
      case "--ad" -> adFile = value;
      case "--target" -> targetFile = value;
      case "--from" -> from = value;
      case "--to" -> to = value;
      case "--set" -> {
        if (value.indexOf('=') < 1) {
          return "--set is NAME=EXPRESSION, not " + value;
        }
        settings.add(value);
      }
      default -> {
        switch (value) {
          case "23.9" -> dialect = Dialect.V23_9;
          case "25.14" -> dialect = Dialect.V25_14;
          default -> {
            return "--dialect is 23.9 or 25.14, not " + value;
          }
        }
      }
    }
    String form = name.equals("--from") || name.equals("--to") ? value : "long";
    return List.of("long", "new", "json", "xml", "auto").contains(form)
        ? ""
        : name + " is long, new, json or xml, not " + value;
  }

  private Language language() {
    return new Language(mode, dialect);
  }

  private EvalContext context() {
    return EvalContext.DEFAULT.withLanguage(language());
  }

  private Expr expression(String text) throws InputFault {
    try {
      return Expr.parse(text, language());
    } catch (ClassAdSyntaxException e) {
      throw new InputFault(text, e.getMessage());
    }
  }

  private List<ClassAd> ads(String file) throws InputFault {
    try {
      byte[] bytes = file.equals("-") ? in.readAllBytes() : Files.readAllBytes(Path.of(file));
      return switch (from.equals("auto") ? form(bytes) : from) {
        case "new" -> NewForm.parseAll(text(bytes), language());
        case "json" -> JsonForm.parseAll(text(bytes), language());
        case "xml" -> XmlForm.parseAll(text(bytes), language());
        default -> longAds(file, bytes);
      };
    } catch (NoSuchFileException e) {
      throw new InputFault(file, "there is no such file; - is standard input");
    } catch (IOException e) {
      throw new InputFault(file, "cannot be read: " + e);
    } catch (ClassAdSyntaxException e) {
      throw new InputFault(file, e.getMessage());
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private List<ClassAd> longAds(String file, byte[] bytes) throws IOException {
    List<ClassAd> ads = new ArrayList<>();
    try (LongForm.StreamReader reader =
        LongForm.read(new java.io.ByteArrayInputStream(bytes), language())) {
      for (LongForm.Item item = reader.next(); item != null; item = reader.next()) {
        ClassAdSyntaxException fault = item.fault();
        if (fault != null) {
          err.println(
              "voc: " + file + ": " + fault.getMessage() + "; the rest of this ad is skipped");
        }
        if (!item.ad().isEmpty()) {
          ads.add(item.ad());
        }
      }
    }
    return ads;
  }

  /** The form a text seems to be in. */
  private static String form(byte[] text) {
    int first = afterBlanks(text, 0);
    int second = afterBlanks(text, first + 1);
    return switch (byteAt(text, first)) {
      case '<' -> "xml";
      case '[' -> byteAt(text, second) == '{' ? "json" : "new";
      case '{' -> byteAt(text, second) == '[' ? "new" : "json";
      default -> "long";
    };
  }

  private static int afterBlanks(byte[] text, int from) {
    int i = from;
    while (i < text.length && Character.isWhitespace(text[i])) {
      i++;
    }
    return i;
  }

  private static int byteAt(byte[] text, int at) {
    return at < text.length ? text[at] : 0;
  }

  private int eval() throws InputFault {
    if (operands.isEmpty()) {
      return complain("eval", "needs an expression");
    }
    List<ClassAd> ads = adFile.isEmpty() ? List.of(ClassAd.EMPTY) : ads(adFile);
    ClassAd target = targetFile.isEmpty() ? null : first(targetFile);
    for (String text : operands) {
      Expr e = expression(text);
      for (ClassAd ad : ads) {
        out.println(target == null ? e.evaluate(ad, context()) : e.evaluate(ad, target, context()));
      }
    }
    return 0;
  }

  private ClassAd first(String file) throws InputFault {
    List<ClassAd> ads = ads(file);
    if (ads.isEmpty()) {
      throw new InputFault(file, "holds no ad");
    }
    return ads.get(0);
  }

  private int match() throws InputFault {
    if (operands.size() != 2) {
      return complain("match", "needs two files, the left ads and the right ads");
    }
    List<ClassAd> left = ads(operands.get(0));
    List<ClassAd> right = ads(operands.get(1));
    boolean any = false;
    for (int i = 0; i < left.size(); i++) {
      for (int k = 0; k < right.size(); k++) {
        Match match = Match.of(left.get(i), right.get(k), context());
        boolean both = match.symmetric();
        any |= both;
        out.println(
            name(left.get(i), i)
                + " and "
                + name(right.get(k), k)
                + ": "
                + (both ? "match" : "no match"));
        side("left", match.evaluateLeft(Expr.attribute("Requirements")), match.leftRank());
        side("right", match.evaluateRight(Expr.attribute("Requirements")), match.rightRank());
      }
    }
    return any ? 0 : 1;
  }

  private void side(String side, Value requirements, Value rank) {
    out.println(
        String.format(
            Locale.ROOT, "  %-5s Requirements = %s, Rank = %s", side, requirements, rank));
  }

  private static String name(ClassAd ad, int index) {
    return ad.string("Name").orElse("ad " + (index + 1));
  }

  private int convert() throws InputFault {
    List<ClassAd> ads = new ArrayList<>();
    for (String file : operands.isEmpty() ? List.of("-") : operands) {
      ads.addAll(ads(file));
    }
    for (int i = 0; i < ads.size(); i++) {
      ClassAd ad = ads.get(i);
      for (String setting : settings) {
        int equals = setting.indexOf('=');
        ad =
            ad.with(
                setting.substring(0, equals).strip(), expression(setting.substring(equals + 1)));
      }
      switch (to) {
        case "long" -> {
          out.writeBytes(LongForm.printBytes(ad));
          if (i + 1 < ads.size()) {
            out.println();
          }
        }
        case "json" -> out.println(JsonForm.print(ad));
        case "xml" -> out.println(XmlForm.print(ad));
        default -> out.println(NewForm.print(ad));
      }
    }
    return 0;
  }

  private int refs() throws InputFault {
    if (operands.isEmpty()) {
      return complain("refs", "needs an expression");
    }
    ClassAd ad = adFile.isEmpty() ? ClassAd.EMPTY : first(adFile);
    for (String text : operands) {
      References refs = expression(text).references(ad, context());
      for (String name : refs.internal()) {
        out.println("internal " + name);
      }
      for (String name : refs.external()) {
        out.println("external " + name);
      }
    }
    return 0;
  }
}
