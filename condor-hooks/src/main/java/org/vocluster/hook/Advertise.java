package org.vocluster.hook;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vocluster.ad.Attr;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.LongForm;
import org.vocluster.condor.ClientPolicy;
import org.vocluster.hook.HookArguments.BadArgumentException;
import org.vocluster.vm.definition.AcceleratorMode;
import org.vocluster.vm.definition.ImageDigest;
import org.vocluster.vm.image.ImageCache;
import org.vocluster.vm.image.ImageStore;
import org.vocluster.vm.image.ImageUse;
import org.vocluster.vm.image.Leases;
import org.vocluster.vm.image.Progress;
import org.vocluster.vm.image.SiteCredentials;
import org.vocluster.vm.image.StageResult;
import org.vocluster.vm.image.Staging;
import org.vocluster.vm.image.TransferPlugins;
import org.vocluster.vm.image.UrlPrefix;
import org.vocluster.vm.leftover.HostInventory;
import org.vocluster.vm.leftover.Leftover;
import org.vocluster.vm.node.HostProcesses;
import org.vocluster.vm.node.KeptConsoles;
import org.vocluster.vm.os.Command;
import org.vocluster.vm.os.CommandException;
import org.vocluster.vm.os.Printable;
import org.vocluster.vm.qemu.AcceleratorCache;
import org.vocluster.vm.qemu.AcceleratorProbe;
import org.vocluster.vm.qemu.HypervisorVersion;
import org.vocluster.vm.qemu.Ovmf;

/**
 * The STARTD_CRON job of a PAD host, run periodically as HTCondor's account: says in the host's
 * slot ads what it can run nodes with, stages the images that the VOC ads in the collector ask for,
 * and takes away those that nobody needs.
 *
 * <p>It publishes first. While images are being fetched, which may take hours, it stays and does
 * all of that again every period: the startd starts no second one as long as this one runs. It
 * never writes to standard error, which the startd would only pile up; what goes wrong stands in
 * the ad.
 */
public final class Advertise {
  private static final Duration STATUS_TIMEOUT = Duration.ofSeconds(15);
  private static final int MOST_LEFTOVERS = 800;
  private static final long MIB = 1024 * 1024;
  private static final long MAX_VIRTUAL_BYTES = 64L << 40;

  private static final List<String> OPTIONS =
      List.of(
          "images",
          "state",
          "qemu",
          "accelerator",
          "vos",
          "allow-urls",
          "condor-status",
          "execute",
          "max-image-mb",
          "in-place",
          "credentials",
          "condor-config-val",
          "leases",
          "consoles",
          "cache-mb",
          "keep-free-mb",
          "keep-days",
          "period",
          "ovmf-code",
          "ovmf-vars");

  /** A small image is there before anybody has to be told that it is coming. */
  private static final Duration QUICK = Duration.ofMillis(1500);

  private Advertise() {}

  public static void main(String[] args) {
    HookIo.end(run(HookIo.system(args)));
  }

  /** Runs once; the exit status is always 0, since the startd has no use for another. */
  static int run(HookIo io) {
    try {
      new Run(io, Host.of(io.arguments())).all();
    } catch (BadArgumentException e) {
      publishFault(io, "advertise: " + e.getMessage());
    } catch (Throwable e) {
      publishFault(io, "advertise: internal fault: " + e);
    }
    return 0;
  }

  /**
   * Without VocDomain and VocImages no node job matches, and the reason stands where people look.
   */
  private static void publishFault(HookIo io, String fault) {
    publish(
        io,
        ClassAd.builder()
            .set(Attr.FAULT, "voc: " + Printable.of(fault, 1000))
            .set(Attr.HEARTBEAT, io.clock().instant().getEpochSecond())
            .build(),
        true);
  }

  /**
   * A line that begins with a hyphen makes the startd take what came before; with {@code
   * update:true} it tells the collector at once (from HTCondor 24 on), not at its next interval.
   */
  private static void publish(HookIo io, ClassAd ad, boolean atOnce) {
    io.answer(LongForm.print(ad) + (atOnce ? "- update:true\n" : "-\n"));
  }

  /** What the host's configuration says. */
  record Host(
      Path images,
      Path state,
      Path qemu,
      AcceleratorMode accelerator,
      AcceptedVos vos,
      ImageStore.Limits limits,
      Path condorStatus,
      Path execute,
      @Nullable Path credentials,
      TransferPlugins plugins,
      Leases leases,
      @Nullable Path consoles,
      ImageCache.Bounds bounds,
      Duration period,
      @Nullable Path ovmfCode,
      @Nullable Path ovmfVariables) {
    static Host of(List<String> arguments) throws BadArgumentException {
      HookArguments given = HookArguments.parseOptions(arguments, OPTIONS);
      List<UrlPrefix> allowed = prefixes(given, "allow-urls");
      List<UrlPrefix> inPlace = prefixes(given, "in-place");
      @Nullable Path leases = given.optionalPath("leases");
      @Nullable Path condorConfigVal = given.optionalPath("condor-config-val");
      return new Host(
          given.requiredPath("images"),
          given.requiredPath("state"),
          given.requiredPath("qemu"),
          given.accelerator(),
          AcceptedVos.parse(given.required("vos")),
          new ImageStore.Limits(
              allowed,
              inPlace,
              given.number("max-image-mb", 65_536, 1, 16 << 20) * MIB,
              MAX_VIRTUAL_BYTES),
          given.requiredPath("condor-status"),
          given.requiredPath("execute"),
          given.optionalPath("credentials"),
          condorConfigVal == null ? TransferPlugins.NONE : TransferPlugins.of(condorConfigVal),
          new Leases(leases == null ? JobExit.LEASES : leases),
          given.optionalPath("consoles"),
          new ImageCache.Bounds(
              given.number("cache-mb", 0, 0, Integer.MAX_VALUE) * MIB,
              given.number("keep-free-mb", 0, 0, Integer.MAX_VALUE) * MIB,
              given.number("keep-days", 7, 0, 36_500)),
          Duration.ofSeconds(given.number("period", 15, 1, 3600)),
          given.optionalPath("ovmf-code"),
          given.optionalPath("ovmf-vars"));
    }

    boolean hasUefi() {
      Path code = ovmfCode;
      Path variables = ovmfVariables;
      return code != null && variables != null && Ovmf.isUsable(code, variables);
    }

    private static List<UrlPrefix> prefixes(HookArguments given, String name)
        throws BadArgumentException {
      try {
        return UrlPrefix.parseList(given.optional(name, ""));
      } catch (IllegalArgumentException e) {
        throw new BadArgumentException("argument --" + name + ": " + e.getMessage());
      }
    }
  }

  /**
   * What slot ads say of the accelerator.
   *
   * @param usable whether nodes can run at all
   * @param name {@code kvm}, {@code tcg} or {@code none}
   */
  record AcceleratorFact(boolean usable, String name, String reason) {
    static AcceleratorFact of(AcceleratorMode mode, AcceleratorProbe.Answer kvm) {
      return switch (mode) {
        case TCG -> new AcceleratorFact(true, "tcg", "VOC_ACCELERATOR is tcg");
        case KVM -> new AcceleratorFact(kvm.works(), kvm.works() ? "kvm" : "none", kvm.reason());
        case AUTO -> new AcceleratorFact(true, kvm.works() ? "kvm" : "tcg", kvm.reason());
      };
    }
  }

  /** One run's state. */
  private static final class Run {
    private final HookIo io;
    private final Host host;
    private final ImageStore store;
    private final StagingErrors errors;
    private final LastPublished last;
    private final Fetches fetches;
    private final ImageUse use;
    private final ImageCache cache;
    private final Staging staging;
    private final HostInventory inventory;
    private final String credentialsFault;
    private AcceleratorFact accelerator = new AcceleratorFact(true, "none", "");
    private String version = "";
    private boolean uefi;
    private String collectorFault = "";
    private String cacheFault = "";
    private String stateFault = "";
    private String leftovers = "";
    private String consolesFault = "";
    private @Nullable ClassAd published;

    Run(HookIo io, Host host) {
      this.io = io;
      this.host = host;
      this.store = new ImageStore(host.images());
      this.errors = StagingErrors.load(host.state());
      this.last = new LastPublished(host.state(), LastPublished.parent());
      this.fetches = new Fetches(store);
      this.use = ImageUse.load(host.state());
      this.cache =
          new ImageCache(
              store, host.leases(), HostProcesses.system(), use, host.bounds(), io.clock());
      this.inventory =
          new HostInventory(
              HostProcesses.system(),
              host.leases(),
              store,
              host.state(),
              host.consoles(),
              Path.of("/dev/shm"),
              host.execute());
      SiteCredentials credentials = SiteCredentials.NONE;
      String fault = "";
      try {
        Path file = host.credentials();
        credentials = file == null ? credentials : SiteCredentials.read(file);
      } catch (IOException e) {
        fault = "voc: credentials: " + e.getMessage();
      }
      this.credentialsFault = fault;
      this.staging =
          new Staging(host.limits(), host.plugins(), credentials, cache, Progress.NONE, false);
    }

    /** Once, and again every period for as long as an image is on its way. */
    void all() {
      inspect();
      reap();
      publish();
      Duration patience = QUICK;
      do {
        look();
        long end = System.nanoTime() + patience.toNanos();
        Duration left = patience;
        while (!fetches.isEmpty() && left.isPositive()) {
          Fetches.Done done = fetches.next(left);
          if (done != null) {
            ended(done);
            publishNews();
          }
          left = Duration.ofNanos(end - System.nanoTime());
        }
        if (!fetches.isEmpty()) {
          inspect();
        }
        publishNews();
        reap();
        patience = host.period();
        // Whoever started us is gone: the next one goes on.
      } while (!fetches.isEmpty() && !io.stdout().checkError());
    }

    /**
     * Looks at the hypervisor, which may be upgraded while an image is on its way: prepare-job goes
     * by the accelerator that is noted for this very QEMU.
     */
    private void inspect() {
      accelerator = accelerator();
      version = HypervisorVersion.of(host.qemu(), host.state());
      uefi = host.hasUefi();
    }

    /** What cannot be noted is known all the same, and published. */
    private void save() {
      stateFault = "";
      try {
        errors.save();
        use.save();
      } catch (IOException e) {
        stateFault =
            "voc: state: "
                + host.state()
                + " cannot be written: "
                + e
                + "; free the disk of VOC_STATE_DIR";
      }
    }

    /**
     * Takes away what killed processes left and this account may; names the rest. Leases and half
     * images are the cache's to tidy.
     */
    private void reap() {
      List<String> stay = new ArrayList<>();
      try {
        for (Leftover each :
            inventory.leftovers(
                HostProcesses.system().machines(), use, io.clock().instant().getEpochSecond())) {
          switch (each) {
            case Leftover.Temporary temporary -> {
              if (inventory.remove(temporary).isPresent()) {
                stay.add(each.what());
              }
            }
            case Leftover.Machine machine -> stay.add(each.what());
            case Leftover.Memory memory -> stay.add(each.what());
            case Leftover.Scratch scratch -> stay.add(each.what());
            case Leftover.Lease lease -> {}
            case Leftover.Part part -> {}
          }
        }
      } catch (IOException e) {
        stay.add("what else, cannot be seen: " + e);
      }
      leftovers =
          stay.isEmpty()
              ? ""
              : Printable.of(
                      "voc: left over on this host: " + String.join(", ", stay), MOST_LEFTOVERS)
                  + "; run `voc reap` there as root";
    }

    private int running() {
      int count = 0;
      for (HostProcesses.Machine machine : HostProcesses.system().machines()) {
        count += machine.isUnder(host.execute()) ? 1 : 0;
      }
      return count;
    }

    /** Asks what is wanted, begins to fetch what is due, and tidies. */
    private void look() {
      boolean told = false;
      try {
        List<WantedImage> wanted = wanted();
        told = true;
        collectorFault = "";
        errors.keepOnly(wanted);
        List<ImageDigest> digests = new ArrayList<>();
        for (WantedImage image : wanted) {
          digests.add(image.digest());
        }
        cache.wanted(digests);
        for (WantedImage image : wanted) {
          startIfDue(image);
        }
      } catch (CommandException e) {
        collectorFault = "voc: VOC ads: " + e.getMessage();
      }
      try {
        var _ = cache.tidy(told);
        cacheFault = "";
      } catch (IOException e) {
        cacheFault = "voc: images: " + host.images() + " cannot be tidied: " + e;
      }
      Path consoles = host.consoles();
      consolesFault = "";
      if (consoles != null) {
        try {
          new KeptConsoles(consoles).tidy(io.clock().instant());
        } catch (IOException e) {
          consolesFault = "voc: consoles: " + consoles + " cannot be tidied: " + e;
        }
      }
      save();
    }

    private void startIfDue(WantedImage image) {
      if (store.find(image.digest()) instanceof ImageStore.Lookup.Found found
          && found.image().isBootFile() == image.bootFile()) {
        errors.succeeded(image.digest());
      } else if (!fetches.isRunning(image.digest())
          && fetches.hasRoom()
          && errors.mayTry(image, io.clock().instant().getEpochSecond())) {
        fetches.start(image, staging);
      }
    }

    private void ended(Fetches.Done done) {
      switch (done.result()) {
        case StageResult.Staged staged -> {
          errors.succeeded(done.image().digest());
          cache.staged(done.image().digest());
        }
        case StageResult.Busy busy -> {}
        case StageResult.Failed failed ->
            errors.failed(
                done.image(),
                failed.reason(),
                failed.progressed(),
                io.clock().instant().getEpochSecond());
      }
      save();
    }

    private void publish() {
      ClassAd ad = ad();
      published = ad.without(Attr.HEARTBEAT);
      Advertise.publish(io, ad, last.isNews(ad));
    }

    /**
     * Publishes if there is anything new, or if images are on their way: somebody may be waiting.
     */
    private void publishNews() {
      ClassAd now = ad().without(Attr.HEARTBEAT);
      if (!now.equals(published) || !fetches.isEmpty()) {
        publish();
      }
    }

    private AcceleratorFact accelerator() {
      AcceleratorProbe.Answer kvm =
          host.accelerator() == AcceleratorMode.TCG
              ? new AcceleratorProbe.Answer(false, "not asked for")
              : new AcceleratorCache(host.state(), host.qemu()).readOrProbe(io.clock().instant());
      return AcceleratorFact.of(host.accelerator(), kvm);
    }

    /**
     * Without -pool: this runs under the host's own configuration. The hook's account can usually
     * not read the host's token, so it authenticates only if the collector insists. A forged answer
     * could at most make the host fetch a file that its own configuration allows.
     */
    private List<WantedImage> wanted() throws CommandException {
      String ads =
          new Command(
                  List.of(
                      host.condorStatus().toString(),
                      "-subsystem",
                      "VOC",
                      "-long",
                      "-attributes",
                      "Name,VocVO,VocImage,VocImageUrl,VocKernel,VocKernelUrl,VocInitrd,VocInitrdUrl"),
                  ClientPolicy.AUTHENTICATE_IF_ASKED,
                  STATUS_TIMEOUT)
              .output();
      return WantedImage.of(ads, host.vos());
    }

    private ClassAd ad() {
      List<String> digests = new ArrayList<>();
      List<String> bootFiles = new ArrayList<>();
      List<String> faults = new ArrayList<>();
      for (String fault :
          List.of(collectorFault, credentialsFault, cacheFault, consolesFault, stateFault)) {
        if (!fault.isEmpty()) {
          faults.add(fault);
        }
      }
      String progress = "";
      long bytes = 0;
      try {
        for (ImageStore.Held held : store.held()) {
          (held.image().isBootFile() ? bootFiles : digests).add(held.image().digest().value());
          bytes += held.inPlace() ? 0 : held.bytes();
        }
        progress = fetches.progress(store.parts());
      } catch (IOException e) {
        faults.add("voc: images: " + host.images() + " cannot be listed: " + e);
      }
      if (!accelerator.usable()) {
        faults.add("voc: accelerator: this host is set to KVM, which does not work");
        digests.clear();
      }
      ClassAd.Builder ad =
          ClassAd.builder()
              .set(Attr.DOMAIN, "PAD")
              .set(Attr.HYPERVISOR, "qemu")
              .set(Attr.HYPERVISOR_VERSION, version)
              .set(Attr.ACCELERATOR, accelerator.name())
              .set(Attr.ACCELERATOR_REASON, accelerator.reason())
              .set(Attr.VOS, host.vos().text())
              .set(Attr.FIRMWARES, uefi ? "bios,uefi" : "bios")
              .set(Attr.IMAGES, String.join(",", digests))
              .set(Attr.BOOT_FILES, String.join(",", bootFiles))
              .set(Attr.IMAGES_MB, (bytes + MIB - 1) / MIB)
              .set(Attr.NODES, running())
              .set(Attr.HEARTBEAT, io.clock().instant().getEpochSecond())
              .set(Attr.VERSION, version());
      if (!progress.isEmpty()) {
        ad.set(Attr.IMAGE_PROGRESS, Printable.of(progress, 1000));
      }
      String imageErrors = errors.text();
      if (!imageErrors.isEmpty()) {
        ad.set(Attr.IMAGE_ERRORS, imageErrors);
      }
      if (!leftovers.isEmpty()) {
        ad.set(Attr.LEFTOVERS, leftovers);
      }
      if (!faults.isEmpty()) {
        ad.set(Attr.FAULT, Printable.of(String.join("; ", faults), 1000));
      }
      return ad.build();
    }
  }

  /** This software's version, from the build. */
  static String version() {
    try (InputStream in = Advertise.class.getResourceAsStream("version.txt")) {
      return in == null
          ? "unknown"
          : new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip();
    } catch (IOException e) {
      return "unknown";
    }
  }
}
