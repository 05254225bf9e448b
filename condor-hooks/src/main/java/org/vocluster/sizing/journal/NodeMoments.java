package org.vocluster.sizing.journal;

import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.vocluster.classad.ClassAd;

/** When things happened to a node, as far as known: seconds since 1970 for each {@link Moment}. */
public final class NodeMoments {
  /** Of which nothing is known. */
  public static final NodeMoments NONE = new NodeMoments(new EnumMap<>(Moment.class));

  private final EnumMap<Moment, Long> seconds;

  private NodeMoments(EnumMap<Moment, Long> seconds) {
    this.seconds = seconds;
  }

  /** When that was, in seconds since 1970; empty if unknown. */
  public OptionalLong at(Moment moment) {
    Long second = seconds.get(moment);
    return second == null ? OptionalLong.empty() : OptionalLong.of(second);
  }

  public boolean has(Moment moment) {
    return seconds.containsKey(moment);
  }

  /** Seconds from one to the other; empty unless both are known. */
  public OptionalLong between(Moment from, Moment to) {
    Long begin = seconds.get(from);
    Long end = seconds.get(to);
    return begin == null || end == null ? OptionalLong.empty() : OptionalLong.of(end - begin);
  }

  /**
   * The same with that moment known.
   *
   * @param second since 1970; what is not positive leaves everything as it is
   */
  public NodeMoments with(Moment moment, long second) {
    if (second <= 0) {
      return this;
    }
    EnumMap<Moment, Long> copy = new EnumMap<>(seconds);
    copy.put(moment, second);
    return new NodeMoments(copy);
  }

  /** As {@link #with}, unless the moment is known already. */
  NodeMoments withFirst(Moment moment, long second) {
    return has(moment) ? this : with(moment, second);
  }

  /** Adds an attribute for each known moment. */
  public void addTo(ClassAd.Builder ad) {
    seconds.forEach((moment, second) -> ad.set(moment.attribute(), second));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NodeMoments moments && seconds.equals(moments.seconds);
  }

  @Override
  public int hashCode() {
    return seconds.hashCode();
  }

  @Override
  public String toString() {
    return seconds.entrySet().stream()
        .map((Map.Entry<Moment, Long> each) -> each.getKey().attribute() + "=" + each.getValue())
        .collect(Collectors.joining(" "));
  }
}
