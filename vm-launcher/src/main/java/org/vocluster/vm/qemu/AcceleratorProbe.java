package org.vocluster.vm.qemu;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vocluster.vm.hypervisor.Accelerator;
import org.vocluster.vm.hypervisor.AcceleratorAnswer;
import org.vocluster.vm.hypervisor.Hypervisor;
import org.vocluster.vm.os.Command;
import org.vocluster.vm.os.CommandException;
import org.vocluster.vm.os.Printable;

/**
 * Finds out whether an accelerator really runs an ordinary guest.
 *
 * <p>That {@code /dev/kvm} opens, makes a virtual machine and a virtual processor proves nothing:
 * there are hosts whose KVM takes only paravirtualised guests, fails at the first register or
 * crawls. So the probe boots a guest, a boot sector that goes the way of every kernel into long
 * mode (source: {@code src/main/asm/probe.S}), on the same machine type and CPU model as nodes
 * have.
 */
final class AcceleratorProbe {
  /** A working KVM needs about a tenth of this. */
  static final Duration BOUND = Duration.ofSeconds(3);

  /** QEMU's exit status when the guest writes 0x2a to isa-debug-exit. */
  private static final int GUEST_SUCCEEDED = (0x2a << 1) | 1;

  /** The BIOS reads no boot sector from a disk that is smaller than a cylinder. */
  private static final long DISK_BYTES = 1024 * 1024;

  /** QEMU aborts under a broken KVM, and its core would stay where HTCondor's daemons run. */
  private static final List<String> WITHOUT_CORE =
      List.of("/bin/sh", "-c", "ulimit -c 0; exec \"$0\" \"$@\"");

  private AcceleratorProbe() {}

  /**
   * Boots the probe's guest; takes at most about {@code bound}.
   *
   * @param directory where the probe's disk may be written
   */
  static AcceleratorAnswer run(Path qemu, Accelerator accelerator, Path directory, Duration bound) {
    if (accelerator == Accelerator.KVM) {
      String refusal = kvmRefusal();
      if (!refusal.isEmpty()) {
        return new AcceleratorAnswer(false, refusal);
      }
    }
    Path disk = null;
    try {
      disk = Files.createTempFile(directory, Hypervisor.PROBE, Hypervisor.PROBE_END);
      writeDisk(disk);
      long start = System.nanoTime();
      Command.Outcome outcome = Command.of(bound, argv(qemu, accelerator, disk)).run();
      long millis = (System.nanoTime() - start) / 1_000_000;
      if (outcome.status() == GUEST_SUCCEEDED) {
        return new AcceleratorAnswer(
            true, "a test guest ran under " + accelerator.text() + " in " + millis + " ms");
      }
      return new AcceleratorAnswer(
          false,
          "the test guest did not run under "
              + accelerator.text()
              + " (QEMU ended with status "
              + outcome.status()
              + "): "
              + Printable.of(firstLine(outcome.stderr())));
    } catch (CommandException e) {
      return new AcceleratorAnswer(
          false, "the test guest did not run under " + accelerator.text() + ": QEMU " + e.fault());
    } catch (IOException e) {
      return new AcceleratorAnswer(false, "the test guest's disk could not be written: " + e);
    } finally {
      deleteQuietly(disk);
    }
  }

  /** Why this process cannot use {@code /dev/kvm}, or an empty text. */
  static String kvmRefusal() {
    Path kvm = Path.of("/dev/kvm");
    try (FileChannel device =
        FileChannel.open(kvm, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return device.isOpen() ? "" : "/dev/kvm is closed";
    } catch (IOException e) {
      return Files.exists(kvm)
          ? "/dev/kvm cannot be opened for reading and writing by this account ("
              + e.getClass().getSimpleName()
              + ")"
          : "this host has no /dev/kvm";
    }
  }

  static List<String> argv(Path qemu, Accelerator accelerator, Path disk) {
    List<String> argv = new ArrayList<>(WITHOUT_CORE);
    argv.add(qemu.toString());
    argv.addAll(QemuPlatform.COMMON);
    argv.addAll(
        List.of(
            "-machine",
            QemuPlatform.MACHINE,
            "-accel",
            QemuPlatform.accel(accelerator, 32),
            "-cpu",
            QemuPlatform.cpu(accelerator),
            "-m",
            "64M",
            "-device",
            "isa-debug-exit,iobase=0xf4,iosize=0x04",
            "-blockdev",
            "driver=raw,node-name=disk0,read-only=on,file.driver=file,file.filename="
                + disk.toAbsolutePath().toString().replace(",", ",,"),
            "-device",
            "virtio-blk-pci,drive=disk0,bootindex=1"));
    return Command.endingWithUs(argv);
  }

  static byte[] bootSector() throws IOException {
    try (InputStream in = AcceleratorProbe.class.getResourceAsStream("probe.bin")) {
      if (in == null) {
        throw new IOException("the jar has no probe.bin");
      }
      return in.readAllBytes();
    }
  }

  private static void writeDisk(Path disk) throws IOException {
    try (FileChannel out = FileChannel.open(disk, StandardOpenOption.WRITE)) {
      out.write(ByteBuffer.wrap(bootSector()));
      out.write(ByteBuffer.wrap(new byte[1]), DISK_BYTES - 1);
    }
  }

  private static String firstLine(String text) {
    int end = text.indexOf('\n');
    return end < 0 ? text : text.substring(0, end);
  }

  private static void deleteQuietly(@Nullable Path file) {
    if (file != null) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        // A few KiB stay in the state directory; the probe's answer holds all the same.
      }
    }
  }
}
