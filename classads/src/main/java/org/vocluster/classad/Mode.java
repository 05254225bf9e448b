package org.vocluster.classad;

/** Which of HTCondor's two evaluation semantics applies ({@code _useOldClassAdSemantics}). */
public enum Mode {
  /**
   * What every daemon and tool uses: {@code MY} and {@code CurrentTime} are known, an unscoped name
   * is looked up in the other ad of a match, integers with a leading zero are refused and {@code ;}
   * may separate function arguments.
   */
  CONDOR,
  /** {@code STRICT_CLASSAD_EVALUATION = true}: none of the above. */
  STRICT
}
