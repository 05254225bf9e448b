package org.vocluster.vm.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ConsoleTextTest {
  static Stream<Arguments> consoles() {
    return Stream.of(
        Arguments.of("plain", "one\ntwo", "one\ntwo\n"),
        Arguments.of("line ends of a terminal", "one\r\ntwo\r\n", "one\ntwo\n"),
        Arguments.of("a line written over", "10%\r20%\rdone\n", "10%\n20%\ndone\n"),
        Arguments.of("colours", "[\033[0;32m  OK  \033[0m] Started\n", "[  OK  ] Started\n"),
        Arguments.of("a clear of the screen", "\033[2J\033[1;1Hhello", "hello\n"),
        Arguments.of("a window's title", "\033]0;pwned\007text\n", "text\n"),
        Arguments.of("a title that ends otherwise", "\033]0;pwned\033\\text\n", "text\n"),
        Arguments.of("a title without end", "\033]0;pwned\nnext\n", "next\n"),
        Arguments.of("a device control string", "\033P1$r0m\033\\text\n", "text\n"),
        Arguments.of("a character set", "\033(Btext\n", "text\n"),
        Arguments.of("an escape at the end", "text\033", "text\n"),
        Arguments.of("a sequence cut short", "text\033[3", "text\n"),
        Arguments.of("control characters", "a\bb\0c\007d\177e\n", "abcde\n"),
        Arguments.of("tabs", "a\tb\n", "a b\n"),
        Arguments.of("eight-bit escapes and letters", "\u009b31mé\n", "?31m?\n"),
        Arguments.of("empty lines", "a\n\n\n\nb\n", "a\nb\n"),
        Arguments.of("nothing", "", ConsoleText.NOTHING),
        Arguments.of("nothing to see", "\033[2J\r\n \n", ConsoleText.NOTHING));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("consoles")
  void consoleIsMadeFitToBeRead(String what, String raw, String expected) {
    assertEquals(expected, ConsoleText.tail(raw, false), what);
  }

  @Test
  void firstLineThatWasCutIsLeftOut() {
    assertEquals("whole\n", ConsoleText.tail("t of it\nwhole\n", true));
    assertEquals("t of it\n", ConsoleText.tail("t of it", true), "better than nothing");
    String tail = ConsoleText.tail("x".repeat(99) + "\n" + "0123456789\n".repeat(5000), false);
    assertTrue(tail.length() <= ConsoleText.TAIL_BYTES, () -> Integer.toString(tail.length()));
    assertTrue(tail.startsWith("0123456789\n"), () -> tail.substring(0, 20));
  }

  @Test
  void lastLineIsTheLastThatSaysSomething() {
    assertEquals("two", ConsoleText.lastLine("one\n  two \n   \n"));
    assertEquals("", ConsoleText.lastLine(ConsoleText.NOTHING));
    assertEquals("x".repeat(160) + "...", ConsoleText.lastLine("x".repeat(161) + "\n"));
  }
}
