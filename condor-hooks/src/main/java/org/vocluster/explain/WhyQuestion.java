package org.vocluster.explain;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.vocluster.ad.Ads;
import org.vocluster.ad.Attr;
import org.vocluster.ad.CondorAttr;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.ClassAdSyntaxException;
import org.vocluster.condor.Tools;
import org.vocluster.vm.definition.Definitions;
import org.vocluster.vm.definition.VoName;
import org.vocluster.vm.os.CommandException;

/**
 * A question of a user's about jobs, asked by {@code voc why}. Reads what the explanations rest on,
 * with the rights of whoever asks: the queue of this host's schedd and the definitions, where they
 * may be read, here, what the pool is like in {@link PoolQuestion}. The only class of this package
 * that touches files and the clock.
 */
public final class WhyQuestion {
  /** A job's or a whole submission's number. */
  private static final Pattern ID = Pattern.compile("[1-9][0-9]{0,9}(\\.[0-9]{1,9})?");

  /** Jobs of one submission that are looked at to tell kinds of them apart. */
  private static final int MOST_JOBS = 200_000;

  /** Kinds of jobs of one submission that are explained. */
  private static final int MOST_KINDS = 6;

  private final Tools tools;
  private final Path definitions;
  private final String usersMap;
  private final String accessPoint;
  private final Clock clock;

  /**
   * @param definitions directory of the registered definitions
   * @param usersMap path of the map from users to VOs
   * @param accessPoint this host's full name
   */
  public WhyQuestion(
      Tools tools, Path definitions, String usersMap, String accessPoint, Clock clock) {
    this.tools = tools;
    this.definitions = definitions;
    this.usersMap = usersMap;
    this.accessPoint = accessPoint;
    this.clock = clock;
  }

  /** Whether this may be a job's or a submission's number. */
  public static boolean isId(String text) {
    return ID.matcher(text).matches();
  }

  /**
   * Explains a job, or each kind of job of a submission.
   *
   * @param id {@code 12.0} or {@code 12}
   * @throws CommandException if the schedd gives no answer
   * @throws ClassAdSyntaxException if what it prints is no ad
   */
  public List<Explanation> ask(String id) throws CommandException, ClassAdSyntaxException {
    Instant now = clock.instant();
    Map<String, PoolFacts> pools = new HashMap<>();
    List<Explanation> result = new ArrayList<>();
    for (Map.Entry<String, String> kind : kinds(id).entrySet()) {
      JobReading job = job(kind.getKey());
      PoolFacts pool = pools.computeIfAbsent(vo(job), vo -> pool(vo, now));
      result.add(Explainer.explain(kind.getValue(), job, pool));
    }
    return result;
  }

  /** A job of each kind, and what to call all of that kind. */
  private Map<String, String> kinds(String id) throws CommandException {
    if (id.contains(".")) {
      return Map.of(id, id);
    }
    String text =
        tools.run(
            "condor_q",
            List.of(
                "-allusers",
                id,
                "-limit",
                Integer.toString(MOST_JOBS),
                "-af:,",
                CondorAttr.PROC_ID,
                CondorAttr.JOB_STATUS,
                "AutoClusterId",
                CondorAttr.HOLD_REASON_CODE,
                CondorAttr.HOLD_REASON_SUB_CODE));
    Map<String, List<String>> procs = new LinkedHashMap<>();
    for (String line : text.lines().filter(l -> !l.isBlank()).toList()) {
      String[] parts = line.split(",", 2);
      procs
          .computeIfAbsent(parts[parts.length - 1].strip(), kind -> new ArrayList<>())
          .add(parts[0].strip());
    }
    Map<String, String> result = new LinkedHashMap<>();
    for (List<String> alike : procs.values()) {
      String first = id + "." + alike.getFirst();
      if (result.size() < MOST_KINDS) {
        result.put(
            first, alike.size() == 1 ? first : first + " and " + (alike.size() - 1) + " like it");
      }
    }
    return result.isEmpty() ? Map.of(id, id) : result;
  }

  /** The job's VO, if it has one and is in the queue: else the pool has nothing to do with it. */
  private static String vo(JobReading job) {
    return job instanceof JobReading.InQueue(ClassAd ad)
        ? ad.string(Attr.VO).filter(VoName::isValid).orElse("")
        : "";
  }

  private PoolFacts pool(String vo, Instant now) {
    return vo.isEmpty()
        ? PoolFacts.unasked(now, accessPoint, usersMap)
        : new PoolQuestion(tools, accessPoint).ask(vo, registered(), usersMap, now);
  }

  private Reading<Definitions.Registered> registered() {
    try {
      return new Reading.Known<>(
          new Definitions(definitions)
              .readIfChanged()
              .orElse(new Definitions.Registered(Map.of(), Map.of())));
    } catch (IOException e) {
      return new Reading.Unknown<>(
          definitions + " cannot be read here (" + e.getClass().getSimpleName() + ")");
    }
  }

  private JobReading job(String id) throws CommandException, ClassAdSyntaxException {
    List<ClassAd> queued = Ads.inLongForm(tools.run("condor_q", List.of("-allusers", id, "-long")));
    if (!queued.isEmpty()) {
      return new JobReading.InQueue(queued.getFirst());
    }
    try {
      List<ClassAd> past =
          Ads.inLongForm(tools.run("condor_history", List.of(id, "-limit", "1", "-long")));
      return past.isEmpty()
          ? new JobReading.Nowhere("")
          : new JobReading.InHistory(past.getFirst());
    } catch (CommandException e) {
      return new JobReading.Nowhere(String.valueOf(e.getMessage()));
    }
  }
}
