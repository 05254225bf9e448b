package org.vocluster.classad;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Just enough JSON to read the corpus: maps, lists, strings, longs, doubles, booleans and null. */
final class Json {
  private final String s;
  private int i;

  private Json(String s) {
    this.s = s;
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> object(String line) {
    return (Map<String, Object>) new Json(line).value();
  }

  private char skip() {
    while (Character.isWhitespace(s.charAt(i))) {
      i++;
    }
    return s.charAt(i);
  }

  private Object value() {
    return switch (skip()) {
      case '{' -> {
        Map<String, Object> map = new LinkedHashMap<>();
        i++;
        while (skip() != '}') {
          String key = string();
          skip();
          i++;
          map.put(key, value());
          if (skip() == ',') {
            i++;
          }
        }
        i++;
        yield map;
      }
      case '[' -> {
        List<Object> list = new ArrayList<>();
        i++;
        while (skip() != ']') {
          list.add(value());
          if (skip() == ',') {
            i++;
          }
        }
        i++;
        yield list;
      }
      case '"' -> string();
      default -> {
        int from = i;
        while (i < s.length() && ",]} ".indexOf(s.charAt(i)) < 0) {
          i++;
        }
        String word = s.substring(from, i);
        yield switch (word) {
          case "true" -> true;
          case "false" -> false;
          case "null" -> "null";
          default -> word.matches("-?\\d+") ? (Object) Long.valueOf(word) : Double.valueOf(word);
        };
      }
    };
  }

  private String string() {
    skip();
    StringBuilder b = new StringBuilder();
    i++;
    while (s.charAt(i) != '"') {
      char c = s.charAt(i++);
      if (c != '\\') {
        b.append(c);
        continue;
      }
      c = s.charAt(i++);
      switch (c) {
        case 'n' -> b.append('\n');
        case 't' -> b.append('\t');
        case 'r' -> b.append('\r');
        case 'b' -> b.append('\b');
        case 'f' -> b.append('\f');
        case 'u' -> {
          b.append((char) Integer.parseInt(s.substring(i, i + 4), 16));
          i += 4;
        }
        default -> b.append(c);
      }
    }
    i++;
    return b.toString();
  }
}
