package org.vocluster.sizing.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vocluster.condor.Aside;
import org.vocluster.condor.HtCondor;
import org.vocluster.condor.JobId;
import org.vocluster.sizing.reading.JobGroup;
import org.vocluster.sizing.reading.NodeJob;
import org.vocluster.sizing.reading.ServedSchedds;
import org.vocluster.vm.os.CommandException;

/** Queues of other schedds; condor_q is a script that prints what HTCondor 23.9.6 did. */
class RemoteQueuesTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);

  /** As {@code condor_q -group-by … -long} prints it. */
  private static final String GROUPS =
      """
      FileSystemDomain = "vm"
      Id = 1
      JobCount = 7
      JobIds = "2.4 ... 3.1"
      JobStatus = 1
      JobUniverse = 5
      RequestMemory = 100
      Requirements = (TARGET.Memory >= RequestMemory) && MY.Site == TARGET.Site
      VocVO = "cms"

      FileSystemDomain = "other"
      Id = 2
      JobCount = 2
      JobIds = "3.2 3.3"
      JobStatus = 1
      JobUniverse = 5
      RequestMemory = 100
      Requirements = (TARGET.Memory >= RequestMemory) && MY.Site == TARGET.Site
      VocVO = "cms"

      HoldReasonCode = 16
      Id = 3
      JobCount = 3
      JobIds = "4.0 ... 4.2"
      JobStatus = 5
      VocVO = "cms"

      Id = 4
      JobCount = 5
      JobIds = "5.0 ... 5.4"
      JobStatus = 2
      VocVO = "atlas"
      """;

  private static final String NODES =
      """
      ClusterId = 9
      EnteredCurrentStatus = 1795421108
      JobStatus = 2
      Owner = "voc-cms"
      ProcId = 1
      RemoteHost = "slot1_1@pad1.site.test"
      Voc = "cms"
      VocNode = "cms-a"
      VocNodeJob = true
      VocVO = "cms"

      ClusterId = 10
      EnteredCurrentStatus = 1795421108
      JobStatus = 1
      Owner = "mallory"
      ProcId = 0
      Voc = "cms"
      VocNode = "cms-b"
      VocNodeJob = true
      VocVO = "cms"
      """;

  private final Aside aside = new Aside((doing, work) -> work.run());

  @TempDir Path bin;
  private HtCondor condor;
  private RemoteQueues.Guard guard = schedd -> Optional.empty();

  @BeforeEach
  void tools() throws IOException {
    Files.writeString(bin.resolve("groups"), GROUPS);
    Files.writeString(bin.resolve("nodes"), NODES);
    tool(
        "condor_q",
        """
        echo "$@" >> "$0.calls"
        [ -e "$0.fails" ] && { echo "Failed to fetch ads" >&2; exit 1; }
        case "$*" in *-group-by*) cat "%1$s/groups";; *) cat "%1$s/nodes";; esac
        """
            .formatted(bin));
    tool("condor_status", "printf 'ap.test\\nap2.test\\n'");
    condor = new HtCondor(bin, bin, "cm.test", bin.resolve("keys"), bin.resolve("tokens"));
  }

  @Test
  void idleJobsAreGroupedByWhatMatters() {
    RemoteQueues queues = queues(Set.of("ap2.test"));
    ask(queues, NOW);
    assertTrue(queues.takeNews());
    JobGroup group = queues.idlePayload().getFirst();
    assertEquals(1, queues.idlePayload().size());
    assertEquals(9, group.idle());
    assertEquals(new JobId(2, 4), group.example());
    assertEquals(
        ImmutableMap.of(
            "requirements",
            "(TARGET.Memory >= RequestMemory) && MY.Site == TARGET.Site",
            "vocvo",
            "\"cms\"",
            "requestmemory",
            "100"),
        group.attributes());
    assertEquals(Map.of(), queues.unknown(NOW));
    assertFalse(queues.takeNews());
  }

  @Test
  void jobsOfAScheddThatTakesAnyClaimAreNotServed() {
    guard = schedd -> Optional.of(schedd + " takes any claim");
    RemoteQueues queues = queues(Set.of("ap2.test"));
    ask(queues, NOW);
    assertEquals(List.of(), queues.idlePayload());
    assertEquals(Map.of("ap2.test", "ap2.test takes any claim"), queues.objections());
    assertEquals(Map.of(), queues.unknown(NOW), "and what others need does not hang on it");
    assertEquals(1, queues.nodeJobs().size());
    guard = schedd -> Optional.empty();
    ask(queues, NOW.plusSeconds(30));
    assertEquals(List.of(), queues.idlePayload(), "not so often");
    assertTrue(queues.takeNews());
    ask(queues, NOW.plusSeconds(70));
    assertEquals(1, queues.idlePayload().size());
    assertTrue(queues.takeNews());
  }

  @Test
  void scheddWhoseConfigurationIsUnknownIsNotServedBeforeItIsKnown() {
    guard =
        schedd -> {
          throw failure();
        };
    RemoteQueues queues = queues(Set.of("ap2.test"));
    ask(queues, NOW);
    assertEquals(List.of(), queues.idlePayload());
    assertTrue(
        queues.objections().getOrDefault("ap2.test", "").contains("not known yet"),
        queues.objections().toString());
    guard = schedd -> Optional.empty();
    ask(queues, NOW.plusSeconds(70));
    assertEquals(1, queues.idlePayload().size());
    guard =
        schedd -> {
          throw failure();
        };
    ask(queues, NOW.plusSeconds(140));
    assertEquals(1, queues.idlePayload().size(), "it is as it was");
  }

  private static CommandException failure() {
    return new CommandException(List.of("condor_config_val"), "failed", "");
  }

  @Test
  void attributeThatTurnsOutToMatterIsAskedForAtOnce() throws IOException {
    ask(queues(Set.of("ap2.test")), NOW);
    List<String> calls = Files.readAllLines(bin.resolve("condor_q.calls"));
    assertEquals(3, calls.size(), calls.toString());
    assertFalse(
        calls.getFirst().toLowerCase(java.util.Locale.ROOT).contains(",site,"), calls.getFirst());
    assertTrue(calls.get(1).toLowerCase(java.util.Locale.ROOT).contains(",site,"), calls.get(1));
    assertTrue(
        calls.getFirst().startsWith("-pool cm.test -name ap2.test -allusers -group-by -constraint"),
        calls.getFirst());
  }

  @Test
  void nodeJobsNameTheirScheddAndCountOnlyFromTheirVosAccount() {
    RemoteQueues queues = queues(Set.of("ap2.test"));
    ask(queues, NOW);
    assertEquals(1, queues.nodeJobs().size());
    NodeJob node = queues.nodeJobs().getFirst();
    assertEquals("ap2.test", node.schedd());
    assertEquals("cms-a", node.node().value());
    assertEquals(new JobId(9, 1), node.id());
    assertTrue(node.isRunning());
    assertEquals("pad1.site.test", node.run().host());
  }

  @Test
  void starMeansAllThatTheCollectorKnowsButTheOwn() throws IOException {
    RemoteQueues queues = queues(Set.of(ServedSchedds.ALL));
    assertEquals(Set.of(ServedSchedds.ALL), queues.unknown(NOW).keySet());
    ask(queues, NOW);
    ask(queues, NOW);
    assertEquals(Set.of("ap2.test"), askedSchedds());
    assertEquals(Map.of(), queues.unknown(NOW));
    assertEquals(9, queues.idlePayload().getFirst().idle());
  }

  @Test
  void silentScheddKeepsItsJobsForAWhileAndIsUnknownThen() throws IOException {
    RemoteQueues queues = queues(Set.of("ap2.test"));
    ask(queues, NOW);
    Files.createFile(bin.resolve("condor_q.fails"));
    Instant soon = NOW.plusSeconds(30);
    ask(queues, soon);
    queues.forgetStale(soon);
    assertEquals(Map.of(), queues.unknown(soon));
    assertEquals(1, queues.idlePayload().size());
    Instant later = NOW.plusSeconds(61);
    ask(queues, later);
    queues.forgetStale(later);
    assertTrue(
        queues.unknown(later).getOrDefault("ap2.test", "").contains("Failed to fetch ads"),
        queues.unknown(later).toString());
    assertEquals(List.of(), queues.idlePayload());
    assertEquals(1, queues.nodeJobs().size());
    Files.delete(bin.resolve("condor_q.fails"));
    Instant back = later.plusSeconds(10);
    ask(queues, back);
    assertEquals(Map.of(), queues.unknown(back));
    assertEquals(1, queues.idlePayload().size());
  }

  @Test
  void scheddIsAskedNoMoreOftenThanTheInterval() throws IOException {
    RemoteQueues queues = queues(Set.of("ap2.test"));
    ask(queues, NOW);
    ask(queues, NOW.plusSeconds(9));
    int before = Files.readAllLines(bin.resolve("condor_q.calls")).size();
    ask(queues, NOW.plusSeconds(10));
    assertEquals(before + 2, Files.readAllLines(bin.resolve("condor_q.calls")).size());
  }

  @Test
  void answerThatIsNoQueueIsUnknown() throws IOException {
    Files.writeString(bin.resolve("groups"), "VocVO = \"cms\"\nJobCount = many\n");
    RemoteQueues queues = queues(Set.of("ap2.test"));
    ask(queues, NOW);
    assertTrue(
        queues
            .unknown(NOW)
            .getOrDefault("ap2.test", "")
            .contains("condor_q printed what is no job"),
        queues.unknown(NOW).toString());
  }

  @Test
  void answerFromBeforeTheSlotsChangedIsNoDemandUntilAskedAgain() throws IOException {
    RemoteQueues queues = queues(Set.of("ap2.test"));
    ask(queues, NOW);
    assertTrue(queues.takeNews());
    int idle = queues.idlePayload().size();
    assertTrue(idle > 0);
    queues.slotsChanged(NOW.plusMillis(500));
    assertTrue(queues.isOutdated());
    assertEquals(List.of(), queues.idlePayload());
    ask(queues, NOW.plusMillis(900));
    assertTrue(queues.isOutdated(), "no more than once a second");
    ask(queues, NOW.plusMillis(1000));
    assertFalse(queues.isOutdated());
    assertTrue(queues.takeNews());
    assertEquals(idle, queues.idlePayload().size());
  }

  @Test
  void ownQueueIsNotReadASecondTimeUnderTheHostsShortName() throws IOException {
    RemoteQueues queues = queues(Set.of("ap", "AP.test", "ap2.test"));
    assertEquals(Set.of("ap2.test"), queues.unknown(NOW).keySet());
    ask(queues, NOW);
    assertEquals(Set.of("ap2.test"), askedSchedds());
  }

  /** Asks and takes the answers in, as two passes do. */
  private void ask(RemoteQueues queues, Instant now) {
    queues.ask(now);
    aside.takeResults();
  }

  /** The names that condor_q was called with. */
  private Set<String> askedSchedds() throws IOException {
    return Files.readAllLines(bin.resolve("condor_q.calls")).stream()
        .map(call -> call.replaceFirst(".* -name (\\S+) .*", "$1"))
        .collect(Collectors.toSet());
  }

  private RemoteQueues queues(Set<String> named) {
    return new RemoteQueues(
        condor,
        aside,
        schedd -> guard.objection(schedd),
        new ServedSchedds(named),
        "ap.test",
        Duration.ofSeconds(10));
  }

  private void tool(String name, String script) throws IOException {
    Path file = Files.writeString(bin.resolve(name), "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
