package org.vocluster.hook;

/** Carries a {@link Refusal} up from the steps of a launch. */
final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Refusal refusal;

  RefusedException(Refusal refusal) {
    super(refusal.message());
    this.refusal = refusal;
  }

  /** As {@link Refusal#of}. */
  RefusedException(Refusal.Code code, String where, String fault, String remedy) {
    this(Refusal.of(code, where, fault, remedy));
  }

  Refusal refusal() {
    return refusal;
  }
}
