package org.vocluster.sizing.demand;

import org.vocluster.condor.Resources;

/**
 * A kind of node that would take a group's jobs.
 *
 * @param voc the definition's name
 * @param shape the name of one of its machine shapes
 * @param request what one job takes from such a node, as evaluated against its slot and as carved
 *     from it
 */
public record Candidate(String voc, String shape, Resources request) {}
