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
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Compares generated expressions with HTCondor's own library, which answers through a child process
 * (oracle.cpp). Arguments: number of expressions, seed, condor or strict, ad file, target file,
 * then the child's command line.
 */
final class LiveComparison {
  /** What QUIRKS.md exempts, as it shows in a generated expression. */
  private static final List<Pattern> QUIRKS = List.of();

  private final Language language;
  private final EvalContext context;
  private final ClassAd ad;
  private final ClassAd target;
  private final List<String> command;
  private @Nullable Process oracle;
  private @Nullable OutputStream in;
  private @Nullable BufferedReader out;

  private LiveComparison(Mode mode, ClassAd ad, ClassAd target, List<String> command) {
    this.language = new Language(mode, Dialect.V23_9);
    this.context = EvalContext.DEFAULT.withLanguage(language).withZone(ZoneOffset.UTC);
    this.ad = ad;
    this.target = target;
    this.command = command;
  }

  public static void main(String[] args) throws IOException {
    int count = Integer.parseInt(args[0]);
    long seed = Long.parseLong(args[1]);
    Mode mode = args[2].equals("strict") ? Mode.STRICT : Mode.CONDOR;
    LiveComparison comparison =
        new LiveComparison(
            mode, load(args[3], mode), load(args[4], mode), List.of(args).subList(5, args.length));
    System.exit(comparison.run(count, seed) ? 0 : 1);
  }

  private static ClassAd load(String file, Mode mode) throws IOException {
    ClassAd.Builder b = ClassAd.builder();
    for (String line : Files.readAllLines(Path.of(file))) {
      byte[] buf = ByteText.toArray(ByteText.fromText(line));
      LongForm.attribute(b, buf, 0, buf.length, new Language(mode, Dialect.V23_9));
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
      String text = generator.next();
      boolean old = i % 5 == 4;
      boolean matched = i % 2 == 0;
      String kind = old ? (matched ? "O" : "o") : matched ? "N" : "n";
      String theirs = ask(kind + text);
      if (theirs == null) {
        deaths++;
        System.out.println("HTCondor's library died of: " + text);
        continue;
      }
      String ours = answer(text, old, matched);
      malformed += theirs.startsWith("error") ? 1 : 0;
      if (!ours.equals(theirs)) {
        if (QUIRKS.stream().anyMatch(q -> q.matcher(text).find())) {
          exempt++;
        } else {
          differences.add(kind + " " + text + "\n    theirs " + theirs + "\n    ours   " + ours);
        }
      }
    }
    differences.stream().limit(200).forEach(System.out::println);
    System.out.println(
        count
            + " expressions ("
            + malformed
            + " malformed), seed "
            + seed
            + ", "
            + language.mode()
            + ": "
            + differences.size()
            + " differences, "
            + exempt
            + " exempt, "
            + deaths
            + " killed HTCondor's library");
    return differences.isEmpty();
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
    String answer = from.readLine();
    if (answer == null) {
      oracle = null;
    }
    return answer;
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
    return s.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t");
  }
}
