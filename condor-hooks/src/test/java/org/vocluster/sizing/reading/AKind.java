package org.vocluster.sizing.reading;

import org.vocluster.vm.definition.ShapeName;
import org.vocluster.vm.definition.VocName;

/** Kinds of nodes for tests, as they are written: {@code cms/default}. */
public final class AKind {
  private AKind() {}

  public static VocShape of(String text) {
    String[] parts = text.split("/", -1);
    return new VocShape(new VocName(parts[0]), new ShapeName(parts[1]));
  }
}
