package org.vocluster.hook;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;
import org.vocluster.hook.Refusal.Code;
import org.vocluster.vm.definition.DirectKernel;
import org.vocluster.vm.definition.Firmware;
import org.vocluster.vm.definition.ImageDigest;
import org.vocluster.vm.hypervisor.Boot;
import org.vocluster.vm.image.ImageStore;
import org.vocluster.vm.image.VerifiedImage;
import org.vocluster.vm.node.NodeFiles;
import org.vocluster.vm.node.NodeJobAd;
import org.vocluster.vm.os.Printable;

/**
 * The files of its host that a node starts from: verified ones of the image store, and the UEFI
 * firmware. {@code prepare-job} looks them up once it has a lease on them; nothing is written or
 * fetched here.
 */
final class StoredFiles {
  /** Where a Linux kernel says that it is one (Documentation/arch/x86/boot.rst). */
  private static final int LINUX_MAGIC_AT = 0x202;

  private static final byte[] LINUX_MAGIC = {'H', 'd', 'r', 'S'};

  private final LaunchHost host;
  private final ImageStore store;

  StoredFiles(LaunchHost host) {
    this.host = host;
    this.store = new ImageStore(host.places().images());
  }

  /** The disk that the node's own lies over. */
  VerifiedImage image(NodeJobAd job) throws RefusedException {
    return stored("image", job.image(), false);
  }

  /**
   * A file of the store.
   *
   * @param what it is, for people
   * @param bootFile whether a kernel or an initrd is looked for, and not a disk
   */
  private VerifiedImage stored(String what, ImageDigest digest, boolean bootFile)
      throws RefusedException {
    ImageStore.Lookup lookup = store.find(digest);
    if (lookup instanceof ImageStore.Lookup.Found found && found.image().isBootFile() == bootFile) {
      return found.image();
    }
    if (lookup instanceof ImageStore.Lookup.Untrusted untrusted) {
      throw new RefusedException(
          Code.UNTRUSTED_IMAGE,
          host.padHost(),
          what + " " + untrusted.reason(),
          "delete it, it will be staged again");
    }
    throw new RefusedException(
        Code.NO_IMAGE,
        host.padHost(),
        what + " " + digest + " is not in " + host.places().images(),
        "see VocImageErrors in the host's slot ads");
  }

  /**
   * What the node starts with.
   *
   * @param files with the place of its own copy of the UEFI variables
   */
  Boot boot(NodeJobAd job, NodeFiles files) throws RefusedException {
    if (job.start().kernel().isPresent()) {
      return kernel(job, job.start().kernel().get());
    }
    if (job.start().firmware() == Firmware.BIOS) {
      return new Boot.Bios();
    }
    Path code = host.machines().ovmf().code();
    Path variables = host.machines().ovmf().variables();
    if (code == null || !host.machines().ovmf().isUsable()) {
      throw new RefusedException(
          Code.NO_FIRMWARE,
          host.padHost(),
          "node "
              + job.node()
              + " needs UEFI: VOC_OVMF_CODE = "
              + (code == null ? "(nothing)" : code)
              + " or VOC_OVMF_VARS = "
              + (variables == null ? "(nothing)" : variables)
              + " is no file that its account can read",
          "install the package ovmf, or set them");
    }
    return new Boot.Uefi(code, files.uefiVariables());
  }

  private Boot.Kernel kernel(NodeJobAd job, DirectKernel<ImageDigest> kernel)
      throws RefusedException {
    Path file = stored("kernel", kernel.image(), true).file();
    Optional<Path> initrd =
        kernel.initrd().isEmpty()
            ? Optional.empty()
            : Optional.of(stored("initrd", kernel.initrd().get(), true).file());
    if (!isLinux(file)) {
      throw new RefusedException(
          Code.BAD_KERNEL,
          "definition " + job.origin().voc(),
          "kernel " + kernel.image() + " is no Linux kernel for x86 (bzImage)",
          "let Kernel name one, such as /boot/vmlinuz-*");
    }
    return new Boot.Kernel(new DirectKernel<>(file, initrd, kernel.arguments()));
  }

  /**
   * Whether QEMU will take it for a Linux kernel, and not for one of the other formats that it can
   * start.
   */
  private boolean isLinux(Path kernel) throws RefusedException {
    ByteBuffer magic = ByteBuffer.allocate(LINUX_MAGIC.length);
    try (FileChannel in = FileChannel.open(kernel, StandardOpenOption.READ)) {
      return in.read(magic, LINUX_MAGIC_AT) == LINUX_MAGIC.length
          && Arrays.equals(magic.array(), LINUX_MAGIC);
    } catch (IOException e) {
      throw new RefusedException(
          Code.UNTRUSTED_IMAGE,
          host.padHost(),
          "kernel " + kernel + " cannot be read: " + Printable.of(e.toString()),
          "check VOC_IMAGE_DIR");
    }
  }
}
