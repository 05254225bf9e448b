package org.vocluster.sizing.decision;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vocluster.sizing.decision.Action.Submit;
import org.vocluster.sizing.decision.Decision.Verdict;
import org.vocluster.sizing.history.Breaker;
import org.vocluster.sizing.reading.VocShape;
import org.vocluster.vm.definition.ShapeName;

/**
 * The decision about one VOC while it is made: each rule that {@link Sizing} applies reads what
 * those before it wrote here and adds its own. It decides nothing itself.
 */
final class Draft {
  final VocSituation voc;
  final int counted;

  /** Those that hold its new nodes back. */
  final List<Breaker> breakers;

  /** New nodes that its own hard limits still allow. */
  int room;

  /** Whether a new node is to show that its image works. */
  boolean probesImage;

  /** Why no more, once {@code room} is used up. */
  String hindrance;

  Verdict hindered = Verdict.MAXIMUM;

  private boolean limited;

  /** New nodes for jobs, then to keep, by shape. */
  final Map<ShapeName, Integer> fresh = new LinkedHashMap<>();

  /** All of them, if no pace and no limit of the pool held them back. */
  int wanted;

  /** Nodes that jobs would need beyond {@code room}. */
  int denied;

  /** What paces and the pool's limit leave of {@code wanted}. */
  int submit;

  /** Idle jobs that its nodes would take. */
  long jobs;

  /** What a node is to show before it can be told whether its like would take more of them. */
  List<String> untold = List.of();

  /** Those among them that other VOCs' nodes take. */
  long elsewhere;

  /** Nodes that the jobs would need which free capacity is counted on for. */
  double aboutToStart;

  /** What is removed or told to leave. */
  final List<Action> orderedAway = new ArrayList<>();

  Draft(VocSituation voc, List<Breaker> breakers) {
    this.voc = voc;
    this.counted = voc.counted();
    this.breakers = List.copyOf(breakers);
    this.room = Math.max(0, voc.bounds().maxNodes() - counted);
    this.hindrance = "MaxNodes is " + voc.bounds().maxNodes();
  }

  /** Something else than its own maximum lets it have no more. */
  void limitedBy(String what) {
    hindrance = what;
    limited = true;
  }

  /** Whether something else than its own maximum does. */
  boolean isLimited() {
    return limited;
  }

  void stop(Verdict verdict, String why) {
    room = 0;
    hindered = verdict;
    hindrance = why;
  }

  boolean isStopped() {
    return hindered != Verdict.MAXIMUM;
  }

  /** Whether only a probe is allowed, or nothing at all, because nodes failed. */
  boolean isBroken() {
    return !breakers.isEmpty();
  }

  /**
   * The breaker that for longest lets not even one node be tried. An image's breaker that another
   * definition's node opened does not make a mended one wait.
   */
  Optional<Breaker> openBreaker(Instant now) {
    return breakers.stream()
        .filter(breaker -> breaker.isOpen(now))
        .filter(
            breaker ->
                !breaker.voc().equals(voc.voc())
                    || voc.make().definitions().contains(breaker.definition()))
        .max(Comparator.comparing(Breaker::until));
  }

  /** What is to be submitted, shape by shape in the order in which they were wanted. */
  List<Action> submissions(String why) {
    List<Action> result = new ArrayList<>();
    int left = submit;
    for (Map.Entry<ShapeName, Integer> shape : fresh.entrySet()) {
      int nodes = Math.min(left, shape.getValue());
      if (nodes > 0) {
        result.add(new Submit(new VocShape(voc.voc(), shape.getKey()), nodes, why));
        left -= nodes;
      }
    }
    return result;
  }
}
