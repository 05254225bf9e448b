package org.vocluster.sizing.queue;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A hash table from a pair of numbers, as in {@code 12.0}, to values, for {@link QueueAds}: for a
 * million jobs it takes a fifth of what a {@code HashMap} does. Open addressing with linear
 * probing; what is removed leaves no mark.
 */
final class KeyTable<T> {
  private static final int SMALLEST = 64;

  private long[] keys = new long[SMALLEST];
  private @Nullable Object[] values = new @Nullable Object[SMALLEST];
  private int size;

  static long key(int cluster, int proc) {
    return ((long) cluster << 32) | (proc & 0xFFFFFFFFL);
  }

  int size() {
    return size;
  }

  @Nullable T get(long key) {
    return value(find(key));
  }

  /** Adds or replaces. */
  void put(long key, T value) {
    int at = find(key);
    if (values[at] == null) {
      if (++size > keys.length / 3 * 2) {
        grow();
        at = find(key);
      }
      keys[at] = key;
    }
    values[at] = value;
  }

  /** Removes, if it is there. */
  void remove(long key) {
    int hole = find(key);
    if (values[hole] == null) {
      return;
    }
    size--;
    int mask = keys.length - 1;
    int at = hole;
    while (true) {
      at = (at + 1) & mask;
      if (values[at] == null) {
        break;
      }
      // What lies between its home and here may not be cut off from its home by the hole.
      int home = home(keys[at]);
      if (((at - home) & mask) >= ((at - hole) & mask)) {
        keys[hole] = keys[at];
        values[hole] = values[at];
        hole = at;
      }
    }
    values[hole] = null;
  }

  void clear() {
    keys = new long[SMALLEST];
    values = new @Nullable Object[SMALLEST];
    size = 0;
  }

  void forEach(Consumer<? super T> use) {
    for (int i = 0; i < values.length; i++) {
      T value = value(i);
      if (value != null) {
        use.accept(value);
      }
    }
  }

  @SuppressWarnings("unchecked") // put() takes nothing else
  private @Nullable T value(int at) {
    return (T) values[at];
  }

  private int find(long key) {
    int mask = keys.length - 1;
    int at = home(key);
    while (values[at] != null && keys[at] != key) {
      at = (at + 1) & mask;
    }
    return at;
  }

  private int home(long key) {
    return (int) ((key * 0x9E3779B97F4A7C15L) >>> 33) & (keys.length - 1);
  }

  private void grow() {
    long[] oldKeys = keys;
    @Nullable Object[] oldValues = values;
    keys = new long[oldKeys.length * 2];
    values = Arrays.copyOf(new @Nullable Object[0], oldKeys.length * 2);
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldValues[i] != null) {
        int at = find(oldKeys[i]);
        keys[at] = oldKeys[i];
        values[at] = oldValues[i];
      }
    }
  }
}
