package org.vocluster.explain;

import java.util.function.Function;

/** What a question to HTCondor or the file system brought: an answer, or why there is none. */
sealed interface Reading<T> {
  /** The answer. */
  record Known<T>(T value) implements Reading<T> {}

  /**
   * No answer; never to be taken for an empty one.
   *
   * @param why with the tool or file that failed
   */
  record Unknown<T>(String why) implements Reading<T> {}

  default T orElse(T otherwise) {
    return switch (this) {
      case Known<T>(T value) -> value;
      case Unknown<T> unknown -> otherwise;
    };
  }

  default <R> Reading<R> map(Function<T, R> change) {
    return switch (this) {
      case Known<T>(T value) -> new Known<>(change.apply(value));
      case Unknown<T>(String why) -> new Unknown<>(why);
    };
  }
}
