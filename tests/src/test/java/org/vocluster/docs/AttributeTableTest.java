package org.vocluster.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.vocluster.ad.Attr;

/**
 * {@link Attr} is the one table: the page agrees with it, and nobody spells an attribute himself.
 */
final class AttributeTableTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern IN_PAGE = Pattern.compile("`(Voc[A-Z][A-Za-z0-9]*|Voc)`");
  private static final Pattern LITERAL = Pattern.compile("\"(?:\\\\.|[^\"\\\\\n])*\"");

  /** An attribute alone, or at the beginning of an expression or a line. */
  private static final Pattern ATTRIBUTE =
      Pattern.compile("^(?:My\\.|MY\\.|TARGET\\.|\\+|\\\\n)?(Voc[A-Z]\\w*|Voc)(?:$|[ \"])");

  /** Names of files that look like attributes and are none. */
  private static final Set<String> OTHERS = Set.of("VocSizeLog", "VocAuditLog", "VocNodeLog");

  /** Has the configuration's own names, which it is compared with by a test of its own. */
  private static final String NAMES_OF_CONFIGURATION =
      "org/vocluster/sizing/standing/SubmitSide.java";

  /** Written by the configuration of a role, not by Java. */
  private static final Map<String, String> BY_CONFIGURATION =
      Map.of(
          "VocNodeJobClaimed", "ap/50-voc-ap.conf",
          "VocVOGiven", "ap/50-voc-ap.conf",
          "VocRunSeconds", "ap/50-voc-ap.conf",
          "VocIdleNodes", "pad/50-voc-pad.conf",
          "VocNodeState", "pad/50-voc-pad.conf");

  @Test
  void pageHasExactlyTheAttributesOfTheTable() throws Exception {
    Set<String> all = table();
    all.addAll(BY_CONFIGURATION.keySet());
    Set<String> page = new TreeSet<>();
    Matcher matcher = IN_PAGE.matcher(Files.readString(ROOT.resolve("docs/attributes.md")));
    while (matcher.find()) {
      page.add(matcher.group(1));
    }
    assertEquals(all, page);
  }

  @Test
  void nobodySpellsAnAttributeHimself() throws Exception {
    Set<String> spelled = new TreeSet<>();
    for (String module : new String[] {"vm-launcher", "condor-hooks"}) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
        for (Path file :
            files
                .filter(path -> path.toString().endsWith(".java"))
                .filter(path -> !path.endsWith("org/vocluster/ad/Attr.java"))
                .filter(path -> !path.endsWith(NAMES_OF_CONFIGURATION))
                .toList()) {
          Matcher literal = LITERAL.matcher(Files.readString(file));
          while (literal.find()) {
            String text = literal.group().substring(1, literal.group().length() - 1);
            Matcher attribute = ATTRIBUTE.matcher(text);
            if (attribute.find() && !OTHERS.contains(attribute.group(1))) {
              spelled.add(file.getFileName() + ": " + text);
            }
          }
        }
      }
    }
    assertEquals(Set.of(), spelled);
  }

  @Test
  void configurationSetsWhatThePageSaysItDoes() throws IOException {
    for (Map.Entry<String, String> attribute : BY_CONFIGURATION.entrySet()) {
      String configuration =
          Files.readString(ROOT.resolve("startd-config").resolve(attribute.getValue()));
      assertTrue(configuration.contains(attribute.getKey()), attribute.getKey());
    }
  }

  private static Set<String> table() throws IllegalAccessException {
    Set<String> names = new TreeSet<>();
    for (Field field : Attr.class.getFields()) {
      names.add((String) field.get(null));
    }
    return names;
  }
}
