package org.vocluster.vm.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vocluster.vm.definition.NodeId;

class KeptConsolesTest {
  private final Instant now = Instant.now();
  private static final NodeId NODE = new NodeId("cms-0a1b2c3d");

  @TempDir Path root;
  private Path scratch;
  private Path directory;
  private Path console;
  private KeptConsoles consoles;

  @BeforeEach
  void setUp() throws IOException {
    scratch = Files.createDirectory(root.resolve("dir_1"));
    directory = Files.createDirectory(root.resolve("consoles"));
    Files.createDirectory(directory.resolve(KeptConsoles.RUNNING));
    console = scratch.resolve(NodeFiles.CONSOLE);
    consoles = new KeptConsoles(directory);
  }

  @Test
  void endOfAConsoleIsKeptWhenTheScratchDirectoryHasGone() throws IOException {
    consoles.begin(NODE, console);
    Files.writeString(console, "booting\n\033[31mKernel panic\033[0m\n");
    consoles.tidy(now);
    assertEquals(List.of(), kept(), "the node runs");
    assertEquals(1, running().size());
    Files.delete(console);
    consoles.tidy(now);
    Path log = directory.resolve(NODE + ".log");
    assertEquals("booting\nKernel panic\n", Files.readString(log));
    assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(log)));
    assertEquals(List.of(NODE + ".log"), kept());
    assertEquals(List.of(), running());
  }

  @Test
  void onlyTheEndOfALongConsoleIsKept() throws IOException {
    consoles.begin(NODE, console);
    Files.writeString(console, "0123456789\n".repeat(100_000) + "the end\n");
    Files.delete(console);
    consoles.tidy(now);
    String text = Files.readString(directory.resolve(NODE + ".log"));
    assertTrue(text.length() <= ConsoleText.TAIL_BYTES);
    assertTrue(text.startsWith("0123456789\n") && text.endsWith("the end\n"));
  }

  @Test
  void whereNoSecondNameIsPossibleTheEndIsCopied() throws IOException {
    Path target = directory.resolve("running/" + NODE + ".0123456789abcdef.log");
    Files.writeString(console, "Kernel panic\n");
    Files.createSymbolicLink(scratch.resolve(KeptConsoles.SAVE_AS), target);
    KeptConsoles.save(console);
    assertEquals("Kernel panic\n", Files.readString(target));
    consoles.tidy(now);
    assertEquals("Kernel panic\n", Files.readString(directory.resolve(NODE + ".log")));
  }

  @Test
  void nothingIsCopiedWhereTheSecondNameIs() throws IOException {
    consoles.begin(NODE, console);
    KeptConsoles.save(console);
    assertEquals(1, running().size());
    assertFalse(Files.exists(scratch.resolve(KeptConsoles.SAVE_AS), LinkOption.NOFOLLOW_LINKS));
  }

  @Test
  void hostWithoutTheDirectoryStillHasAConsole() throws IOException {
    Files.delete(directory.resolve(KeptConsoles.RUNNING));
    consoles.begin(NODE, console);
    assertTrue(Files.isRegularFile(console));
    consoles.tidy(now);
    assertEquals(List.of(), kept());
  }

  @Test
  void linksToOthersFilesAndUnknownNamesAreNeverRead() throws IOException {
    Path secret = Files.writeString(root.resolve("secret"), "secret\n");
    Path link = directory.resolve("running/" + NODE + ".0123456789abcdef.log");
    Files.createSymbolicLink(link, secret);
    Path junk = Files.writeString(directory.resolve("running/junk"), "x");
    consoles.tidy(now);
    assertEquals(List.of(), kept());
    Files.setLastModifiedTime(junk, FileTime.from(now.minusSeconds(7200)));
    consoles.tidy(now);
    assertFalse(Files.exists(junk));
    assertEquals("secret\n", Files.readString(secret));
  }

  @Test
  void keepingIsBoundedAndSurvivesACrashHalfWay() throws IOException {
    for (int i = 0; i < 60; i++) {
      Path log = Files.writeString(directory.resolve("cms-%02d.log".formatted(i)), "x\n");
      Files.setLastModifiedTime(log, FileTime.from(now.minusSeconds(1000 - i)));
    }
    Files.writeString(directory.resolve(NODE + ".raw"), "left by a crash\n");
    consoles.tidy(now);
    assertEquals(50, kept().size());
    assertEquals("left by a crash\n", Files.readString(directory.resolve(NODE + ".log")));
    assertFalse(Files.exists(directory.resolve("cms-10.log")));
  }

  private List<String> kept() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.equals(KeptConsoles.RUNNING))
          .sorted()
          .toList();
    }
  }

  private List<Path> running() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve(KeptConsoles.RUNNING))) {
      return files.toList();
    }
  }
}
