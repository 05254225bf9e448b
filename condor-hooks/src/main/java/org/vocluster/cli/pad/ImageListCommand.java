package org.vocluster.cli.pad;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.vocluster.ad.AdTime;
import org.vocluster.ad.Ads;
import org.vocluster.ad.Attr;
import org.vocluster.ad.CondorAttr;
import org.vocluster.ad.Constraints;
import org.vocluster.classad.ClassAd;
import org.vocluster.cli.frame.CliException;
import org.vocluster.cli.frame.ExitCode;
import org.vocluster.cli.frame.Knob;
import org.vocluster.cli.frame.Site;
import org.vocluster.cli.frame.Subcommand;
import org.vocluster.cli.frame.Table;
import org.vocluster.cli.frame.Terminal;
import org.vocluster.vm.definition.ImageDigest;
import org.vocluster.vm.image.ImageStore;
import org.vocluster.vm.image.ImageUse;
import org.vocluster.vm.image.Leases;
import org.vocluster.vm.node.HostProcesses;
import org.vocluster.vm.qemu.QemuProcesses;

/** {@code voc image list}: the images of this PAD host, or of the pool. */
public final class ImageListCommand implements Subcommand {
  private static final String POOL = "--pool";
  private static final String LONG = "--long";
  private static final long MIB = 1024 * 1024;
  private static final int SHORT = 12;

  private final Site site;
  private final PadCache cache;

  public ImageListCommand(Site site) {
    this.site = site;
    this.cache = new PadCache(site);
  }

  @Override
  public String name() {
    return "image list";
  }

  @Override
  public String operands() {
    return "[--pool] [--long]";
  }

  @Override
  public String summary() {
    return "list machine images, and how far those on their way are";
  }

  @Override
  public String help() {
    return """
        On a PAD host: what is in its store. Elsewhere, or with --pool: what all PAD
        hosts of the pool say in their ads, with the errors of those that lack one.

          IMAGE    the beginning of the SHA-256; all of it with --long
          VOCS     the registered VOCs that need it
          STATE    ready       in the store, verified
                   in place    verified where it is, in a shared store
                   by hand     put here with `voc image add`; stays until pruned
                   fetching    on its way
                   waiting     begun; the rest comes with the next attempt
                   untrusted   not the file that was verified; it will be read again
          DISK     size of the disk; - for a kernel or an initrd (Kernel, Initrd)
          NODES    nodes that use it now; USED: when one did last

          --pool   ask the collector instead of looking at this host
          --long   whole digests
        """;
  }

  @Override
  public ExitCode run(List<String> operands, Terminal terminal) throws CliException {
    List<String> unknown = new ArrayList<>(operands);
    unknown.removeAll(List.of(POOL, LONG));
    if (!unknown.isEmpty()) {
      throw CliException.usage("image list: takes no " + unknown.getFirst());
    }
    boolean whole = operands.contains(LONG);
    if (operands.contains(POOL) || !cache.exists()) {
      pool(terminal, whole);
    } else {
      host(terminal, whole);
    }
    return ExitCode.OK;
  }

  private static String shown(String digest, boolean whole) {
    return whole || digest.length() < SHORT ? digest : digest.substring(0, SHORT);
  }

  private static String mib(long bytes) {
    return bytes < 0 ? "?" : Long.toString((bytes + MIB - 1) / MIB);
  }

  private void host(Terminal terminal, boolean whole) throws CliException {
    ImageStore store = cache.store();
    ImageUse use = cache.use();
    Instant now = site.clock().instant();
    Map<String, String> vocs = vocsByImage();
    try {
      Map<ImageDigest, Set<String>> nodes = new HashMap<>();
      for (Leases.Lease lease :
          cache
              .leases()
              .current(HostProcesses.system(), QemuProcesses.system(), now.getEpochSecond())) {
        for (ImageDigest file : lease.files()) {
          nodes.computeIfAbsent(file, each -> new HashSet<>()).add(lease.node());
        }
      }
      Table table = new Table("IMAGE", "VOCS", "STATE", "MIB", "DISK MIB", "NODES", "USED");
      long bytes = 0;
      for (ImageStore.Held held : store.held()) {
        ImageDigest digest = held.image().digest();
        bytes += held.inPlace() ? 0 : held.bytes();
        table.row(
            shown(digest.value(), whole),
            vocs.getOrDefault(digest.value(), "-"),
            held.inPlace() ? "in place" : held.byHand() ? "by hand" : "ready",
            mib(held.bytes()),
            held.image().isBootFile() ? "-" : mib(held.image().virtualSize()),
            Integer.toString(nodes.getOrDefault(digest, Set.of()).size()),
            age(use.of(digest).used(), now));
      }
      addUnfinished(table, store, vocs, whole);
      terminal.out().print(table);
      String limit = site.text(Knob.IMAGE_CACHE_MB).strip();
      terminal.say("");
      terminal.say(
          "%s MiB in %s%s"
              .formatted(
                  mib(bytes),
                  store.directory(),
                  limit.equals("0") ? "" : ", of VOC_IMAGE_CACHE_MB = " + limit));
    } catch (IOException e) {
      throw CliException.failed("image list: " + store.directory() + ": " + e);
    }
  }

  /** What is on its way, and what cannot be trusted. */
  private static void addUnfinished(
      Table table, ImageStore store, Map<String, String> vocs, boolean whole) throws IOException {
    for (ImageStore.Part part : store.parts()) {
      table.row(
          shown(part.digest().value(), whole),
          vocs.getOrDefault(part.digest().value(), "-"),
          (part.running() ? "fetching" : "waiting") + percent(part),
          mib(part.bytes()) + "/" + mib(part.total()),
          "-",
          "0",
          "-");
    }
    for (ImageDigest digest : store.untrusted()) {
      table.row(
          shown(digest.value(), whole),
          vocs.getOrDefault(digest.value(), "-"),
          "untrusted",
          "-",
          "-",
          "0",
          "-");
    }
  }

  private static String percent(ImageStore.Part part) {
    return part.total() > 0 ? " " + part.bytes() * 100 / part.total() + "%" : "";
  }

  /** Decoration here: a collector that does not answer is no reason not to list. */
  private Map<String, String> vocsByImage() {
    Map<String, TreeSet<String>> names = new HashMap<>();
    try {
      for (ClassAd ad : site.vocs()) {
        for (String file : List.of(Attr.IMAGE, Attr.KERNEL, Attr.INITRD)) {
          ad.string(file)
              .ifPresent(
                  image ->
                      names
                          .computeIfAbsent(image, each -> new TreeSet<>())
                          .add(ad.string(Attr.VOC).orElse("?")));
        }
      }
    } catch (CliException e) {
      return Map.of();
    }
    Map<String, String> out = new HashMap<>();
    names.forEach((image, vocs) -> out.put(image, String.join(",", vocs)));
    return out;
  }

  private void pool(Terminal terminal, boolean whole) throws CliException {
    List<ClassAd> slots =
        site.slots(
            Constraints.pads() + " && " + CondorAttr.DYNAMIC_SLOT + " =!= True",
            List.of(
                CondorAttr.MACHINE,
                Attr.IMAGES,
                Attr.BOOT_FILES,
                Attr.IMAGES_MB,
                Attr.IMAGE_PROGRESS,
                Attr.IMAGE_ERRORS));
    Map<String, String> vocs = vocsByImage();
    List<ClassAd> sorted = new ArrayList<>(slots);
    sorted.sort(Comparator.comparing(ad -> Ads.text(ad, CondorAttr.MACHINE)));
    Table table = new Table("HOST", "IMAGE", "VOCS", "STATE");
    List<String> errors = new ArrayList<>();
    TreeSet<String> seen = new TreeSet<>();
    for (ClassAd ad : sorted) {
      String host = ad.string(CondorAttr.MACHINE).orElse("-");
      if (!seen.add(host)) {
        continue;
      }
      for (String attribute : List.of(Attr.IMAGES, Attr.BOOT_FILES)) {
        String images = ad.string(attribute).orElse("");
        for (String image : images.isEmpty() ? new String[0] : images.split(",", -1)) {
          table.row(host, shown(image, whole), vocs.getOrDefault(image, "-"), "ready");
        }
      }
      String progress = Ads.text(ad, Attr.IMAGE_PROGRESS);
      if (!progress.isEmpty()) {
        table.row(host, "-", "-", "fetching " + progress);
      }
      ad.string(Attr.IMAGE_ERRORS).ifPresent(error -> errors.add("  " + host + ": " + error));
    }
    if (seen.isEmpty()) {
      terminal.say(
          "no PAD host is in the pool; install voc-pad on execution hosts, or wait for their ads");
      return;
    }
    terminal.out().print(table);
    if (!errors.isEmpty()) {
      terminal.say("");
      terminal.say("errors:");
      errors.forEach(terminal::say);
    }
  }

  private static String age(long then, Instant now) {
    if (then == 0) {
      return "-";
    }
    Duration age = Duration.between(AdTime.of(then), now);
    return age.toDays() > 0
        ? age.toDays() + "d"
        : String.format(Locale.ROOT, "%d:%02dh", age.toHours(), age.toMinutesPart());
  }
}
