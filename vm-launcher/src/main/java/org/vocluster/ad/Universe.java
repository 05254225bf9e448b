package org.vocluster.ad;

/** HTCondor's numbers of universes, as far as they mean something here (condor_universe.h). */
public final class Universe {
  /** Ordinary jobs: the only ones that become payload. */
  public static final int VANILLA = 5;

  /** Jobs that the schedd starts on its own host, DAGMan among them. */
  public static final int SCHEDULER = 7;

  /** Jobs that run on the schedd's host under a starter. */
  public static final int LOCAL = 12;

  private Universe() {}

  /** Whether jobs of this universe run on the access point and need no slot. */
  public static boolean isOfAccessPoint(int universe) {
    return universe == SCHEDULER || universe == LOCAL;
  }

  /** Its name in a submit file; {@code number 3} for one that there is not any more. */
  public static String nameOf(int universe) {
    return switch (universe) {
      case VANILLA -> "vanilla";
      case SCHEDULER -> "scheduler";
      case 9 -> "grid";
      case 10 -> "java";
      case 11 -> "parallel";
      case LOCAL -> "local";
      case 13 -> "vm";
      default -> "number " + universe;
    };
  }
}
