package org.vocluster.sizing.history;

import java.util.Set;
import org.vocluster.condor.JobStatus;
import org.vocluster.sizing.reading.NodeJob;

/**
 * By whose will a node job left the queue or was put on hold, as far as HTCondor's own words tell:
 * the schedd appends {@code (by user NAME)} to whatever a tool's user says, and nothing to what a
 * policy says. So only the end of the text counts. {@link NodeHistory} asks it. It does not know
 * what sizing has ordered.
 */
public final class Removal {
  /** What every removal that sizing orders begins with. */
  public static final String ORDERED = "voc-size: ";

  /** What a node job's own policy says when it is removed for having waited too long. */
  public static final String WAITED_TOO_LONG = ORDERED + "no host took it for too long";

  /** What a node job's own policy says when its node did not leave in time. */
  public static final String LIVED_TOO_LONG = ORDERED + "it did not leave when its time was over";

  private static final String BY_USER = " (by user ";
  private static final int USER_REQUEST = 1;
  private static final int SUBMITTED_ON_HOLD = 15;

  /** The codes of policies: 3 and 5 of the job itself, 26 and 27 of the site. */
  private static final Set<Integer> POLICIES = Set.of(3, 5, 26, 27);

  private Removal() {}

  /**
   * Whether an administrator removed it with a tool, or it was removed for its age by what its own
   * ad says. Nobody else but its own account may remove it, and that one is no administrator.
   */
  static boolean isRegular(NodeJob node) {
    String reason = node.run().removeReason();
    return node.status() == JobStatus.REMOVED
        && (reason.equals(WAITED_TOO_LONG)
            || reason.equals(LIVED_TOO_LONG)
            || isByAdministrator(reason, node.owner()));
  }

  /** Whether its account removed it with words such as sizing says. */
  static boolean soundsOrdered(NodeJob node) {
    String reason = node.run().removeReason();
    return node.status() == JobStatus.REMOVED
        && reason.startsWith(ORDERED)
        && user(reason).equals(node.owner());
  }

  /** Whether a node job on hold was held on purpose, by somebody who is not its own account. */
  static boolean isHeldOnPurpose(NodeJob node) {
    int code = node.state().holdCode();
    return code == SUBMITTED_ON_HOLD
        || (code == USER_REQUEST && !user(node.holdReason()).equals(node.owner()));
  }

  /** Whether a node job on hold was held for no fault of a host's or an image's. */
  static boolean isHeldByPolicy(NodeJob node) {
    int code = node.state().holdCode();
    return code == USER_REQUEST || POLICIES.contains(code);
  }

  private static boolean isByAdministrator(String reason, String owner) {
    String user = user(reason);
    return !user.isEmpty() && !user.equals(owner);
  }

  /** Whom the schedd names at the end of a reason; empty if nobody. */
  private static String user(String reason) {
    int at = reason.lastIndexOf(BY_USER);
    if (at < 0 || !reason.endsWith(")")) {
      return "";
    }
    String name = reason.substring(at + BY_USER.length(), reason.length() - 1);
    int domain = name.indexOf('@');
    return domain < 0 ? name : name.substring(0, domain);
  }
}
