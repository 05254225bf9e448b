package org.vocluster.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.vocluster.Said.assertSays;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vocluster.cli.frame.ExitCode;
import org.vocluster.cli.frame.Knob;
import org.vocluster.cli.frame.Site;
import org.vocluster.cli.frame.Terminal;

class DrainCommandTest {
  private static final String SLOT =
      """
      VocVO = "cms"
      MyAddress = "<10.0.2.15:9618?CCBID=1>"
      """;

  @TempDir Path root;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeEach
  void poolWithOneNode() throws IOException {
    for (String directory : List.of("bin", "keys", "tokens")) {
      Files.createDirectory(root.resolve(directory));
    }
    Files.writeString(root.resolve("keys/voc-cms"), "key");
    Files.writeString(root.resolve("slots"), SLOT);
    tool("condor_status", "cat '" + root.resolve("slots") + "'; echo \"$@\" >\"$0.call\"");
    tool("condor_token_create", "echo a.b.c");
    tool("condor_drain", "echo \"$@\" >\"$0.call\"");
  }

  private void tool(String name, String script) throws IOException {
    Path file = root.resolve("bin").resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private String call(String tool) throws IOException {
    return Files.readString(root.resolve("bin").resolve(tool + ".call")).strip();
  }

  @Test
  void nodeIsFoundInTheCollectorAndDrainedOnlyIfUnclaimed() throws IOException {
    assertEquals(ExitCode.OK, voc("drain", "cms-1"), this::err);
    assertEquals("cms-1: drained, takes no more jobs\n", out.toString(StandardCharsets.UTF_8));
    assertSays(call("condor_status"), "VocNode =?= \"cms-1\"");
    assertTrue(
        call("condor_drain").endsWith("-check PartitionableSlot =?= True <10.0.2.15:9618?CCBID=1>"),
        call("condor_drain"));
  }

  @Test
  void nodeWithAJobIsAProblemAndGoesOn() throws IOException {
    tool(
        "condor_drain",
        "echo 'error code 10003: Draining check expression is false on slot1_1@cms-1.' >&2; exit 1");
    assertEquals(ExitCode.PROBLEM, voc("drain", "cms-1"));
    assertTrue(err().startsWith("voc: cms-1: has a job and goes on as before: "), err());
    assertSays(err(), "slot1_1@cms-1");
  }

  @Test
  void silentNodeIsAFailure() throws IOException {
    tool("condor_drain", "echo 'Failed to start DRAIN_JOBS command' >&2; exit 1");
    assertEquals(ExitCode.FAILED, voc("drain", "cms-1"));
    assertEquals(ExitCode.FAILED, voc("resume", "cms-1"));
  }

  @Test
  void resumeCancels() throws IOException {
    assertEquals(ExitCode.OK, voc("resume", "cms-1"), this::err);
    assertEquals("-cancel <10.0.2.15:9618?CCBID=1>", call("condor_drain"));
  }

  @Test
  void unknownNodeIsAProblem() throws IOException {
    Files.writeString(root.resolve("slots"), "");
    assertEquals(ExitCode.PROBLEM, voc("drain", "cms-2"));
    assertTrue(err().startsWith("voc: cms-2: no such node is in the pool; "), err());
  }

  @Test
  void nodeOfAVoWhoseKeyIsNotHereNeedsAnotherHostOrAccount() throws IOException {
    Files.delete(root.resolve("keys/voc-cms"));
    assertEquals(ExitCode.NOT_PERMITTED, voc("drain", "cms-1"));
    assertSays(err(), "run this as root on the access point");
  }

  @ParameterizedTest
  @ValueSource(strings = {"drain", "resume", "drain a b", "drain Bad\"Name", "resume ../x"})
  void withoutOneNodesNameItIsUsage(String line) {
    assertEquals(ExitCode.USAGE, voc(line.split(" ", -1)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"drain", "resume"})
  void hasHelp(String name) {
    assertEquals(ExitCode.OK, voc(name, "--help"));
    assertTrue(out.toString(StandardCharsets.UTF_8).startsWith("usage: voc " + name + " NODE"));
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private ExitCode voc(String... args) {
    out.reset();
    err.reset();
    Terminal terminal =
        new Terminal(
            new ByteArrayInputStream(new byte[0]),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    Site site =
        new Site() {
          @Override
          protected String ask(Knob knob) {
            return switch (knob) {
              case KEYS -> root.resolve("keys").toString();
              case TOKENS -> root.resolve("tokens").toString();
              case BIN, SBIN -> root.resolve("bin").toString();
              default -> knob.otherwise();
            };
          }
        };
    return new Voc(site).run(List.of(args), terminal);
  }
}
