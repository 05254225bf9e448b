package org.vocluster.simulation;

import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.vocluster.condor.Resources;

/**
 * Partitionable slots by what they have left, to find the one that the negotiator prefers: the one
 * with the fewest processors left, then the least memory ({@code NEGOTIATOR_PRE_JOB_RANK}), of
 * several alike the first by their own order.
 */
final class FreeIndex<T extends Comparable<T>> {
  private final TreeMap<Resources, TreeSet<T>> byFree =
      new TreeMap<>(
          Comparator.comparingInt(Resources::cpus)
              .thenComparingLong(Resources::memoryMb)
              .thenComparingLong(Resources::diskKb)
              .thenComparingInt(Resources::gpus));

  void add(T slot, Resources free) {
    byFree.computeIfAbsent(free, f -> new TreeSet<>()).add(slot);
  }

  void remove(T slot, Resources free) {
    TreeSet<T> alike = byFree.get(free);
    if (alike != null && alike.remove(slot) && alike.isEmpty()) {
      byFree.remove(free);
    }
  }

  /** The one to give for a request, of those that are accepted; null if none has room. */
  @Nullable T preferred(Resources request, Predicate<T> accepted) {
    return preferred(any -> request, accepted);
  }

  /**
   * The same for a request that depends on what a slot has left.
   *
   * @param request what is asked of a slot with so much left
   */
  @Nullable T preferred(UnaryOperator<Resources> request, Predicate<T> accepted) {
    for (Map.Entry<Resources, TreeSet<T>> alike : byFree.entrySet()) {
      if (alike.getKey().fits(request.apply(alike.getKey())) > 0) {
        for (T slot : alike.getValue()) {
          if (accepted.test(slot)) {
            return slot;
          }
        }
      }
    }
    return null;
  }
}
