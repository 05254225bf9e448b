package org.vocluster.simulation.trace;

import com.google.common.collect.ImmutableMap;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.vocluster.ad.Ads;
import org.vocluster.ad.Attr;
import org.vocluster.ad.CondorAttr;
import org.vocluster.ad.Constraints;
import org.vocluster.ad.Universe;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.EvalContext;
import org.vocluster.classad.Expr;
import org.vocluster.classad.LongForm;
import org.vocluster.classad.References;
import org.vocluster.condor.Resources;
import org.vocluster.sizing.demand.JobLength;
import org.vocluster.vm.definition.VoName;
import org.vocluster.vm.os.Printable;

/**
 * Makes jobs of the ads that {@code condor_history} and {@code condor_q} print. What they are
 * printed as is for {@link AdText} to know, what they say of time for {@link JobTimes}. An ad that
 * makes no sense is named, and the others are read.
 */
final class AdTrace {

  private static final String IN_ITS_VO = Constraints.OF_ITS_VO;

  /** What is wrong when a record has no job in it. */
  private static final String REMEDY =
      "give job ads, with all attributes or those that /usr/share/doc/voc-common/simulate.md names";

  /** In seconds. Whoever asks for more does not mean it. */
  private static final long LONGEST_DEFERRAL = 100L * 365 * 86_400;

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
    reader.trace.countsFrom1970();
    new AdText(
            text,
            reader::ad,
            (line, fault) ->
                reader.trace.bad(
                    line, fault, "give what condor_history -long prints; its ad is left out"))
        .read();
    return reader.trace.build();
  }

  /** Whatever an ad has in it, the others are read. */
  private void ad(long line, ClassAd job) {
    if (job.isEmpty()) {
      return;
    }
    try {
      job(line, job);
    } catch (RuntimeException e) {
      trace.bad(
          line,
          "job " + name(job) + " cannot be read (" + Printable.of(e.toString()) + ")",
          "its ad is left out; please report it with its ad");
    }
  }

  private static String name(ClassAd job) {
    return job.integer(CondorAttr.CLUSTER_ID).orElse(0)
        + "."
        + job.integer(CondorAttr.PROC_ID).orElse(0);
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
    JobTimes times = new JobTimes(job);
    if (times.submitted().isEmpty()) {
      trace.bad(line, noSubmission(job), REMEDY);
      return;
    }
    long submitted = times.submitted().getAsLong();
    OptionalLong run = run(line, times);
    if (run.isEmpty()) {
      return;
    }
    long runnable = times.runnable(submitted);
    if (runnable - submitted > LONGEST_DEFERRAL) {
      trace.leaveOut("are deferred for more than a hundred years");
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
            name(job),
            vo,
            user,
            runnable * 1000,
            times.notBefore(submitted) * 1000,
            run.getAsLong() * 1000,
            attributes(job, vo)));
  }

  private static String noSubmission(ClassAd job) {
    if (job.has(CondorAttr.Q_DATE)) {
      return "the ad's QDate is no number of seconds";
    }
    return job.has("AutoClusterId") && job.has(CondorAttr.JOB_COUNT)
        ? "the ad is of an autocluster and not of a job"
        : "the ad has no QDate";
  }

  /** How long it runs, in seconds; empty if it is left out, of which the trace then knows. */
  private OptionalLong run(long line, JobTimes times) {
    switch (times.status()) {
      case COMPLETED, REMOVED -> {
        OptionalLong last = times.lastRun();
        if (last.isEmpty()) {
          trace.leaveOut("ended without having run");
        }
        return last;
      }
      case IDLE, RUNNING, SUSPENDED, TRANSFERRING_OUTPUT -> {
        return OptionalLong.of(Math.max(defaults.runSeconds(), times.ranSoFar()));
      }
      case HELD -> trace.leaveOut("are on hold");
      case UNKNOWN -> trace.bad(line, "the ad's JobStatus is no state of a job", REMEDY);
    }
    return OptionalLong.empty();
  }

  /** The map decides, as on the access point; the job's own word chooses among several. */
  private @Nullable VoName vo(ClassAd job, String user) {
    Optional<VoName> said = job.string(Attr.VO).flatMap(users::called);
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
    long seconds = JobLength.seconds(ad, EvalContext.DEFAULT);
    if (seconds > 0) {
      result.put(Attr.RUN_SECONDS, Long.toString(seconds));
    }
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
