package org.vocluster.classad;

import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.zip.GZIPInputStream;

/**
 * The workloads of bench/bench.cpp in Java: same ads, same expressions, same checks. Arguments:
 * machines, jobs, rounds, seconds a round, seconds of warm-up. Prints for each workload its name,
 * the median, least and greatest number of units a second of processor time, and the check,
 * separated by tabs.
 */
final class Benchmark {
  private static final String SPLIT = "split-long ads";
  private static final String CONSTRAINT =
      "Memory >= 4096 && OpSys == \"LINUX\" && (Arch == \"X86_64\") && HasSingularity =?= true &&"
          + " OpSysMajorVer >= 8 && (LoadAvg < 1.5 || State =!= \"Claimed\")";
  private static final String STRINGS =
      "regexp(\"v[34]$\",Microarch) && stringListIMember(\"group_bio\",AllowedGroups) &&"
          + " versionGE(split(CondorVersion,\" \")[1],\"24.0.0\")";

  /**
   * The whole process's processor time is what counts: the compiler's and the collector's threads
   * included.
   */
  private static long processorNanos() {
    return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
  }

  private final int rounds;
  private final double seconds;
  private final double warmUp;
  private final String only;

  private Benchmark(int rounds, double seconds, double warmUp, String only) {
    this.rounds = rounds;
    this.seconds = seconds;
    this.warmUp = warmUp;
    this.only = only;
  }

  public static void main(String[] args) throws IOException, ClassAdSyntaxException {
    new Benchmark(
            Integer.parseInt(args[2]),
            Double.parseDouble(args[3]),
            Double.parseDouble(args[4]),
            args.length > 5 ? args[5] : "")
        .run(load(args[0]), load(args[1]));
  }

  private static List<byte[]> load(String file) throws IOException {
    List<byte[]> ads = new ArrayList<>();
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(new FileInputStream(file)), StandardCharsets.ISO_8859_1))) {
      StringBuilder ad = new StringBuilder();
      for (String line = in.readLine(); ; line = in.readLine()) {
        if (line != null && !line.isEmpty()) {
          ad.append(line).append('\n');
          continue;
        }
        if (!ad.isEmpty()) {
          ads.add(ad.toString().getBytes(StandardCharsets.ISO_8859_1));
          ad.setLength(0);
        }
        if (line == null) {
          return ads;
        }
      }
    }
  }

  private void run(List<byte[]> machineTexts, List<byte[]> jobTexts) throws ClassAdSyntaxException {
    Language language = Language.CONDOR_23_9;
    EvalContext context = EvalContext.DEFAULT;
    List<ClassAd> machines = parse(machineTexts, language);
    List<ClassAd> jobs = parse(jobTexts, language);
    double pairs = (double) machines.size() * jobs.size();
    measure("parse-long ads", machines.size(), () -> attributes(machineTexts, language));
    if (!only.isEmpty() && SPLIT.startsWith(only)) {
      // HTCondor's library has nothing to compare it with.
      measure(SPLIT, machines.size(), () -> split(machineTexts));
    }
    measure(
        "unparse-long ads",
        machines.size(),
        () -> {
          long n = 0;
          for (ClassAd ad : machines) {
            n += LongForm.printBytes(ad).length;
          }
          return n;
        });
    Expr constraint = LongForm.parseExpr(CONSTRAINT, language);
    measure("eval constraint", machines.size(), () -> count(constraint, machines, context));
    Expr strings = LongForm.parseExpr(STRINGS, language);
    measure("eval strings/regex", machines.size(), () -> count(strings, machines, context));
    measure(
        "match IsAMatch pairs",
        pairs,
        () -> {
          long n = 0;
          for (ClassAd job : jobs) {
            for (ClassAd machine : machines) {
              n += Match.symmetric(job, machine, context) ? 1 : 0;
            }
          }
          return n;
        });
    measure(
        "job.Requirements only",
        pairs,
        () -> {
          long n = 0;
          for (ClassAd job : jobs) {
            for (ClassAd machine : machines) {
              n += Match.requirementsMet(job, machine, context) ? 1 : 0;
            }
          }
          return n;
        });
    measure(
        "job.Rank values",
        pairs,
        () -> {
          double sum = 0;
          for (ClassAd job : jobs) {
            for (ClassAd machine : machines) {
              Value rank = Match.rank(job, machine, context);
              sum +=
                  switch (rank) {
                    case Value.Int i -> (double) i.value();
                    case Value.Real r -> r.value();
                    case Value.Bool b -> b.value() ? 1 : 0;
                    default -> 0;
                  };
            }
          }
          return Math.round(sum);
        });
  }

  private static List<ClassAd> parse(List<byte[]> texts, Language language)
      throws ClassAdSyntaxException {
    List<ClassAd> ads = new ArrayList<>();
    for (byte[] text : texts) {
      ads.add(LongForm.parse(text, language));
    }
    return ads;
  }

  private static long attributes(List<byte[]> texts, Language language) {
    long n = 0;
    try {
      for (byte[] text : texts) {
        n += LongForm.parse(text, language).size();
      }
    } catch (ClassAdSyntaxException e) {
      throw new IllegalStateException(e);
    }
    return n;
  }

  /**
   * What reading lazily cannot do without: finds each line's end, its attribute's name, and where
   * the expression begins. What remains to be saved is the parsing of expressions nobody asks for.
   */
  private static long split(List<byte[]> texts) {
    long n = 0;
    for (byte[] text : texts) {
      Name[] names = new Name[256];
      int[] expressions = new int[256];
      int k = 0;
      int line = 0;
      while (line < text.length) {
        int equals = line;
        while (text[equals] != '=') {
          equals++;
        }
        int end = equals;
        while (end < text.length && text[end] != '\n') {
          end++;
        }
        int name = equals;
        while (name > line && text[name - 1] == ' ') {
          name--;
        }
        names[k] = Name.of(text, line, name);
        expressions[k] = equals + 1;
        k++;
        line = end + 1;
      }
      n += names[k - 1] == null || expressions[k - 1] == 0 ? 0 : k;
    }
    return n;
  }

  private static long count(Expr e, List<ClassAd> ads, EvalContext context) {
    long n = 0;
    for (ClassAd ad : ads) {
      n += e.evaluate(ad, context).truth() == Value.Truth.TRUE ? 1 : 0;
    }
    return n;
  }

  private void measure(String name, double units, LongSupplier work) {
    if (!name.startsWith(only)) {
      return;
    }
    long check = work.getAsLong();
    long until = System.nanoTime() + (long) (warmUp * 1e9);
    while (System.nanoTime() < until) {
      check = work.getAsLong();
    }
    double[] rates = new double[rounds];
    for (int r = 0; r < rounds; r++) {
      long start = System.nanoTime();
      long cpu = processorNanos();
      int n = 0;
      do {
        long again = work.getAsLong();
        if (again != check) {
          throw new IllegalStateException(name + ": " + again + " is not " + check);
        }
        n++;
      } while (System.nanoTime() - start < seconds * 1e9);
      rates[r] = n * units / ((processorNanos() - cpu) / 1e9);
    }
    Arrays.sort(rates);
    System.out.printf(
        Locale.ROOT,
        "%s\t%.0f\t%.0f\t%.0f\t%d%n",
        name,
        rates[rounds / 2],
        rates[0],
        rates[rounds - 1],
        check);
  }
}
