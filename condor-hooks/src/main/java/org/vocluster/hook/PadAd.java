package org.vocluster.hook;

import java.util.ArrayList;
import java.util.List;
import org.vocluster.ad.Attr;
import org.vocluster.ad.Constraints;
import org.vocluster.classad.ClassAd;
import org.vocluster.vm.image.ImageStore;
import org.vocluster.vm.os.Printable;

/**
 * What a PAD host says of itself in its slot ads: a function of what {@link PadWatch} saw.
 *
 * @param vos as it stands in the ad
 * @param nodes machines that run here
 */
record PadAd(String vos, Machines machines, Stock stock, int nodes, Troubles troubles) {
  private static final int MOST_TEXT = 1000;
  private static final long MIB = 1024 * 1024;

  /** What runs virtual machines here. */
  record Machines(String hypervisor, AcceleratorFact accelerator, String version, boolean uefi) {}

  /**
   * The image store.
   *
   * @param progress of images that are on their way; empty if none is
   */
  record Stock(List<ImageStore.Held> held, String progress) {}

  /**
   * What is wrong.
   *
   * @param faults each a whole message
   * @param images images that cannot be had, or empty
   * @param leftovers what dead nodes left and this account must leave, or empty
   */
  record Troubles(List<String> faults, String images, String leftovers) {}

  /**
   * The ad.
   *
   * @param now Unix time
   * @param version of this software
   */
  ClassAd at(long now, String version) {
    List<String> digests = new ArrayList<>();
    List<String> bootFiles = new ArrayList<>();
    List<String> faults = new ArrayList<>(troubles.faults());
    long bytes = 0;
    for (ImageStore.Held held : stock.held()) {
      (held.image().isBootFile() ? bootFiles : digests).add(held.image().digest().value());
      bytes += held.inPlace() ? 0 : held.bytes();
    }
    AcceleratorFact accelerator = machines.accelerator();
    if (!accelerator.usable()) {
      faults.add("voc: accelerator: this host is set to KVM, which does not work");
      digests.clear();
    }
    ClassAd.Builder ad =
        ClassAd.builder()
            .set(Attr.DOMAIN, Constraints.PAD)
            .set(Attr.HYPERVISOR, machines.hypervisor())
            .set(Attr.HYPERVISOR_VERSION, machines.version())
            .set(Attr.ACCELERATOR, accelerator.name())
            .set(Attr.ACCELERATOR_REASON, accelerator.reason())
            .set(Attr.VOS, vos)
            .set(Attr.FIRMWARES, machines.uefi() ? "bios,uefi" : "bios")
            .set(Attr.IMAGES, String.join(",", digests))
            .set(Attr.BOOT_FILES, String.join(",", bootFiles))
            .set(Attr.IMAGES_MB, (bytes + MIB - 1) / MIB)
            .set(Attr.NODES, nodes)
            .set(Attr.HEARTBEAT, now)
            .set(Attr.VERSION, version);
    addIfAny(ad, Attr.IMAGE_PROGRESS, Printable.of(stock.progress(), MOST_TEXT));
    addIfAny(ad, Attr.IMAGE_ERRORS, troubles.images());
    addIfAny(ad, Attr.LEFTOVERS, troubles.leftovers());
    addIfAny(ad, Attr.FAULT, Printable.of(String.join("; ", faults), MOST_TEXT));
    return ad.build();
  }

  /**
   * All that a host says that cannot even begin. Without VocDomain and VocImages no node job
   * matches, and the reason stands where people look.
   */
  static ClassAd ofFault(String fault, long now) {
    return ClassAd.builder()
        .set(Attr.FAULT, "voc: " + Printable.of(fault, MOST_TEXT))
        .set(Attr.HEARTBEAT, now)
        .build();
  }

  private static void addIfAny(ClassAd.Builder ad, String attribute, String text) {
    if (!text.isEmpty()) {
      ad.set(attribute, text);
    }
  }
}
