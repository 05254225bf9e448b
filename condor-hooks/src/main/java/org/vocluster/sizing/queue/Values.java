package org.vocluster.sizing.queue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Attribute numbers with their values, sorted by number. Ads with the same contents share one
 * instance, which {@link Shared} sees to: a million jobs of a few hundred kinds have a few hundred
 * of these, compared by identity. But for the three fields that say so nothing here changes.
 */
final class Values {
  private final short[] numbers;
  private final String[] values;
  private final int hash;

  /** The instance that differs from this one in {@link #nextNumber} alone; often the one wanted. */
  private @Nullable Values next;

  private int nextNumber;
  private @Nullable String nextValue;

  /**
   * What jobs are whose cluster has these values, by the values of their own; for {@link JobKinds}.
   */
  @Nullable Map<Values, Kind> kinds;

  /** Set and cleared by {@link Shared#keepOnlyLive}. */
  private boolean live;

  private Values(short[] numbers, String[] values) {
    this.numbers = numbers;
    this.values = values;
    int h = Arrays.hashCode(numbers);
    for (String value : values) {
      h = h * 31 + value.hashCode();
    }
    this.hash = h;
  }

  @Nullable String get(int number) {
    // Few enough for a linear search.
    for (int i = 0; i < numbers.length; i++) {
      if (numbers[i] >= number) {
        return numbers[i] == number ? values[i] : null;
      }
    }
    return null;
  }

  int size() {
    return numbers.length;
  }

  int numberAt(int index) {
    return numbers[index];
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof Values v
            && v.hash == hash
            && Arrays.equals(numbers, v.numbers)
            && Arrays.equals(values, v.values));
  }

  @Override
  public int hashCode() {
    return hash;
  }

  private Values changed(int number, @Nullable String value) {
    int at = 0;
    while (at < numbers.length && numbers[at] < number) {
      at++;
    }
    boolean has = at < numbers.length && numbers[at] == number;
    int rest = has ? at + 1 : at;
    int length = numbers.length - (has ? 1 : 0) + (value == null ? 0 : 1);
    short[] n = new short[length];
    String[] v = new String[length];
    System.arraycopy(numbers, 0, n, 0, at);
    System.arraycopy(values, 0, v, 0, at);
    int to = at;
    if (value != null) {
      n[to] = (short) number;
      v[to] = value;
      to++;
    }
    System.arraycopy(numbers, rest, n, to, numbers.length - rest);
    System.arraycopy(values, rest, v, to, values.length - rest);
    return new Values(n, v);
  }

  /**
   * All {@link Values} in use: {@link QueueAds} takes those of its ads from here, so that ads with
   * the same contents have the same instance.
   */
  static final class Shared {
    /** No value at all. */
    final Values empty = new Values(new short[0], new String[0]);

    private final Map<Values, Values> all = new HashMap<>(Map.of(empty, empty));

    /** The instance that is like this one but for one value, which null takes away. */
    Values with(Values values, int number, @Nullable String value) {
      Values next = values.next;
      if (next != null && values.nextNumber == number && same(values.nextValue, value)) {
        return next;
      }
      Values fresh = values.changed(number, value);
      Values known = all.putIfAbsent(fresh, fresh);
      Values result = known == null ? fresh : known;
      values.next = result;
      values.nextNumber = number;
      values.nextValue = value;
      return result;
    }

    @SuppressWarnings("ReferenceEquality") // a short cut
    private static boolean same(@Nullable String a, @Nullable String b) {
      return a == b || (a != null && a.equals(b));
    }

    int size() {
      return all.size();
    }

    void clear() {
      all.clear();
      all.put(empty, empty);
      empty.next = null;
      empty.kinds = null;
    }

    /** Marks an instance as used, for {@link #keepOnlyLive}. */
    static void markLive(Values values) {
      values.live = true;
    }

    /** Forgets all that were not marked since the last call. */
    void keepOnlyLive() {
      markLive(empty);
      all.values()
          .removeIf(
              values -> {
                boolean dead = !values.live;
                values.live = false;
                values.next = null;
                return dead;
              });
    }
  }
}
