package org.vocluster.explain;

import java.util.List;

/**
 * A reason in words.
 *
 * @param says what is the case, without a full stop
 * @param details further lines, such as one for each host
 * @param remedy what to do about it, or empty where waiting is all there is to do
 */
record Sentence(String says, List<String> details, String remedy) {
  Sentence {
    details = List.copyOf(details);
  }

  static Sentence of(String says) {
    return new Sentence(says, List.of(), "");
  }

  static Sentence of(String says, String remedy) {
    return new Sentence(says, List.of(), remedy);
  }
}
