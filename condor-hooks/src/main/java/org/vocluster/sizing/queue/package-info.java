/**
 * The jobs of this schedd, followed in job_queue.log, and of others, asked for. Three classes are
 * for the sizer; the rest is theirs.
 *
 * <ul>
 *   <li>{@link org.vocluster.sizing.queue.JobQueueMirror}, the own queue, and {@link
 *       org.vocluster.sizing.queue.LogReading}, what a look at it brought
 *   <li>from the file to records: JobQueueLogReader, LogWalk, LogCursor, LogBytes
 *   <li>from records to ads: LogConsumer, LogChanges, LogSupplement; AttributeUses,
 *       AttributeNumbers, KnownAttribute, MissingAttributes say which attributes
 *   <li>the ads: QueueAds, QueueAd, ClusterAd, JobAd; KeyTable, Values, SharedStrings make a
 *       million of them small
 *   <li>from ads to demand and supply: JobKinds, Kind, IdleGroup, FutureJobs; QueuedNodes,
 *       NodeJobReader, Literals
 *   <li>{@link org.vocluster.sizing.queue.RemoteQueues}, other queues, each a RemoteQueue
 * </ul>
 */
@NullMarked
package org.vocluster.sizing.queue;

import org.jspecify.annotations.NullMarked;
