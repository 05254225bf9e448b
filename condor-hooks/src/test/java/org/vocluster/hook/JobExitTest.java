package org.vocluster.hook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.LongForm;
import org.vocluster.condor.Invalidation;
import org.vocluster.vm.definition.NodeId;

class JobExitTest {
  private static final ClassAd JOB =
      ClassAd.builder()
          .set("Owner", "voc-cms")
          .set("VocNodeJob", true)
          .set("VocVO", "cms")
          .set("VocNode", "cms-abcdef12")
          .build();

  @TempDir Path dir;
  private Path advertise = Path.of("/");

  @BeforeEach
  void fakeCondorAdvertise() throws Exception {
    Files.writeString(dir.resolve("voc-token"), "head.body.signature\n");
    advertise = dir.resolve("condor_advertise");
    script(
        "for last; do :; done; name=$(basename \"$last\");"
            + " { echo \"$@\"; echo \"$_CONDOR_SEC_CLIENT_AUTHENTICATION_METHODS\";"
            + " ls -l \"$_CONDOR_SEC_TOKEN_DIRECTORY\" | grep -o '^-[rwx-]*'; cat \"$_CONDOR_SEC_TOKEN_DIRECTORY\"/*; cat \"$last\"; } >"
            + dir
            + "/called$name");
  }

  private void script(String body) throws Exception {
    Files.writeString(advertise, "#!/bin/sh\n" + body + "\n");
    assertTrue(advertise.toFile().setExecutable(true));
  }

  private HookRun run(ClassAd ad, String... more) {
    List<String> arguments = new ArrayList<>(List.of("--condor-advertise=" + advertise));
    arguments.addAll(List.of(more));
    return HookRun.of(
        JobExit::run,
        LongForm.printBytes(ad),
        Map.of("_CONDOR_SCRATCH_DIR", dir.toString()),
        arguments);
  }

  private boolean called() {
    return Files.exists(dir.resolve("called.voc-exit-startd.ad"));
  }

  @Test
  void deadNodesAdsAreInvalidatedWithItsOwnToken() throws Exception {
    HookRun run = run(JOB, "--collector=cm.example.org", "remove");
    assertEquals(new HookRun(0, "", ""), run);
    String startd = Files.readString(dir.resolve("called.voc-exit-startd.ad"));
    assertEquals(
        "-pool cm.example.org -multiple INVALIDATE_STARTD_ADS "
            + dir
            + "/.voc-exit-startd.ad\nIDTOKENS\n-rw-------\nhead.body.signature\n"
            + Invalidation.startds(Invalidation.ofNode(new NodeId("cms-abcdef12"))),
        startd);
    String master = Files.readString(dir.resolve("called.voc-exit-master.ad"));
    assertTrue(master.contains("INVALIDATE_MASTER_ADS"), master);
  }

  @Test
  void invalidationHasNoNameSoThatRequirementsDecide() throws Exception {
    String[] ads = Invalidation.startds(Invalidation.ofNode(new NodeId("cms-1"))).split("\n\n", -1);
    assertEquals(2, ads.length);
    assertEquals(
        "MyType = \"Query\"\nRequirements = VocDomain =?= \"VAD\" && VocNode =?= \"cms-1\"\nTargetType = \"Machine\"",
        ads[0]);
    assertTrue(ads[1].contains("TargetType = \"StartD\""), ads[1]);
  }

  @Test
  void doneTwiceIsAsGood() {
    assertEquals(0, run(JOB, "exit").status());
    assertEquals(0, run(JOB, "exit").status());
  }

  @Test
  void jobsThatAreNoNodesCostNothing() {
    assertEquals(new HookRun(0, "", ""), run(JOB.without("VocNodeJob"), "exit"));
    assertEquals(new HookRun(0, "", ""), run(JOB.with("Owner", "mallory"), "exit"));
    assertEquals(new HookRun(0, "", ""), run(JOB.with("VocNode", "x\" || true || \""), "exit"));
    assertFalse(called());
  }

  @Test
  void nodeThatNeverGotATokenHasNothingToTakeBack() throws Exception {
    Files.delete(dir.resolve("voc-token"));
    assertEquals(new HookRun(0, "", ""), run(JOB, "hold"));
    assertFalse(called());
  }

  @Test
  void failureIsToldOnStandardError() throws Exception {
    script("echo 'failed to send classad' >&2; exit 1");
    HookRun run = run(JOB, "exit");
    assertEquals(1, run.status());
    assertTrue(run.stderr().startsWith("voc: job-exit: `" + advertise), run.stderr());
    assertTrue(run.stderr().contains("failed to send classad"), run.stderr());
    assertEquals("", run.stdout());
  }

  @Test
  void garbageIsNoNode() {
    HookRun run =
        HookRun.of(
            JobExit::run, "garbage".getBytes(StandardCharsets.US_ASCII), Map.of(), List.of("exit"));
    assertEquals(1, run.status());
    assertTrue(run.stderr().contains("cannot be read"), run.stderr());
  }
}
