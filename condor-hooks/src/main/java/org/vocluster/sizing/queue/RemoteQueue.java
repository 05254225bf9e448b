package org.vocluster.sizing.queue;

import com.google.common.collect.ImmutableMap;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.vocluster.ad.Attr;
import org.vocluster.ad.CondorAttr;
import org.vocluster.ad.Universe;
import org.vocluster.condor.HtCondor;
import org.vocluster.condor.JobId;
import org.vocluster.condor.JobStatus;
import org.vocluster.sizing.demand.Significance;
import org.vocluster.sizing.reading.JobGroup;
import org.vocluster.sizing.reading.NodeJob;
import org.vocluster.vm.os.CommandException;

/**
 * The queue of a schedd whose log is out of reach, as it answers. It needs no more than READ there:
 * the schedd itself groups the jobs by the attributes that matter, so that the answer grows with
 * the number of groups and not of jobs. What is not materialised yet is not in the answer, and jobs
 * that compute the names of attributes are unclear.
 */
sealed interface RemoteQueue {
  /**
   * An answer.
   *
   * @param asked when the schedd was asked
   * @param found attributes that turned out to matter; to be asked for at once the next time
   */
  record Known(Instant asked, List<JobGroup> idlePayload, List<NodeJob> nodeJobs, Set<String> found)
      implements RemoteQueue {
    public Known {
      idlePayload = List.copyOf(idlePayload);
      nodeJobs = List.copyOf(nodeJobs);
      found = Set.copyOf(found);
    }
  }

  /** No answer, or one that makes no sense. */
  record Unknown(String why) implements RemoteQueue {}

  /** Asks; takes as long as the schedd takes. */
  static RemoteQueue ask(
      HtCondor condor,
      String schedd,
      Significance significance,
      Collection<String> expected,
      Instant now) {
    return new Inquiry(condor, schedd, significance, expected).ask(now);
  }

  /** One schedd being asked, as often as its answers lead to further attributes. */
  final class Inquiry {
    /** Each follows what the answers before named one step further; a chain is seldom so long. */
    private static final int MOST_QUESTIONS = 5;

    private static final String PAYLOAD =
        Attr.VO
            + " isnt undefined && "
            + CondorAttr.JOB_UNIVERSE
            + " == "
            + Universe.VANILLA
            + " && "
            + Attr.NODE_JOB
            + " isnt true";
    private static final String NODES = Attr.NODE_JOB + " is true";

    /** What {@link #PAYLOAD} names, and whether a job is idle. */
    private static final List<String> STATE =
        List.of(CondorAttr.JOB_STATUS, CondorAttr.JOB_UNIVERSE, Attr.NODE_JOB);

    private static final Pattern FIRST_ID = Pattern.compile("\"(\\d+)\\.(\\d+).*");

    private final HtCondor condor;
    private final String schedd;
    private final Significance significance;
    private final Set<String> attributes = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

    private Inquiry(
        HtCondor condor, String schedd, Significance significance, Collection<String> expected) {
      this.condor = condor;
      this.schedd = schedd;
      this.significance = significance;
      attributes.addAll(Significance.ALWAYS);
      attributes.addAll(Significance.LIKELY);
      attributes.addAll(significance.of(name -> null, name -> true).names());
      attributes.addAll(expected);
    }

    private RemoteQueue ask(Instant now) {
      try {
        for (int question = 0; question < MOST_QUESTIONS; question++) {
          List<String> asked = new ArrayList<>(attributes);
          asked.addAll(STATE);
          Answer answer = new Answer();
          for (Map<String, String> ad : ads(condor.jobs(schedd, true, PAYLOAD, asked))) {
            answer.take(ad);
          }
          if (attributes.addAll(answer.unknown)) {
            continue;
          }
          return new Known(now, answer.groups(), nodeJobs(), Set.copyOf(attributes));
        }
        return new Unknown(
            "voc: schedd "
                + schedd
                + ": its jobs lead to further attributes without end; none of them is served");
      } catch (CommandException e) {
        return new Unknown(String.valueOf(e.getMessage()));
      } catch (NumberFormatException e) {
        return new Unknown("voc: schedd " + schedd + ": condor_q printed what is no job: " + e);
      }
    }

    private List<NodeJob> nodeJobs() throws CommandException {
      List<String> asked = new ArrayList<>(STATE);
      asked.addAll(
          List.of(
              CondorAttr.HOLD_REASON_CODE,
              CondorAttr.CLUSTER_ID,
              CondorAttr.PROC_ID,
              CondorAttr.ENTERED_CURRENT_STATUS));
      asked.addAll(KnownAttribute.ofNodeJobs());
      List<NodeJob> result = new ArrayList<>();
      for (Map<String, String> ad : ads(condor.jobs(schedd, false, NODES, asked))) {
        NodeJobReader.read(
                new JobId(number(ad, CondorAttr.CLUSTER_ID), number(ad, CondorAttr.PROC_ID)),
                schedd,
                JobStatus.of(number(ad, CondorAttr.JOB_STATUS)),
                number(ad, CondorAttr.ENTERED_CURRENT_STATUS),
                (int) Literals.number(ad.get(CondorAttr.HOLD_REASON_CODE)),
                attribute -> ad.get(attribute.attribute()))
            .filter(NodeJob::isGenuine)
            .ifPresent(result::add);
      }
      return result;
    }

    private static int number(Map<String, String> ad, String attribute) {
      return Integer.parseInt(ad.getOrDefault(attribute, "none"));
    }

    /**
     * Name to expression of each ad; the names ignore case. The expressions are not parsed: they
     * are to be the schedd's own text, by which equal jobs are known and which is shown, and one
     * that cannot be read must not hide the others.
     */
    private static List<Map<String, String>> ads(String longForm) {
      List<Map<String, String>> ads = new ArrayList<>();
      Map<String, String> ad = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      for (String line : longForm.split("\n", -1)) {
        int equals = line.indexOf(" = ");
        if (equals > 0) {
          ad.put(line.substring(0, equals), line.substring(equals + 3));
        } else if (line.isEmpty() && !ad.isEmpty()) {
          ads.add(ad);
          ad = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        }
      }
      if (!ad.isEmpty()) {
        ads.add(ad);
      }
      return ads;
    }

    /** What the groups of the schedd's answer come to. */
    private final class Answer {
      private final Map<ImmutableMap<String, String>, JobGroup> groups = new LinkedHashMap<>();
      private final Set<String> unknown = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

      List<JobGroup> groups() {
        return List.copyOf(groups.values());
      }

      void take(Map<String, String> ad) {
        int jobs = number(ad, CondorAttr.JOB_COUNT);
        JobStatus status = JobStatus.of(number(ad, CondorAttr.JOB_STATUS));
        if (status == JobStatus.IDLE && !Literals.unquoted(ad.get(Attr.VO)).isEmpty()) {
          group(ad, jobs);
        }
      }

      private void group(Map<String, String> ad, int jobs) {
        Significance.Reach reach = significance.of(ad::get, attributes::contains);
        unknown.addAll(reach.unknown());
        String unclear =
            reach.all()
                ? "it computes the names of attributes that it looks at, as eval() does, and is in"
                    + " the queue of "
                    + schedd
                    + ", which is not followed by its log"
                : "";
        ImmutableMap.Builder<String, String> matters = ImmutableMap.builder();
        for (String name : reach.names()) {
          String value = ad.get(name);
          if (value != null) {
            matters.put(name, value);
          }
        }
        groups.merge(
            matters.buildOrThrow(),
            new JobGroup(matters.buildOrThrow(), jobs, first(ad.get(CondorAttr.JOB_IDS)), unclear),
            (a, b) -> new JobGroup(a.attributes(), a.idle() + b.idle(), a.example(), a.unclear()));
      }

      private static JobId first(@Nullable String ids) {
        Matcher matcher = FIRST_ID.matcher(ids == null ? "" : ids);
        if (!matcher.matches()) {
          throw new NumberFormatException("JobIds = " + ids);
        }
        return new JobId(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
      }
    }
  }
}
