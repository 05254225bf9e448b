package org.vocluster.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class AttributeTableTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern IN_CODE =
      Pattern.compile("\"(?:\\+|\\\\n)?(Voc[A-Z][A-Za-z0-9]*|Voc)[\" ]");
  private static final Pattern IN_PAGE = Pattern.compile("`(Voc[A-Z][A-Za-z0-9]*|Voc)`");

  /** Literals that look like attributes and are none. */
  private static final Set<String> OTHERS = Set.of("VocSizeLog", "VocAuditLog", "VocNodeLog");

  /** Written by the configuration of a role, not by Java. */
  private static final Map<String, String> BY_CONFIGURATION =
      Map.of(
          "VocVOClaimed", "ap/50-voc-ap.conf",
          "VocIdleNodes", "pad/50-voc-pad.conf",
          "VocBusyNodes", "pad/50-voc-pad.conf",
          "VocNodeState", "pad/50-voc-pad.conf");

  @Test
  void pageHasExactlyTheAttributesOfTheCode() throws IOException {
    Set<String> code = new TreeSet<>(BY_CONFIGURATION.keySet());
    for (String module : new String[] {"vm-launcher", "condor-hooks"}) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
        for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
          code.addAll(found(IN_CODE, Files.readString(file)));
        }
      }
    }
    code.removeAll(OTHERS);
    assertEquals(code, found(IN_PAGE, Files.readString(ROOT.resolve("docs/attributes.md"))));
  }

  @Test
  void configurationSetsWhatThePageSaysItDoes() throws IOException {
    for (Map.Entry<String, String> attribute : BY_CONFIGURATION.entrySet()) {
      String configuration =
          Files.readString(ROOT.resolve("startd-config").resolve(attribute.getValue()));
      assertTrue(configuration.contains(attribute.getKey()), attribute.getKey());
    }
  }

  private static Set<String> found(Pattern pattern, String text) {
    Set<String> names = new TreeSet<>();
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      names.add(matcher.group(1));
    }
    return names;
  }
}
