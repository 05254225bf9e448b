package org.vocluster.hook;

/**
 * Why a node job is not launched. HTCondor puts a job on hold for codes 1 to 299 and sends it
 * elsewhere for those from 300 (its {@code HookPrepareJobClient::hookExited}), so the code says
 * whose fault it is: the job's and its definition's, or this host's and ours.
 *
 * @param message one line for people
 */
record Refusal(Code code, String message) {
  /** Characters of a message. The starter keeps 10240 bytes of a hook's output. */
  static final int MAX_MESSAGE = 2000;

  enum Code {
    NOT_A_NODE_JOB(10),
    BAD_NODE_JOB(11),
    WRONG_OWNER(12),
    REQUEST_TOO_SMALL(13),
    BAD_TOKEN(14),
    IMAGE_TOO_LARGE(15),
    AD_TOO_LARGE(16),
    MALFORMED_AD(17),
    BAD_KERNEL(18),
    VO_NOT_ACCEPTED(300),
    NO_IMAGE(301),
    UNTRUSTED_IMAGE(302),
    NO_OVERLAY(303),
    NO_KVM(304),
    BAD_CONFIGURATION(305),
    NO_SCRATCH(306),
    NO_AD(307),
    NO_GPU(308),
    NO_LEASE(309),
    NO_FIRMWARE(310),
    INTERNAL(399);

    private final int number;

    Code(int number) {
      this.number = number;
    }

    int number() {
      return number;
    }
  }

  /**
   * As every message of VOC is built.
   *
   * @param where the job, the definition or the host that is at fault
   * @param fault what is wrong with it
   * @param remedy what to do about it
   */
  static Refusal of(Code code, String where, String fault, String remedy) {
    return new Refusal(code, "voc: " + where + ": " + fault + "; " + remedy);
  }
}
