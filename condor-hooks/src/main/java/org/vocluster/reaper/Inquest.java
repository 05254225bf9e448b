package org.vocluster.reaper;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.vocluster.ad.Ads;
import org.vocluster.ad.Attr;
import org.vocluster.classad.ClassAd;
import org.vocluster.condor.JobId;
import org.vocluster.condor.ReaperAnswer;
import org.vocluster.reaper.Judgement.Lost;
import org.vocluster.reaper.Judgement.Payload;
import org.vocluster.reaper.Judgement.Refused;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.definition.VoName;
import org.vocluster.vm.os.CommandException;

/**
 * Ends the shadows of those of some jobs whose nodes have ended. {@link Reaper} calls it with
 * numbers of jobs that somebody named.
 *
 * <p>The order makes it safe: first the processes that may be the jobs' shadows are held, then the
 * schedd is asked, then the very processes that were held get the signal. A job that has been given
 * a new shadow and another node meanwhile is either seen with its new node, which lives, or its old
 * shadow is gone and nobody gets the signal.
 */
final class Inquest {
  /**
   * How far a shadow's start and what the schedd wrote about it may lie apart in seconds: both are
   * rounded, and the schedd writes it when it has started the process.
   */
  static final long CLOSE = 3;

  private final Shadows shadows;
  private final QueuesWord queue;

  Inquest(Shadows shadows, QueuesWord queue) {
    this.shadows = shadows;
    this.queue = queue;
  }

  /** A process that is held, and what it was when that was done. */
  private record Held(ProcessFacts facts, HeldProcess process) {}

  /** What became of each. */
  List<ReaperAnswer> end(List<JobId> jobs) {
    List<Held> held = new ArrayList<>();
    try {
      for (ProcessFacts shadow : shadows.startedFor(jobs)) {
        HeldProcess.of(shadow.pid()).ifPresent(process -> held.add(new Held(shadow, process)));
      }
      // Whose process it was that is held now: read again, since the number may have been
      // another's when it was read first.
      List<ProcessFacts> still = shadows.startedFor(jobs);
      held.removeIf(
          each -> {
            boolean gone = !still.contains(each.facts());
            if (gone) {
              each.process().close();
            }
            return gone;
          });
      List<ReaperAnswer> answers = new ArrayList<>();
      judge(jobs).forEach((job, judgement) -> answers.add(carryOut(job, judgement, held)));
      return answers;
    } catch (CommandException | IOException e) {
      return jobs.stream()
          .map(job -> new ReaperAnswer(job, false, String.valueOf(e.getMessage())))
          .toList();
    } finally {
      held.forEach(each -> each.process().close());
    }
  }

  private Map<JobId, Judgement> judge(List<JobId> jobs) throws CommandException {
    Map<JobId, Judgement> out = new LinkedHashMap<>();
    Map<JobId, Payload> payload = new LinkedHashMap<>();
    Map<NodeId, VoName> nodes = new HashMap<>();
    Map<JobId, ClassAd> ads = queue.jobs(jobs);
    for (JobId job : jobs) {
      ClassAd ad = ads.get(job);
      Optional<Payload> runs = ad == null ? Optional.empty() : Judgement.payload(ad);
      if (runs.isPresent()) {
        payload.put(job, runs.get());
        nodes.put(runs.get().node(), runs.get().vo());
      } else {
        out.put(job, new Refused(ad == null ? "it is not in the queue" : Judgement.noPayload(ad)));
      }
    }
    if (!payload.isEmpty()) {
      List<ClassAd> nodeJobs = queue.nodeJobs(nodes.keySet());
      Set<NodeId> past = past(nodes, nodeJobs);
      payload.forEach((job, its) -> out.put(job, Judgement.of(its, nodeJobs, past)));
    }
    return out;
  }

  /**
   * Whom the history knows of those that the queue does not. To read it may take long or fail,
   * which is no reason to keep the jobs of the others waiting.
   */
  private Set<NodeId> past(Map<NodeId, VoName> nodes, List<ClassAd> nodeJobs)
      throws CommandException {
    Map<NodeId, VoName> absent = new HashMap<>(nodes);
    for (ClassAd job : nodeJobs) {
      String node = Ads.text(job, Attr.NODE);
      if (NodeId.isValid(node)) {
        absent.remove(new NodeId(node));
      }
    }
    if (absent.isEmpty()) {
      return Set.of();
    }
    try {
      return queue.past(absent);
    } catch (CommandException e) {
      if (absent.size() == nodes.size()) {
        throw e;
      }
      return Set.of();
    }
  }

  private static ReaperAnswer carryOut(JobId job, Judgement judgement, List<Held> held) {
    return switch (judgement) {
      case Refused(String why) -> new ReaperAnswer(job, false, why);
      case Lost(Payload payload) -> {
        List<Held> its =
            held.stream()
                .filter(each -> Shadows.isFor(each.facts(), job))
                .filter(each -> Math.abs(each.facts().started() - payload.shadowStarted()) <= CLOSE)
                .toList();
        if (its.size() != 1) {
          yield new ReaperAnswer(
              job,
              false,
              "no shadow was started for it then; with SHADOW_WORKLIFE above 0 it may have had"
                  + " another job before");
        }
        yield its.getFirst().process().kill()
            ? new ReaperAnswer(job, true, payload.node().value())
            : new ReaperAnswer(job, false, "its shadow had ended already");
      }
    };
  }
}
