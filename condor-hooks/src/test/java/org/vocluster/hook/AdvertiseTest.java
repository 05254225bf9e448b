package org.vocluster.hook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.LongForm;
import org.vocluster.vm.definition.AcceleratorMode;
import org.vocluster.vm.definition.ImageDigest;
import org.vocluster.vm.hypervisor.AcceleratorAnswer;
import org.vocluster.vm.hypervisor.Ovmf;
import org.vocluster.vm.image.ImageStore;
import org.vocluster.vm.image.ImageStore.Lookup;
import org.vocluster.vm.image.Overlay;
import org.vocluster.vm.os.Command;
import org.vocluster.vm.qemu.NodeMarks;
import org.vocluster.vm.qemu.Qemu;

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
        HexFormat.of()
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

  private List<String> arguments(String... changed) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--images=" + dir.resolve("images"),
                "--state=" + dir.resolve("state"),
                "--qemu=" + dir.resolve("qemu"),
                "--accelerator=tcg",
                "--vos=cms",
                "--allow-urls=file://" + dir + "/src/",
                "--condor-status=" + dir.resolve("condor_status"),
                "--execute=" + dir.resolve("execute"),
                "--leases=" + dir.resolve("leases"),
                "--period=1",
                "--max-image-mb=100"));
    for (String change : changed) {
      String name = change.substring(0, change.indexOf('=') + 1);
      arguments.removeIf(argument -> argument.startsWith(name));
      arguments.add(change);
    }
    return arguments;
  }

  private List<ClassAd> run(Instant now, String... changed) throws Exception {
    List<String> arguments = arguments(changed);
    HookRun run = HookRun.of(Advertise::run, new byte[0], Map.of(), arguments, now);
    assertEquals(0, run.status());
    assertEquals("", run.stderr(), "the startd would pile it up");
    assertTrue(run.stdout().matches("(?s).*\n-( update:true)?\n"), run.stdout());
    updates = run.stdout().split("- update:true\n", -1).length - 1;
    return ads(run.stdout());
  }

  private static List<ClassAd> ads(String stdout) throws Exception {
    List<ClassAd> out = new ArrayList<>();
    for (String ad : stdout.split("(?m)^-( update:true)?\n", -1)) {
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
  void kernelAndInitrdOfAVocAreStagedAndSaidApartFromDisks() throws Exception {
    String kernel = bootFile("vmlinuz", "kernel");
    String initrd = bootFile("initrd", "first root");
    vocAds(
        vocAd("cms", digest, "file:" + dir + "/src/cms.qcow2").stripTrailing()
            + "\nVocKernel = \"%s\"\nVocKernelUrl = \"file:%s/src/vmlinuz\"".formatted(kernel, dir)
            + "\nVocInitrd = \"%s\"\nVocInitrdUrl = \"file:%s/src/initrd\"\n\n"
                .formatted(initrd, dir));
    ClassAd ad = last(HookRun.NOW);
    assertEquals(digest, ad.string("VocImages").orElse(""), ad.toString());
    assertEquals(
        List.of(kernel, initrd).stream().sorted().toList(),
        List.of(ad.string("VocBootFiles").orElse("").split(",", -1)));
    assertFalse(ad.has("VocImageErrors"), ad.toString());
  }

  private String bootFile(String name, String text) throws Exception {
    Path file = Files.writeString(dir.resolve("src").resolve(name), text);
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
  }

  @Test
  void imageThatIsAKernelByItsDigestIsAnErrorThatPeopleSee() throws Exception {
    String kernel = bootFile("vmlinuz", "kernel");
    String url = "file:" + dir + "/src/vmlinuz";
    vocAds(
        "Name = \"k\"\nVocVO = \"cms\"\nVocKernel = \"%s\"\nVocKernelUrl = \"%s\"\n\n"
            .formatted(kernel, url));
    assertEquals(kernel, last(HookRun.NOW).string("VocBootFiles").orElse(""));
    vocAds(vocAd("cms", kernel, url));
    ClassAd ad = last(HookRun.NOW.plusSeconds(15));
    assertEquals("", ad.string("VocImages").orElse("?"));
    assertTrue(
        ad.string("VocImageErrors").orElse("").contains("is a kernel or an initrd by its SHA-256"),
        ad.toString());
  }

  @Test
  void hostOffersUefiOnlyWithItsFirmwaresTwoFiles() throws Exception {
    assertEquals("bios", last(HookRun.NOW).string("VocFirmwares").orElse(""));
    Path code = Files.writeString(dir.resolve("code.fd"), "code");
    Path variables = dir.resolve("vars.fd");
    String[] ovmf = {"--ovmf-code=" + code, "--ovmf-vars=" + variables};
    assertEquals("bios", last(HookRun.NOW, ovmf).string("VocFirmwares").orElse(""));
    Files.writeString(variables, "variables");
    assertEquals("bios,uefi", last(HookRun.NOW, ovmf).string("VocFirmwares").orElse(""));
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
  void whatDeadNodesLeftIsTakenAwayOrNamedWithTheRemedy() throws Exception {
    Path half = Files.writeString(dir.resolve("state/.write-1.tmp"), "x");
    Files.setLastModifiedTime(half, FileTime.fromMillis(1));
    Process orphan =
        new ProcessBuilder(
                "sh",
                "-c",
                "sleep 60; :",
                "sh",
                "guest=cms-1",
                NodeMarks.CONFIG + dir.resolve("execute/dir_1/voc-condor.conf"))
            .start();
    try {
      for (ClassAd ad : run(HookRun.NOW)) {
        assertEquals(
            "voc: left over on this host: QEMU process "
                + orphan.pid()
                + " of node cms-1; run `voc reap` there as root",
            ad.string("VocLeftovers").orElse(""));
        assertEquals(1, ad.integer("VocNodes").orElse(0));
      }
      assertTrue(orphan.isAlive(), "it is not this account's to end");
      assertFalse(Files.exists(half));
    } finally {
      orphan.descendants().forEach(ProcessHandle::destroyForcibly);
      orphan.destroyForcibly();
      assertTrue(orphan.waitFor(10, TimeUnit.SECONDS));
    }
    assertFalse(run(HookRun.NOW.plusSeconds(15)).getFirst().has("VocLeftovers"));
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
      errors.failed(image, "broken", false, now);
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
    errors.failed(image, "broke off", true, now);
    assertTrue(errors.mayTry(image, now + 60), "a transfer that goes on is not worn out");
    errors.succeeded(image.digest());
    assertEquals("", errors.text());
  }

  @Test
  void clockThatWasAheadDoesNotKeepAnImageAway() throws Exception {
    StagingErrors errors = StagingErrors.load(dir.resolve("state"));
    WantedImage image =
        WantedImage.of(Files.readString(dir.resolve("ads")), AcceptedVos.parse("*")).get(0);
    long now = 1000;
    errors.failed(image, "broken", false, now + 10L * 365 * 24 * 3600);
    assertTrue(errors.mayTry(image, now));
    errors.failed(image, "broken", false, now);
    assertFalse(errors.mayTry(image, now + 119));
    assertTrue(errors.mayTry(image, now + 120));
  }

  @Test
  void stateThatCannotBeWrittenIsAFaultAndCostsNothingElse() throws Exception {
    for (String file : List.of("image-use", "image-errors", "hypervisor")) {
      Files.createDirectories(dir.resolve("state").resolve(file).resolve("in the way"));
    }
    vocAds(
        Files.readString(dir.resolve("ads"))
            + vocAd("cms", "ab".repeat(32), "file:" + dir + "/src/nowhere"));
    for (ClassAd ad : run(HookRun.NOW)) {
      assertEquals("PAD", ad.string("VocDomain").orElse("?"));
      assertEquals("10.0.6", ad.string("VocHypervisorVersion").orElse("?"));
    }
    ClassAd ad = last(HookRun.NOW.plusSeconds(1));
    assertEquals(digest, ad.string("VocImages").orElse("?"));
    assertTrue(ad.string("VocImageErrors").orElse("").contains("nowhere"), ad.toString());
    String fault = ad.string("VocFault").orElse("");
    assertTrue(fault.contains("voc: state: " + dir + "/state cannot be written: "), fault);
    assertTrue(fault.contains("; free the disk of VOC_STATE_DIR"), fault);
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
    ClassAd ad = last(HookRun.NOW);
    assertEquals(digest, ad.string("VocImages").orElse(""), ad.toString());
  }

  @Test
  void badArgumentStandsInTheAd() throws Exception {
    ClassAd ad = last(HookRun.NOW, "--allow-urls=ftp:x");
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

  /** A server that hands out an image slowly, and counts. */
  private HttpServer server(byte[] body, CountDownLatch rest, AtomicInteger requests)
      throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          requests.incrementAndGet();
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body, 0, body.length / 2);
          exchange.getResponseBody().flush();
          try {
            rest.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          exchange.getResponseBody().write(body, body.length / 2, body.length - body.length / 2);
          exchange.close();
        });
    server.start();
    return server;
  }

  /** With somebody who looks on. */
  private static int run(PrintStream stdout, List<String> arguments) {
    return Advertise.run(
        new HookIo(
            InputStream.nullInputStream(),
            stdout,
            stdout,
            Map.of(),
            arguments,
            InstantSource.fixed(HookRun.NOW)));
  }

  @Test
  void longFetchIsShownAndKeepsNoAdWaiting() throws Exception {
    byte[] body = Arrays.copyOf(Files.readAllBytes(dir.resolve("src/cms.qcow2")), 4 << 20);
    String large = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
    CountDownLatch rest = new CountDownLatch(1);
    HttpServer server = server(body, rest, new AtomicInteger());
    String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    Files.writeString(
        dir.resolve("ads"), Files.readString(dir.resolve("ads")) + vocAd("cms", large, url + "i"));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream stdout =
        new PrintStream(bytes, false, StandardCharsets.UTF_8) {
          @Override
          public void flush() {
            super.flush();
            // The third time that it says how far it is, the rest may come.
            if (bytes.toString(StandardCharsets.UTF_8).split("VocImageProgress", -1).length > 3) {
              rest.countDown();
            }
          }
        };
    List<String> arguments = arguments("--allow-urls=file://" + dir + "/src/," + url);
    assertEquals(0, run(stdout, arguments));
    server.stop(0);
    String said = bytes.toString(StandardCharsets.UTF_8);
    assertTrue(
        said.matches(
            "(?s).*VocImageProgress = \""
                + large.substring(0, 12)
                + ": 2 of 4 MiB \\([0-9.]+ MiB/s\\)\".*"),
        said);
    List<ClassAd> ads = ads(said);
    assertEquals("", ads.getFirst().string("VocImages").orElse("?"));
    assertTrue(
        ads.stream()
            .anyMatch(
                ad ->
                    ad.has("VocImageProgress") && ad.string("VocImages").orElse("").equals(digest)),
        "the small image does not wait for the large one");
    ClassAd end = ads.getLast();
    assertFalse(end.has("VocImageProgress"));
    assertTrue(end.string("VocImages").orElse("").contains(large), end.toString());
    assertEquals(5, end.integer("VocImagesMb").orElse(0));
  }

  @Test
  void hypervisorThatIsUpgradedDuringALongFetchIsAskedAgain() throws Exception {
    byte[] body = Files.readAllBytes(dir.resolve("src/cms.qcow2"));
    CountDownLatch rest = new CountDownLatch(1);
    HttpServer server = server(body, rest, new AtomicInteger());
    String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    vocAds(vocAd("cms", digest, url + "i"));
    Path code = dir.resolve("code.fd");
    Path variables = dir.resolve("vars.fd");
    AtomicInteger ads = new AtomicInteger();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream stdout =
        new PrintStream(bytes, false, StandardCharsets.UTF_8) {
          @Override
          public void flush() {
            super.flush();
            int ad = ads.incrementAndGet();
            if (ad == 1) {
              upgrade(code, variables);
            } else if (ad == 4
                || bytes
                    .toString(StandardCharsets.UTF_8)
                    .contains("VocFirmwares = \"bios,uefi\"")) {
              rest.countDown();
            }
          }
        };
    List<String> arguments =
        arguments(
            "--allow-urls=" + url,
            "--accelerator=auto",
            "--ovmf-code=" + code,
            "--ovmf-vars=" + variables);
    assertEquals(0, run(stdout, arguments));
    server.stop(0);
    String said = bytes.toString(StandardCharsets.UTF_8);
    assertEquals("10.0.6", ads(said).getFirst().string("VocHypervisorVersion").orElse(""), said);
    ClassAd end = ads(said).getLast();
    assertEquals("10.1.0", end.string("VocHypervisorVersion").orElse(""), said);
    assertEquals("bios,uefi", end.string("VocFirmwares").orElse(""), said);
    assertTrue(
        new Qemu(dir.resolve("qemu"), dir.resolve("state"), new Ovmf(null, null))
            .knownKvm()
            .isPresent(),
        "prepare-job finds the answer for the QEMU that is there");
  }

  private void upgrade(Path code, Path variables) {
    try {
      Path next = script("next", "echo QEMU emulator version 10.1.0 of another file");
      Files.move(next, dir.resolve("qemu"), StandardCopyOption.ATOMIC_MOVE);
      Files.writeString(code, "code");
      Files.writeString(variables, "variables");
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void imageIsReadOnceFromTheNetworkForAnyNumberOfNodes() throws Exception {
    byte[] body = Files.readAllBytes(dir.resolve("src/cms.qcow2"));
    CountDownLatch rest = new CountDownLatch(0);
    AtomicInteger requests = new AtomicInteger();
    HttpServer server = server(body, rest, requests);
    String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    vocAds(vocAd("cms", digest, url + "i") + vocAd("cms", digest, url + "other"));
    for (int i = 0; i < 5; i++) {
      assertEquals(
          digest,
          last(HookRun.NOW.plusSeconds(15L * i), "--allow-urls=" + url)
              .string("VocImages")
              .orElse(""));
      for (int node = 0; node < 10; node++) {
        Path overlay = dir.resolve("overlay-" + i + "-" + node);
        Lookup lookup = new ImageStore(dir.resolve("images")).find(new ImageDigest(digest));
        Overlay.create(((Lookup.Found) lookup).image(), overlay, 64);
      }
    }
    server.stop(0);
    assertEquals(1, requests.get());
  }

  @Test
  void imageGoesWhenAnotherNeedsItsRoom() throws Exception {
    last(HookRun.NOW, "--cache-mb=1");
    Path other = dir.resolve("src/other.qcow2");
    byte[] body = Arrays.copyOf(Files.readAllBytes(dir.resolve("src/cms.qcow2")), 900_000);
    Files.write(other, body);
    String otherDigest =
        HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
    String both = Files.readString(dir.resolve("ads")) + vocAd("cms", otherDigest, "file:" + other);
    vocAds(both);
    ClassAd full = last(HookRun.NOW.plusSeconds(15), "--cache-mb=1");
    assertEquals(digest, full.string("VocImages").orElse(""));
    assertTrue(
        full.string("VocImageErrors").orElse("").contains("VOC_IMAGE_CACHE_MB is 1"),
        full.toString());
    vocAds(vocAd("cms", otherDigest, "file:" + other));
    last(HookRun.NOW.plusSeconds(30), "--cache-mb=1");
    ClassAd changed = last(HookRun.NOW.plusSeconds(200), "--cache-mb=1");
    assertEquals(otherDigest, changed.string("VocImages").orElse(""), changed.toString());
    assertFalse(changed.has("VocImageErrors"));
  }

  @Test
  void secondUrlOfAnImageIsTriedWhenTheFirstFails() throws Exception {
    vocAds(
        vocAd("cms", digest, "https://nowhere.invalid/x")
            + vocAd("cms", digest, "file:" + dir.resolve("src/cms.qcow2")));
    ClassAd first = last(HookRun.NOW);
    ClassAd second = last(HookRun.NOW.plusSeconds(15));
    assertTrue(first.string("VocImageErrors").orElse("").contains("VOC_IMAGE_URLS"));
    assertEquals(digest, second.string("VocImages").orElse(""));
    assertFalse(second.has("VocImageErrors"));
  }

  @Test
  void acceleratorFollowsProbeAndMode() {
    AcceleratorAnswer yes = new AcceleratorAnswer(true, "ran");
    AcceleratorAnswer no = new AcceleratorAnswer(false, "crawled");
    assertEquals(
        new AcceleratorFact(true, "kvm", "ran"), AcceleratorFact.of(AcceleratorMode.AUTO, yes));
    assertEquals(
        new AcceleratorFact(true, "tcg", "crawled"), AcceleratorFact.of(AcceleratorMode.AUTO, no));
    assertEquals("tcg", AcceleratorFact.of(AcceleratorMode.TCG, yes).name());
    assertEquals(
        new AcceleratorFact(false, "none", "crawled"), AcceleratorFact.of(AcceleratorMode.KVM, no));
  }
}
