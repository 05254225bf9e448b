package org.vocluster.hook;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.LongForm;
import org.vocluster.hook.HookArguments.BadArgumentException;
import org.vocluster.vm.AcceleratorCache;
import org.vocluster.vm.AcceleratorMode;
import org.vocluster.vm.AcceleratorProbe;
import org.vocluster.vm.Command;
import org.vocluster.vm.CommandException;
import org.vocluster.vm.HypervisorVersion;
import org.vocluster.vm.ImageStore;
import org.vocluster.vm.Printable;
import org.vocluster.vm.StageResult;
import org.vocluster.vm.UrlPrefix;
import org.vocluster.vm.VerifiedImage;

/**
 * The STARTD_CRON job of a PAD host, run periodically as HTCondor's account: says in the host's
 * slot ads what it can run nodes with, and stages the images that the VOC ads in the collector ask
 * for.
 *
 * <p>It publishes first and fetches then, publishing again after each image, since a fetch may take
 * minutes. It never writes to standard error, which the startd would only pile up; what goes wrong
 * stands in the ad.
 */
public final class Advertise {
  private static final Duration STATUS_TIMEOUT = Duration.ofSeconds(15);
  private static final Map<String, String> AUTHENTICATE_IF_ASKED =
      Map.of(
          "_CONDOR_SEC_CLIENT_AUTHENTICATION", "OPTIONAL",
          "_CONDOR_SEC_CLIENT_ENCRYPTION", "OPTIONAL",
          "_CONDOR_SEC_CLIENT_INTEGRITY", "OPTIONAL");
  private static final long MIB = 1024 * 1024;
  private static final long MAX_VIRTUAL_BYTES = 64L << 40;

  private static final List<String> OPTIONS =
      List.of(
          "images",
          "state",
          "qemu",
          "qemu-img",
          "accelerator",
          "vos",
          "allow-urls",
          "condor-status",
          "execute",
          "max-image-mb");

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
            .set("VocFault", "voc: " + Printable.of(fault, 1000))
            .set("VocHeartbeat", io.clock().instant().getEpochSecond())
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
      Path execute) {
    static Host of(List<String> arguments) throws BadArgumentException {
      HookArguments given = HookArguments.parseOptions(arguments, OPTIONS);
      List<UrlPrefix> allowed;
      try {
        allowed = UrlPrefix.parseList(given.optional("allow-urls", ""));
      } catch (IllegalArgumentException e) {
        throw new BadArgumentException("argument --allow-urls: " + e.getMessage());
      }
      return new Host(
          given.requiredPath("images"),
          given.requiredPath("state"),
          given.requiredPath("qemu"),
          given.accelerator(),
          AcceptedVos.parse(given.required("vos")),
          new ImageStore.Limits(
              allowed, given.number("max-image-mb", 65_536, 1, 16 << 20) * MIB, MAX_VIRTUAL_BYTES),
          given.requiredPath("condor-status"),
          given.requiredPath("execute"));
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

    Run(HookIo io, Host host) {
      this.io = io;
      this.host = host;
      this.store = new ImageStore(host.images());
      this.errors = StagingErrors.load(host.state());
      this.last = new LastPublished(host.state(), LastPublished.parent());
    }

    void all() throws IOException {
      AcceleratorFact accelerator = accelerator();
      String version = HypervisorVersion.of(host.qemu(), host.state());
      publish(ad(accelerator, version, ""));
      List<WantedImage> wanted;
      try {
        wanted = wanted();
      } catch (CommandException e) {
        publish(ad(accelerator, version, "voc: VOC ads: " + e.getMessage()));
        return;
      }
      String before = errors.text();
      errors.keepOnly(wanted);
      boolean published = errors.text().equals(before);
      for (WantedImage image : wanted) {
        if (stage(image)) {
          errors.save();
          publish(ad(accelerator, version, ""));
          published = true;
        }
      }
      errors.save();
      if (!published) {
        publish(ad(accelerator, version, ""));
      }
    }

    private void publish(ClassAd ad) {
      Advertise.publish(io, ad, last.isNews(ad));
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
                      "Name,VocVO,VocImage,VocImageUrl"),
                  AUTHENTICATE_IF_ASKED,
                  STATUS_TIMEOUT)
              .output();
      return WantedImage.of(ads, host.vos());
    }

    /** Returns whether the store or the errors have changed. */
    private boolean stage(WantedImage image) {
      if (store.find(image.digest()) instanceof ImageStore.Lookup.Found) {
        errors.succeeded(image);
        return false;
      }
      long now = io.clock().instant().getEpochSecond();
      if (!errors.mayTry(image, now)) {
        return false;
      }
      switch (store.stage(image.url(), image.digest(), host.limits())) {
        case StageResult.Staged staged -> errors.succeeded(image);
        case StageResult.Failed failed ->
            errors.failed(image, failed.reason(), io.clock().instant().getEpochSecond());
      }
      return true;
    }

    private ClassAd ad(AcceleratorFact accelerator, String version, String fault) {
      List<String> digests = new ArrayList<>();
      List<String> faults = new ArrayList<>();
      if (!fault.isEmpty()) {
        faults.add(fault);
      }
      try {
        for (VerifiedImage image : store.images()) {
          digests.add(image.digest().value());
        }
      } catch (IOException e) {
        faults.add("voc: images: " + host.images() + " cannot be listed: " + e);
      }
      if (!accelerator.usable()) {
        faults.add("voc: accelerator: this host is set to KVM, which does not work");
        digests.clear();
      }
      ClassAd.Builder ad =
          ClassAd.builder()
              .set("VocDomain", "PAD")
              .set("VocHypervisor", "qemu")
              .set("VocHypervisorVersion", version)
              .set("VocAccelerator", accelerator.name())
              .set("VocAcceleratorReason", accelerator.reason())
              .set("VocVOs", host.vos().text())
              .set("VocImages", String.join(",", digests))
              .set("VocNodes", RunningNodes.count(Path.of("/proc"), host.execute()))
              .set("VocHeartbeat", io.clock().instant().getEpochSecond())
              .set("VocVersion", version());
      String imageErrors = errors.text();
      if (!imageErrors.isEmpty()) {
        ad.set("VocImageErrors", imageErrors);
      }
      if (!faults.isEmpty()) {
        ad.set("VocFault", Printable.of(String.join("; ", faults), 1000));
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
