package org.vocluster.hook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.LongForm;
import org.vocluster.hook.Advertise.AcceleratorFact;
import org.vocluster.vm.AcceleratorMode;
import org.vocluster.vm.AcceleratorProbe;
import org.vocluster.vm.Command;

class AdvertiseTest {
  private static final Path QEMU_IMG = Path.of("/usr/bin/qemu-img");

  @TempDir Path dir;
  private String digest = "";
  private int updates;

  @BeforeEach
  void prepare() throws Exception {
    assumeTrue(Files.isExecutable(QEMU_IMG), "needs qemu-img: install qemu-utils");
    for (String name : List.of("images", "state", "src")) {
      Files.createDirectories(dir.resolve(name));
    }
    Path image = dir.resolve("src/cms.qcow2");
    Command.of(
            Duration.ofSeconds(30),
            List.of(QEMU_IMG.toString(), "create", "-q", "-f", "qcow2", image.toString(), "1M"))
        .output();
    digest =
        java.util.HexFormat.of()
            .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(image)));
    script("qemu", "echo QEMU emulator version 10.0.6");
    vocAds(vocAd("cms", digest, "file:" + image));
  }

  private Path script(String name, String body) throws Exception {
    Path file = dir.resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + body + "\n");
    assertTrue(file.toFile().setExecutable(true));
    return file;
  }

  private static String vocAd(String vo, String digest, String url) {
    return "Name = \"x\"\nVocVO = \""
        + vo
        + "\"\nVocImage = \""
        + digest
        + "\"\nVocImageUrl = \""
        + url
        + "\"\n\n";
  }

  private void vocAds(String ads) throws Exception {
    Files.writeString(dir.resolve("ads"), ads);
    script("condor_status", "echo run >> " + dir + "/asked; cat " + dir + "/ads");
  }

  private List<ClassAd> run(Instant now, String... changed) throws Exception {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--images=" + dir.resolve("images"),
                "--state=" + dir.resolve("state"),
                "--qemu=" + dir.resolve("qemu"),
                "--qemu-img=" + QEMU_IMG,
                "--accelerator=tcg",
                "--vos=cms",
                "--allow-urls=file://" + dir + "/src/",
                "--condor-status=" + dir.resolve("condor_status"),
                "--execute=" + dir.resolve("execute"),
                "--max-image-mb=100"));
    for (String change : changed) {
      String name = change.substring(0, change.indexOf('=') + 1);
      arguments.removeIf(argument -> argument.startsWith(name));
      arguments.add(change);
    }
    HookRun run = HookRun.of(Advertise::run, new byte[0], Map.of(), arguments, now);
    assertEquals(0, run.status());
    assertEquals("", run.stderr(), "the startd would pile it up");
    assertTrue(run.stdout().matches("(?s).*\n-( update:true)?\n"), run.stdout());
    updates = run.stdout().split("- update:true\n", -1).length - 1;
    List<ClassAd> out = new ArrayList<>();
    for (String ad : run.stdout().split("(?m)^-( update:true)?\n", -1)) {
      if (!ad.isEmpty()) {
        out.add(LongForm.parse(ad));
      }
    }
    return out;
  }

  private ClassAd last(Instant now, String... changed) throws Exception {
    return run(now, changed).getLast();
  }

  @Test
  void hostSaysWhatItCanAndStagesWhatVocsAskFor() throws Exception {
    List<ClassAd> ads = run(HookRun.NOW);
    assertEquals(2, ads.size(), "published before and after staging");
    assertEquals("", ads.get(0).string("VocImages").orElse("?"));
    ClassAd ad = ads.get(1);
    assertEquals(digest, ad.string("VocImages").orElse(""));
    assertEquals("PAD", ad.string("VocDomain").orElse(""));
    assertEquals("qemu", ad.string("VocHypervisor").orElse(""));
    assertEquals("10.0.6", ad.string("VocHypervisorVersion").orElse(""));
    assertEquals("tcg", ad.string("VocAccelerator").orElse(""));
    assertEquals("cms", ad.string("VocVOs").orElse(""));
    assertEquals(0, ad.integer("VocNodes").orElse(-1));
    assertEquals(1_800_000_000, ad.integer("VocHeartbeat").orElse(0));
    assertFalse(ad.string("VocVersion").orElse("$").contains("$"), ad.toString());
    assertFalse(ad.has("VocImageErrors"));
    assertFalse(ad.has("VocFault"));
  }

  @Test
  void collectorIsToldOfNewsAtOnceAndNotOfHeartbeats() throws Exception {
    run(HookRun.NOW);
    assertEquals(2, updates, "the first ad, and the image");
    run(HookRun.NOW.plusSeconds(15));
    assertEquals(0, updates);
    vocAds("");
    Files.delete(dir.resolve("images").resolve(digest + ".qcow2"));
    run(HookRun.NOW.plusSeconds(30));
    assertEquals(1, updates);
  }

  @Test
  void startdThatStartedAnewIsToldAll() {
    ClassAd ad = ClassAd.builder().set("VocDomain", "PAD").build();
    assertTrue(new LastPublished(dir, "1 a").isNews(ad.with("VocHeartbeat", 1)));
    assertFalse(new LastPublished(dir, "1 a").isNews(ad.with("VocHeartbeat", 2)));
    assertTrue(new LastPublished(dir, "1 b").isNews(ad));
  }

  @Test
  void imagesOfForeignVosAreNotFetched() throws Exception {
    assertEquals("", last(HookRun.NOW, "--vos=atlas").string("VocImages").orElse("?"));
  }

  @Test
  void deadCollectorMeansAdvertiseWhatIsThere() throws Exception {
    last(HookRun.NOW);
    script("condor_status", "echo 'Failed to connect' >&2; exit 1");
    ClassAd ad = last(HookRun.NOW);
    assertEquals(digest, ad.string("VocImages").orElse(""));
    assertTrue(ad.string("VocFault").orElse("").contains("Failed to connect"));
  }

  @Test
  void stagingErrorIsShownAndRetriedAfterGrowingPauses() throws Exception {
    Files.move(dir.resolve("src/cms.qcow2"), dir.resolve("src/away"));
    ClassAd ad = last(HookRun.NOW);
    String errors = ad.string("VocImageErrors").orElse("");
    assertTrue(errors.contains("cms.qcow2 cannot be read: NoSuchFileException"), errors);
    Files.move(dir.resolve("src/away"), dir.resolve("src/cms.qcow2"));
    assertEquals("", last(HookRun.NOW.plusSeconds(59)).string("VocImages").orElse("?"));
    ClassAd mended = last(HookRun.NOW.plusSeconds(60));
    assertEquals(digest, mended.string("VocImages").orElse(""));
    assertFalse(mended.has("VocImageErrors"));
  }

  @Test
  void pausesDoubleUpToAnHour() throws Exception {
    StagingErrors errors = StagingErrors.load(dir.resolve("state"));
    WantedImage image =
        WantedImage.of(Files.readString(dir.resolve("ads")), AcceptedVos.parse("*")).get(0);
    long now = 1000;
    List<Long> pauses = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      errors.failed(image, "broken", now);
      errors.save();
      errors = StagingErrors.load(dir.resolve("state"));
      long pause = 0;
      while (!errors.mayTry(image, now + pause)) {
        pause += 20;
      }
      pauses.add(pause);
      now += pause;
    }
    assertEquals(List.of(60L, 120L, 240L, 480L, 960L, 1920L, 3600L, 3600L), pauses);
    assertTrue(errors.mayTry(new WantedImage(image.digest(), "file:/elsewhere"), now));
  }

  @Test
  void errorOfAnImageThatNobodyWantsIsForgotten() throws Exception {
    Files.delete(dir.resolve("src/cms.qcow2"));
    last(HookRun.NOW);
    vocAds("");
    assertFalse(last(HookRun.NOW).has("VocImageErrors"));
  }

  @Test
  void manyErrorsStayWithinTheAdsBounds() throws Exception {
    StringBuilder ads = new StringBuilder();
    for (int i = 0; i < 300; i++) {
      ads.append(
          vocAd("cms", String.format("%064x", i), "https://evil.example.org/" + "x".repeat(500)));
    }
    vocAds(ads.toString());
    ClassAd ad = last(HookRun.NOW);
    assertTrue(ad.string("VocImageErrors").orElse("").length() <= 1600);
  }

  @Test
  void brokenVocAdDoesNotKeepOthersAway() throws Exception {
    vocAds("Name = = =\n\nVocVO = 7\n\n" + Files.readString(dir.resolve("ads")));
    assertEquals(digest, last(HookRun.NOW).string("VocImages").orElse(""));
  }

  @Test
  void badArgumentStandsInTheAd() throws Exception {
    ClassAd ad = last(HookRun.NOW, "--allow-urls=ftp://x/");
    assertTrue(
        ad.string("VocFault").orElse("").startsWith("voc: advertise: argument --allow-urls"),
        ad.toString());
    assertFalse(ad.has("VocDomain"));
  }

  @Test
  void hostSetToKvmThatHasNoneOffersNoImages() throws Exception {
    last(HookRun.NOW);
    ClassAd ad = last(HookRun.NOW, "--accelerator=kvm");
    assertEquals("none", ad.string("VocAccelerator").orElse(""));
    assertEquals("", ad.string("VocImages").orElse("?"));
    assertTrue(ad.string("VocFault").orElse("").contains("set to KVM"), ad.toString());
  }

  @Test
  void acceleratorFollowsProbeAndMode() {
    AcceleratorProbe.Answer yes = new AcceleratorProbe.Answer(true, "ran");
    AcceleratorProbe.Answer no = new AcceleratorProbe.Answer(false, "crawled");
    assertEquals(
        new AcceleratorFact(true, "kvm", "ran"), AcceleratorFact.of(AcceleratorMode.AUTO, yes));
    assertEquals(
        new AcceleratorFact(true, "tcg", "crawled"), AcceleratorFact.of(AcceleratorMode.AUTO, no));
    assertEquals("tcg", AcceleratorFact.of(AcceleratorMode.TCG, yes).name());
    assertEquals(
        new AcceleratorFact(false, "none", "crawled"), AcceleratorFact.of(AcceleratorMode.KVM, no));
  }

  @Test
  void nodesAreCountedByTheirQemusCommandLines() throws Exception {
    Path proc = dir.resolve("proc");
    process(
        proc,
        "1",
        "qemu\0-fw_cfg\0name=opt/org.vocluster/condor.conf,file=/ex/dir_1/voc-condor.conf\0");
    process(proc, "2", "qemu\0-fw_cfg\0name=opt/org.vocluster/condor.conf,file=/other/dir_1/x\0");
    process(proc, "3", "grep\0name=opt/org.vocluster/condor.conf\0");
    Files.createDirectories(proc.resolve("4"));
    assertEquals(1, RunningNodes.count(proc, Path.of("/ex")));
  }

  private static void process(Path proc, String pid, String commandLine) throws Exception {
    Files.createDirectories(proc.resolve(pid));
    Files.writeString(proc.resolve(pid).resolve("cmdline"), commandLine);
  }
}
