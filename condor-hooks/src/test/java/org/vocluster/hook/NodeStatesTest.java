package org.vocluster.hook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vocluster.vm.os.Command;
import org.vocluster.vm.os.CommandException;
import org.vocluster.vm.qemu.NodeMarks;

/** The shell hook {@code node-states}, which the startd runs beside {@link Advertise}. */
class NodeStatesTest {
  private static final Path HOOK = Path.of("../packaging/bin/node-states").toAbsolutePath();

  @TempDir Path dir;

  @Test
  void looksForWhatANodesQemuHasAmongItsArguments() throws IOException {
    assertTrue(Files.readString(HOOK).contains("'" + NodeMarks.CONFIG + "'"));
  }

  @Test
  void nodeWithAnyClaimedSlotIsBusyAndEachIsNamedWithItsAccount() throws Exception {
    assertEquals(
        "VocIdleNodes = \"voc-cms/cms-b\"\nVocBusyNodes = \"voc-atlas/cms-b,voc-cms/cms-a\"\n-\n",
        runBesideANode(
            "printf 'voc-cms cms-a true\\nvoc-cms cms-a false\\nvoc-cms cms-b false\\n"
                + "voc-atlas cms-b true\\nodd line\\n'"));
  }

  @Test
  void nodeThatHasNotJoinedIsInNeitherList() throws Exception {
    assertEquals("VocIdleNodes = \"\"\nVocBusyNodes = \"\"\n-\n", runBesideANode("exit 0"));
  }

  @Test
  void silentCollectorMakesThemUnknown() throws Exception {
    assertEquals(
        "VocIdleNodes = UNDEFINED\nVocBusyNodes = UNDEFINED\n-\n", runBesideANode("exit 1"));
  }

  /** Of two names either may come first. */
  private static String sorted(String output) {
    return output.replace("\"voc-cms/cms-a,voc-atlas/cms-b\"", "\"voc-atlas/cms-b,voc-cms/cms-a\"");
  }

  private String runBesideANode(String condorStatus) throws IOException, CommandException {
    Path status = dir.resolve("condor_status");
    Files.writeString(status, "#!/bin/sh\n" + condorStatus + "\n");
    Files.setPosixFilePermissions(status, PosixFilePermissions.fromString("rwxr-xr-x"));
    // A process that has a node's argument, as /proc shows it.
    Process node = new ProcessBuilder("/bin/sh", "-c", "read line", NodeMarks.CONFIG).start();
    try {
      return sorted(
          Command.of(
                  Duration.ofSeconds(20),
                  List.of(
                      HOOK.toString(), "--condor-status=" + status, "--pad-host=pad1.example.org"))
              .output());
    } finally {
      node.getOutputStream().write("end\n".getBytes(StandardCharsets.US_ASCII));
      node.getOutputStream().close();
      node.destroy();
    }
  }
}
