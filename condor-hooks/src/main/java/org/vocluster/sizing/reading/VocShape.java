package org.vocluster.sizing.reading;

import java.util.Comparator;
import org.vocluster.vm.definition.ShapeName;
import org.vocluster.vm.definition.VocName;

/**
 * A machine shape of a VOC: nodes of the same one are alike when they are empty. All who count,
 * submit or look up nodes by their kind do so by this.
 */
public record VocShape(VocName voc, ShapeName shape) implements Comparable<VocShape> {
  private static final Comparator<VocShape> BY_TEXT = Comparator.comparing(VocShape::toString);

  /** In the order of the texts. */
  @Override
  public int compareTo(VocShape other) {
    return BY_TEXT.compare(this, other);
  }

  /** As in {@code voc plan} and in the log: {@code voc/shape}. */
  @Override
  public String toString() {
    return voc + "/" + shape;
  }
}
