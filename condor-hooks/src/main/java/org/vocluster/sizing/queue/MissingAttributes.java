package org.vocluster.sizing.queue;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What turned out to matter and was not kept so far, to be looked for in the log again, and of
 * which submissions everything is kept. {@link JobKinds} finds it out, {@link JobQueueMirror} has
 * it looked for by a {@link LogSupplement}.
 */
final class MissingAttributes {
  /**
   * Of no more submissions than this all attributes are kept: nearly each of their jobs is a group
   * of its own then, and has a hundred values.
   */
  static final int MOST_WHOLE = 200;

  /** What to look for. */
  record Search(Set<Integer> attributes, Set<Integer> wholeClusters, boolean onlyInFresh) {}

  /** Names, and whether none but fresh ads miss them. */
  private final Map<String, Boolean> names = new TreeMap<>();

  /** Numbers of the clusters of which all attributes are kept. */
  private final Set<Integer> whole = new HashSet<>();

  private final Set<Integer> missingWhole = new HashSet<>();

  boolean isEmpty() {
    return names.isEmpty() && missingWhole.isEmpty();
  }

  /** Number of attributes that are missing by their name. */
  int size() {
    return names.size();
  }

  void add(String name) {
    names.putIfAbsent(name, true);
  }

  /** An ad that is not fresh misses them, too: it has them further back in the log, if at all. */
  void addOfOld(Iterable<String> missed) {
    missed.forEach(name -> names.computeIfPresent(name, (n, onlyFresh) -> false));
  }

  /** Has the whole cluster kept from now on; false if there are too many already. */
  boolean addWhole(int cluster) {
    if (whole.size() + missingWhole.size() >= MOST_WHOLE) {
      return false;
    }
    missingWhole.add(cluster);
    return true;
  }

  /** Asked for each line with an attribute: nearly always there is no such cluster at all. */
  boolean isWhole(int cluster) {
    return !whole.isEmpty() && whole.contains(cluster);
  }

  void forget(int cluster) {
    whole.remove(cluster);
  }

  void clear() {
    names.clear();
    whole.clear();
    missingWhole.clear();
  }

  /** What is to be looked for now, and kept from now on. */
  Search take(AttributeUses uses) {
    boolean onlyInFresh = missingWhole.isEmpty() && !names.containsValue(false);
    Set<Integer> attributes = new HashSet<>();
    names.keySet().forEach(name -> attributes.add(uses.addSignificant(name)));
    Set<Integer> clusters = Set.copyOf(missingWhole);
    whole.addAll(missingWhole);
    names.clear();
    missingWhole.clear();
    return new Search(attributes, clusters, onlyInFresh);
  }
}
