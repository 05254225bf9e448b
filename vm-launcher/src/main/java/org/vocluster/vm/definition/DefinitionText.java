package org.vocluster.vm.definition;

import java.util.List;
import java.util.stream.Collectors;
import org.vocluster.vm.os.Sha256;

/**
 * A definition with every value spelt out in a fixed order, and the digests of that: two
 * definitions that mean the same have the same. What is written here must not change: nodes whose
 * digest is another are replaced.
 */
final class DefinitionText {
  private DefinitionText() {}

  static String of(VocDefinition definition) {
    StringBuilder out = new StringBuilder();
    for (DefinitionAttribute attribute : DefinitionAttribute.values()) {
      if (attribute.role() != DefinitionAttribute.Role.SHAPE) {
        add(out, attribute, definition);
      }
    }
    return out.toString();
  }

  /** Of what a node of this shape is made of. */
  static DefinitionDigest nodeDigest(VocDefinition definition, MachineShape shape) {
    StringBuilder out = new StringBuilder();
    for (DefinitionAttribute attribute : DefinitionAttribute.values()) {
      if (attribute.role() == DefinitionAttribute.Role.NODE) {
        add(out, attribute, definition);
      }
    }
    out.append("Node = ").append(canonical(shape)).append('\n');
    out.append("NodeIdleSeconds = ").append(definition.nodeIdleSeconds()).append('\n');
    return new DefinitionDigest(Sha256.of(out.toString()));
  }

  private static void add(
      StringBuilder out, DefinitionAttribute attribute, VocDefinition definition) {
    String value = attribute.canonical(definition);
    boolean newer =
        attribute == DefinitionAttribute.NODE_ATTRIBUTES
            || attribute == DefinitionAttribute.VO_NAME;
    if (newer && value.isEmpty()) {
      return;
    }
    out.append(attribute.text()).append(" = ").append(value).append('\n');
  }

  static String canonical(List<MachineShape> shapes) {
    return shapes.stream()
        .map(DefinitionText::canonical)
        .collect(Collectors.joining(", ", "{ ", " }"));
  }

  private static String canonical(MachineShape shape) {
    return "[ Name = \""
        + shape.name()
        + "\"; Cpus = "
        + shape.cpus()
        + "; MemoryMb = "
        + shape.memoryMb()
        + "; DiskMb = "
        + shape.diskMb()
        + "; Gpus = "
        + shape.gpus()
        + " ]";
  }
}
