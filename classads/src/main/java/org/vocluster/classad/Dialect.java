package org.vocluster.classad;

/**
 * A version of HTCondor's ClassAd library whose answers are to be given. Only where releases differ
 * does the choice matter: the precedence of {@code ?:}, circular references, the case of version
 * strings and the recursion bounds.
 */
public enum Dialect {
  /** libclassad of HTCondor 23.9.6, as packaged in Debian trixie. */
  V23_9,
  /** libclassad of HTCondor 25.14.0. */
  V25_14
}
