package org.vocluster.explain;

import java.util.List;

/**
 * What keeps a PAD host from running a node, the most lasting first; or nothing. {@link PadHosts}
 * judges, {@link PadWords} says it.
 */
sealed interface PadVerdict {
  /**
   * What VOC says of a host is not said there, so nothing is known of it.
   *
   * @param young whether HTCondor has started there so lately that it may be about to come
   */
  record NotAdvertising(boolean young) implements PadVerdict {}

  /**
   * It takes other VOs' nodes only.
   *
   * @param accepted its {@code VocVOs}
   */
  record VoNotAccepted(String accepted) implements PadVerdict {}

  /**
   * KVM is demanded, and it has none that works.
   *
   * @param reason what the host's probe saw
   */
  record NoKvm(String reason) implements PadVerdict {}

  /**
   * It does not hold the image.
   *
   * @param said what the host says about its images, empty if nothing
   * @param progress how far it is with fetching images, empty if it fetches none
   */
  record NoImage(String said, String progress) implements PadVerdict {}

  /** Nodes failed there lately, so that sizing keeps new ones away. */
  record Avoided() implements PadVerdict {}

  /** Even empty it is too small. */
  record TooSmall(List<Shortfall> shortfalls) implements PadVerdict {
    public TooSmall {
      shortfalls = List.copyOf(shortfalls);
    }
  }

  /** The node job refuses it for another reason, or its START refuses the node job. */
  record Refused(List<Condition> refusing) implements PadVerdict {
    public Refused {
      refusing = List.copyOf(refusing);
    }
  }

  /**
   * It is large enough, but other jobs have what the node needs.
   *
   * @param users whose jobs these are
   */
  record Full(List<Shortfall> shortfalls, List<String> users) implements PadVerdict {
    public Full {
      shortfalls = List.copyOf(shortfalls);
      users = List.copyOf(users);
    }
  }

  /**
   * It would take the node now.
   *
   * @param guarded whether its START also keeps away what must not run there
   */
  record Takes(boolean guarded) implements PadVerdict {}
}
