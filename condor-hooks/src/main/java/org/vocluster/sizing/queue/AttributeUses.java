package org.vocluster.sizing.queue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import org.vocluster.sizing.demand.Significance;

/**
 * Which attributes of the log are kept, and what for. {@link LogChanges} asks for every line that
 * sets or deletes one, so that the answer is a byte in an array; {@link JobKinds} and {@link
 * MissingAttributes} add what turns out to matter. A number once given stays with its name for
 * ever; what is forgotten is its use.
 */
final class AttributeUses {
  /** It may tell jobs apart: its values are kept of every ad. */
  static final byte SIGNIFICANT = 1;

  /** It is reported of node jobs: its values are kept of those alone. */
  static final byte REPORTED = 2;

  /** It is a number that has a field of its own in {@link QueueAd}. */
  static final byte COUNTED = 4;

  /** Its values are kept of those submissions only that are kept whole. */
  private static final byte OF_WHOLE = 8;

  /**
   * Jobs and slots of a pool name some dozens of attributes. Who has them name more than this plays
   * with us, and each of them makes every ad larger.
   */
  static final int MOST_SIGNIFICANT = 2_000;

  /**
   * {@link Values} have numbers of 16 bits: the names of submissions that are kept whole may take
   * no more than leaves room for {@link #MOST_SIGNIFICANT} and more.
   */
  private static final int MOST_NUMBERS = 20_000;

  private final AttributeNumbers numbers = new AttributeNumbers();

  /** By number; several uses may hold. */
  private byte[] uses = new byte[256];

  private final int firstFound;
  private int significantCount;

  AttributeUses() {
    for (KnownAttribute known : KnownAttribute.values()) {
      add(known.attribute(), known.use());
    }
    Significance.ALWAYS.forEach(this::addSignificant);
    Significance.LIKELY.forEach(this::addSignificant);
    firstFound = numbers.size();
  }

  /** Has the attribute kept of every ad from now on; returns its number. */
  int addSignificant(String name) {
    return add(name, SIGNIFICANT);
  }

  private int add(String name, byte use) {
    int number = numbers.add(name);
    if (number >= uses.length) {
      uses = Arrays.copyOf(uses, uses.length * 2);
    }
    if (use == SIGNIFICANT && !isSignificant(number)) {
      significantCount++;
    }
    uses[number] |= use;
    return number;
  }

  /** Whether there is room for one more that is significant, besides those that are missing. */
  boolean hasRoomBeside(int missing) {
    return significantCount + missing < MOST_SIGNIFICANT;
  }

  /** What was found to be significant is so no longer, but for these names. */
  void keepOnly(Set<String> lowerCaseNames) {
    for (int number = firstFound; number < numbers.size(); number++) {
      if (isSignificant(number)
          && !lowerCaseNames.contains(numbers.name(number).toLowerCase(Locale.ROOT))) {
        uses[number] &= ~SIGNIFICANT;
        significantCount--;
      }
    }
  }

  boolean isSignificant(String name) {
    int number = numbers.find(name);
    return number != AttributeNumbers.UNKNOWN && isSignificant(number);
  }

  private boolean isSignificant(int number) {
    return (uses[number] & SIGNIFICANT) != 0;
  }

  /** Its uses. */
  byte of(int number) {
    return uses[number];
  }

  /** Whether it is kept of ads that are not kept whole. */
  boolean isKept(int number) {
    return (uses[number] & ~OF_WHOLE) != 0;
  }

  String name(int number) {
    return numbers.name(number);
  }

  int find(String name) {
    return numbers.find(name);
  }

  int find(byte[] buffer, int from, int to) {
    return numbers.find(buffer, from, to);
  }

  /**
   * The number of an attribute of an ad that is kept whole.
   *
   * @return {@link AttributeNumbers#UNKNOWN} if there are too many names already
   */
  int ofWhole(byte[] buffer, int from, int to) {
    int number = numbers.find(buffer, from, to);
    return number >= 0 || numbers.size() >= MOST_NUMBERS
        ? number
        : add(new String(buffer, from, to - from, StandardCharsets.UTF_8), OF_WHOLE);
  }
}
