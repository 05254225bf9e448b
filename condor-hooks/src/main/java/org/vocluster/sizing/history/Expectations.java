package org.vocluster.sizing.history;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.vocluster.vm.definition.VocDefinition;

/**
 * What was to be expected of a node that has ended: {@link NodeHistory} judges its end by this.
 *
 * @param wanted whether jobs wait that a node of its VOC would take; asked of few ends, for it
 *     looks through all groups of jobs
 * @param idle how long a node of its VOC stays without a claim before it leaves by itself
 */
public record Expectations(BooleanSupplier wanted, Duration idle) {
  /**
   * Of a node of this definition.
   *
   * @param definition null if none is registered any more: such a node may leave at once
   */
  public static Expectations of(BooleanSupplier wanted, @Nullable VocDefinition definition) {
    return new Expectations(
        wanted,
        definition == null ? Duration.ZERO : Duration.ofSeconds(definition.nodeIdleSeconds()));
  }
}
