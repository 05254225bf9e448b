package org.vocluster.sizing.reading;

import java.util.Arrays;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The schedds whose jobs a sizer serves: names, or {@link #ALL}, which are all that the collector
 * knows, or both. Read from the configuration and from what sizers publish.
 */
public record ServedSchedds(Set<String> names) {
  /** In the list of schedds: all of the pool. */
  public static final String ALL = "*";

  public ServedSchedds {
    names = Collections.unmodifiableSet(new TreeSet<>(names));
  }

  /** Names with commas. */
  public static ServedSchedds of(String list) {
    return new ServedSchedds(
        Arrays.stream(list.split(",", -1))
            .map(String::strip)
            .filter(name -> !name.isEmpty())
            .collect(Collectors.toSet()));
  }

  public boolean isAll() {
    return names.contains(ALL);
  }

  /** Those that are named. */
  public Set<String> named() {
    return names.stream().filter(name -> !name.equals(ALL)).collect(Collectors.toSet());
  }

  /** Whether some schedd's jobs are served by both. */
  public boolean meets(ServedSchedds other) {
    return isAll() || other.isAll() || names.stream().anyMatch(other.names::contains);
  }

  /** How many there are; of all, more than of any names. */
  public int reach() {
    return isAll() ? Integer.MAX_VALUE : names.size();
  }
}
