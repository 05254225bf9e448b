package org.vocluster.hook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.LongForm;
import org.vocluster.vm.definition.ImageDigest;
import org.vocluster.vm.definition.ImageUrl;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.image.FileKind;
import org.vocluster.vm.image.ImageStore;
import org.vocluster.vm.image.Leases;
import org.vocluster.vm.image.StageResult;
import org.vocluster.vm.image.StagingLimits;
import org.vocluster.vm.image.UrlPrefix;
import org.vocluster.vm.os.Command;
import org.vocluster.vm.os.Sha256;

class PrepareJobTest {
  private static final Path QEMU_IMG = Path.of("/usr/bin/qemu-img");

  @TempDir Path dir;
  private Path images = Path.of("/");
  private Path scratch = Path.of("/");
  private ImageDigest digest = new ImageDigest("0".repeat(64));
  private ClassAd job = ClassAd.EMPTY;

  @BeforeEach
  void prepare() throws Exception {
    assumeTrue(Files.isExecutable(QEMU_IMG), "needs qemu-img: install qemu-utils");
    images = Files.createDirectories(dir.resolve("images"));
    scratch = Files.createDirectories(dir.resolve("execute/scratch"));
    Files.createDirectories(dir.resolve("state"));
    Path source = dir.resolve("image.qcow2");
    Command.of(
            Duration.ofSeconds(30),
            List.of(QEMU_IMG.toString(), "create", "-q", "-f", "qcow2", source.toString(), "64M"))
        .output();
    digest = new ImageDigest(Sha256.of(Files.readAllBytes(source)));
    StageResult staged =
        new ImageStore(images)
            .stage(
                ImageUrl.of("file://" + source),
                digest,
                new StagingLimits(UrlPrefix.parseList("file:/"), 1 << 30, 1L << 40));
    assertTrue(staged instanceof StageResult.Staged, staged.toString());
    Files.writeString(scratch.resolve("voc-token"), "head.body.signature\n");
    Files.writeString(scratch.resolve("voc-node-key"), "0a".repeat(32));
    job =
        ClassAd.builder()
            .set("ClusterId", 12)
            .set("ProcId", 3)
            .set("JobUniverse", 5)
            .set("Owner", "voc-cms")
            .set("Cmd", "/usr/libexec/voc/voc-node")
            .set("TransferExecutable", false)
            .set("VocNodeJob", true)
            .set("VocVO", "cms")
            .set("Voc", "cms-large")
            .set("VocNode", "cms-abcdef12")
            .set("VocImage", digest.value())
            .set("VocCpus", 2)
            .set("VocMemoryMb", 512)
            .set("VocDiskMb", 1024)
            .set("VocIdleSeconds", 300)
            .set("VocLifetimeSeconds", 86400)
            .set("VocAccelerator", "auto")
            .set("RequestCpus", 2)
            .set("RequestMemory", 768)
            .set("RequestDisk", 1024 * 1024)
            .build();
  }

  private List<String> arguments(String... changed) {
    List<String> out =
        new ArrayList<>(
            List.of(
                "--images=" + images,
                "--state=" + dir.resolve("state"),
                "--qemu=/usr/bin/qemu-system-x86_64",
                "--accelerator=tcg",
                "--vos=cms,atlas",
                "--condor-host=cm.example.org",
                "--collector=cm.example.org:9618",
                "--pad-host=pad1.example.org",
                "--tcg-cache-mb=64"));
    for (String change : changed) {
      String name = change.substring(0, change.indexOf('=') + 1);
      out.removeIf(argument -> argument.startsWith(name));
      out.add(change);
    }
    return out;
  }

  private HookRun run(byte[] stdin, List<String> arguments) {
    return HookRun.of(
        PrepareJob::run, stdin, Map.of("_CONDOR_SCRATCH_DIR", scratch.toString()), arguments);
  }

  private HookRun run(ClassAd ad, String... changed) {
    return run(LongForm.printBytes(ad), arguments(changed));
  }

  /** As the starter runs it in a slot with GPUs. */
  private HookRun runWithGpus(ClassAd ad, String assigned) {
    return HookRun.of(
        PrepareJob::run,
        LongForm.printBytes(ad),
        Map.of("_CONDOR_SCRATCH_DIR", scratch.toString(), "_CONDOR_AssignedGPUs", assigned),
        arguments());
  }

  private void assertRefused(HookRun run, int code, String part) throws Exception {
    assertEquals(0, run.status(), "an exit status above 0 would be taken for a reason to hold");
    assertEquals("", run.stderr());
    ClassAd answer = run.answer();
    String message = answer.string("HookStatusMessage").orElse("");
    assertEquals(code, answer.integer("HookStatusCode").orElse(-1), message);
    assertTrue(message.startsWith("voc: "), message);
    assertTrue(message.contains(part), message);
    assertTrue(run.stdout().length() < 10240);
    assertFalse(Files.exists(scratch.resolve("voc-qemu.args")));
  }

  @Test
  void nodeJobGetsOverlayContextAndArguments() throws Exception {
    HookRun run = run(job);
    ClassAd answer = run.answer();
    assertEquals(0, answer.integer("HookStatusCode").orElse(-1), run.stdout());
    assertEquals("tcg", answer.string("VocAccelerator").orElse(""));
    assertEquals(1_800_086_400, answer.integer("VocDeathTime").orElse(0));
    assertTrue(answer.integer("VocPrepareMs").isPresent());
    assertFalse(answer.has("HookStatusMessage"), "a message with success is logged as a warning");
    List<String> words = Files.readAllLines(scratch.resolve("voc-qemu.args"));
    assertEquals("/usr/bin/qemu-system-x86_64", words.get(0));
    assertTrue(words.contains("512M"));
    String context = Files.readString(scratch.resolve("voc-condor.conf"));
    assertTrue(context.contains("\nVocNode = \"cms-abcdef12\"\n"), context);
    assertTrue(context.contains("\nVocDeathTime = 1800086400\n"), context);
    assertTrue(context.contains("\nVocExecTime = 1800000000\n"), context);
    assertEquals("head.body.signature\n", Files.readString(scratch.resolve("voc-token")));
    for (String secret : List.of("voc-token", "voc-node-key", "voc-condor.conf", "voc-qemu.args")) {
      assertEquals(
          "rw-------",
          PosixFilePermissions.toString(Files.getPosixFilePermissions(scratch.resolve(secret))));
    }
    String info =
        Command.of(
                Duration.ofSeconds(30),
                List.of(
                    QEMU_IMG.toString(), "info", scratch.resolve("voc-overlay.qcow2").toString()))
            .output();
    assertTrue(info.contains("virtual size: 1 GiB"), info);
  }

  @Test
  void somebodysOrdinaryJobIsHeldWithARemedy() throws Exception {
    assertRefused(
        run(job.without("VocNodeJob").with("Owner", "mallory")),
        10,
        "job 12.3: asks for the VOC hooks (HookKeyword) but is no node job (VocNodeJob is not true); remove HookKeyword");
  }

  @Test
  void nodeJobOfAnotherAccountIsHeld() throws Exception {
    assertRefused(run(job.with("Owner", "mallory")), 12, "belongs to \"mallory\"");
    assertRefused(run(job.with("Owner", "voc-atlas")), 12, "only voc-cms may run nodes");
    assertRefused(run(job.without("Owner")), 12, "belongs to \"\"");
  }

  @Test
  void foreignExecutableIsHeld() throws Exception {
    assertRefused(run(job.with("Cmd", "/bin/sh")), 11, "Cmd is \"/bin/sh\"");
    assertRefused(run(job.with("TransferExecutable", true)), 11, "does not run this host's own");
    assertRefused(run(job.with("JobUniverse", 7)), 11, "vanilla universe");
  }

  @ParameterizedTest
  @CsvSource({
    "VocNode, ../../etc",
    "VocNode, a b",
    "VocVO, CMS",
    "Voc, x/y",
    "VocImage, /etc/shadow",
    "VocAccelerator, xen",
    "VocShape, Big",
    "VocShape, x/y",
    "VocGpus, 1",
    "VocMemoryMb, 512",
    "VocCpus, -1"
  })
  void malformedAttributeIsHeldAndNamed(String name, String value) throws Exception {
    assertRefused(run(job.with(name, value)), 11, name + " = \"" + value + "\" is not valid");
  }

  @ParameterizedTest
  @ValueSource(strings = {"n\"", "n,x=y", "-daemonize", "$(HOME)", "n\\"})
  void nothingCanBeInjectedThroughAName(String name) throws Exception {
    assertRefused(run(job.with("VocNode", name)), 11, "VocNode = ");
  }

  @Test
  void lineBreakInAValueForgesNoAttribute() throws Exception {
    ClassAd forged = job.with("Owner", "mallory").with("Z", "x\nOwner = \"voc-cms\"\nY = \"");
    assertRefused(run(forged), 17, "remove line breaks");
  }

  @Test
  void allFaultsOfANodeJobAreTold() throws Exception {
    assertRefused(
        run(job.without("VocImage").with("VocCpus", 0).with("Voc", "X")),
        11,
        "Voc = \"X\" is not valid, VocImage is missing, VocCpus = 0 is not valid");
  }

  @ParameterizedTest
  @CsvSource({"RequestCpus, 1", "RequestMemory, 511", "RequestDisk, 1048575"})
  void nodeLargerThanItsRequestIsHeld(String request, long value) throws Exception {
    assertRefused(run(job.with(request, value)), 13, request + " = " + value);
  }

  @Test
  void shapeIsToldToTheGuest() throws Exception {
    assertEquals(0, run(job.with("VocShape", "big")).answer().integer("HookStatusCode").orElse(-1));
    String context = Files.readString(scratch.resolve("voc-condor.conf"));
    assertTrue(context.contains("\nVocShape = \"big\"\n"), context);
  }

  @Test
  void gpusAreHandedOnOnlyAsPciDevices() throws Exception {
    ClassAd gpus = job.with("VocGpus", 2).with("RequestGPUs", 2);
    assertRefused(run(gpus.with("RequestGPUs", 1)), 13, "VocGpus = 2 above RequestGPUs = 1");
    assertRefused(run(gpus), 308, "needs 2 GPUs as PCI devices, and AssignedGPUs is \"\"");
    assertRefused(
        run(gpus.with("AssignedGPUs", "0000:3b:00.0,0000:3c:00.0")), 308, "AssignedGPUs is \"\"");
    assertRefused(runWithGpus(gpus, "GPU-3f1a,0000:3b:00.0"), 308, "MACHINE_RESOURCE_GPUs");
    assertRefused(
        runWithGpus(
            gpus.with("VocGpus", 3).with("RequestGPUs", 3),
            "0000:3b:00.0,0000:3c:00.0,readonly=on"),
        308,
        "readonly=on");
    HookRun run = runWithGpus(gpus, "0000:3b:00.0, 0000:3c:00.1");
    assertEquals(0, run.answer().integer("HookStatusCode").orElse(-1), run.stdout());
    String words = Files.readString(scratch.resolve("voc-qemu.args"));
    assertTrue(
        words.contains(
            "-device\nvfio-pci,host=0000:3b:00.0\n-device\nvfio-pci,host=0000:3c:00.1\n"),
        words);
  }

  @Test
  void blankInAKnobsListIsPartOfIt() throws Exception {
    List<String> split = new ArrayList<>(arguments("--vos=atlas,"));
    split.add(split.indexOf("--vos=atlas,") + 1, "cms");
    List<String> lost = new ArrayList<>(split);
    lost.addFirst("lost");
    assertRefused(
        run(LongForm.printBytes(job), lost), 305, "argument lost is not of the form --name=value");
    assertEquals(
        0, run(LongForm.printBytes(job), split).answer().integer("HookStatusCode").orElse(-1));
  }

  @Test
  void foreignVoGoesElsewhere() throws Exception {
    assertRefused(run(job, "--vos=atlas"), 300, "pad1.example.org: takes no nodes of VO cms");
    assertEquals(0, run(job, "--vos=*").answer().integer("HookStatusCode").orElse(-1));
  }

  @Test
  void missingOrBadTokenIsHeld() throws Exception {
    Path token = scratch.resolve("voc-token");
    Files.delete(token);
    assertRefused(run(job), 14, "its file voc-token is missing");
    Files.writeString(token, "not a token\n");
    assertRefused(run(job), 14, "is no HTCondor token");
    Files.writeString(token, "a".repeat(10_000));
    assertRefused(run(job), 14, "has 10000 bytes");
    Files.delete(token);
    Files.createSymbolicLink(token, Path.of("/etc/hostname"));
    assertRefused(run(job), 14, "is not a plain file");
  }

  @Test
  void missingOrBadNodeKeyIsHeld() throws Exception {
    Path key = scratch.resolve("voc-node-key");
    Files.delete(key);
    assertRefused(run(job), 14, "its file voc-node-key is missing");
    Files.writeString(key, "0A".repeat(32));
    assertRefused(run(job), 14, "voc-node-key is no node key");
    Files.writeString(key, "0a".repeat(32) + "\n");
    assertRefused(run(job), 14, "voc-node-key is no node key");
  }

  @Test
  void missingImageGoesElsewhere() throws Exception {
    assertRefused(
        run(job.with("VocImage", "ab".repeat(32))),
        301,
        "is not in " + images + "; see VocImageErrors");
  }

  @Test
  void imageThatIsNotTheVerifiedOneGoesElsewhere() throws Exception {
    Files.setLastModifiedTime(images.resolve(digest + ".qcow2"), FileTime.fromMillis(1));
    assertRefused(run(job), 302, "is not the file that was verified");
  }

  @Test
  void imageLargerThanTheDiskIsTheDefinitionsFault() throws Exception {
    assertRefused(
        run(job.with("VocDiskMb", 32)),
        15,
        "definition cms-large: image " + digest + " has a disk of 64 MiB");
  }

  @Test
  void overlayThatCannotBeMadeGoesElsewhere() throws Exception {
    Files.createFile(
        Files.createDirectory(scratch.resolve("voc-overlay.qcow2")).resolve("in-the-way"));
    assertRefused(run(job), 303, "no overlay for node cms-abcdef12: ");
  }

  @Test
  void fullScratchDirectoryGoesElsewhere() throws Exception {
    scratch = Files.createDirectories(dir.resolve("execute/small"));
    Command.Outcome mounted =
        Command.of(
                Duration.ofSeconds(10),
                List.of("mount", "-t", "tmpfs", "-o", "size=16k", "none", scratch.toString()))
            .run();
    assumeTrue(mounted.status() == 0, "needs root to mount a small tmpfs");
    try {
      for (String secret : List.of("voc-token", "voc-node-key")) {
        Files.copy(dir.resolve("execute/scratch").resolve(secret), scratch.resolve(secret));
      }
      assertRefused(run(job), 303, "No space left on device; check the file system of EXECUTE");
    } finally {
      Command.of(Duration.ofSeconds(10), List.of("umount", "-l", scratch.toString())).output();
    }
  }

  @Test
  void nodeTakesItsImagesLeaseBeforeItLooksForIt() throws Exception {
    Path leases = Files.createDirectory(dir.resolve("leases"));
    String argument = "--leases=" + leases;
    assertEquals(0, run(job, argument).answer().integer("HookStatusCode").orElse(-1));
    String lease = lease(leases);
    assertTrue(lease.startsWith("image=" + digest + "\n"), lease);
    new Leases(leases).release(new NodeId("cms-abcdef12"));
    Files.delete(scratch.resolve("voc-qemu.args"));
    assertRefused(run(job.with("VocImage", "ab".repeat(32)), argument), 301, "is not in");
    assertTrue(
        lease(leases).contains("abab"),
        "the lease stands although the image is missing: who takes it away can see it");
    assertRefused(run(job, "--leases=" + dir.resolve("nowhere")), 309, "no lease on image");
    HookRun exit =
        HookRun.of(
            JobExit::run,
            LongForm.printBytes(job),
            Map.of("_CONDOR_SCRATCH_DIR", dir.toString()),
            List.of(argument, "exit"));
    assertEquals(0, exit.status(), exit.stderr());
    assertEquals("", lease(leases));
  }

  /** The text of the node's only lease; empty if there is none. */
  private static String lease(Path leases) throws Exception {
    try (Stream<Path> entries = Files.list(leases)) {
      List<Path> links = entries.toList();
      assertTrue(links.size() < 2, links.toString());
      return links.isEmpty() ? "" : Files.readSymbolicLink(links.getFirst()).toString();
    }
  }

  @Test
  void leaseOfAJobThatHasEndedMeanwhileIsGivenBack() throws Exception {
    Path leases = Files.createDirectory(dir.resolve("leases"));
    HookRun exit =
        HookRun.of(
            JobExit::run,
            LongForm.printBytes(job),
            Map.of("_CONDOR_SCRATCH_DIR", scratch.toString()),
            List.of("--leases=" + leases, "--condor-advertise=/bin/true", "evict"));
    assertEquals(0, exit.status(), exit.stderr());
    assertEquals(0, run(job, "--leases=" + leases).answer().integer("HookStatusCode").orElse(-1));
    assertEquals("", lease(leases), "JOB_EXIT came before the lease");

    // Its number is a process, but no condor_starter.
    scratch = Files.move(scratch, dir.resolve("execute/dir_1"));
    Files.delete(scratch.resolve(".voc-ended"));
    assertEquals(0, run(job, "--leases=" + leases).answer().integer("HookStatusCode").orElse(-1));
    assertEquals("", lease(leases), "the starter was gone");
  }

  @Test
  void diskInMemoryHasNoNameAndGoesWithItsQemu() throws Exception {
    Path qemu = Path.of("/usr/bin/qemu-system-x86_64");
    assumeTrue(Files.isExecutable(qemu), "needs QEMU: install qemu-system-x86");
    // Says 42 to the device below, which ends QEMU with status 85.
    byte[] disk = new byte[1 << 20];
    byte[] sector = HexFormat.of().parseHex("b02ae6f4f4");
    System.arraycopy(sector, 0, disk, 0, sector.length);
    disk[510] = 0x55;
    disk[511] = (byte) 0xaa;
    Path raw = Files.write(dir.resolve("raw"), disk);
    Path source = dir.resolve("boots.qcow2");
    Command.of(
            Duration.ofSeconds(30),
            List.of(
                QEMU_IMG.toString(), "convert", "-O", "qcow2", raw.toString(), source.toString()))
        .output();
    digest = new ImageDigest(Sha256.of(Files.readAllBytes(source)));
    StageResult staged =
        new ImageStore(images)
            .stage(
                ImageUrl.of("file://" + source),
                digest,
                new StagingLimits(UrlPrefix.parseList("file:/"), 1 << 30, 1L << 40));
    assertTrue(staged instanceof StageResult.Staged, staged.toString());
    Path wrapper = dir.resolve("qemu");
    Files.writeString(
        wrapper,
        "#!/bin/sh\nreadlink /proc/self/fd/7 >&2\nexec "
            + qemu
            + " \"$@\" -device isa-debug-exit,iobase=0xf4,iosize=0x04\n");
    assertTrue(wrapper.toFile().setExecutable(true));
    HookRun run =
        run(
            job.with("VocImage", digest.value()),
            "--overlay-in-ram=True",
            "--qemu=" + wrapper,
            "--tcg-cache-mb=32");
    assertEquals(0, run.answer().integer("HookStatusCode").orElse(-1), run.stdout());
    Command.Outcome node =
        new Command(
                List.of("/bin/sh", Path.of("../packaging/bin/voc-node").toRealPath().toString()),
                Map.of("_CONDOR_SCRATCH_DIR", scratch.toString()),
                Duration.ofSeconds(60))
            .run();
    assertEquals(85, node.status(), node.stderr());
    assertTrue(
        node.stderr().matches("(?s)/dev/shm/voc-overlay\\.\\w+ \\(deleted\\)\n.*"), node.stderr());
    assertFalse(Files.exists(scratch.resolve("voc-overlay.qcow2")));
    try (Stream<Path> left = Files.list(Path.of("/dev/shm"))) {
      assertEquals(List.of(), left.filter(f -> f.toString().contains("voc-overlay")).toList());
    }
  }

  @Test
  void imageThatIsUsedInPlaceIsTheOverlaysBackingFile() throws Exception {
    Path shared = Files.createDirectory(dir.resolve("nfs shared")).resolve("a,b.qcow2");
    Files.move(images.resolve(digest + ".qcow2"), shared);
    Files.delete(images.resolve(digest + ".stamp"));
    StagingLimits limits =
        new StagingLimits(
            List.of(), UrlPrefix.parseList("file://" + dir + "/nfs%20shared/"), 1 << 30, 1L << 40);
    StageResult staged =
        new ImageStore(images).stage(ImageUrl.of(shared.toUri().toString()), digest, limits);
    assertTrue(staged instanceof StageResult.Staged, staged.toString());
    assertEquals(0, run(job).answer().integer("HookStatusCode").orElse(-1));
    String info =
        Command.of(
                Duration.ofSeconds(30),
                List.of(
                    QEMU_IMG.toString(), "info", scratch.resolve("voc-overlay.qcow2").toString()))
            .output();
    assertTrue(info.contains("backing file: " + shared), info);
  }

  private ImageDigest stageBootFile(String name, byte[] content) throws Exception {
    Path file = Files.write(dir.resolve(name), content);
    ImageDigest sha = new ImageDigest(Sha256.of(content));
    StageResult staged =
        new ImageStore(images)
            .stage(
                ImageUrl.of("file://" + file),
                sha,
                new StagingLimits(UrlPrefix.parseList("file:/"), 1 << 30, 1L << 40)
                    .of(FileKind.BOOT_FILE));
    assertTrue(staged instanceof StageResult.Staged, staged.toString());
    return sha;
  }

  private static byte[] linux() {
    byte[] kernel = new byte[4096];
    System.arraycopy("HdrS".getBytes(StandardCharsets.US_ASCII), 0, kernel, 0x202, 4);
    return kernel;
  }

  private ClassAd withKernel(ImageDigest kernel, ImageDigest initrd) {
    return job.with("VocKernel", kernel.value())
        .with("VocInitrd", initrd.value())
        .with("VocKernelArguments", "root=/dev/vda1 console=ttyS0");
  }

  private List<String> words() throws Exception {
    return Files.readAllLines(scratch.resolve("voc-qemu.args"));
  }

  @Test
  void kernelOfTheStoreIsStartedAndLeasedWithItsNode() throws Exception {
    ImageDigest kernel = stageBootFile("vmlinuz", linux());
    ImageDigest initrd = stageBootFile("initrd", new byte[] {1});
    Path leases = Files.createDirectory(dir.resolve("leases"));
    HookRun run = run(withKernel(kernel, initrd), "--leases=" + leases);
    assertEquals(0, run.answer().integer("HookStatusCode").orElse(-1), run.stdout());
    List<String> words = words();
    int at = words.indexOf("-kernel");
    assertEquals(
        List.of(
            images.resolve(kernel + ".boot").toString(),
            "-initrd",
            images.resolve(initrd + ".boot").toString(),
            "-append",
            "root=/dev/vda1 console=ttyS0"),
        words.subList(at + 1, at + 6));
    String lease = lease(leases);
    assertTrue(lease.contains(kernel.value()) && lease.contains(initrd.value()), lease);
  }

  @Test
  void kernelThatIsNotHereOrIsNoneIsRefused() throws Exception {
    ImageDigest kernel = stageBootFile("vmlinuz", linux());
    ImageDigest none = new ImageDigest("ee".repeat(32));
    assertRefused(run(withKernel(none, kernel)), 301, "kernel " + none + " is not in");
    assertRefused(run(withKernel(kernel, none)), 301, "initrd " + none + " is not in");
    ImageDigest other = stageBootFile("other", new byte[4096]);
    assertRefused(run(withKernel(other, kernel)), 18, "is no Linux kernel for x86 (bzImage)");
    assertRefused(run(withKernel(digest, kernel)), 301, "kernel " + digest + " is not in");
    assertRefused(run(job.with("VocImage", kernel.value())), 301, "image " + kernel + " is not in");
  }

  @ParameterizedTest
  @CsvSource({
    "VocFirmware, efi",
    "VocContext, floppy",
    "VocKernel, ../../etc/shadow",
    "VocInitrd, xyz",
    "VocKernelArguments, 'a\"b'",
    "VocKernelArguments, ''",
    "VocKernelArguments, 'a$(HOME)'",
    "VocFirmware, uefi",
  })
  void forgedBootFormIsRefused(String attribute, String value) throws Exception {
    ImageDigest kernel = stageBootFile("vmlinuz", linux());
    assertRefused(run(withKernel(kernel, kernel).with(attribute, value)), 11, attribute + " = ");
    assertRefused(
        run(withKernel(kernel, kernel).without("VocKernel")), 11, "VocKernelArguments = ");
  }

  @Test
  void uefiNodeGetsACopyOfTheEmptyVariables() throws Exception {
    Path code = Files.writeString(dir.resolve("code.fd"), "code");
    Path variables = Files.writeString(dir.resolve("vars.fd"), "variables");
    ClassAd uefi = job.with("VocFirmware", "uefi");
    assertRefused(run(uefi), 310, "needs UEFI: VOC_OVMF_CODE = ");
    assertRefused(
        run(uefi, "--ovmf-code=" + code, "--ovmf-vars=" + dir.resolve("none")),
        310,
        "install the package ovmf");
    HookRun run = run(uefi, "--ovmf-code=" + code, "--ovmf-vars=" + variables);
    assertEquals(0, run.answer().integer("HookStatusCode").orElse(-1), run.stdout());
    Path copy = scratch.resolve("voc-uefi-vars.fd");
    assertEquals("variables", Files.readString(copy));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)));
    assertTrue(words().contains("q35,pflash0=uefi-code,pflash1=uefi-variables"));
  }

  @Test
  void cloudInitNodeGetsASeedThatOnlyItsAccountCanRead() throws Exception {
    HookRun run = run(job.with("VocContext", "cloud-init"));
    assertEquals(0, run.answer().integer("HookStatusCode").orElse(-1), run.stdout());
    Path seed = scratch.resolve("voc-seed.img");
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(seed)));
    String content = Files.readString(seed, StandardCharsets.ISO_8859_1);
    assertTrue(content.contains("local-hostname: cms-abcdef12\n"));
    assertTrue(content.contains("\nhead.body.signature\n"));
    assertTrue(content.contains("\nVocNode = \"cms-abcdef12\"\n"));
    String words = String.join(" ", words());
    assertTrue(words.contains("serial=ds=nocloud"), words);
    assertFalse(words.contains("head.body.signature"), words);
    assertFalse(Files.exists(scratch.resolve("voc-uefi-vars.fd")));
  }

  @Test
  void plainNodeGetsNoSeedAndNoVariables() throws Exception {
    var _ = run(job);
    assertFalse(Files.exists(scratch.resolve("voc-seed.img")));
    assertFalse(Files.exists(scratch.resolve("voc-uefi-vars.fd")));
  }

  @Test
  void kvmIsRequiredOrFallenBackFrom() throws Exception {
    assertRefused(run(job, "--accelerator=kvm"), 304, "KVM has not been probed with this QEMU");
    assertRefused(
        run(job.with("VocAccelerator", "kvm")), 304, "needs KVM, this host is set to TCG");
    HookRun fallen = run(job, "--accelerator=auto");
    assertEquals("tcg", fallen.answer().string("VocAccelerator").orElse(""));
    assertTrue(
        fallen.answer().string("HookStatusMessage").orElse("").contains("runs under TCG, slowly"));
  }

  @Test
  void definitionMayAskForTcgAnywhere() throws Exception {
    HookRun run = run(job.with("VocAccelerator", "tcg"), "--accelerator=kvm");
    assertEquals("tcg", run.answer().string("VocAccelerator").orElse(""), run.stdout());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--images=relative",
        "--vos=CMS",
        "--accelerator=xen",
        "--tcg-cache-mb=lots",
        "--condor-host=$(CONDOR_HOST)",
        "--collector=127.0.0.1",
        "--pad-host=",
        "--overlay-in-ram=perhaps",
        "--leases=relative",
        "--bogus=1"
      })
  void badConfigurationGoesElsewhereAndIsNamed(String argument) throws Exception {
    String name = argument.substring(2, argument.indexOf('='));
    assertRefused(run(job, argument), 305, name);
  }

  @Test
  void missingScratchDirectoryGoesElsewhere() throws Exception {
    assertRefused(
        HookRun.of(PrepareJob::run, LongForm.printBytes(job), Map.of(), arguments()),
        306,
        "_CONDOR_SCRATCH_DIR");
  }

  @Test
  void unwritableScratchDirectoryGoesElsewhere() throws Exception {
    Files.createDirectory(scratch.resolve("voc-condor.conf"));
    Files.createFile(scratch.resolve("voc-condor.conf/x"));
    assertRefused(run(job), 306, "cannot write the node's files");
  }

  @Test
  void missingAdGoesElsewhere() throws Exception {
    assertRefused(run(new byte[0], arguments()), 307, "there is no ad on standard input");
  }

  @Test
  void garbageIsHeldWithItsPlace() throws Exception {
    byte[] garbage = "A = 1\n\0\1\2 garbage".getBytes(StandardCharsets.ISO_8859_1);
    assertRefused(run(garbage, arguments()), 17, "line 2");
  }

  @Test
  void truncatedAdIsNeverLaunched() throws Exception {
    byte[] whole = LongForm.printBytes(job);
    for (int length = 0; length < whole.length - 1; length += 5) {
      HookRun run = run(Arrays.copyOf(whole, length), arguments());
      assertTrue(run.answer().integer("HookStatusCode").orElse(0) > 0, run.stdout());
    }
  }

  @Test
  void hugeAdIsHeld() throws Exception {
    assertRefused(run(new byte[PrepareJob.MAX_AD_BYTES + 1], arguments()), 16, "more than");
  }

  /** A hundred million attributes, of which no more is read than the bound. */
  private static final class EndlessAd extends InputStream {
    private static final byte[] LINE = "A12345678=1\n".getBytes(StandardCharsets.US_ASCII);
    private static final long SIZE = 100_000_000L * LINE.length;
    private long read;

    @Override
    public int read() {
      return read < SIZE ? LINE[(int) (read++ % LINE.length)] : -1;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
      for (int i = 0; i < length; i++) {
        buffer[offset + i] = LINE[(int) (read++ % LINE.length)];
      }
      return length;
    }
  }

  @Test
  void adOfAHundredMillionAttributesIsRefusedByItsSizeAlone() throws Exception {
    try (EndlessAd endless = new EndlessAd()) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      int status =
          PrepareJob.run(
              new HookIo(
                  endless,
                  new PrintStream(out, false, StandardCharsets.UTF_8),
                  System.err,
                  Map.of("_CONDOR_SCRATCH_DIR", scratch.toString()),
                  arguments(),
                  InstantSource.system()));
      HookRun run = new HookRun(status, out.toString(StandardCharsets.UTF_8), "");
      assertRefused(run, 16, "the ad on standard input has more than 1048576 bytes");
      assertTrue(endless.read <= 2 * PrepareJob.MAX_AD_BYTES, () -> endless.read + " bytes read");
    }
  }

  @Test
  void adOfAsManyAttributesAsFitIntoTheBoundIsRefusedToo() throws Exception {
    StringBuilder ad = new StringBuilder();
    for (int i = 0; ad.length() < PrepareJob.MAX_AD_BYTES - 20; i++) {
      ad.append('a').append(i).append("=1\n");
    }
    byte[] bytes = ad.toString().getBytes(StandardCharsets.US_ASCII);
    assertRefused(run(bytes, arguments()), 17, "line 32001, column 1");
  }

  @Test
  void runTwiceInTheSameScratchDirectoryIsAsGood() throws Exception {
    run(job);
    assertEquals(0, run(job).answer().integer("HookStatusCode").orElse(-1));
  }

  @Test
  void nothingButTheNodesFilesIsLeftInScratch() throws Exception {
    run(job);
    try (Stream<Path> files = Files.list(scratch)) {
      assertEquals(
          List.of(
              "voc-condor.conf", "voc-node-key", "voc-overlay.qcow2", "voc-qemu.args", "voc-token"),
          files.map(f -> String.valueOf(f.getFileName())).sorted().toList());
    }
  }
}
