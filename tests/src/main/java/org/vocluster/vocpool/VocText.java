package org.vocluster.vocpool;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/**
 * The text of a VOC definition, attribute by attribute, so that a test can break any of them.
 *
 * @param attributes names and ClassAd expressions
 */
public record VocText(String name, SequencedMap<String, String> attributes) {
  /** A definition of one small node that leaves soon. */
  public static VocText of(String name, String vo, String imageUrl, String sha256) {
    SequencedMap<String, String> attributes = new LinkedHashMap<>();
    attributes.put("Name", quoted(name));
    attributes.put("VO", quoted(vo));
    attributes.put("Image", quoted(imageUrl));
    attributes.put("ImageSha256", quoted(sha256));
    attributes.put("Cpus", "1");
    attributes.put("MemoryMb", "1024");
    attributes.put("DiskMb", "4096");
    attributes.put("MaxNodes", "1");
    attributes.put("IdleSeconds", "20");
    return new VocText(name, attributes);
  }

  /** The same with one attribute set to another ClassAd expression. */
  public VocText with(String attribute, String expression) {
    SequencedMap<String, String> changed = new LinkedHashMap<>(attributes);
    changed.put(attribute, expression);
    return new VocText(name, changed);
  }

  public VocText without(String attribute) {
    SequencedMap<String, String> changed = new LinkedHashMap<>(attributes);
    changed.remove(attribute);
    return new VocText(name, changed);
  }

  public String text() {
    return attributes.entrySet().stream()
        .map(
            (Map.Entry<String, String> entry) ->
                "  %s = %s;\n".formatted(entry.getKey(), entry.getValue()))
        .collect(Collectors.joining("", "[\n", "]\n"));
  }

  private static String quoted(String text) {
    return "\"" + text + "\"";
  }
}
