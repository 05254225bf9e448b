package org.vocluster.sizing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vocluster.sizing.journal.NodeRecord;
import org.vocluster.sizing.journal.SizerLog;

/**
 * The sizer between a job queue log and HTCondor's tools, which are scripts here: {@code
 * condor_submit} appends the node jobs to the log as the schedd would.
 */
class SizerTest {
  private static final String SUBMIT =
      """
      echo "$@" "$_CONDOR_SEC_TOKEN_DIRECTORY" >> "$0.calls"
      [ -e "$0.fails" ] && { echo "ERROR: Failed to connect to local queue manager" >&2; exit 1; }
      [ -e "$0.slow" ] && sleep 2
      for last; do :; done
      dir=$(dirname "$last")
      digest=$(sed -n 's/^My.VocDefinition = //p' "$last")
      shape=$(sed -n 's/^My.VocShape = //p' "$last")
      c=$(($(cat "$0.cluster" 2>/dev/null || echo 100) + 1)); echo $c > "$0.cluster"
      {
        echo "105 "
        echo "101 0$c.-1 Job Machine"
        echo "103 0$c.-1 Owner \\"voc-cms\\""
        echo "103 0$c.-1 VocNodeJob true"
        echo "103 0$c.-1 VocVO \\"cms\\""
        echo "103 0$c.-1 Voc \\"cms\\""
        echo "103 0$c.-1 VocDefinition $digest"
        echo "103 0$c.-1 VocShape $shape"
        p=0
        for node in "$dir"/cms-*; do
          test -s "$node/voc-token" || exit 9
          test $(wc -c <"$node/voc-node-key") = 64 || exit 9
          echo "101 $c.$p Job Machine"
          echo "103 $c.$p JobStatus 1"
          echo "103 $c.$p EnteredCurrentStatus 1800000000"
          echo "103 $c.$p VocNode \\"$(basename "$node")\\""
          p=$((p + 1))
        done
        echo "106 "
      } > "$0.txn"
      cat "$0.txn" >> LOG
      """;

  @TempDir Path root;
  private Path queue;
  private Path bin;
  private Path sizerLog;
  private final Ticking clock = new Ticking(Instant.ofEpochSecond(1_800_000_000));
  private Sizer sizer;

  @BeforeEach
  void setUp() throws IOException {
    queue = root.resolve("job_queue.log");
    sizerLog = root.resolve("VocSizeLog");
    bin = Files.createDirectory(root.resolve("bin"));
    tool("condor_submit", SUBMIT.replace("LOG", queue.toString()));
    ASizerConfig.inOrder(bin);
    Files.createFile(bin.resolve("condor_config_val.calls"));
    tool("condor_token_create", "echo \"$@\" >> \"$0.calls\"; echo a.b.c");
    tool("condor_rm", "echo \"$@\" >> \"$0.calls\"");
    tool("condor_qedit", "echo \"$@\" >> \"$0.calls\"");
    tool(
        "condor_status",
        """
        case "$*" in
          *MyType*) cat "$0.vocs" 2>/dev/null ;;
          *"VocNode is undefined"*) ;;
          *) cat "$0.answer" 2>/dev/null ;;
        esac
        exit 0
        """);
    tool("condor_advertise", "for last; do :; done; cp \"$last\" \"$0.ads\"");
    tool("condor_reschedule", "echo x >> \"$0.calls\"");
    Files.createDirectories(root.resolve("vocs.d"));
    Files.createDirectories(root.resolve("keys"));
    Files.createDirectories(root.resolve("tokens/cms"));
    Files.writeString(root.resolve("keys/voc-cms"), "k");
    Files.writeString(root.resolve("tokens/cms/submit"), "t");
    define("cms", 5);
    Files.writeString(queue, "107 1 CreationTimestamp 1800000000\n");
    sizer = newSizer();
  }

  @AfterEach
  void close() {
    sizer.close();
  }

  @Test
  void idleJobsGetTheirNodesAndNoMore() {
    submitPayload(7, 5);
    await(() -> nodesInQueue() == 3);
    passes(20);
    assertEquals(3, nodesInQueue());
    assertEquals(1, calls("condor_submit").size());
    assertTrue(
        calls("condor_submit").getFirst().endsWith(" " + root.resolve("tokens/cms")),
        calls("condor_submit").toString());
    assertEquals(
        "-identity voc-cms@pool.test -key voc-cms -authz ADVERTISE_STARTD -authz ADVERTISE_MASTER"
            + " -authz READ -lifetime 176400",
        calls("condor_token_create").getFirst());
    clock.advance(Duration.ofSeconds(2));
    await(() -> ads().contains("VocDemandJobs = 5") && ads().contains("VocNodesIdle = 3"));
    assertTrue(ads().contains("VocImageUrl = \"https://images.example.org/cms.qcow2\""), ads());
  }

  @Test
  void restartNeitherForgetsNorDoubles() {
    submitPayload(7, 5);
    await(() -> nodesInQueue() == 3);
    sizer.close();
    sizer = newSizer();
    passes(20);
    assertEquals(3, nodesInQueue());
  }

  @Test
  void nodesOfASubmissionThatKilledItsProcessStillCount() throws IOException {
    Path unfinished = Files.createDirectories(root.resolve("tokens/.submit/cms.default.1"));
    Files.createDirectory(unfinished.resolve("cms-a"));
    Files.createDirectory(unfinished.resolve("cms-b"));
    Files.createFile(unfinished.resolve("nodes.sub"));
    Files.createDirectories(root.resolve("tokens/.submit/cms.default.2/cms-c"));
    Files.setLastModifiedTime(unfinished, FileTime.from(clock.instant().minusSeconds(5)));
    sizer.close();
    sizer = newSizer();
    submitPayload(7, 5);
    await(() -> nodesInQueue() == 1);
    passes(20);
    assertEquals(1, nodesInQueue());
    assertTrue(Files.exists(unfinished), "its condor_submit may still be at work");
    assertFalse(Files.exists(root.resolve("tokens/.submit/cms.default.2")));
    clock.advance(Duration.ofSeconds(61));
    await(() -> nodesInQueue() == 3);
    assertTrue(text(queue).contains("VocNode \"cms-a\""), "under the same names");
    assertTrue(text(queue).contains("VocNode \"cms-b\""), "under the same names");
  }

  @Test
  void surplusNodeJobsAreRemovedAsTheirVo() {
    submitPayload(7, 1);
    await(() -> nodesInQueue() == 1);
    appendToQueue("102 7.0\n");
    clock.advance(Duration.ofSeconds(11));
    await(() -> calls("condor_rm").size() == 1);
    assertEquals(
        "-reason voc-size: no job needs them any more 101.0", calls("condor_rm").getFirst());
    await(() -> audit().contains("\"Action\": \"remove\""));
    assertTrue(audit().contains("\"Reason\": \"no job needs them any more\""), audit());
    passes(20);
    assertEquals(1, calls("condor_rm").size());
  }

  @Test
  void failingSubmissionPausesAndQuotesTheTool() throws IOException {
    Files.createFile(bin.resolve("condor_submit.fails"));
    submitPayload(7, 1);
    await(() -> calls("condor_submit").size() == 1);
    await(() -> log().contains("ERROR: Failed to connect to local queue manager"));
    passes(20);
    assertEquals(1, calls("condor_submit").size());
    clock.advance(Duration.ofSeconds(16));
    await(() -> occurrences(" in a row): ") == 2);
    clock.advance(Duration.ofSeconds(16));
    passes(20);
    assertEquals(2, calls("condor_submit").size());
    Files.delete(bin.resolve("condor_submit.fails"));
    clock.advance(Duration.ofSeconds(16));
    await(() -> nodesInQueue() == 1);
  }

  @Test
  void missingKeyBlocksAndNamesTheRemedy() throws IOException {
    Files.delete(root.resolve("keys/voc-cms"));
    submitPayload(7, 1);
    await(() -> log().contains("run `voc vo add cms` as root"));
    assertEquals(List.of(), calls("condor_submit"));
    await(() -> ads().contains("VocDecision = \"blocked\""));
    Files.writeString(root.resolve("keys/voc-cms"), "k");
    clock.advance(Duration.ofSeconds(2));
    await(() -> nodesInQueue() == 1);
  }

  @Test
  void nobodyIsServedByAScheddThatTakesAnyClaimUntilThatIsMended() throws IOException {
    ASizerConfig.settings(bin, "schedd", "schedd-assigned-23.9");
    sizer.close();
    sizer = newSizer();
    submitPayload(7, 1);
    await(() -> ads().contains("VocDecision = \"blocked\""));
    assertTrue(ads().contains("does not name VocVOIsOwn, VocNodeJobIsOwn"), ads());
    assertTrue(sizer.standing().obstacle().isPresent());
    passes(20);
    assertEquals(List.of(), calls("condor_submit"));
    ASizerConfig.settings(bin, "schedd", "schedd-sound-23.9");
    clock.advance(Duration.ofSeconds(31));
    await(() -> nodesInQueue() == 1);
    assertTrue(log().contains("the configuration in force is what VOC rests on"), log());
  }

  @Test
  void daemonThatGivesNoAnswerAtTheStartMakesSizingWaitAndThenServeNobody() throws IOException {
    Files.createFile(bin.resolve("condor_config_val.fails"));
    sizer.close();
    sizer = newSizer();
    submitPayload(7, 1);
    await(() -> calls("condor_config_val").size() >= 2);
    passes(20);
    assertEquals("", ads(), "it is not decided yet");
    for (int i = 0; i < 2; i++) {
      int before = calls("condor_config_val").size();
      clock.advance(Duration.ofSeconds(3));
      await(() -> calls("condor_config_val").size() >= before + 2);
    }
    await(() -> ads().contains("VocDecision = \"blocked\""));
    assertTrue(ads().contains("Can't connect to anybody"), ads());
    assertEquals(List.of(), calls("condor_submit"));
    Files.delete(bin.resolve("condor_config_val.fails"));
    clock.advance(Duration.ofSeconds(31));
    await(() -> nodesInQueue() == 1);
  }

  @Test
  void daemonThatFallsSilentHasTheConfigurationThatItHad() throws IOException {
    await(() -> sizer.standing().isSound());
    Files.createFile(bin.resolve("condor_config_val.fails"));
    int before = calls("condor_config_val").size();
    clock.advance(Duration.ofMinutes(11));
    await(() -> calls("condor_config_val").size() > before);
    submitPayload(7, 1);
    await(() -> nodesInQueue() == 1);
    ASizerConfig.settings(bin, "collector", "collector-assigned-23.9");
    Files.delete(bin.resolve("condor_config_val.fails"));
    clock.advance(Duration.ofMinutes(11));
    await(() -> sizer.standing().obstacle().isPresent());
    submitPayload(8, 5);
    clock.advance(Duration.ofSeconds(5));
    await(() -> ads().contains("COLLECTOR_REQUIREMENTS of collector cm.test accepts"));
    assertEquals(1, nodesInQueue(), "what is there stays, and nothing comes");
    assertEquals(List.of(), calls("condor_rm"));
  }

  @Test
  void brokenDefinitionIsSaidWithAllProblemsAndOthersGoOn() throws IOException {
    Files.writeString(root.resolve("vocs.d/odd.ad"), "[ Name = \"odd\"; VO = \"cms\"; Cpus = 0 ]");
    submitPayload(7, 1);
    await(() -> nodesInQueue() == 1);
    assertTrue(log().contains("Cpus = 0 is not") && log().contains("Image is missing"), log());
    await(() -> ads().contains("VocDecision = \"broken\""));
  }

  @Test
  void unreadableQueueChangesNothing() throws IOException {
    submitPayload(7, 1);
    await(() -> nodesInQueue() == 1);
    appendToQueue("not a record\n102 7.0\n");
    clock.advance(Duration.ofSeconds(60));
    passes(20);
    assertEquals(List.of(), calls("condor_rm"));
    assertTrue(sizer.health().queueUnknown().contains("not a record"));
  }

  @Test
  void nodeThatJoinsTakesTheJobAndNegotiationIsAskedFor() throws IOException {
    String node = joinedNode();
    await(() -> calls("condor_reschedule").size() == 1);
    assertTrue(log().contains("offers 2 cpus, 1910 MB memory"), log());
    passes(20);
    assertEquals(1, nodesInQueue());
    assertTrue(audit().contains("\"Nodes\": \"" + node + "\""), audit());
  }

  @Test
  void oneNodeShowsWhatTheImageHasAndThatIsKept() throws IOException {
    submitPayload(7, 5);
    appendToQueue("103 07.-1 Requirements (TARGET.VocVO =?= MY.VocVO) && TARGET.HasContainer\n");
    await(() -> nodesInQueue() == 1);
    passes(20);
    assertEquals(1, nodesInQueue(), "one is enough to see");
    assertTrue(log().contains("a node is to show HasContainer"), log());
    await(() -> ads().contains("a node is to show whether its image has HasContainer"));
    String node = runs();
    slots(
        node,
        """
        Memory = 1900
        Disk = 3000000
        TotalSlotCpus = 2
        TotalSlotMemory = 1900
        TotalSlotDisk = 3000000
        VocVO = "cms"
        HasContainer = true
        """);
    clock.advance(Duration.ofSeconds(3));
    await(() -> log().contains("node " + node + " shows what a node of VOC cms/default has"));
    await(() -> nodesInQueue() == 3);
    assertTrue(text(root.resolve("tokens/.shown-nodes.ads")).contains("HasContainer = true"));
    clock.advance(Duration.ofSeconds(31));
    await(() -> ads().contains("VocShown = { [ ") && ads().contains("HasContainer = true"));

    appendToQueue("102 101.0\n");
    Files.delete(bin.resolve("condor_status.answer"));
    sizer.close();
    sizer = newSizer();
    submitPayload(8, 2);
    appendToQueue("103 08.-1 Requirements (TARGET.VocVO =?= MY.VocVO) && TARGET.HasContainer\n");
    await(() -> nodesInQueue() > 3);
    assertFalse(log().substring(log().lastIndexOf("from its start")).contains("is to show"), log());
  }

  @Test
  void noVosNodeSpeaksForAnothers() throws IOException {
    submitPayload(7, 5);
    appendToQueue("103 07.-1 Requirements (TARGET.VocVO =?= MY.VocVO) && TARGET.HasContainer\n");
    await(() -> nodesInQueue() == 1);
    slots(runs(), "VocVO = \"atlas\"\nTotalSlotCpus = 2\nHasContainer = true\n");
    clock.advance(Duration.ofSeconds(3));
    await(() -> log().contains("joined the pool"));
    clock.advance(Duration.ofSeconds(3));
    passes(30);
    assertFalse(Files.exists(root.resolve("tokens/.shown-nodes.ads")), log());
  }

  @Test
  void aFileThatHoldsNoSenseIsLeftOutWithAWord() throws IOException {
    Files.writeString(root.resolve("tokens/.shown-nodes.ads"), "VocShown = 7\n");
    sizer.close();
    sizer = newSizer();
    assertTrue(log().contains("holds nothing that a node has shown; it is left out"), log());
    submitPayload(7, 1);
    await(() -> nodesInQueue() == 1);
  }

  /** The first node job runs; returns its node. */
  private String runs() throws IOException {
    appendToQueue("103 101.0 JobStatus 2\n103 101.0 EnteredCurrentStatus 1800000000\n");
    passes(20);
    return Files.readString(queue).replaceAll("(?s).*VocNode \"(cms-[^\"]*)\".*", "$1");
  }

  /** A node that has joined the pool and is unclaimed. */
  private String joinedNode() throws IOException {
    submitPayload(7, 1);
    await(() -> nodesInQueue() == 1);
    appendToQueue("103 101.0 JobStatus 2\n103 101.0 EnteredCurrentStatus 1800000000\n");
    passes(20);
    String node = Files.readString(queue).replaceAll("(?s).*VocNode \"(cms-[^\"]*)\".*", "$1");
    Files.writeString(
        bin.resolve("condor_status.answer"),
        """
        Activity = "Idle"
        Cpus = 2
        Disk = 3000000
        Memory = 1910
        MyAddress = "<10.0.2.15:9618>"
        PartitionableSlot = true
        State = "Unclaimed"
        TotalSlotCpus = 2
        TotalSlotDisk = 3000000
        TotalSlotMemory = 1910
        Voc = "cms"
        VocNode = "%s"
        """
            .formatted(node));
    clock.advance(Duration.ofSeconds(3));
    await(() -> log().contains("joined the pool: " + node));
    return node;
  }

  @Test
  void unclaimedNodeOfAnOldDefinitionIsRemovedOnlyWhenItHasConfirmedToTakeNoMoreJobs()
      throws IOException {
    tool(
        "condor_drain",
        """
        echo "$@" >> "$0.calls"
        [ -e "$0.claimed" ] || exit 0
        echo "Sent request: draining check expression failed" >&2
        exit 1
        """);
    Files.createFile(bin.resolve("condor_drain.claimed"));
    String node = joinedNode();
    appendToQueue("102 7.0\n");
    Files.writeString(
        root.resolve("vocs.d/cms.ad"),
        Files.readString(root.resolve("vocs.d/cms.ad")).replace("9f86", "8f86"));
    clock.advance(Duration.ofSeconds(2));
    await(() -> calls("condor_drain").size() == 1);
    assertTrue(calls("condor_drain").getFirst().contains("<10.0.2.15:9618>"), log());
    await(() -> log().contains("node " + node + " was told to leave and stays"));
    assertEquals(List.of(), calls("condor_rm"));
    Files.delete(bin.resolve("condor_drain.claimed"));
    clock.advance(Duration.ofSeconds(31));
    await(() -> calls("condor_rm").size() == 1);
    assertEquals(
        "-reason voc-size: the definition has changed 101.0", calls("condor_rm").getFirst());
    await(() -> audit().contains("\"Action\": \"drain\""));
  }

  @Test
  void adsOfADeadNodeAreTakenAwayAsItsVoAndOnceMoreAfterAFailure() throws IOException {
    tool(
        "condor_advertise",
        """
        for last; do :; done
        case "$*" in
          *INVALIDATE*)
            echo "$(ls "$_CONDOR_SEC_TOKEN_DIRECTORY") $*" >> "$0.calls"
            [ -e "$0.fails" ] && { echo "failed to send" >&2; exit 1; }
            rm -f "$(dirname "$0")/condor_status.answer"
            cat "$last" >> "$0.invalidations" ;;
          *) cp "$last" "$0.ads" ;;
        esac
        """);
    String node = joinedNode();
    Path answer = bin.resolve("condor_status.answer");
    Files.writeString(
        answer,
        Files.readString(answer)
            + "VocVO = \"cms\"\nVocSchedd = \"ap.test\"\nLastHeardFrom = 1800000100\n");
    clock.advance(Duration.ofSeconds(20));
    passes(30);
    assertEquals(List.of(), calls("condor_advertise"), "it runs");
    Files.createFile(bin.resolve("condor_advertise.fails"));
    appendToQueue("103 101.0 JobStatus 1\n");
    await(() -> log().contains("ads of 1 dead nodes of VO cms cannot be taken away"));
    assertEquals(1, sizer.health().ghosts());
    assertTrue(sizer.health().ghostFault().contains("failed to send"), sizer.health().toString());
    Files.delete(bin.resolve("condor_advertise.fails"));
    passes(30);
    assertEquals(2, calls("condor_advertise").size(), "not before a pause");
    clock.advance(Duration.ofSeconds(2));
    await(() -> audit().contains("\"Action\": \"reap\""));
    assertTrue(audit().contains("\"Nodes\": \"" + node + "\""), audit());
    assertTrue(
        calls("condor_advertise").stream().allMatch(call -> call.startsWith("vo ")),
        calls("condor_advertise").toString());
    String queries = text(bin.resolve("condor_advertise.invalidations"));
    assertTrue(queries.contains("\"" + node + "\") && LastHeardFrom <= 1800000100"), queries);
    clock.advance(Duration.ofSeconds(16));
    await(() -> sizer.health().ghosts() == 0 && sizer.health().ghostFault().isEmpty());
    passes(30);
    assertEquals(4, calls("condor_advertise").size(), "once is enough");
    try (Stream<Path> left = Files.list(root.resolve("tokens"))) {
      assertTrue(left.noneMatch(path -> path.toString().contains(".reap-")));
    }
  }

  @Test
  void unreadableQueueMakesNobodyAGhost() throws IOException {
    joinedNode();
    Path answer = bin.resolve("condor_status.answer");
    Files.writeString(
        answer,
        Files.readString(answer)
            + "VocVO = \"cms\"\nVocSchedd = \"ap.test\"\nLastHeardFrom = 1800000100\n");
    Files.writeString(bin.resolve("condor_advertise.calls"), "");
    appendToQueue("102 101.0\nnot a record\n");
    await(() -> !sizer.health().queueUnknown().isEmpty());
    clock.advance(Duration.ofSeconds(60));
    passes(30);
    assertFalse(audit().contains("reap"), audit());
  }

  @Test
  void breakerIsPublishedAndSurvivesARestart() throws IOException {
    submitPayload(7, 5);
    await(() -> nodesInQueue() == 3);
    appendToQueue("103 101.0 JobStatus 2\n103 101.0 RemoteHost \"slot1@pad1\"\n");
    passes(5);
    appendToQueue("103 101.0 JobStatus 4\n102 101.0\n");
    await(() -> audit().contains("\"Action\": \"breaker-open\""));
    clock.advance(Duration.ofSeconds(2));
    await(() -> ads().contains("VocBreaker = \"voc cms open until 2027"));
    assertTrue(ads().contains("Scope = \"voc\"; Since = 1800000000; Times = 1"), ads());
    await(() -> calls("condor_rm").size() == 1);
    assertTrue(calls("condor_rm").getFirst().endsWith(" 101.2 101.1"), log());
    appendToQueue("102 101.1\n102 101.2\n");
    sizer.close();
    Files.writeString(bin.resolve("condor_status.vocs"), ads());
    sizer = newSizer();
    await(() -> log().contains("breaker recalled for voc cms"));
    passes(20);
    assertEquals(3, nodesInQueue(), "the breaker is open");
    clock.advance(Duration.ofSeconds(14));
    await(() -> nodesInQueue() == 4);
    passes(20);
    assertEquals(4, nodesInQueue(), "one probe");
  }

  @Test
  void nodesAvoidAHostThatGivesThemBack() {
    submitPayload(7, 5);
    await(() -> nodesInQueue() == 3);
    passes(5);
    appendToQueue(
        """
        105\s
        103 101.0 NumShadowStarts 1
        103 101.0 LastRemoteHost "slot1_1@pad1.test"
        103 101.0 VacateReasonCode 19
        103 101.0 VacateReason "voc: pad1: no KVM"
        106\s
        """);
    await(() -> calls("condor_qedit").size() == 1);
    assertEquals(
        "-jobids 101.0,101.1,101.2 VocAvoidHosts \"pad1.test\"", calls("condor_qedit").getFirst());
    assertTrue(log().contains("returned to the queue: voc: pad1: no KVM"), log());
    passes(20);
    assertEquals(List.of(), calls("condor_rm"));
  }

  @Test
  void sizerStandsByForOneThatServesMore() throws IOException {
    sizer.close();
    Files.writeString(
        bin.resolve("condor_status.vocs"),
        """
        MyType = "VOC"
        Voc = "cms"
        VocAccessPoint = "ap9.test"
        VocSchedds = "*"
        VocHeartbeat = %d
        """
            .formatted(clock.instant().getEpochSecond()));
    sizer = newSizer();
    submitPayload(7, 5);
    await(() -> ads().contains("VocDecision = \"standby\""));
    passes(20);
    assertEquals(0, nodesInQueue());
    clock.advance(Duration.ofSeconds(201));
    await(() -> nodesInQueue() == 3);
  }

  @Test
  void severalShapesAreSubmittedEachByItself() throws IOException {
    Files.writeString(
        root.resolve("vocs.d/cms.ad"),
        """
        [ Name = "cms"; VO = "cms"; Image = "https://images.example.org/cms.qcow2";
          ImageSha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
          Shapes = { [ Name = "big"; Cpus = 8; MemoryMb = 8192; DiskMb = 4096 ],
                     [ Name = "small"; Cpus = 1; MemoryMb = 1024; DiskMb = 4096 ] } ]
        """);
    submitPayload(7, 2);
    await(() -> log().contains("submitted cms-"));
    appendToQueue("103 07.-1 RequestCpus 8\n");
    await(() -> occurrences("submitted cms-") == 2);
    List<String> submits = calls("condor_submit");
    assertEquals(2, submits.size());
    assertTrue(submits.getFirst().contains("/.submit/cms.small."), submits.toString());
    assertTrue(submits.getLast().contains("/.submit/cms.big."), submits.toString());
    clock.advance(Duration.ofSeconds(11));
    await(() -> audit().contains("no job needs them any more"));
  }

  @Test
  void queuedNodesOfAnUnregisteredVocAreRemoved() throws IOException {
    submitPayload(7, 1);
    await(() -> nodesInQueue() == 1);
    Files.delete(root.resolve("vocs.d/cms.ad"));
    clock.advance(Duration.ofSeconds(2));
    await(() -> calls("condor_rm").size() == 1);
  }

  @Test
  void timesOfANodeAreInTheLogOfNodesOnceAndSurviveARestart() throws IOException {
    submitPayload(7, 1);
    await(() -> nodesInQueue() == 1);
    String node = text(queue).replaceAll("(?s).* VocNode \"([^\"]+)\".*", "$1");
    appendToQueue(
        """
        105\s
        103 101.0 QDate 1799999990
        103 101.0 JobStatus 2
        103 101.0 JobCurrentStartDate 1800000000
        103 101.0 RemoteHost "slot1_1@pad1"
        106\s
        """);
    passes(5);
    slots(node, "LastHeardFrom = 1800000002\nVocExecTime = 1800000001\n");
    clock.advance(Duration.ofSeconds(3));
    await(() -> nodeLog().contains("\"join\""));
    // The slot has no memory, so a second node is submitted. The clock here is ahead of the files':
    // the next sizer would take that submission's directory for an old one and remove it.
    await(() -> nodesInQueue() == 2);
    sizer.close();
    sizer = newSizer();
    clock.advance(Duration.ofSeconds(100));
    passes(20);
    appendToQueue("103 101.0 JobStatus 4\n103 101.0 EnteredCurrentStatus 1800000090\n102 101.0\n");
    await(() -> nodeLog().contains("\"end\""));
    passes(20);
    sizer.close();
    sizer = newSizer();
    passes(20);
    List<String> lines = nodeLog().lines().toList();
    assertEquals(2, lines.size(), lines.toString());
    NodeRecord end = NodeRecord.parse(lines.getLast()).orElseThrow();
    assertEquals(
        "Submitted=1799999990 Launched=1800000000 Exec=1800000001 FirstAd=1800000002"
            + " End=1800000090",
        end.moments().toString());
    assertEquals(
        List.of("101.0", "pad1", node), List.of(end.job(), end.host(), end.node().value()));
  }

  private void slots(String node, String more) throws IOException {
    Files.writeString(
        bin.resolve("condor_status.answer"),
        """
        Name = "slot1@%1$s"
        PartitionableSlot = true
        State = "Unclaimed"
        Cpus = 2
        Voc = "cms"
        VocNode = "%1$s"
        %2$s
        """
            .formatted(node, more));
  }

  private String nodeLog() {
    return text(root.resolve("VocNodeLog"));
  }

  private Sizer newSizer() {
    return new Sizer(
        ASizerConfig.of(root, queue, bin), new SizerLog(sizerLog, 1 << 20, clock), clock);
  }

  private void define(String name, int maxNodes) throws IOException {
    Files.writeString(
        root.resolve("vocs.d/" + name + ".ad"),
        """
        [ Name = "%s"; VO = "cms"; Image = "https://images.example.org/cms.qcow2";
          ImageSha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
          Cpus = 2; MemoryMb = 2048; DiskMb = 4096; MaxNodes = %d ]
        """
            .formatted(name, maxNodes));
  }

  private void submitPayload(int cluster, int jobs) {
    StringBuilder text =
        new StringBuilder(
            """
            105\s
            101 0%1$d.-1 Job Machine
            103 0%1$d.-1 JobUniverse 5
            103 0%1$d.-1 VocVO "cms"
            103 0%1$d.-1 RequestCpus 1
            103 0%1$d.-1 RequestMemory 500
            103 0%1$d.-1 RequestDisk 1024
            103 0%1$d.-1 Requirements (TARGET.VocVO =?= MY.VocVO)
            """
                .formatted(cluster));
    for (int proc = 0; proc < jobs; proc++) {
      text.append(
          "101 %1$d.%2$d Job Machine\n103 %1$d.%2$d JobStatus 1\n".formatted(cluster, proc));
    }
    appendToQueue(text + "106 \n");
  }

  private void appendToQueue(String text) {
    try {
      Files.writeString(queue, text, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private long nodesInQueue() {
    return text(queue).lines().filter(line -> line.contains(" VocNode \"")).count();
  }

  private List<String> calls(String tool) {
    return text(bin.resolve(tool + ".calls")).lines().toList();
  }

  private long occurrences(String text) {
    return log().lines().filter(line -> line.contains(text)).count();
  }

  private String ads() {
    return text(bin.resolve("condor_advertise.ads"));
  }

  private String audit() {
    return text(root.resolve("VocAuditLog"));
  }

  private String log() {
    return text(sizerLog);
  }

  private static String text(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void tool(String name, String script) throws IOException {
    Path file = Files.writeString(bin.resolve(name), "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private void passes(int count) {
    for (int i = 0; i < count; i++) {
      sizer.pass();
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }
  }

  private void await(BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, () -> "not in 20 s; the log says:\n" + log() + tree());
      passes(1);
    }
  }

  private String tree() {
    try (Stream<Path> files = Files.walk(root)) {
      return String.join("\n", files.map(Path::toString).toList());
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** A clock that stands unless it is advanced. */
  private static final class Ticking extends Clock {
    private Instant now;

    Ticking(Instant now) {
      this.now = now;
    }

    void advance(Duration by) {
      now = now.plus(by);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
