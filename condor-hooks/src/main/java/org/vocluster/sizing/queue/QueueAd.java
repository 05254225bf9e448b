package org.vocluster.sizing.queue;

/**
 * An ad of the queue, as far as it is kept: a {@link JobAd} or the {@link ClusterAd} that jobs
 * inherit from. There are a million of these, so numbers have fields of their own, no larger than
 * they have to be, and what is true of an ad for a while is a bit. {@link QueueAds} makes and
 * changes them; they know nothing of each other but cluster and jobs.
 */
abstract sealed class QueueAd permits ClusterAd, JobAd {
  /** For a number: there is none. */
  static final int NONE = -1;

  /** For a number: there is none, and what would be inherited is hidden. */
  static final int DELETED = -2;

  /** For a number: something that is no number. */
  static final int OTHER = Integer.MAX_VALUE;

  /** It is in the list of what is to be settled; a cluster: with all its jobs. */
  static final byte CHANGED = 1;

  /** It came with the records of the last look, which has all that the log says of it. */
  static final byte FRESH = 2;

  /** It is not in the queue any more; lists may still have it. */
  static final byte DESTROYED = 4;

  /** A job that is a node. */
  static final byte NODE = 8;

  /** A cluster in the list of those whose future jobs are to be counted anew. */
  static final byte RECOUNT = 16;

  /** A job that its cluster counts among those on hold. */
  static final byte HELD = 32;

  /** What may tell jobs apart. */
  Values values;

  /** What is reported of node jobs; empty in others once that is known. */
  Values reported;

  int entered = NONE;
  short holdCode = NONE;
  byte status = NONE;
  private byte flags;

  QueueAd(Values empty) {
    this.values = empty;
    this.reported = empty;
  }

  /** A number as this ad has it itself; {@link #NONE} for those that have no field here. */
  final int own(KnownAttribute attribute) {
    return switch (attribute) {
      case JOB_STATUS -> status;
      case ENTERED_CURRENT_STATUS -> entered;
      case HOLD_REASON_CODE -> holdCode;
      default -> NONE;
    };
  }

  final boolean is(byte flag) {
    return (flags & flag) != 0;
  }

  final void set(byte flag) {
    flags |= flag;
  }

  final void clear(byte flag) {
    flags &= (byte) ~flag;
  }
}
