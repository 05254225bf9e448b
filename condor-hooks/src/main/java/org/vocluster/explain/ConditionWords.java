package org.vocluster.explain;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.vocluster.classad.LongForm;
import org.vocluster.classad.Value;
import org.vocluster.sizing.demand.ClauseAnalysis;
import org.vocluster.vm.os.Printable;

/**
 * Says what stands between a job and a slot: conditions that do not hold, and resources that are
 * too small. What a user or a machine wrote is shortened and made printable here.
 */
final class ConditionWords {
  private static final int EXPRESSION_SHOWN = 300;
  private static final int VALUE_SHOWN = 80;

  private ConditionWords() {}

  /** {@code TARGET.OpSys == "WINDOWS" is false where the slot's OpSys is "LINUX"}. */
  static String said(Condition condition) {
    String seen = seen(condition);
    return expression(condition)
        + " is "
        + condition.clause().value()
        + (seen.isEmpty() ? "" : " where " + seen);
  }

  /**
   * {@code 4 cpus asked, 2 offered}, for each resource.
   *
   * @param has what the smaller amount is
   */
  static String said(List<Shortfall> shortfalls, String has) {
    return shortfalls.stream()
        .map(s -> s.asked() + " " + s.resource().unit() + " asked, " + s.offered() + " " + has)
        .collect(Collectors.joining("; "));
  }

  /** A VOC's conditions one by one, those that hold too. */
  static String of(Explanation.ConditionTable table) {
    StringBuilder text =
        new StringBuilder("  conditions between the job and an empty node of ")
            .append(vocAndShape(table.voc(), table.shape()))
            .append(":\n");
    for (Condition condition : table.conditions()) {
      text.append(
          "    %-9s  %-4s  %s%n"
              .formatted(condition.clause().value(), condition.side(), expression(condition)));
      String seen = seen(condition);
      if (!seen.isEmpty()) {
        text.append("                     ").append(seen).append('\n');
      }
    }
    return text.toString();
  }

  static String vocAndShape(String voc, String shape) {
    return "VOC " + voc + (shape.isEmpty() ? "" : " (shape " + shape + ")");
  }

  private static String expression(Condition condition) {
    return Printable.of(LongForm.print(condition.clause().expression()).strip(), EXPRESSION_SHOWN);
  }

  private static String seen(Condition condition) {
    Set<String> unscoped = condition.clause().expression().mentions().free();
    return condition.clause().sees().stream()
        .map(seen -> seen(condition.side(), seen, unscoped.contains(seen.name())))
        .collect(Collectors.joining(", "));
  }

  private static String seen(Condition.Side side, ClauseAnalysis.Seen seen, boolean unscoped) {
    if (seen.value() instanceof Value.Undefined) {
      return unscoped
          ? "neither job nor slot has " + seen.name()
          : "the " + side.owner(seen.side()) + " has no " + seen.name();
    }
    return "the "
        + side.owner(seen.side())
        + "'s "
        + seen.name()
        + " is "
        + Printable.of(seen.value().toString(), VALUE_SHOWN);
  }
}
