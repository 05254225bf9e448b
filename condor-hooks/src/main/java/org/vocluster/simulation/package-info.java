/**
 * Tries a sizing policy on a recorded workload before it is live: the sizer's own decisions, and a
 * model in virtual time of what HTCondor makes of them.
 *
 * <p>A trace is read in {@code .trace}; {@link Simulator} runs a {@link Simulation} of it for each
 * policy; what comes of it is told in {@code .report}. A simulation lets the time of its {@link
 * World} pass and calls whoever is due, {@link Orders} for the sizer or the {@link Negotiator}. All
 * arrows go down:
 *
 * <pre>
 *   Simulation      what is due next, and when it is over
 *   Orders          shows the pool to the sizer, carries out what it decides
 *   Negotiator      node jobs to hosts, payload jobs to nodes
 *   JobRuns         one job after the other in a claim
 *   NodeLife        from a node job's submission to its end
 *   JobQueue Hosts  payload jobs; physical hosts
 *   SizerTwin       demand, history and decision, as in the sizer
 *   World           time, nodes, and who looks next
 * </pre>
 */
@NullMarked
package org.vocluster.simulation;

import org.jspecify.annotations.NullMarked;
