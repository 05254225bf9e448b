package org.vocluster.vm.os;

import java.util.LinkedHashMap;
import java.util.Map;

/** The form of our small state files: {@code name=value} lines, values on one line. */
public final class KeyValues {
  private KeyValues() {}

  /** Reads the lines; lines without {@code =} are passed over. */
  public static Map<String, String> parse(String text) {
    Map<String, String> out = new LinkedHashMap<>();
    int start = 0;
    while (start < text.length()) {
      int end = text.indexOf('\n', start);
      if (end < 0) {
        end = text.length();
      }
      int equals = text.indexOf('=', start);
      if (equals >= start && equals < end) {
        out.put(text.substring(start, equals), text.substring(equals + 1, end));
      }
      start = end + 1;
    }
    return out;
  }

  /** Prints the lines; control characters in values are escaped. */
  public static String print(Map<String, String> values) {
    StringBuilder out = new StringBuilder();
    for (Map.Entry<String, String> entry : values.entrySet()) {
      out.append(entry.getKey())
          .append('=')
          .append(Printable.of(entry.getValue(), 2000))
          .append('\n');
    }
    return out.toString();
  }
}
