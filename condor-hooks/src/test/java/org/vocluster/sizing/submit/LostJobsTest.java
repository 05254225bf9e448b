package org.vocluster.sizing.submit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vocluster.condor.Aside;
import org.vocluster.condor.Exchange;
import org.vocluster.condor.HtCondor;
import org.vocluster.condor.JobId;
import org.vocluster.condor.ReaperCall;
import org.vocluster.sizing.journal.AuditLog;
import org.vocluster.sizing.journal.SizerLog;
import org.vocluster.sizing.reading.ANodeJob;
import org.vocluster.sizing.reading.NodeJob;
import org.vocluster.sizing.reading.RunningPayload;
import org.vocluster.vm.definition.NodeId;

/** Between a queue that a test fills and a reaper that it speaks for. */
class LostJobsTest {
  private static final Instant START = Instant.ofEpochSecond(1_800_000_000);

  @TempDir Path root;
  private final Map<String, List<RunningPayload>> running = new LinkedHashMap<>();
  private int idle;
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private volatile String answer = "ended: cms-7";
  private ServerSocketChannel reaper;
  private Instant now = START;
  private LostJobs lost;
  private final Aside aside = new Aside((doing, work) -> work.run());

  @BeforeEach
  void setUp() throws IOException {
    for (String name : List.of("condor_qedit", "condor_prio", "condor_reschedule")) {
      Path tool = root.resolve(name);
      Files.writeString(tool, "#!/bin/sh\necho \"$@\" >>\"$0.calls\"\n");
      Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    reaper = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    reaper.bind(UnixDomainSocketAddress.of(root.resolve("reaper")));
    Thread.ofVirtual().start(this::answerAll);
    lost = lostJobs(Optional.of(new ReaperCall(root.resolve("reaper"))));
    saw(ANodeJob.of("cms", 7).running("pad1").build());
    act();
    asked.clear();
  }

  @AfterEach
  void close() throws IOException {
    reaper.close();
  }

  @Test
  void scheddLooksAgainAtJobsThatHaveCooledDown() throws IOException {
    run("cms-7", new JobId(12, 0), new JobId(12, 1));
    saw();
    act();
    running.clear();
    now = START.plusSeconds(4);
    act();
    assertFalse(Files.exists(root.resolve("condor_prio.calls")), "they cool down still");
    now = START.plusSeconds(5);
    act();
    assertEquals(List.of("+0 12.0 12.1"), Files.readAllLines(root.resolve("condor_prio.calls")));
    assertTrue(Files.exists(root.resolve("condor_reschedule.calls")));
    now = START.plusSeconds(9);
    act();
    assertEquals(1, Files.readAllLines(root.resolve("condor_prio.calls")).size(), "once");
  }

  @Test
  void nodesThatEndOneAfterTheOtherKeepNobodyWaiting() throws IOException {
    saw(
        ANodeJob.of("cms", 7).running("pad1").build(),
        ANodeJob.of("cms", 8).running("pad1").build());
    run("cms-7", new JobId(12, 0));
    run("cms-8", new JobId(13, 0));
    saw(ANodeJob.of("cms", 8).running("pad1").build());
    act();
    running.remove("cms-7");
    now = START.plusSeconds(3);
    answer = "ended: cms-8";
    saw();
    act();
    running.clear();
    Path calls = root.resolve("condor_prio.calls");
    now = START.plusSeconds(5);
    act();
    assertEquals(List.of("+0 12.0"), Files.readAllLines(calls));
    now = START.plusSeconds(8);
    act();
    assertEquals(List.of("+0 12.0", "+0 13.0"), Files.readAllLines(calls));
  }

  @Test
  void jobsOfANodeThatEndedAreCooledDownAndAskedFor() throws IOException {
    run("cms-7", new JobId(12, 0), new JobId(12, 1));
    saw();
    idle = 5;
    act();
    assertEquals(List.of("12.0\n12.1\n"), asked);
    assertEquals(
        List.of(
            "-constraint JobStatus == 1 && VocVO =!= Undefined && VocNodeJob =!= True &&"
                + " stringListMember(Owner, \"alice\") && (JobCoolDownExpiration < 1800000004) =!="
                + " False JobCoolDownExpiration 1800000004",
            "-jobids 12.0,12.1 JobCoolDownExpiration 1800000004"),
        edits());
    assertTrue(
        log().contains("node cms-7: the node has ended; back in the queue: 12.0, 12.1"), log());
    assertTrue(Files.readString(root.resolve("audit")).contains("\"requeue\""));
    running.clear();
    pass(Duration.ofSeconds(30));
    assertEquals(1, asked.size());
  }

  @Test
  void jobsOfANodeThatRunsAreNot() {
    run("cms-7", new JobId(12, 0));
    pass(Duration.ofSeconds(59));
    assertEquals(List.of(), asked);
  }

  @Test
  void nodeWhoseJobWaitsAgainHasEnded() {
    run("cms-7", new JobId(12, 0));
    saw(ANodeJob.of("cms", 7).build());
    act();
    assertEquals(List.of("12.0\n"), asked);
  }

  @Test
  void withoutIdleJobsOrWithTooManyNoneIsCooledDown() throws IOException {
    run("cms-7", new JobId(12, 0));
    idle = 10_001;
    saw();
    act();
    assertEquals(List.of("-jobids 12.0 JobCoolDownExpiration 1800000004"), edits());
  }

  @Test
  void ownersNameThatIsAnExpressionIsNotPutIntoOne() throws IOException {
    running.put("cms-7", List.of(new RunningPayload(new JobId(12, 0), "x\") || (true", "cms")));
    idle = 5;
    saw();
    act();
    assertEquals(List.of("-jobids 12.0 JobCoolDownExpiration 1800000004"), edits());
  }

  @Test
  void idleJobsOfOneOwnerAreNotCooledDownAllTheTime() throws IOException {
    idle = 5;
    run("cms-7", new JobId(12, 0));
    saw();
    for (int i = 0; i < 14; i++) {
      act();
      saw(ANodeJob.of("cms", 7).running("pad1").build());
      saw();
      now = now.plusSeconds(1);
    }
    assertEquals(14, asked.size());
    assertEquals(1, edits().stream().filter(edit -> edit.startsWith("-constraint")).count());
  }

  @Test
  void whoIsRefusedIsAskedForAgainEverMoreSeldom() {
    answer = "refused: node cms-7 has not ended";
    run("cms-7", new JobId(12, 0));
    saw();
    for (int i = 0; i < 3600; i++) {
      pass(Duration.ofSeconds(1));
    }
    long calls = asked.stream().filter(each -> !each.isEmpty()).count();
    // After 1, 2, 4 … s, at last every ten minutes.
    assertTrue(calls >= 10 && calls <= 16, asked::toString);
    assertTrue(log().contains("its jobs stay as they are: 12.0: node cms-7 has not ended"), log());
  }

  @Test
  void whatEndedWhileNobodyLookedIsFound() {
    lost = lostJobs(Optional.of(new ReaperCall(root.resolve("reaper"))));
    run("cms-3", new JobId(12, 0));
    run("pad1.example.org", new JobId(13, 0));
    act();
    assertEquals(List.of("12.0\n"), asked);
  }

  @Test
  void silentReaperIsSaidAndTriedAgain() throws IOException {
    reaper.close();
    Files.delete(root.resolve("reaper"));
    run("cms-7", new JobId(12, 0));
    saw();
    act();
    assertTrue(lost.fault().contains("the reaper does not answer"), lost.fault());
    assertTrue(log().contains("jobs of nodes that end wait for their lease"), log());
    reaper = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    reaper.bind(UnixDomainSocketAddress.of(root.resolve("reaper")));
    Thread.ofVirtual().start(this::answerAll);
    pass(Duration.ofSeconds(2));
    assertEquals(List.of("12.0\n"), asked);
    assertEquals("", lost.fault());
  }

  @Test
  void accessPointWithoutReaperLeavesJobsToTheirLease() {
    lost = lostJobs(Optional.empty());
    saw(ANodeJob.of("cms", 7).running("pad1").build());
    run("cms-7", new JobId(12, 0));
    saw();
    act();
    assertEquals(List.of(), asked);
    assertEquals("", lost.fault());
  }

  @Test
  void moreJobsThanOneCallMayHaveAreAskedForInSeveral() {
    List<JobId> many = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      many.add(new JobId(12, i));
    }
    run("cms-7", many.toArray(JobId[]::new));
    saw();
    act();
    assertEquals(100, asked.getFirst().lines().count());
  }

  private LostJobs lostJobs(Optional<ReaperCall> call) {
    Clock clock = Clock.fixed(START, ZoneOffset.UTC);
    return new LostJobs(
        new HtCondor(root, root, "cm.test", root, root),
        call,
        aside,
        new SizerLog(root.resolve("log"), 1_000_000, clock),
        new AuditLog(root.resolve("audit"), "test", clock));
  }

  private void run(String node, JobId... jobs) {
    List<RunningPayload> payload = new ArrayList<>();
    for (JobId job : jobs) {
      payload.add(new RunningPayload(job, "alice", "cms"));
    }
    running.put(node, payload);
  }

  private void saw(NodeJob... nodes) {
    Map<NodeId, NodeJob> byNode = new LinkedHashMap<>();
    for (NodeJob node : nodes) {
      byNode.put(node.node(), node);
    }
    lost.saw(byNode, now);
  }

  private void pass(Duration later) {
    now = now.plus(later);
    act();
  }

  private void act() {
    lost.act(
        new LostJobs.Queue() {
          @Override
          public List<String> hosts() {
            return List.copyOf(running.keySet());
          }

          @Override
          public List<RunningPayload> payloadOn(String host) {
            return running.getOrDefault(host, List.of());
          }

          @Override
          public int idle(String vo) {
            return idle;
          }
        },
        now);
    aside.takeResults();
  }

  private List<String> edits() throws IOException {
    return Files.readAllLines(root.resolve("condor_qedit.calls"));
  }

  private String log() {
    try {
      return Files.readString(root.resolve("log"));
    } catch (IOException e) {
      return "";
    }
  }

  private void answerAll() {
    try {
      while (true) {
        SocketChannel channel = reaper.accept();
        try (Exchange exchange = new Exchange(channel, Duration.ofSeconds(5))) {
          String question = exchange.read(10_000);
          if (!question.isEmpty()) {
            asked.add(question);
          }
          StringBuilder text = new StringBuilder();
          question.lines().forEach(job -> text.append(job).append(' ').append(answer).append('\n'));
          exchange.write(text.toString());
        }
      }
    } catch (IOException e) {
      // The test is over.
    }
  }
}
