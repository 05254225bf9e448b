package org.vocluster.sizing.standing;

import java.util.List;

/**
 * Something of VOC's that is not in force where it should be.
 *
 * @param knob the setting of HTCondor's that is at fault
 * @param where the daemon that has it so, {@code schedd ap.site.test}
 * @param lacks what is missing or wrong, in words that go on from the knob
 * @param source the file that said the setting last; empty if none did
 * @param means what follows from it
 * @param remedy what to do
 * @param stops whether no VO may be served as long as it is missing
 */
public record Missing(
    String knob,
    String where,
    String lacks,
    String source,
    String means,
    String remedy,
    boolean stops) {

  /** One sentence without the remedy. */
  public String inWords() {
    return knob
        + " of "
        + where
        + " "
        + lacks
        + (source.isEmpty() ? "" : " (said last in " + source + ")")
        + ": "
        + means;
  }

  /** The one to name first: what stops all. */
  static List<Missing> worstFirst(List<Missing> missing) {
    return missing.stream()
        .sorted((one, other) -> Boolean.compare(other.stops(), one.stops()))
        .toList();
  }
}
