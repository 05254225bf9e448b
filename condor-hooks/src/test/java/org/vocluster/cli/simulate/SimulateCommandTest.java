package org.vocluster.cli.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.vocluster.Said.assertSays;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vocluster.cli.frame.CliException;
import org.vocluster.cli.frame.ExitCode;
import org.vocluster.cli.frame.Terminal;

class SimulateCommandTest {
  private static final Path EXAMPLES =
      Path.of("..", "docs", "examples", "simulate").toAbsolutePath().normalize();
  private static final String HOSTS = "--hosts=4x16cpu,64GB,1TB";

  @TempDir Path directory;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private ExitCode simulate(String... options) {
    try {
      return new SimulateCommand()
          .run(
              List.of(options),
              new Terminal(new ByteArrayInputStream(new byte[0]), stream(out), stream(err)));
    } catch (CliException e) {
      stream(err).println("voc: " + e.getMessage());
      return e.code();
    }
  }

  private static PrintStream stream(OutputStream to) {
    return new PrintStream(to, true, StandardCharsets.UTF_8);
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private static String example(String name) {
    return EXAMPLES.resolve(name).toString();
  }

  @Test
  void theExampleComparesTwoPolicies() throws IOException {
    Path csv = directory.resolve("o.csv");
    Path svg = directory.resolve("o.svg");
    assertEquals(
        ExitCode.OK,
        simulate(
            "--trace",
            example("workload.swf"),
            "--user-vo=" + example("users.map"),
            "--definitions=" + example("lean"),
            "--definitions",
            "warm=" + example("ready"),
            HOSTS,
            "--boot-seconds=40,5",
            "--csv=" + csv,
            "--svg=" + svg),
        err());
    assertEquals("", err());
    assertSays(out(), "231 jobs\n", "all: lean", "cms: warm");
    assertEquals(7, Files.readAllLines(csv).size());
    assertSays(Files.readString(svg), "warm: nodes");
  }

  @Test
  void allProblemsOfTheOptionsAreSaidAtOnce() throws IOException {
    Path map = Files.writeString(directory.resolve("m"), "alice cms\n");
    Path definition = Files.writeString(directory.resolve("bad.ad"), "[ Name = \"x\" ]");
    assertEquals(
        ExitCode.USAGE,
        simulate(
            "--frobnicate",
            "--format=xml",
            "--hosts=many",
            "--boot-seconds=soon",
            "--boot-failures=200",
            "--quotas=cms",
            "--seed=-1",
            "--seed=2",
            "--split-parallel=yes",
            "--user-vo=" + map,
            "--definitions=" + definition,
            "--until"));
    List<String> lines = err().lines().toList();
    assertTrue(lines.stream().allMatch(line -> line.startsWith("voc: ")), err());
    for (String part :
        List.of(
            "simulate: --frobnicate: is no option",
            "simulate: --until: has no value",
            "simulate: --seed: is given twice",
            "simulate: --split-parallel: takes no value",
            "simulate: --trace: is missing",
            "simulate: --format: \"xml\"",
            "simulate: --hosts: \"many\"",
            "simulate: --boot-seconds: \"soon\"",
            "simulate: --boot-failures: \"200\" is no number from 0 to 100",
            "simulate: --quotas: \"cms\"",
            "simulate: --seed: \"-1\"",
            map + ":1: ",
            definition + ": VO is missing")) {
      assertSays(err(), "voc: " + part);
    }
  }

  @Test
  void badLinesAreNamedAndTheRestIsSimulated() throws IOException {
    Path trace = directory.resolve("t.swf.gz");
    try (OutputStream to = new GZIPOutputStream(Files.newOutputStream(trace))) {
      to.write(
          """
          ; a comment
          1 0 -1 60 1 -1 -1 1 -1 -1 1 1 1 -1 -1 -1 -1 -1
          nonsense
          2 5 -1 -1 1 -1 -1 1 -1 -1 5 1 1 -1 -1 -1 -1 -1
          """
              .getBytes(StandardCharsets.UTF_8));
    }
    assertEquals(
        ExitCode.OK,
        simulate("--trace=" + trace, "--definitions=" + example("lean/cms.ad"), HOSTS),
        err());
    assertTrue(err().startsWith("voc: " + trace + ":3: has 1 fields and not 18"), err());
    assertSays(err(), "voc: " + trace + ": 1 jobs were cancelled before they ran");
    assertSays(out(), trace + ": 1 jobs, 1 bad records left out");
  }

  @Test
  void historyIsToldFromTheStandardWorkloadFormat() throws IOException {
    Path trace =
        Files.writeString(
            directory.resolve("h"),
            """
            ClusterId = 1
            ProcId = 0
            Owner = "alice"
            QDate = 1700000000
            JobStatus = 4
            RemoteWallClockTime = 60.0
            Requirements = TARGET.Arch == "X86_64"

            """);
    assertEquals(
        ExitCode.OK,
        simulate("--trace=" + trace, "--definitions=" + example("lean/cms.ad"), HOSTS),
        err());
    assertSays(out(), ": 1 jobs\n");
    assertTrue(out().lines().anyMatch(line -> line.matches("finished +1")), out());
  }

  @Test
  void jobsThatNoNodeTakesAreNamedWithTheReason() throws IOException {
    Path trace =
        Files.writeString(
            directory.resolve("t.swf"),
            """
            7 0 -1 60 64 -1 -1 64 -1 -1 1 1 1 -1 -1 -1 -1 -1
            8 0 -1 60 1 -1 -1 1 -1 -1 1 1 1 -1 -1 -1 -1 -1
            """);
    assertEquals(
        ExitCode.OK,
        simulate("--trace=" + trace, "--definitions=" + example("lean/cms.ad"), HOSTS),
        err());
    assertSays(out(), "1 jobs get no node, as 7: it asks for 64 cpus");
  }

  private static Path sample(String name) {
    return Path.of("src/test/resources/org/vocluster/sizing/demand", name);
  }

  @ParameterizedTest
  @CsvSource({
    "container-required.ads, cms.ad, HasContainer; HasSIF, HasContainer = true; HasSIF = true",
    "os-required.ads, cms.ad, OpSysAndVer, OpSysAndVer = \"AlmaLinux9\"",
    "osdf.ads, cms.ad, HasFileTransferPluginMethods, HasFileTransferPluginMethods = \"osdf\"",
    "gpu.ads, gpu.ad, AvailableGPUs; Capability, GPUs_Capability = 8.0"
  })
  void jobsThatAskForWhatTheImageHasGetANode(
      String trace, String definition, String assumed, String attributes) throws IOException {
    String[] options = {
      "--trace=" + sample(trace),
      "--definitions=" + sample(definition),
      "--hosts=2x8cpu,64GB,2TB,1gpu"
    };
    assertEquals(ExitCode.OK, simulate(options), err());
    assertTrue(out().lines().anyMatch(line -> line.matches("finished +1")), out());
    assertSays(
        out(), "  assumed: nodes of VOC cms have what jobs ask for: " + assumed.replace(";", ","));
    out.reset();
    Path said =
        Files.writeString(
            directory.resolve("cms.ad"),
            Files.readString(sample(definition))
                .replace(" ]", "; NodeAttributes = [ " + attributes + " ] ]"));
    options[1] = "--definitions=" + said;
    assertEquals(ExitCode.OK, simulate(options), err());
    assertTrue(out().lines().anyMatch(line -> line.matches("finished +1")), out());
    assertFalse(out().contains("assumed"), out());
  }

  @Test
  void manyJobsThatAskForWhatTheImageHasGetManyNodesAfterTheFirst() throws IOException {
    StringBuilder jobs = new StringBuilder();
    for (int i = 0; i < 16; i++) {
      jobs.append(
          """
          ClusterId = %d
          ProcId = 0
          Owner = "alice"
          QDate = 1700000000
          JobStatus = 4
          RemoteWallClockTime = 3600.0
          RequestCpus = 4
          Requirements = TARGET.HasContainer

          """
              .formatted(100 + i));
    }
    Path trace = Files.writeString(directory.resolve("h"), jobs);
    assertEquals(
        ExitCode.OK,
        simulate(
            "--trace=" + trace, "--definitions=" + sample("cms.ad"), "--hosts=8x16cpu,256GB,8TB"),
        err());
    assertTrue(out().lines().anyMatch(line -> line.matches("nodes at once, most +16")), out());
    assertTrue(out().lines().anyMatch(line -> line.matches("finished +16")), out());
  }

  @Test
  void aTraceWithoutAJobIsAProblem() throws IOException {
    Path trace = Files.writeString(directory.resolve("t.swf"), "; nothing\n");
    assertEquals(
        ExitCode.PROBLEM,
        simulate("--trace=" + trace, "--definitions=" + example("lean/cms.ad"), HOSTS));
    assertSays(err(), trace + ": has no job to simulate");
  }

  @Test
  void withoutAMapUsersOfSeveralVosAreInNone() {
    assertEquals(
        ExitCode.PROBLEM,
        simulate("--trace=" + example("workload.swf"), "--definitions=" + example("lean"), HOSTS));
    assertSays(err(), "are of users in no VO", "--user-vo");
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    assertEquals(
        ExitCode.FAILED,
        simulate("--trace=/nowhere", "--definitions=" + example("lean/cms.ad"), HOSTS));
    assertSays(err(), "/nowhere: cannot be read: there is no such file");
    assertEquals(
        ExitCode.FAILED,
        simulate(
            "--trace=" + example("workload.swf"),
            "--definitions=" + example("lean/cms.ad"),
            HOSTS,
            "--csv=/nowhere/o.csv"));
    assertSays(err(), "/nowhere/o.csv: cannot be written");
  }

  @Test
  void hostsCanStandInAFile() throws IOException {
    Path hosts =
        Files.writeString(
            directory.resolve("hosts"),
            "# the old ones\n2x16cpu,64GB,1TB\n2x16cpu,64GB,1TB # new\n");
    assertEquals(
        ExitCode.OK,
        simulate(
            "--trace=" + example("workload.swf"),
            "--definitions=" + example("lean/cms.ad"),
            "--hosts=" + hosts),
        err());
  }

  private String recorded(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            SimulateCommandTest.class.getResourceAsStream(
                "/org/vocluster/simulation/trace/" + name),
            name)) {
      Path file = directory.resolve(name);
      Files.copy(in, file);
      return file.toString();
    }
  }

  private String simulated(String trace, String... more) {
    List<String> options =
        new ArrayList<>(
            List.of("--trace=" + trace, "--definitions=" + example("lean/cms.ad"), HOSTS));
    options.addAll(List.of(more));
    assertEquals(ExitCode.OK, simulate(options.toArray(String[]::new)), err());
    return out();
  }

  private static String row(String table, String name) {
    return table
        .lines()
        .filter(line -> line.startsWith(name + "  "))
        .findFirst()
        .orElseThrow(() -> new AssertionError(table))
        .substring(name.length())
        .strip();
  }

  /** Its Requirements refuse every slot until a time in the year 2030. */
  @Test
  void aDeferredJobRunsAtItsTime() throws IOException {
    String table = simulated(recorded("deferred.ads"), "--format=queue", "--job-seconds=60");
    assertEquals("1", row(table, "finished"));
    assertEquals("0.0 s", row(table, "waiting time, longest"));
    assertSays(err(), "1 jobs are deferred; each starts at its own time");
  }

  @Test
  void aJobThatNeverGetsItsTimeIsLeftOut() throws IOException {
    Path trace =
        Files.writeString(
            directory.resolve("never"),
            Files.readString(Path.of(recorded("deferred.ads")))
                    .replaceFirst("DeferralTime = \\d+", "DeferralTime = 1000000000000000000")
                + "\nVocVO = \"cms\"\nQDate = 1795420000\nJobStatus = 1\nProcId = 1\n");
    assertEquals("1", row(simulated(trace.toString()), "finished"));
    assertSays(err(), "1 jobs are deferred for more than a hundred years");
  }

  /** It ran for ten minutes, was held, and was removed three days later. */
  @Test
  void aHoldIsNoRunTime() throws IOException {
    String table = simulated(recorded("held.ads"));
    assertEquals("1", row(table, "finished"));
    assertEquals("0", row(table, "restarted after their node ended"));
    assertEquals("0", row(table, "given up, longer than nodes live"));
    assertEquals("0.20 h", row(table, "node-hours"));
  }

  @Test
  void furtherColumnsOfALineAreIgnored() throws IOException {
    simulated(recorded("meta.swf"));
    assertSays(out(), "1 jobs\n");
    assertEquals(
        List.of(
            "voc: "
                + directory.resolve("meta.swf")
                + ": lines have more than the 18 fields of the Standard Workload Format, as line"
                + " 1; the first 18 are read"),
        err().lines().toList());
  }
}
