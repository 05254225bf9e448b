package org.vocluster.classad;

import java.util.Objects;

/**
 * The variant of the language to read and evaluate.
 *
 * @param mode evaluation semantics
 * @param dialect the HTCondor release to agree with
 */
public record Language(Mode mode, Dialect dialect) {
  /** What HTCondor 23.9's daemons and tools understand; the default wherever none is named. */
  public static final Language CONDOR_23_9 = new Language(Mode.CONDOR, Dialect.V23_9);

  /** What HTCondor 25.14's daemons and tools understand. */
  public static final Language CONDOR_25_14 = new Language(Mode.CONDOR, Dialect.V25_14);

  public Language {
    Objects.requireNonNull(mode);
    Objects.requireNonNull(dialect);
  }
}
