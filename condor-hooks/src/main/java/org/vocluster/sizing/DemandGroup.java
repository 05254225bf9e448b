package org.vocluster.sizing;

/**
 * Idle jobs that a VOC's nodes would take, alike in what they ask for.
 *
 * @param request what one job takes from a node
 * @param jobs how many there are
 * @param example one of them, for messages
 */
record DemandGroup(Resources request, int jobs, JobId example) {}
