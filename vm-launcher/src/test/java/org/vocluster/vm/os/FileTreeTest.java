package org.vocluster.vm.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileTreeTest {
  @TempDir Path dir;

  @Test
  void severalMayRemoveTheSameDirectoryAtOnce() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (int round = 0; round < 50; round++) {
        Path tree = dir.resolve("tree" + round);
        for (int i = 0; i < 20; i++) {
          Files.writeString(Files.createDirectories(tree.resolve("d" + i)).resolve("file"), "x");
        }
        List<Future<Optional<String>>> removals = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          removals.add(threads.submit(() -> FileTree.remove(tree)));
        }
        for (Future<Optional<String>> removal : removals) {
          assertEquals(Optional.empty(), removal.get());
        }
        assertFalse(Files.exists(tree, LinkOption.NOFOLLOW_LINKS));
      }
    }
  }

  @Test
  void linkInADirectoryIsRemovedAndNotFollowed() throws Exception {
    Path kept = Files.writeString(Files.createDirectory(dir.resolve("kept")).resolve("file"), "x");
    Path tree = Files.createDirectory(dir.resolve("tree"));
    Files.createSymbolicLink(tree.resolve("link"), kept.getParent());
    FileTree.delete(tree);
    assertFalse(Files.exists(tree));
    assertTrue(Files.exists(kept));
  }
}
