package org.vocluster.hook;

/** Carries a {@link Refusal} up from the steps of a launch. */
final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Refusal refusal;

  RefusedException(Refusal.Code code, String message) {
    super(message);
    this.refusal = new Refusal(code, message);
  }

  Refusal refusal() {
    return refusal;
  }
}
