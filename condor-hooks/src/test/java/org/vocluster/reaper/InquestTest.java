package org.vocluster.reaper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vocluster.condor.JobId;
import org.vocluster.condor.ReaperAnswer;

/** Real processes, which the kernel tells of here as a directory of files does. */
class InquestTest {
  private static final long BOOT = 1_800_000_000;
  private static final long MASTER = 100;
  private static final long SCHEDD = 101;
  private static final String ADDRESS = "<192.0.2.1:9618?addrs=192.0.2.1-9618&sock=schedd_1_2>";
  private static final JobId JOB = new JobId(12, 0);

  @TempDir Path root;
  private Path proc;
  private final List<Process> processes = new ArrayList<>();

  @BeforeEach
  void setUp() throws IOException {
    proc = Files.createDirectory(root.resolve("proc"));
    Files.writeString(proc.resolve("stat"), "cpu 1 2 3\nbtime " + BOOT + "\n");
    Files.writeString(root.resolve("address"), ADDRESS + "\n$CondorVersion: 25 $\n");
    Files.createFile(root.resolve("condor_schedd"));
    Files.createFile(root.resolve("condor_shadow"));
    process(SCHEDD, MASTER, 0, "condor_schedd", 0, "condor_schedd");
    answers(
        "ClusterId = 12\nProcId = 0\nVocVO = \"cms\"\nJobStatus = 2\nJobUniverse = 5\n"
            + "RemoteHost = \"slot1_1@cms-a\"\nShadowBday = "
            + (BOOT + 50)
            + "\n",
        "",
        "Owner = \"voc-cms\"\nVocVO = \"cms\"\nVocNode = \"cms-a\"\n");
  }

  @AfterEach
  void endAll() {
    processes.forEach(Process::destroyForcibly);
  }

  @Test
  void shadowOfAnEndedNodesJobIsEndedAndNoOther() throws Exception {
    Process its = shadow("12.0", 50);
    Process other = shadow("12.1", 50);
    assertEquals(List.of(new ReaperAnswer(JOB, true, "cms-a")), inquest().end(List.of(JOB)));
    assertTrue(its.waitFor(10, TimeUnit.SECONDS));
    assertTrue(other.isAlive());
  }

  @Test
  void shadowOfALivingNodesJobStays() throws Exception {
    Process its = shadow("12.0", 50);
    answer(
        "condor_q.nodes",
        "Owner = \"voc-cms\"\nVocVO = \"cms\"\nVocNode = \"cms-a\"\nJobStatus = 2\n");
    assertRefused("node cms-a has not ended", its);
  }

  @Test
  void nothingHappensIfTheScheddDoesNotAnswer() throws Exception {
    Process its = shadow("12.0", 50);
    Files.delete(root.resolve("condor_q.jobs"));
    ReaperAnswer answer = inquest().end(List.of(JOB)).getFirst();
    assertFalse(answer.ended());
    assertTrue(its.isAlive());
  }

  @Test
  void shadowThatWentOnToAnotherJobStaysAlthoughItBearsTheFirstOnesNumber() throws Exception {
    Process reused = shadow("12.0", 20);
    assertRefused("no shadow was started for it then", reused);
  }

  @Test
  void ofTwoWithTheNumberTheOneOfThatTimeIsEnded() throws Exception {
    Process reused = shadow("12.0", 20);
    Process its = shadow("12.0", 51);
    assertTrue(inquest().end(List.of(JOB)).getFirst().ended());
    assertTrue(its.waitFor(10, TimeUnit.SECONDS));
    assertTrue(reused.isAlive());
  }

  /** A user's process may call itself what it likes; what started it, and from what file, stays. */
  @ParameterizedTest
  @ValueSource(strings = {"program", "user", "parent", "schedd"})
  void processThatOnlyClaimsToBeTheShadowStays(String forged) throws Exception {
    Process its = sleeping();
    Files.createFile(root.resolve("condor_shadow.mine"));
    process(
        its.pid(),
        forged.equals("parent") ? 1 : SCHEDD,
        forged.equals("user") ? 2001 : 0,
        forged.equals("program") ? "condor_shadow.mine" : "condor_shadow",
        50,
        "condor_shadow",
        "12.0",
        "--schedd=" + (forged.equals("schedd") ? "<192.0.2.1:9618?sock=schedd_2_3>" : ADDRESS));
    assertRefused("no shadow was started for it then", its);
  }

  @Test
  void jobThatIsNotInTheQueueIsRefused() throws Exception {
    answer("condor_q.jobs", "");
    assertRefused("it is not in the queue", shadow("12.0", 50));
  }

  private void assertRefused(String why, Process process) {
    List<ReaperAnswer> answers = inquest().end(List.of(JOB));
    assertEquals(1, answers.size());
    assertFalse(answers.getFirst().ended());
    assertTrue(answers.getFirst().why().startsWith(why), answers.getFirst().why());
    assertTrue(process.isAlive());
  }

  private Inquest inquest() {
    return new Inquest(
        new Shadows(
            proc,
            MASTER,
            root.resolve("condor_schedd"),
            root.resolve("condor_shadow"),
            root.resolve("address")),
        new QueuesWord(root));
  }

  private Process sleeping() throws IOException {
    Process process = new ProcessBuilder("sleep", "60").start();
    processes.add(process);
    return process;
  }

  private Process shadow(String job, long seconds) throws IOException {
    Process process = sleeping();
    process(
        process.pid(),
        SCHEDD,
        0,
        "condor_shadow",
        seconds,
        "condor_shadow",
        job,
        "--schedd=" + ADDRESS,
        "-");
    return process;
  }

  private void process(
      long pid, long parent, int user, String program, long seconds, String... arguments)
      throws IOException {
    Path own = Files.createDirectory(proc.resolve(Long.toString(pid)));
    // A name with a bracket, which its bearer may have chosen.
    String rest = " 0".repeat(17);
    Files.writeString(
        own.resolve("stat"), pid + " (con) (x) S " + parent + rest + " " + seconds * 100 + " 7\n");
    Files.writeString(
        own.resolve("status"), "Name:\tx\nUid:\t%d\t2001\t0\t2001\nGid:\t0\n".formatted(user));
    Files.createSymbolicLink(own.resolve("exe"), root.resolve(program));
    Files.writeString(own.resolve("cmdline"), String.join("\0", arguments) + "\0");
  }

  private void answers(String jobs, String nodes, String history) throws IOException {
    answer("condor_q.jobs", jobs);
    answer("condor_q.nodes", nodes);
    answer("condor_history.nodes", history);
    for (String tool : List.of("condor_q", "condor_history")) {
      Path script = root.resolve(tool);
      Files.writeString(
          script,
          """
          #!/bin/sh
          case "$*" in *stringListMember*) cat "$0.nodes" ;; *) cat "$0.jobs" ;; esac
          """);
      Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  private void answer(String file, String ads) throws IOException {
    Files.writeString(root.resolve(file), ads);
  }
}
