/**
 * What the collector is asked and told, aside from the sizer's passes: {@link
 * org.vocluster.sizing.collector.CollectorWatch} asks, {@link
 * org.vocluster.sizing.collector.VocAdPublisher} publishes, {@link
 * org.vocluster.sizing.collector.AdReaper} takes dead nodes' ads away. What an ad says is read and
 * written in one class each: slots of nodes, images of PAD hosts, VOCs.
 */
@NullMarked
package org.vocluster.sizing.collector;

import org.jspecify.annotations.NullMarked;
