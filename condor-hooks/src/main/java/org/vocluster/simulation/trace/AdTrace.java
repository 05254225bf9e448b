package org.vocluster.simulation.trace;

import com.google.common.collect.ImmutableMap;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.vocluster.ad.Ads;
import org.vocluster.ad.Attr;
import org.vocluster.ad.CondorAttr;
import org.vocluster.ad.Constraints;
import org.vocluster.ad.Universe;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.ClassAdSyntaxException;
import org.vocluster.classad.EvalContext;
import org.vocluster.classad.Expr;
import org.vocluster.classad.LongForm;
import org.vocluster.classad.References;
import org.vocluster.condor.JobStatus;
import org.vocluster.condor.Resources;
import org.vocluster.vm.definition.VoName;
import org.vocluster.vm.os.Printable;

/**
 * Reads job ads as {@code condor_history -long} and {@code condor_q -long} print them, an empty
 * line between two, or as they stand in HTCondor's history file, where a line of asterisks ends
 * each.
 */
final class AdTrace {

  private static final String IN_ITS_VO = Constraints.OF_ITS_VO;
  private static final List<String> REQUESTS =
      List.of(
          Attr.VO,
          CondorAttr.REQUEST_CPUS,
          CondorAttr.REQUEST_MEMORY,
          CondorAttr.REQUEST_DISK,
          CondorAttr.REQUEST_GPUS);

  private final UserVos users;
  private final TraceDefaults defaults;
  private final Trace.Builder trace;

  private AdTrace(String file, UserVos users, TraceDefaults defaults) {
    this.users = users;
    this.defaults = defaults;
    this.trace = new Trace.Builder(file);
  }

  /** Reads to the end; ads that make no sense are in the result's problems. */
  static Trace read(String file, BufferedReader text, UserVos users, TraceDefaults defaults)
      throws IOException {
    AdTrace reader = new AdTrace(file, users, defaults);
    StringBuilder ad = new StringBuilder();
    long number = 0;
    long first = 0;
    for (String line = text.readLine(); line != null; line = text.readLine()) {
      number++;
      if (line.isBlank() || line.startsWith("***")) {
        reader.ad(first, ad);
      } else {
        if (ad.isEmpty()) {
          first = number;
        }
        ad.append(line).append('\n');
      }
    }
    reader.ad(first, ad);
    return reader.trace.build();
  }

  private void ad(long line, StringBuilder text) {
    if (text.isEmpty()) {
      return;
    }
    try {
      job(line, LongForm.parse(text.toString()));
    } catch (ClassAdSyntaxException e) {
      trace.bad(
          line + e.line() - 1,
          "column "
              + e.column()
              + ": found "
              + Printable.of(e.found())
              + ", expected "
              + e.expected(),
          "give what condor_history -long prints; its ad is left out");
    }
    text.setLength(0);
  }

  private void job(long line, ClassAd job) {
    if (job.bool(Attr.NODE_JOB).orElse(false)) {
      trace.leaveOut("are node jobs: the simulation submits its own");
      return;
    }
    if (job.integer(CondorAttr.JOB_UNIVERSE).orElse(Universe.VANILLA) != Universe.VANILLA) {
      trace.leaveOut("are of another universe than vanilla");
      return;
    }
    long submitted = job.integer(CondorAttr.Q_DATE).orElse(-1);
    if (submitted < 0) {
      trace.bad(
          line,
          job.has(CondorAttr.Q_DATE)
              ? "the ad's QDate is no number of seconds"
              : "the ad has no QDate",
          "give job ads, with all attributes or those that /usr/share/doc/voc-common/simulate.md names");
      return;
    }
    Optional<Long> run = runMs(job);
    if (run.isEmpty()) {
      trace.leaveOut("ended without having run");
      return;
    }
    String user = job.string(CondorAttr.OWNER).or(() -> job.string("User")).orElse("");
    if (Ads.text(job, Attr.VO_CLAIMED).equals(VoName.OUTSIDE)) {
      trace.leaveOut("are ordinary jobs by their users' choice");
      return;
    }
    VoName vo = vo(job, user);
    if (vo == null) {
      trace.leaveOut("are of users in no VO, as " + Printable.of(user));
      return;
    }
    trace.add(
        new TraceJob(
            job.integer(CondorAttr.CLUSTER_ID).orElse(0)
                + "."
                + job.integer(CondorAttr.PROC_ID).orElse(0),
            vo,
            user,
            submitted * 1000,
            run.get(),
            attributes(job, vo)));
  }

  /** Of its last run, which is the one that brought the result; empty if it never ran. */
  private Optional<Long> runMs(ClassAd job) {
    JobStatus status =
        job.has(CondorAttr.JOB_STATUS)
            ? JobStatus.of((int) job.integer(CondorAttr.JOB_STATUS).orElse(0))
            : JobStatus.COMPLETED;
    boolean ended = status == JobStatus.COMPLETED || status == JobStatus.REMOVED;
    long end = job.integer(CondorAttr.COMPLETION_DATE).orElse(0);
    if (end <= 0 && ended) {
      end = job.integer(CondorAttr.ENTERED_CURRENT_STATUS).orElse(0);
    }
    long start =
        job.integer(CondorAttr.JOB_CURRENT_START_EXECUTING_DATE)
            .orElse(
                job.integer(CondorAttr.JOB_CURRENT_START_DATE)
                    .orElse(job.integer(CondorAttr.JOB_START_DATE).orElse(0)));
    if (ended && start > 0 && end >= start) {
      return Optional.of(Math.max(1, end - start) * 1000);
    }
    double wall = job.number(CondorAttr.REMOTE_WALL_CLOCK_TIME).orElse(0);
    if (ended) {
      return wall > 0 ? Optional.of(Math.round(wall * 1000)) : Optional.empty();
    }
    return Optional.of(defaults.runSeconds() * 1000);
  }

  /** The map decides, as on the access point; the job's own word chooses among several. */
  private @Nullable VoName vo(ClassAd job, String user) {
    Optional<VoName> said = job.string(Attr.VO).filter(VoName::isValid).map(VoName::new);
    Optional<UserVos.Choice> choice = users.of(List.of(user));
    if (choice.isEmpty()) {
      return said.orElse(null);
    }
    return said.filter(choice.get().vos()::contains).or(choice.get()::byDefault).orElse(null);
  }

  private ImmutableMap<String, String> attributes(ClassAd ad, VoName vo) {
    long cpus = Resources.amount(ad.evaluate(CondorAttr.REQUEST_CPUS), 1);
    // HTCondor gives resources in steps: jobs that differ by less are alike.
    Resources asked =
        new Resources(
                (int) cpus,
                Resources.amount(
                    ad.evaluate(CondorAttr.REQUEST_MEMORY), defaults.memoryMb() * cpus),
                Resources.amount(
                    ad.evaluate(CondorAttr.REQUEST_DISK),
                    defaults.diskMb() * Resources.KIB_PER_MIB),
                (int) Resources.amount(ad.evaluate(CondorAttr.REQUEST_GPUS), 0))
            .asCarvedFromSlot();
    ClassAd job =
        ad.with(Attr.VO, vo.value())
            .with(CondorAttr.REQUEST_CPUS, asked.cpus())
            .with(CondorAttr.REQUEST_MEMORY, asked.memoryMb())
            .with(CondorAttr.REQUEST_DISK, asked.diskKb());
    if (ad.has(CondorAttr.REQUEST_GPUS)) {
      job = job.with(CondorAttr.REQUEST_GPUS, asked.gpus());
    }
    Map<String, String> result = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String name : REQUESTS) {
      put(result, job, name);
    }
    // With what it asks for settled, few attributes are left in which its Requirements look.
    for (String name :
        References.of(CondorAttr.REQUIREMENTS, job, EvalContext.DEFAULT).internal()) {
      put(result, job, name);
    }
    result.put(CondorAttr.REQUIREMENTS, requirements(job));
    return ImmutableMap.copyOf(result);
  }

  private static void put(Map<String, String> attributes, ClassAd job, String name) {
    Expr expr = job.expr(name);
    if (expr != null) {
      attributes.put(name, LongForm.print(expr));
    }
  }

  /** As the access point's job transform makes them. */
  private static String requirements(ClassAd job) {
    Expr expr = job.expr(CondorAttr.REQUIREMENTS);
    if (expr == null) {
      return IN_ITS_VO;
    }
    String text = LongForm.print(expr);
    return text.contains(Attr.VO) ? text : "(" + IN_ITS_VO + ") && (" + text + ")";
  }
}
