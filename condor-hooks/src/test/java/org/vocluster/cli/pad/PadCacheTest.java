package org.vocluster.cli.pad;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PadCacheTest {
  @TempDir Path dir;

  @Test
  void filesBecomeTheOwnersAndWhatTheirLinksPointAtDoesNot() throws Exception {
    Path images = Files.createDirectory(dir.resolve("images"));
    Path file = Files.createFile(images.resolve("file"));
    Path elsewhere = Files.createFile(dir.resolve("elsewhere"));
    Path link = Files.createSymbolicLink(images.resolve("link"), elsewhere);
    Files.createSymbolicLink(images.resolve("dangling"), dir.resolve("nothing"));
    UserPrincipal root = Files.getOwner(elsewhere);
    assumeTrue(root.getName().equals("root"), "needs root");
    UserPrincipal owner =
        dir.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("daemon");
    Files.setOwner(images, owner);
    PadCache.giveToOwner(images);
    assertEquals(owner, Files.getOwner(file));
    assertEquals(owner, Files.getOwner(link, LinkOption.NOFOLLOW_LINKS));
    assertEquals(root, Files.getOwner(elsewhere));
  }
}
