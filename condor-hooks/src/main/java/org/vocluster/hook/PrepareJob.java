package org.vocluster.hook;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.vocluster.ad.Attr;
import org.vocluster.ad.CondorAttr;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.ClassAdSyntaxException;
import org.vocluster.classad.Language;
import org.vocluster.classad.LongForm;
import org.vocluster.hook.HookArguments.BadArgumentException;
import org.vocluster.hook.HookIo.InputTooLargeException;
import org.vocluster.hook.Refusal.Code;
import org.vocluster.vm.definition.AcceleratorMode;
import org.vocluster.vm.definition.ContextForm;
import org.vocluster.vm.definition.DirectKernel;
import org.vocluster.vm.definition.Firmware;
import org.vocluster.vm.definition.ImageDigest;
import org.vocluster.vm.image.ImageStore;
import org.vocluster.vm.image.Leases;
import org.vocluster.vm.image.VerifiedImage;
import org.vocluster.vm.node.BootClock;
import org.vocluster.vm.node.CloudInitSeed;
import org.vocluster.vm.node.HostProcesses;
import org.vocluster.vm.node.KeptConsoles;
import org.vocluster.vm.node.NodeContext;
import org.vocluster.vm.node.NodeFiles;
import org.vocluster.vm.node.NodeJobAd;
import org.vocluster.vm.node.NodeKey;
import org.vocluster.vm.node.NodeToken;
import org.vocluster.vm.os.Printable;
import org.vocluster.vm.qemu.Accelerator;
import org.vocluster.vm.qemu.AcceleratorCache;
import org.vocluster.vm.qemu.AcceleratorProbe;
import org.vocluster.vm.qemu.Boot;
import org.vocluster.vm.qemu.Overlay;
import org.vocluster.vm.qemu.Ovmf;
import org.vocluster.vm.qemu.PciAddress;
import org.vocluster.vm.qemu.QemuArguments;

/**
 * The starter's PREPARE_JOB hook on a PAD host, run as the job's user in the job's scratch
 * directory: makes of a node job's ad what {@code voc-node} needs to become the node's QEMU.
 *
 * <p>It always exits with 0 and answers with {@code HookStatusCode}: the starter takes an exit
 * status of 1 for a reason to hold the job, which an internal fault is not.
 */
public final class PrepareJob {
  /** A job's ad has some 10 KiB; one with a large environment, some hundreds. */
  static final int MAX_AD_BYTES = 1 << 20;

  /** The starter keeps 10240 bytes of a hook's output. */
  private static final int MAX_MESSAGE = 2000;

  private static final List<String> OPTIONS =
      List.of(
          "images",
          "state",
          "qemu",
          "accelerator",
          "vos",
          "condor-host",
          "collector",
          "pad-host",
          "update-seconds",
          "tcg-cache-mb",
          "voc-node",
          "leases",
          "consoles",
          "overlay-in-ram",
          "ovmf-code",
          "ovmf-vars");

  /**
   * A disk in memory has no name: voc-node copies the empty overlay there and passes it to QEMU as
   * this file descriptor, which it knows by these words.
   */
  private static final Path RAM_OVERLAY = Path.of("/dev/fdset/7");

  private static final List<String> RAM_OVERLAY_FD = List.of("-add-fd", "fd=7,set=7");

  /** The starter's word for the GPUs of the slot, in the environment of hooks too. */
  private static final String ASSIGNED_GPUS = "_CONDOR_AssignedGPUs";

  /** Where a Linux kernel says that it is one (Documentation/arch/x86/boot.rst). */
  private static final int LINUX_MAGIC_AT = 0x202;

  private static final byte[] LINUX_MAGIC = {'H', 'd', 'r', 'S'};

  private PrepareJob() {}

  public static void main(String[] args) {
    HookIo.end(run(HookIo.system(args)));
  }

  /** Runs the hook; the exit status is always 0. */
  static int run(HookIo io) {
    long start = System.nanoTime();
    ClassAd answer;
    try {
      answer = launch(io).with(Attr.PREPARE_MS, (System.nanoTime() - start) / 1_000_000);
    } catch (RefusedException e) {
      answer = refused(e.refusal());
    } catch (Throwable e) {
      answer =
          refused(new Refusal(Code.INTERNAL, "voc: prepare-job: internal fault: " + describe(e)));
    }
    io.answer(LongForm.print(answer));
    return 0;
  }

  private static String describe(Throwable e) {
    StackTraceElement[] trace = e.getStackTrace();
    return e
        + (trace.length == 0 ? "" : " at " + trace[0])
        + "; please report it with the job's ad";
  }

  private static ClassAd refused(Refusal refusal) {
    return ClassAd.builder()
        .set(CondorAttr.HOOK_STATUS_CODE, refusal.code().number())
        .set(CondorAttr.HOOK_STATUS_MESSAGE, Printable.of(refusal.message(), MAX_MESSAGE))
        .build();
  }

  /** What the host's configuration says. */
  record Host(
      Path images,
      Path state,
      Path qemu,
      AcceleratorMode accelerator,
      AcceptedVos vos,
      String condorHost,
      String collector,
      String padHost,
      int updateSeconds,
      int tcgCacheMb,
      String vocNode,
      @Nullable Path leases,
      @Nullable Path consoles,
      boolean overlayInRam,
      @Nullable Path ovmfCode,
      @Nullable Path ovmfVars) {
    static Host of(List<String> arguments) throws BadArgumentException {
      HookArguments given = HookArguments.parseOptions(arguments, OPTIONS);
      return new Host(
          given.requiredPath("images"),
          given.requiredPath("state"),
          given.requiredPath("qemu"),
          given.accelerator(),
          AcceptedVos.parse(given.required("vos")),
          given.required("condor-host"),
          given.required("collector"),
          given.required("pad-host"),
          given.number("update-seconds", NodeContext.UPDATE_SECONDS, 5, 3600),
          given.number("tcg-cache-mb", 128, 1, 65_536),
          given.optional("voc-node", "/usr/libexec/voc/voc-node"),
          given.optionalPath("leases"),
          given.optionalPath("consoles"),
          given.flag("overlay-in-ram"),
          given.optionalPath("ovmf-code"),
          given.optionalPath("ovmf-vars"));
    }
  }

  private static ClassAd launch(HookIo io) throws RefusedException {
    Host host;
    try {
      host = Host.of(io.arguments());
    } catch (BadArgumentException e) {
      throw new RefusedException(
          Code.BAD_CONFIGURATION, "voc: prepare-job on this host: " + e.getMessage());
    }
    ClassAd ad = jobAd(io);
    NodeJobAd job = decide(ad, host);
    List<PciAddress> gpus = gpus(io.environment().get(ASSIGNED_GPUS), job, host);
    Path scratch = scratch(io);
    NodeFiles files = NodeFiles.in(scratch);
    checkSecrets(files, job);
    Choice choice = accelerator(job, host);
    leaseImage(job, host);
    try {
      return launch(io, host, job, gpus, scratch, choice);
    } finally {
      // A starter that is told to end does not wait for this hook: JOB_EXIT may have been there
      // before the lease, or nobody may ever come.
      if (!Files.isDirectory(scratch)
          || Files.exists(files.ended())
          || HostProcesses.system().hasLostStarter(scratch)) {
        releaseImage(job, host);
      }
    }
  }

  private static ClassAd launch(
      HookIo io, Host host, NodeJobAd job, List<PciAddress> gpus, Path scratch, Choice choice)
      throws RefusedException {
    NodeFiles files = NodeFiles.in(scratch);
    VerifiedImage image = image(job, host);
    Boot boot = boot(job, host, files);
    long now = io.clock().instant().getEpochSecond();
    long deathTime = now + job.stay().lifetimeSeconds();
    String context;
    List<String> words;
    try {
      context =
          new NodeContext(
                      job.node(),
                      job.origin().vo(),
                      job.origin().voc(),
                      job.shape().name(),
                      job.image(),
                      host.condorHost(),
                      host.collector(),
                      host.padHost(),
                      job.origin().schedd(),
                      host.updateSeconds(),
                      job.stay().idleSeconds(),
                      deathTime)
                  .text()
              + BootClock.configuration(now);
      words =
          new QemuArguments(
                  host.qemu(),
                  job.node(),
                  host.padHost(),
                  job.shape(),
                  gpus,
                  boot,
                  job.start().context(),
                  host.overlayInRam() ? files.withOverlay(RAM_OVERLAY) : files,
                  choice.accelerator(),
                  host.tcgCacheMb())
              .words();
      if (host.overlayInRam()) {
        words = new ArrayList<>(words);
        words.addAll(RAM_OVERLAY_FD);
      }
    } catch (IllegalArgumentException e) {
      throw new RefusedException(
          Code.BAD_CONFIGURATION,
          "voc: prepare-job on "
              + Printable.of(host.padHost())
              + ": "
              + e.getMessage()
              + "; mend the hook's arguments");
    }
    makeOverlay(job, host, image, files.overlay());
    try {
      Set<PosixFilePermission> ownerOnly = PosixFilePermissions.fromString("rw-------");
      Files.setPosixFilePermissions(files.token(), ownerOnly);
      Files.setPosixFilePermissions(files.key(), ownerOnly);
      beginConsole(job, host, files);
      write(files.config(), context);
      if (job.start().context() == ContextForm.CLOUD_INIT) {
        writeSeed(job, files, context);
      }
      if (boot instanceof Boot.Uefi uefi) {
        copyVariables(host, uefi);
      }
      write(files.arguments(), String.join("\n", words) + "\n");
    } catch (IOException e) {
      throw new RefusedException(
          Code.NO_SCRATCH,
          "voc: "
              + host.padHost()
              + ": cannot write the node's files in "
              + scratch
              + ": "
              + Printable.of(e.toString())
              + "; check the file system of EXECUTE");
    }
    ClassAd.Builder answer =
        ClassAd.builder()
            .set(CondorAttr.HOOK_STATUS_CODE, 0)
            .set(Attr.ACCELERATOR, choice.accelerator().text())
            .set(Attr.DEATH_TIME, deathTime)
            .set(Attr.PAD_HOST, host.padHost())
            // The starter gives condor_tail no other file than those of this list, and looks at
            // it when it is asked; what it transfers at the end was settled before.
            .set("TransferOutput", NodeFiles.CONSOLE);
    if (!choice.warning().isEmpty()) {
      answer.set(CondorAttr.HOOK_STATUS_MESSAGE, Printable.of(choice.warning(), MAX_MESSAGE));
    }
    return answer.build();
  }

  /**
   * Decides from ad and configuration alone whether the job is a node that this host may launch.
   */
  static NodeJobAd decide(ClassAd ad, Host host) throws RefusedException {
    NodeJobAd job = NodeJobCheck.nodeJob(ad, host.vocNode());
    if (!host.vos().accepts(job.origin().vo())) {
      throw new RefusedException(
          Code.VO_NOT_ACCEPTED,
          "voc: "
              + host.padHost()
              + ": takes no nodes of VO "
              + job.origin().vo()
              + " (VOC_VOS is "
              + host.vos().text()
              + "); add the VO there or let node jobs require it");
    }
    return job;
  }

  private static ClassAd jobAd(HookIo io) throws RefusedException {
    try {
      ClassAd ad = LongForm.parse(io.read(MAX_AD_BYTES), Language.CONDOR_23_9);
      if (ad.isEmpty()) {
        throw new RefusedException(
            Code.NO_AD,
            "voc: prepare-job: there is no ad on standard input; HTCondor's starter should write the job's");
      }
      return ad;
    } catch (InputTooLargeException e) {
      throw new RefusedException(
          Code.AD_TOO_LARGE,
          "voc: job: " + e.getMessage() + "; a node job's ad is far smaller, remove this job");
    } catch (ClassAdSyntaxException e) {
      // Strict on purpose: HTCondor prints a line break inside a string as it is, so that a lenient
      // reader would take what follows it, such as a forged Owner, for an attribute.
      throw new RefusedException(
          Code.MALFORMED_AD,
          "voc: job: its ad cannot be read: "
              + Printable.of(String.valueOf(e.getMessage()))
              + "; remove line breaks from the values of its attributes");
    } catch (IOException e) {
      throw new RefusedException(
          Code.NO_AD,
          "voc: prepare-job: standard input cannot be read: " + Printable.of(e.toString()));
    }
  }

  /**
   * The GPUs that HTCondor gave this job. Only a PCI address says which device to hand to the
   * guest; HTCondor's own discovery names GPUs in other ways.
   *
   * @param given from the slot's ad, by the starter; what the job's ad says may be of an earlier
   *     run on another host, or the job's own invention
   */
  private static List<PciAddress> gpus(@Nullable String given, NodeJobAd job, Host host)
      throws RefusedException {
    if (job.shape().gpus() == 0) {
      return List.of();
    }
    String assigned = given == null ? "" : given;
    List<PciAddress> gpus = new ArrayList<>();
    int start = 0;
    while (start <= assigned.length()) {
      int comma = assigned.indexOf(',', start);
      int end = comma < 0 ? assigned.length() : comma;
      String address = assigned.substring(start, end).strip();
      if (PciAddress.isValid(address)) {
        gpus.add(new PciAddress(address));
      }
      start = end + 1;
    }
    if (gpus.size() < job.shape().gpus()) {
      throw new RefusedException(
          Code.NO_GPU,
          "voc: "
              + host.padHost()
              + ": node "
              + job.node()
              + " needs "
              + job.shape().gpus()
              + " GPUs as PCI devices, and AssignedGPUs is \""
              + Printable.of(assigned, 200)
              + "\"; bind the GPUs to vfio-pci and set MACHINE_RESOURCE_GPUs to their addresses,"
              + " such as 0000:3b:00.0");
    }
    return gpus.subList(0, job.shape().gpus());
  }

  private static Path scratch(HookIo io) throws RefusedException {
    @Nullable String scratch = io.environment().get("_CONDOR_SCRATCH_DIR");
    if (scratch == null || !scratch.startsWith("/") || !Files.isDirectory(Path.of(scratch))) {
      throw new RefusedException(
          Code.NO_SCRATCH,
          "voc: prepare-job: _CONDOR_SCRATCH_DIR names no directory; it is to be run by HTCondor's starter");
    }
    return Path.of(scratch);
  }

  private static void checkSecrets(NodeFiles files, NodeJobAd job) throws RefusedException {
    Path file = files.token();
    String fault = "";
    try {
      if (!NodeToken.isToken(file)) {
        fault = "is no HTCondor token (three base64url parts on one line)";
      } else {
        file = files.key();
        if (!NodeKey.isKey(file)) {
          fault = "is no node key (64 hexadecimal digits)";
        }
      }
    } catch (IOException e) {
      fault =
          Files.exists(file, LinkOption.NOFOLLOW_LINKS)
              ? "cannot be used: " + Printable.of(e.toString())
              : "is missing";
    }
    if (!fault.isEmpty()) {
      throw new RefusedException(
          Code.BAD_TOKEN,
          "voc: node "
              + job.node()
              + ": its file "
              + file.getFileName()
              + " "
              + fault
              + "; node jobs are made by voc-size, remove this one");
    }
  }

  /** Before the image is looked up: see {@link Leases}. */
  private static void leaseImage(NodeJobAd job, Host host) throws RefusedException {
    Path leases = host.leases();
    if (leases == null) {
      return;
    }
    try {
      Optional<DirectKernel<ImageDigest>> kernel = job.start().kernel();
      new Leases(leases)
          .take(
              job.node(),
              job.image(),
              kernel.isEmpty() ? List.of() : kernel.get().files(),
              HostProcesses.system());
    } catch (IOException e) {
      throw new RefusedException(
          Code.NO_LEASE,
          "voc: "
              + host.padHost()
              + ": no lease on image "
              + job.image()
              + " for node "
              + job.node()
              + ": "
              + Printable.of(e.toString())
              + "; VOC_LEASE_DIR must be a directory of HTCondor's account with mode 1777");
    }
  }

  private static void releaseImage(NodeJobAd job, Host host) {
    Path leases = host.leases();
    if (leases != null) {
      try {
        new Leases(leases).release(job.node());
      } catch (IOException e) {
        // It holds nothing without its starter, and advertise takes the file away.
      }
    }
  }

  private static VerifiedImage image(NodeJobAd job, Host host) throws RefusedException {
    return stored("image", job.image(), false, host);
  }

  /**
   * A file of the store.
   *
   * @param what it is, for people
   * @param bootFile whether a kernel or an initrd is looked for, and not a disk
   */
  private static VerifiedImage stored(String what, ImageDigest digest, boolean bootFile, Host host)
      throws RefusedException {
    ImageStore.Lookup lookup = new ImageStore(host.images()).find(digest);
    if (lookup instanceof ImageStore.Lookup.Found found && found.image().isBootFile() == bootFile) {
      return found.image();
    }
    if (lookup instanceof ImageStore.Lookup.Untrusted untrusted) {
      throw new RefusedException(
          Code.UNTRUSTED_IMAGE,
          "voc: "
              + host.padHost()
              + ": "
              + what
              + " "
              + untrusted.reason()
              + "; delete it, it will be staged again");
    }
    throw new RefusedException(
        Code.NO_IMAGE,
        "voc: "
            + host.padHost()
            + ": "
            + what
            + " "
            + digest
            + " is not in "
            + host.images()
            + "; see VocImageErrors in the host's slot ads");
  }

  /** Looks up what the node starts with; writes nothing yet. */
  private static Boot boot(NodeJobAd job, Host host, NodeFiles files) throws RefusedException {
    if (job.start().kernel().isPresent()) {
      DirectKernel<ImageDigest> kernel = job.start().kernel().get();
      Path file = stored("kernel", kernel.image(), true, host).file();
      Path first =
          kernel.initrd().isEmpty()
              ? null
              : stored("initrd", kernel.initrd().get(), true, host).file();
      if (!isLinux(file, host)) {
        throw new RefusedException(
            Code.BAD_KERNEL,
            "voc: definition "
                + job.origin().voc()
                + ": kernel "
                + kernel.image()
                + " is no Linux kernel for x86 (bzImage); let Kernel name one, such as /boot/vmlinuz-*");
      }
      return new Boot.Kernel(file, first, kernel.arguments());
    }
    if (job.start().firmware() == Firmware.BIOS) {
      return new Boot.Bios();
    }
    Path code = host.ovmfCode();
    Path variables = host.ovmfVars();
    if (code == null || variables == null || !Ovmf.isUsable(code, variables)) {
      throw new RefusedException(
          Code.NO_FIRMWARE,
          "voc: "
              + host.padHost()
              + ": node "
              + job.node()
              + " needs UEFI: VOC_OVMF_CODE = "
              + (code == null ? "(nothing)" : code)
              + " or VOC_OVMF_VARS = "
              + (variables == null ? "(nothing)" : variables)
              + " is no file that its account can read; install the package ovmf, or set them");
    }
    return new Boot.Uefi(code, files.uefiVariables());
  }

  /**
   * Whether QEMU will take it for a Linux kernel, and not for one of the other formats that it can
   * start.
   */
  private static boolean isLinux(Path kernel, Host host) throws RefusedException {
    ByteBuffer magic = ByteBuffer.allocate(LINUX_MAGIC.length);
    try (FileChannel in = FileChannel.open(kernel, StandardOpenOption.READ)) {
      return in.read(magic, LINUX_MAGIC_AT) == LINUX_MAGIC.length
          && Arrays.equals(magic.array(), LINUX_MAGIC);
    } catch (IOException e) {
      throw new RefusedException(
          Code.UNTRUSTED_IMAGE,
          "voc: "
              + host.padHost()
              + ": kernel "
              + kernel
              + " cannot be read: "
              + Printable.of(e.toString())
              + "; check VOC_IMAGE_DIR");
    }
  }

  private static void writeSeed(NodeJobAd job, NodeFiles files, String context) throws IOException {
    write(
        files.seed(),
        new CloudInitSeed(
                job.node(),
                context,
                Files.readString(files.token(), StandardCharsets.US_ASCII),
                Files.readString(files.key(), StandardCharsets.US_ASCII))
            .disk());
  }

  /** What the firmware notes there ends with the node. */
  private static void copyVariables(Host host, Boot.Uefi uefi) throws IOException {
    Path empty = host.ovmfVars();
    if (empty != null) {
      write(uefi.variables(), Files.readAllBytes(empty));
    }
  }

  private static void makeOverlay(NodeJobAd job, Host host, VerifiedImage image, Path overlay)
      throws RefusedException {
    try {
      Files.deleteIfExists(overlay);
      Overlay.create(image, overlay, job.shape().diskMb());
    } catch (Overlay.ImageTooLargeException e) {
      throw new RefusedException(
          Code.IMAGE_TOO_LARGE,
          "voc: definition " + job.origin().voc() + ": " + e.getMessage() + "; raise DiskMb");
    } catch (IOException e) {
      throw new RefusedException(
          Code.NO_OVERLAY,
          "voc: "
              + host.padHost()
              + ": no overlay for node "
              + job.node()
              + ": "
              + Printable.of(e.toString(), 1000)
              + "; check the file system of EXECUTE");
    }
  }

  /**
   * What the node runs on.
   *
   * @param warning for the job's event log, or empty
   */
  private record Choice(Accelerator accelerator, String warning) {}

  /**
   * Reads the probe's cached answer and never probes: {@code advertise}, which must have run for
   * the host to match any node job, has done that, and a launch is no time to wait seconds. Without
   * an answer, as after an upgrade of QEMU, a node is slow rather than broken.
   */
  private static Choice accelerator(NodeJobAd job, Host host) throws RefusedException {
    if (job.accelerator() == AcceleratorMode.TCG) {
      return new Choice(Accelerator.TCG, "");
    }
    boolean required =
        host.accelerator() == AcceleratorMode.KVM || job.accelerator() == AcceleratorMode.KVM;
    if (host.accelerator() == AcceleratorMode.TCG) {
      if (required) {
        throw new RefusedException(
            Code.NO_KVM,
            "voc: "
                + host.padHost()
                + ": node "
                + job.node()
                + " needs KVM, this host is set to TCG (VOC_ACCELERATOR)");
      }
      return new Choice(Accelerator.TCG, "");
    }
    Optional<AcceleratorProbe.Answer> known =
        new AcceleratorCache(host.state(), host.qemu()).read();
    String fault;
    if (known.isEmpty()) {
      fault = "KVM has not been probed with this QEMU since the host started";
    } else if (!known.get().works()) {
      fault = known.get().reason();
    } else {
      fault = AcceleratorProbe.kvmRefusal();
      if (!fault.isEmpty()) {
        fault =
            "KVM works, but for "
                + job.origin().vo().account()
                + ": "
                + fault
                + "; add the account to group kvm";
      }
    }
    if (fault.isEmpty()) {
      return new Choice(Accelerator.KVM, "");
    }
    if (required) {
      throw new RefusedException(
          Code.NO_KVM, "voc: " + host.padHost() + ": node " + job.node() + " needs KVM: " + fault);
    }
    // A host whose probe said no advertises TCG: everybody knows. What deserves a warning is a
    // surprise.
    boolean surprise = known.isEmpty() || known.get().works();
    return new Choice(
        Accelerator.TCG,
        surprise
            ? "voc: "
                + host.padHost()
                + ": node "
                + job.node()
                + " runs under TCG, slowly: "
                + fault
            : "");
  }

  private static void beginConsole(NodeJobAd job, Host host, NodeFiles files) throws IOException {
    Path consoles = host.consoles();
    if (consoles != null) {
      new KeptConsoles(consoles).begin(job.node(), files.console());
    }
  }

  private static void write(Path file, String text) throws IOException {
    write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  private static void write(Path file, byte[] content) throws IOException {
    Files.deleteIfExists(file);
    Set<PosixFilePermission> mode = PosixFilePermissions.fromString("rw-------");
    Files.createFile(file, PosixFilePermissions.asFileAttribute(mode));
    Files.write(file, content, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
  }
}
