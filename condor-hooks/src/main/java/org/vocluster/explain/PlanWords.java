package org.vocluster.explain;

import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.vocluster.sizing.Plan;
import org.vocluster.sizing.history.Breaker;

/** Says what sizing would do, for {@code voc plan}. It decides nothing: the plan has it all. */
public final class PlanWords {
  private static final int NODES_SHOWN = 10;
  private static final int GROUPS_SHOWN = 20;

  private final TimeWords time;
  private final Instant now;

  /**
   * @param now for how long ago something was
   * @param zone in which times of day are said
   */
  public PlanWords(Instant now, ZoneId zone) {
    this.time = new TimeWords(now, zone);
    this.now = now;
  }

  /** All of it. */
  public String of(Plan plan) {
    StringBuilder text = new StringBuilder();
    for (String unknown : plan.unknown()) {
      text.append("not known, so this may not be what sizing does: ").append(unknown).append('\n');
    }
    plan.vocs().forEach(voc -> append(text, voc, plan));
    plan.broken()
        .forEach(
            (name, problems) -> {
              text.append("VOC ").append(name).append(": broken, nobody is served by it\n");
              problems.forEach(problem -> text.append("  ").append(problem).append('\n'));
            });
    if (plan.vocs().isEmpty() && plan.broken().isEmpty()) {
      text.append("no VOC is registered here; `voc register FILE` puts one into service\n");
    }
    append(text, "nodes of no VOC", plan.others());
    for (Breaker failure : plan.breakers()) {
      text.append(failure.scope().text())
          .append(' ')
          .append(failure.key())
          .append(" failed ")
          .append(failure.times() == 1 ? "once" : failure.times() + " times in a row")
          .append(", last at ")
          .append(time.moment(failure.since()))
          .append(
              now.isBefore(failure.until())
                  ? "; one node is tried at " + time.clock(failure.until())
                  : "; one node at a time is tried now")
          .append(":\n  ")
          .append(failure.what())
          .append('\n');
    }
    withoutNode(text, plan.withoutNode());
    return text.toString();
  }

  private void append(StringBuilder text, Plan.Voc voc, Plan plan) {
    text.append("VOC ")
        .append(voc.name())
        .append(" of VO ")
        .append(voc.vo())
        .append(": ")
        .append(voc.decision())
        .append('\n');
    text.append("  ").append(voc.reason()).append('\n');
    text.append("  limits: ").append(voc.limits()).append('\n');
    List<Plan.Group> groups =
        plan.groups().stream()
            .filter(
                group ->
                    group.nodes().stream()
                        .anyMatch(
                            n -> n.equals(voc.name().value()) || n.startsWith(voc.name() + "/")))
            .toList();
    groups.stream().limit(GROUPS_SHOWN).forEach(group -> append(text, group));
    if (groups.size() > GROUPS_SHOWN) {
      text.append("  and ").append(groups.size() - GROUPS_SHOWN).append(" more kinds of jobs\n");
    }
    voc.nodes().stream().limit(NODES_SHOWN).forEach(node -> append(text, node));
    if (voc.nodes().size() > NODES_SHOWN) {
      text.append("  and ").append(voc.nodes().size() - NODES_SHOWN).append(" more nodes\n");
    }
    for (String action : voc.actions()) {
      text.append("    -> ").append(action).append('\n');
    }
    if (voc.actions().isEmpty()) {
      text.append("    -> nothing to do\n");
    }
  }

  private static void append(StringBuilder text, Plan.Group group) {
    long jobs = group.shares().jobs();
    text.append("  demand: ")
        .append(jobs)
        .append(jobs == 1 ? " job (" : " jobs like ")
        .append(group.example())
        .append(jobs == 1 ? "), takes " : ", each takes ")
        .append(group.request())
        .append(": ")
        .append(shares(group.shares()))
        .append('\n');
  }

  private static String shares(Plan.Shares all) {
    Map<String, Long> shares = new LinkedHashMap<>();
    shares.put("in nodes that have room", all.free());
    shares.put("in nodes that are coming", all.coming());
    shares.put("in new nodes", all.fresh());
    shares.put("wait" + (all.why().isEmpty() ? "" : " (" + all.why() + ")"), all.waiting());
    StringBuilder text = new StringBuilder();
    shares.forEach(
        (where, jobs) -> {
          if (jobs > 0) {
            text.append(text.isEmpty() ? "" : ", ").append(jobs).append(' ').append(where);
          }
        });
    return text.toString();
  }

  private void append(StringBuilder text, Plan.Node node) {
    text.append("  supply: ").append(node.name()).append(' ').append(node.stage());
    node.since().ifPresent(since -> text.append(" since ").append(time.moment(since)));
    if (!node.jobId().isEmpty()) {
      text.append(", node job ").append(node.jobId());
    }
    if (!node.free().isEmpty()) {
      text.append(", free: ").append(node.free());
    }
    text.append('\n');
  }

  private static void append(StringBuilder text, String what, List<String> actions) {
    if (!actions.isEmpty()) {
      text.append(what).append(":\n");
      actions.forEach(action -> text.append("    -> ").append(action).append('\n'));
    }
  }

  private static void withoutNode(StringBuilder text, Plan.WithoutNode jobs) {
    for (Plan.Unserved unserved : jobs.unserved()) {
      text.append(unserved.jobs())
          .append(unserved.jobs() == 1 ? " job of VO " : " jobs of VO ")
          .append(unserved.vo())
          .append(unserved.jobs() == 1 ? " gets" : " get")
          .append(" no node (")
          .append(unserved.example())
          .append("): ")
          .append(unserved.why())
          .append('\n');
    }
    for (Plan.Probing probing : jobs.probing()) {
      text.append(probing.jobs())
          .append(probing.jobs() == 1 ? " job waits" : " jobs wait")
          .append(" for a first node of ")
          .append(probing.nodes())
          .append(" to show what its image has (")
          .append(probing.example())
          .append("): ")
          .append(String.join(", ", probing.attributes()))
          .append('\n');
    }
    jobs.elsewhere()
        .forEach(
            (vo, count) ->
                text.append(count)
                    .append(" of the jobs of VO ")
                    .append(vo)
                    .append(" fit into free slots outside its VOCs\n"));
    jobs.notRunnable()
        .forEach(
            (vo, count) ->
                text.append(count)
                    .append(" of the jobs of VO ")
                    .append(vo)
                    .append(" are not to run yet: deferred, or cooling down after a failure\n"));
  }
}
