package org.vocluster.sizing.standing;

import java.util.List;
import java.util.Optional;

/**
 * What is known of the configuration that VOC rests on, and whether any VO may be served by it. An
 * unknown one is never taken for one in order. Pure.
 *
 * @param missing what is not in force, what stops all first
 * @param unknown why it is not known whether more is missing, in a sentence each; of what has been
 *     known before, that counts
 */
public record Standing(List<Missing> missing, List<String> unknown) {
  /** Value of {@code VocSizerState} while there is an {@link #obstacle}. */
  public static final String UNSAFE = "unsafe";

  /** Nothing is missing. */
  public static final Standing SOUND = new Standing(List.of(), List.of());

  public Standing {
    missing = Missing.worstFirst(missing);
    unknown = List.copyOf(unknown);
  }

  /** Why no node is asked for whatever jobs there are, with the remedy; empty if nothing stops. */
  public Optional<String> obstacle() {
    if (!missing.isEmpty() && missing.getFirst().stops()) {
      Missing worst = missing.getFirst();
      return Optional.of(worst.inWords() + "; " + worst.remedy());
    }
    return unknown.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "it is not known whether jobs and nodes are who they say: "
                + unknown.getFirst()
                + "; it is asked again");
  }

  public boolean isSound() {
    return missing.isEmpty() && unknown.isEmpty();
  }
}
