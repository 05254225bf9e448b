package org.vocluster.explain;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.vocluster.classad.ClassAd;
import org.vocluster.sizing.demand.PrototypeSlot;

/**
 * All that an explanation rests on.
 *
 * @param accessPoint name of the host whose queue was asked
 * @param usersMap path of the map from users to VOs, for remedies
 * @param prototypes the slots that nodes of the job's VO would offer, smallest first
 * @param broken all problems of each definition with faults, by its name; of any VO
 * @param vocAds the VOC ads of the pool
 * @param nodeJobs the node jobs of the job's VO
 * @param nodes of each node of the job's VO that is in the pool a slot that is not part of another,
 *     in brief
 * @param room the slots that nodes of the VO have free, and other free slots for that VO
 * @param padSlots slots of PAD hosts that are not part of another slot
 * @param daemons the ads of schedd and negotiator
 */
record Facts(
    Instant now,
    String accessPoint,
    String usersMap,
    JobReading job,
    Reading<List<PrototypeSlot>> prototypes,
    Map<String, List<String>> broken,
    Reading<List<ClassAd>> vocAds,
    Reading<List<ClassAd>> nodeJobs,
    Reading<List<ClassAd>> nodes,
    Reading<List<ClassAd>> room,
    Reading<List<ClassAd>> padSlots,
    Reading<List<ClassAd>> daemons) {}
