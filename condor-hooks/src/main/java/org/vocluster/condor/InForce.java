package org.vocluster.condor;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The settings that a running daemon of HTCondor has in force, of those that it was asked for: what
 * {@code condor_config_val -v} prints of them. What the daemon has not got is absent. {@link
 * HtCondor} asks.
 *
 * @param settings by their names, whose case does not matter
 */
public record InForce(Map<String, Setting> settings) {
  /** A line of this kind follows each setting. */
  private static final String PLACE = " # at: ";

  private static final String OPENS = " @=";

  /**
   * A setting.
   *
   * @param value with all macros expanded
   * @param source the file that said it last, {@code <Default>} where none did
   */
  public record Setting(String value, String source) {}

  public InForce {
    Map<String, Setting> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    copy.putAll(settings);
    settings = Collections.unmodifiableMap(copy);
  }

  /**
   * Reads what the tool printed.
   *
   * @param asked the names that it was asked for: any other is part of some value
   */
  static InForce read(String text, Collection<String> asked) {
    Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    names.addAll(asked);
    Map<String, Setting> settings = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    String name = "";
    String end = "";
    StringBuilder value = new StringBuilder();
    for (String line : text.split("\n", -1)) {
      if (!end.isEmpty()) {
        if (line.equals(end)) {
          end = "";
        } else {
          value.append(line).append('\n');
        }
      } else if (!name.isEmpty()) {
        if (line.startsWith(PLACE)) {
          settings.put(name, new Setting(value.toString().strip(), file(line)));
          name = "";
        } else {
          value.append('\n').append(line);
        }
      } else {
        int gap = line.indexOf(' ');
        String first = gap < 0 ? "" : line.substring(0, gap);
        if (names.contains(first)) {
          name = first;
          value.setLength(0);
          if (line.startsWith(OPENS, gap)) {
            end = "@" + line.substring(gap + OPENS.length());
          } else {
            value.append(line.substring(line.indexOf('=') + 1));
          }
        }
      }
    }
    return new InForce(settings);
  }

  private static String file(String line) {
    String place = line.substring(PLACE.length());
    int comma = place.indexOf(", line ");
    return comma < 0 ? place : place.substring(0, comma);
  }

  /** A setting, if the daemon has it. */
  public Optional<Setting> of(String name) {
    return Optional.ofNullable(settings.get(name));
  }

  /** A setting's value; empty if the daemon has none. */
  public String value(String name) {
    Setting setting = settings.get(name);
    return setting == null ? "" : setting.value();
  }
}
