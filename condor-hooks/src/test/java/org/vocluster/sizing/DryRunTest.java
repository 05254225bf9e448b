package org.vocluster.sizing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vocluster.sizing.history.Breaker;
import org.vocluster.vm.definition.VocDefinition;

/** A dry run on real files, with scripts for the tools that ask and for no other. */
class DryRunTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);

  @TempDir Path root;
  private Path queue;
  private Path bin;

  @BeforeEach
  void setUp() throws IOException {
    queue = root.resolve("job_queue.log");
    bin = Files.createDirectory(root.resolve("bin"));
    Path status = bin.resolve("condor_status");
    Files.writeString(
        status,
        """
        #!/bin/sh
        case "$*" in
          *MyType*) cat "$0.vocs" 2>/dev/null ;;
          *"VocNode is undefined"*) ;;
          *) cat "$0.slots" 2>/dev/null ;;
        esac
        exit 0
        """);
    Files.setPosixFilePermissions(status, PosixFilePermissions.fromString("rwxr-xr-x"));
    ASizerConfig.inOrder(bin);
    for (String directory : List.of("vocs.d", "keys", "tokens/cms")) {
      Files.createDirectories(root.resolve(directory));
    }
    Files.writeString(root.resolve("keys/voc-cms"), "k");
    Files.writeString(root.resolve("tokens/cms/submit"), "t");
    Files.writeString(
        root.resolve("vocs.d/cms.ad"),
        """
        [ Name = "cms"; VO = "cms"; Image = "https://images.example.org/cms.qcow2";
          ImageSha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
          Cpus = 2; MemoryMb = 2048; DiskMb = 4096; MaxNodes = 2 ]
        """);
    queue("");
  }

  @Test
  void planIsWhatSizingWouldDoAndTouchesNothing() throws IOException, DryRun.UnreadableException {
    queue(jobs(7, "cms", 5) + jobs(8, "atlas", 1));
    Map<Path, String> before = files();
    Plan plan = run();
    assertEquals(before, files());
    assertEquals(List.of(), plan.unknown());
    Plan.Voc cms = plan.vocs().getFirst();
    assertEquals("submit", cms.decision());
    assertEquals(List.of("submit 2 nodes"), cms.actions());
    Plan.Group group = plan.groups().getFirst();
    assertEquals(4, group.shares().fresh());
    assertEquals(1, group.shares().waiting());
    String why = group.shares().why();
    assertTrue(why.contains("MaxNodes is 2"), why);
    Plan.Unserved unserved = plan.withoutNode().unserved().getFirst();
    assertEquals("atlas", unserved.vo());
    assertEquals("8.0", unserved.example());
  }

  @Test
  void nodesInQueueAndPoolAreSupply() throws IOException, DryRun.UnreadableException {
    queue(jobs(7, "cms", 3) + node(9, "cms-queued", 1) + node(10, "cms-boots", 2));
    Plan.Voc cms = run().vocs().getFirst();
    assertEquals(List.of(), cms.actions());
    assertEquals(
        List.of("cms-queued queued 9.0", "cms-boots booting 10.0"),
        cms.nodes().stream().map(n -> n.name() + " " + n.stage() + " " + n.jobId()).toList());
  }

  @Test
  void breakerThatSizingPublishedMakesThePlanWaitToo()
      throws IOException, DryRun.UnreadableException {
    queue(jobs(7, "cms", 1));
    Files.writeString(
        bin.resolve("condor_status.vocs"),
        """
        MyType = "VOC"
        Voc = "cms"
        VocAccessPoint = "ap.test"
        VocHeartbeat = 1799999990
        VocBreakers = { [ Scope = "image"; Key = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"; Failure = "never-joined"; Of = "cms"; Definition = "other"; Times = 5; Since = 1799999990; What = "node cms-x never joined" ] }
        """);
    Plan plan = run();
    assertEquals(1, plan.breakers().size(), plan.toString());
    assertEquals(Breaker.Scope.IMAGE, plan.breakers().getFirst().scope());
  }

  @Test
  void queueThatCannotBeReadIsAnErrorAndNoEmptyPlan() throws IOException {
    Files.delete(queue);
    assertThrows(DryRun.UnreadableException.class, this::run);
  }

  @Test
  void planSaysWhatIsMissingAndAsksForNoNode() throws IOException, DryRun.UnreadableException {
    ASizerConfig.settings(bin, "schedd", "schedd-assigned-25.14");
    queue(jobs(7, "cms", 1));
    Plan.Voc cms = run().vocs().getFirst();
    assertEquals("blocked", cms.decision());
    assertTrue(cms.reason().contains("does not name VocVOIsOwn"), cms.reason());
    assertEquals(List.of(), cms.actions());
  }

  private Plan run() throws DryRun.UnreadableException {
    SizerConfig config = ASizerConfig.of(root, queue, bin);
    return new DryRun(config, Clock.fixed(NOW, ZoneOffset.UTC)).run().plan();
  }

  private void queue(String records) throws IOException {
    Files.writeString(queue, "107 1 CreationTimestamp 1800000000\n" + records);
  }

  private static String jobs(int cluster, String vo, int count) {
    StringBuilder text =
        new StringBuilder(
            """
            101 0%1$d.-1 Job Machine
            103 0%1$d.-1 Owner "alice"
            103 0%1$d.-1 VocVO "%2$s"
            103 0%1$d.-1 JobUniverse 5
            103 0%1$d.-1 JobStatus 1
            103 0%1$d.-1 RequestCpus 1
            103 0%1$d.-1 RequestMemory 100
            103 0%1$d.-1 RequestDisk 1024
            103 0%1$d.-1 Requirements TARGET.VocVO =?= MY.VocVO
            """
                .formatted(cluster, vo));
    for (int proc = 0; proc < count; proc++) {
      text.append("101 %d.%d Job Machine\n".formatted(cluster, proc));
      text.append("103 %1$d.%2$d ProcId %2$d\n".formatted(cluster, proc));
    }
    return text.toString();
  }

  private String node(int cluster, String name, int status) {
    VocDefinition.Reading reading = VocDefinition.read(root.resolve("vocs.d/cms.ad"));
    VocDefinition cms = assertInstanceOf(VocDefinition.Reading.Valid.class, reading).definition();
    return """
        101 0%1$d.-1 Job Machine
        103 0%1$d.-1 Owner "voc-cms"
        103 0%1$d.-1 VocNodeJob true
        103 0%1$d.-1 VocVO "cms"
        103 0%1$d.-1 Voc "cms"
        103 0%1$d.-1 VocShape "default"
        103 0%1$d.-1 VocNode "%2$s"
        103 0%1$d.-1 VocDefinition "%4$s"
        103 0%1$d.-1 JobUniverse 5
        101 %1$d.0 Job Machine
        103 %1$d.0 JobStatus %3$d
        103 %1$d.0 EnteredCurrentStatus 1799999990
        """
        .formatted(cluster, name, status, cms.nodeDigest(cms.shapes().getFirst()));
  }

  private Map<Path, String> files() throws IOException {
    Map<Path, String> result = new TreeMap<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        result.put(file, Files.readString(file));
      }
    }
    return result;
  }
}
