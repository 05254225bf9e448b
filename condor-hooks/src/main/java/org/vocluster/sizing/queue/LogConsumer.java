package org.vocluster.sizing.queue;

/**
 * Takes in what {@link JobQueueLogReader} finds in the log. There are two: {@link LogChanges} keeps
 * the mirror current, {@link LogSupplement} looks a second time for what the first passed over.
 * Called by the reader alone, within its {@code poll} and {@code again}; a consumer must not call
 * the reader back.
 *
 * <p><b>Why the reader asks back.</b> A million jobs have a hundred million attributes, of which a
 * few matter. So the reader asks {@link #wanted} about each name, as the bytes that the log has,
 * and makes nothing of the values of the others. Which ones matter only turns out when the values
 * of some are known: {@link JobQueueMirror} settles what a poll brought, finds attributes missing,
 * and has the reader go {@code again} over what was applied, in rounds until nothing is missing.
 *
 * <p><b>Keys</b> are pairs of numbers. Jobs have {@code N.M}. What the jobs of a cluster inherit is
 * in the ad {@code 0N.-1}, which comes as cluster N and proc -1; there is one for each cluster. The
 * schedd's own ads come with cluster 0 (header {@code 0.0}, users {@code 0.U}) or with a proc below
 * -1 (job sets {@code 0N.-100}; 25.14.1 also writes {@code N.-2}): no jobs, to be passed over.
 *
 * <p><b>Order</b> is that of the log, in which later records go before earlier ones. A compacted
 * log has its ads in any order, jobs before their cluster, too; and an attribute may be set of an
 * ad that is not there any more.
 *
 * <p><b>Transactions.</b> Of those that are not ended nothing comes, and of those that never will
 * be nothing ever does: HTCondor's own reader hands records on as they come ("transactions may be
 * ignored", {@code ClassAdLogReader.cpp}), but half a submission would have jobs without their
 * Requirements, and nodes would be submitted for them. A transaction that was begun anew before it
 * was ended was not committed: its writer is gone.
 */
interface LogConsumer {
  /** Forgets everything: the log is about to be read from its start. */
  void reset();

  /**
   * Which number the consumer has for an attribute of an ad, whose name is in the buffer.
   *
   * @return {@link AttributeNumbers#UNKNOWN} if it is not wanted
   */
  int wanted(int cluster, int proc, byte[] buffer, int from, int to);

  /** Record type 101. */
  void create(int cluster, int proc);

  /** Record type 102. */
  void destroy(int cluster, int proc);

  /** Record type 103; the bytes are an expression in old ClassAd syntax. */
  void set(int cluster, int proc, int attribute, byte[] buffer, int from, int to);

  /** Record type 104. */
  void delete(int cluster, int proc, int attribute);
}
