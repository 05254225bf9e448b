package org.vocluster.vm.node;

/**
 * What a guest wrote to its console, made fit to be read: a guest may write anything there,
 * sequences that a terminal obeys among it. Pure.
 */
public final class ConsoleText {
  /** How much of a console's end is kept, in bytes. */
  public static final int TAIL_BYTES = 16 * 1024;

  /** Stands in place of what a guest wrote that wrote nothing. */
  public static final String NOTHING = "voc: nothing was ever written to this console\n";

  private static final int LINE_SHOWN = 160;
  private static final char ESCAPE = 0x1b;
  private static final char BELL = 0x07;

  private ConsoleText() {}

  /**
   * The end of a console in printable ASCII, a line break after each line. A first line that was
   * cut is left out.
   *
   * @param cut whether there was more before it
   */
  public static String tail(String raw, boolean cut) {
    int from = 0;
    if (cut || raw.length() > TAIL_BYTES) {
      from = Math.max(0, raw.length() - TAIL_BYTES);
      int end = raw.indexOf('\n', from);
      from = end < 0 ? from : end + 1;
    }
    String text = printable(raw, from);
    return text.isBlank() ? NOTHING : text;
  }

  /** A carriage return begins a line, too: what was written over is what one wants to see. */
  private static String printable(String raw, int from) {
    StringBuilder out = new StringBuilder();
    int i = from;
    while (i < raw.length()) {
      char c = raw.charAt(i);
      if (c == ESCAPE) {
        i = afterSequence(raw, i + 1);
        continue;
      }
      if (c == '\n' || c == '\r') {
        boolean empty = out.isEmpty() || out.charAt(out.length() - 1) == '\n';
        if (!empty) {
          out.append('\n');
        }
      } else if (c == '\t') {
        out.append(' ');
      } else if (c >= ' ' && c < 0x7f) {
        out.append(c);
      } else if (c >= 0x80) {
        out.append('?');
      }
      i++;
    }
    if (!out.isEmpty() && out.charAt(out.length() - 1) != '\n') {
      out.append('\n');
    }
    return out.toString();
  }

  /** Where the sequence ends whose escape character is before {@code at} (ECMA-48). */
  private static int afterSequence(String raw, int at) {
    if (at >= raw.length()) {
      return at;
    }
    char kind = raw.charAt(at);
    int i = at + 1;
    if (kind == '[') {
      while (i < raw.length() && raw.charAt(i) >= ' ' && raw.charAt(i) < '@') {
        i++;
      }
      return Math.min(i + 1, raw.length());
    }
    if (kind == ']' || kind == 'P' || kind == 'X' || kind == '^' || kind == '_') {
      while (i < raw.length() && raw.charAt(i) != '\n') {
        if (raw.charAt(i) == BELL) {
          return i + 1;
        }
        if (raw.charAt(i) == ESCAPE) {
          return Math.min(i + 2, raw.length());
        }
        i++;
      }
      return i;
    }
    // A two-character sequence, or one with intermediate characters.
    i = at;
    while (i < raw.length() && raw.charAt(i) >= ' ' && raw.charAt(i) < '0') {
      i++;
    }
    return i < raw.length() && raw.charAt(i) >= '0' && raw.charAt(i) < 0x7f ? i + 1 : i;
  }

  /**
   * The last line of such a text, shortened; empty if the guest wrote nothing.
   *
   * @param text as {@link #tail} makes it
   */
  public static String lastLine(String text) {
    if (text.equals(NOTHING)) {
      return "";
    }
    String shown = text.stripTrailing();
    String line = shown.substring(shown.lastIndexOf('\n') + 1).strip();
    return line.length() <= LINE_SHOWN ? line : line.substring(0, LINE_SHOWN) + "...";
  }
}
