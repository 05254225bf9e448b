package org.vocluster.classad;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Compares generated expressions with HTCondor's own library, which answers through a child process
 * (oracle.cpp). Arguments: number of expressions, seed, condor or strict or 25.14, ad file, target
 * file, then the child's command line.
 */
final class LiveComparison {
  /**
   * What QUIRKS.md exempts, as it shows in a generated expression: years that do not fit an int, in
   * 25.14.
   */
  private static final Pattern QUIRK =
      Pattern.compile("(?i)(splitTime|formatTime)\\(.*(\\bbig\\b|922337203685477580)");

  private final Language language;
  private final EvalContext context;
  private final ClassAd ad;
  private final ClassAd target;
  private final List<String> command;
  private @Nullable Process oracle;
  private @Nullable OutputStream in;
  private @Nullable BufferedReader out;

  private LiveComparison(Language language, ClassAd ad, ClassAd target, List<String> command) {
    this.language = language;
    this.context = EvalContext.DEFAULT.withLanguage(language).withZone(ZoneOffset.UTC);
    this.ad = ad;
    this.target = target;
    this.command = command;
  }

  public static void main(String[] args) throws IOException {
    int count = Integer.parseInt(args[0]);
    long seed = Long.parseLong(args[1]);
    Language language =
        switch (args[2]) {
          case "strict" -> new Language(Mode.STRICT, Dialect.V23_9);
          case "25.14" -> Language.CONDOR_25_14;
          default -> Language.CONDOR_23_9;
        };
    LiveComparison comparison =
        new LiveComparison(
            language,
            load(args[3], language),
            load(args[4], language),
            List.of(args).subList(5, args.length));
    System.exit(comparison.run(count, seed) ? 0 : 1);
  }

  private static ClassAd load(String file, Language language) throws IOException {
    ClassAd.Builder b = ClassAd.builder();
    for (String line : Files.readAllLines(Path.of(file))) {
      byte[] buf = ByteText.toArray(ByteText.fromText(line));
      LongForm.attribute(b, buf, 0, buf.length, language);
    }
    return b.build();
  }

  private boolean run(int count, long seed) throws IOException {
    ExpressionGenerator generator = new ExpressionGenerator(seed);
    List<String> differences = new ArrayList<>();
    int deaths = 0;
    int malformed = 0;
    int exempt = 0;
    for (int i = 0; i < count; i++) {
      if (i % 4 == 3) {
        compareAd(generator, "ALJX".charAt(i / 4 % 4), differences);
        continue;
      }
      String text = generator.next();
      boolean old = i % 5 == 4;
      boolean matched = i % 2 == 0;
      String kind = old ? (matched ? "O" : "o") : matched ? "N" : "n";
      String theirs = ask(kind + text);
      if (theirs == null) {
        deaths++;
        System.out.println("HTCondor's library died of, or did not end: " + text);
        continue;
      }
      String ours = answer(text, old, matched);
      malformed += theirs.startsWith("error") ? 1 : 0;
      if (!ours.equals(theirs)) {
        if (language.dialect() == Dialect.V25_14 && QUIRK.matcher(text).find()) {
          exempt++;
        } else {
          differences.add(kind + " " + text + "\n    theirs " + theirs + "\n    ours   " + ours);
        }
      }
    }
    differences.stream().limit(200).forEach(System.out::println);
    System.out.println(
        count
            + " expressions and ads ("
            + malformed
            + " malformed), seed "
            + seed
            + ", "
            + language
            + ": "
            + differences.size()
            + " differences, "
            + exempt
            + " exempt, "
            + deaths
            + " killed or held up HTCondor's library");
    return differences.isEmpty();
  }

  private void compareAd(ExpressionGenerator generator, char form, List<String> differences)
      throws IOException {
    String text = generator.nextAd(form);
    // What HTCondor never finishes, or garbles by design, is in QUIRKS.md.
    if (text.contains("\\u") || (form == 'X' && hangs(text))) {
      return;
    }
    String theirs = ask(form + text);
    String ours = answerAd(text, form);
    if (theirs != null && !sorted(ours).equals(sorted(theirs))) {
      differences.add(form + " " + text + "\n    theirs " + theirs + "\n    ours   " + ours);
    }
  }

  /** 25.14 no longer sorts long form by name; its lines are compared in whatever order. */
  private String sorted(String answer) {
    String[] fields = answer.split("\t", -1);
    if (language.dialect() == Dialect.V25_14 && fields.length > 1) {
      String[] lines = fields[1].split("\\\\n", -1);
      Arrays.sort(lines);
      fields[1] = String.join("\\n", lines);
    }
    return String.join("\t", fields);
  }

  private boolean hangs(String text) {
    try {
      XmlForm.parse(text, language);
      return false;
    } catch (ClassAdSyntaxException e) {
      return true;
    }
  }

  private String answerAd(String text, char form) {
    ClassAd ad;
    try {
      ad =
          switch (form) {
            case 'A' -> NewForm.parse(text, language);
            case 'L' -> LongForm.parseString(text, language);
            case 'J' -> JsonForm.parse(text, language);
            default -> XmlForm.parse(text, language);
          };
    } catch (ClassAdSyntaxException x) {
      return "error\t\t\t\t";
    }
    return String.join(
        "\t",
        "ok",
        escape(ByteText.fromText(LongForm.printWithSecrets(ad))),
        escape(ByteText.fromText(NewForm.print(ad))),
        escape(ByteText.fromText(JsonForm.print(ad))),
        escape(ByteText.fromText(XmlForm.print(ad))));
  }

  private @Nullable String ask(String line) throws IOException {
    if (oracle == null || !oracle.isAlive()) {
      oracle = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      in = oracle.getOutputStream();
      out =
          new BufferedReader(
              new InputStreamReader(oracle.getInputStream(), StandardCharsets.ISO_8859_1));
    }
    OutputStream to = in;
    BufferedReader from = out;
    if (to == null || from == null) {
      return null;
    }
    try {
      to.write((escape(ByteText.fromText(line)) + "\n").getBytes(StandardCharsets.ISO_8859_1));
      to.flush();
    } catch (IOException died) {
      oracle = null;
      return null;
    }
    String answer = arrives(from) ? from.readLine() : null;
    if (answer == null) {
      if (oracle != null) {
        oracle.destroyForcibly();
      }
      oracle = null;
    }
    return answer;
  }

  /**
   * Whether the child answers, or ends, within some seconds; circular conditions can take it for
   * ever.
   */
  private boolean arrives(BufferedReader from) throws IOException {
    long start = System.nanoTime();
    while (!from.ready()) {
      long waited = System.nanoTime() - start;
      if (waited > 5_000_000_000L || (oracle != null && !oracle.isAlive())) {
        return from.ready();
      }
      if (waited > 2_000_000) {
        LockSupport.parkNanos(100_000);
      } else {
        Thread.onSpinWait();
      }
    }
    return true;
  }

  private String answer(String text, boolean old, boolean matched) {
    Expr e;
    try {
      e = old ? LongForm.parseExpr(text, language) : NewForm.parseExpr(text, language);
    } catch (ClassAdSyntaxException x) {
      return "error\t\t\t\t\t";
    }
    Value v = matched ? e.evaluate(ad, target, context) : e.evaluate(ad, context);
    return String.join(
        "\t",
        "ok",
        escape(ByteText.fromText(NewForm.print(e))),
        escape(ByteText.fromText(LongForm.print(e))),
        Corpus.typeOf(v),
        escape(ByteText.fromText(NewForm.print(v))),
        escape(ByteText.fromText(LongForm.print(v))));
  }

  private static String escape(String s) {
    return s.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t");
  }
}
