package org.vocluster.hook;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.vocluster.ad.Attr;
import org.vocluster.ad.CondorAttr;
import org.vocluster.classad.ClassAd;
import org.vocluster.condor.ClientPolicy;
import org.vocluster.vm.definition.AcceleratorMode;
import org.vocluster.vm.definition.Firmware;
import org.vocluster.vm.definition.ImageDigest;
import org.vocluster.vm.hypervisor.Capabilities;
import org.vocluster.vm.hypervisor.Hypervisor;
import org.vocluster.vm.hypervisor.RunningMachine;
import org.vocluster.vm.hypervisor.RunningMachines;
import org.vocluster.vm.image.ImageCache;
import org.vocluster.vm.image.ImageStore;
import org.vocluster.vm.image.ImageUse;
import org.vocluster.vm.image.Progress;
import org.vocluster.vm.image.SiteCredentials;
import org.vocluster.vm.image.StageResult;
import org.vocluster.vm.image.Staging;
import org.vocluster.vm.leftover.HostInventory;
import org.vocluster.vm.leftover.Leftover;
import org.vocluster.vm.node.HostProcesses;
import org.vocluster.vm.node.KeptConsoles;
import org.vocluster.vm.os.Command;
import org.vocluster.vm.os.CommandException;
import org.vocluster.vm.os.Printable;
import org.vocluster.vm.qemu.QemuProcesses;

/**
 * One run of {@code advertise}: looks at the host and at what the pool wants of it, and publishes.
 *
 * <p>It publishes first. While images are being fetched, which may take hours, it stays and does
 * all of that again every period: the startd starts no second one as long as this one runs. A fault
 * keeps it from nothing but what it concerns.
 */
final class PadWatch {
  /** A small image is there before anybody has to be told that it is coming. */
  private static final Duration QUICK = Duration.ofMillis(1500);

  private static final Duration STATUS_TIMEOUT = Duration.ofSeconds(15);
  private static final int MOST_LEFTOVERS = 800;

  private final HookIo io;
  private final AdvertiseHost host;
  private final ImageStore store;
  private final StagingErrors errors;
  private final LastPublished last;
  private final Fetches fetches;
  private final ImageUse use;
  private final ImageCache cache;
  private final Staging staging;
  private final RunningMachines machines = QemuProcesses.system();
  private final HostInventory inventory;
  private final Map<PadFault, String> faults = new EnumMap<>(PadFault.class);
  private PadAd.Machines found =
      new PadAd.Machines("", new AcceleratorFact(true, "none", ""), "", false);
  private String leftovers = "";
  private @Nullable ClassAd published;

  PadWatch(HookIo io, AdvertiseHost host) {
    this.io = io;
    this.host = host;
    AdvertiseHost.Places places = host.places();
    this.store = new ImageStore(places.images());
    this.errors = StagingErrors.load(places.state());
    this.last = new LastPublished(places.state(), LastPublished.parent());
    this.fetches = new Fetches(store);
    this.use = ImageUse.load(places.state());
    this.cache =
        new ImageCache(
            store,
            places.leases(),
            HostProcesses.system(),
            machines,
            use,
            host.images().bounds(),
            io.clock());
    this.inventory =
        new HostInventory(
            HostProcesses.system(),
            machines,
            places.leases(),
            store,
            new HostInventory.Places(
                places.state(), places.consoles(), Path.of("/dev/shm"), places.execute()));
    this.staging =
        new Staging(
            host.images().limits(),
            host.images().plugins(),
            credentials(),
            cache,
            Progress.NONE,
            false);
  }

  private SiteCredentials credentials() {
    Path file = host.images().credentials();
    try {
      return file == null ? SiteCredentials.NONE : SiteCredentials.read(file);
    } catch (IOException e) {
      faults.put(PadFault.CREDENTIALS, "voc: credentials: " + e.getMessage());
      return SiteCredentials.NONE;
    }
  }

  /** Once, and again every period for as long as an image is on its way. */
  void run() {
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
    Hypervisor hypervisor = host.machines().hypervisor();
    AcceleratorMode mode = host.machines().accelerator();
    Capabilities can = hypervisor.capabilities(mode, io.clock().instant());
    found =
        new PadAd.Machines(
            hypervisor.name(),
            AcceleratorFact.of(mode, can.kvm()),
            can.version(),
            can.firmwares().contains(Firmware.UEFI));
  }

  /** What cannot be noted is known all the same, and published. */
  private void save() {
    faults.remove(PadFault.STATE);
    try {
      errors.save();
      use.save();
    } catch (IOException e) {
      faults.put(
          PadFault.STATE,
          "voc: state: "
              + host.places().state()
              + " cannot be written: "
              + e
              + "; free the disk of VOC_STATE_DIR");
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
          inventory.leftovers(machines.all(), use, io.clock().instant().getEpochSecond())) {
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
    for (RunningMachine machine : machines.all()) {
      count += machine.isUnder(host.places().execute()) ? 1 : 0;
    }
    return count;
  }

  /** Asks what is wanted, begins to fetch what is due, and tidies. */
  private void look() {
    boolean told = false;
    try {
      List<WantedImage> wanted = wanted();
      told = true;
      faults.remove(PadFault.COLLECTOR);
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
      faults.put(PadFault.COLLECTOR, "voc: VOC ads: " + e.getMessage());
    }
    tidy(told);
    save();
  }

  /**
   * Takes away what is kept for too long.
   *
   * @param told whether it is known which images are wanted
   */
  private void tidy(boolean told) {
    try {
      var _ = cache.tidy(told);
      faults.remove(PadFault.CACHE);
    } catch (IOException e) {
      faults.put(
          PadFault.CACHE, "voc: images: " + host.places().images() + " cannot be tidied: " + e);
    }
    Path consoles = host.places().consoles();
    faults.remove(PadFault.CONSOLES);
    if (consoles != null) {
      try {
        new KeptConsoles(consoles).tidy(io.clock().instant());
      } catch (IOException e) {
        faults.put(PadFault.CONSOLES, "voc: consoles: " + consoles + " cannot be tidied: " + e);
      }
    }
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

  /** Publishes if there is anything new, or if images are on their way: somebody may be waiting. */
  private void publishNews() {
    ClassAd now = ad().without(Attr.HEARTBEAT);
    if (!now.equals(published) || !fetches.isEmpty()) {
      publish();
    }
  }

  /**
   * Without -pool: this runs under the host's own configuration. The hook's account can usually not
   * read the host's token, so it authenticates only if the collector insists. A forged answer could
   * at most make the host fetch a file that its own configuration allows.
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
                    CondorAttr.NAME + "," + String.join(",", WantedImage.ATTRIBUTES)),
                ClientPolicy.AUTHENTICATE_IF_ASKED,
                STATUS_TIMEOUT)
            .output();
    return WantedImage.of(ads, host.vos());
  }

  private ClassAd ad() {
    List<String> wrong = new ArrayList<>(faults.values());
    List<ImageStore.Held> held = List.of();
    String progress = "";
    try {
      held = store.held();
      progress = fetches.progress(store.parts());
    } catch (IOException e) {
      wrong.add("voc: images: " + host.places().images() + " cannot be listed: " + e);
    }
    return new PadAd(
            host.vos().text(),
            found,
            new PadAd.Stock(held, progress),
            running(),
            new PadAd.Troubles(wrong, errors.text(), leftovers))
        .at(io.clock().instant().getEpochSecond(), Advertise.version());
  }
}
