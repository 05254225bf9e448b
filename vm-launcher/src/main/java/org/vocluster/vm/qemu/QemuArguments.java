package org.vocluster.vm.qemu;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.vocluster.vm.definition.ContextForm;
import org.vocluster.vm.hypervisor.Boot;
import org.vocluster.vm.hypervisor.Machine;
import org.vocluster.vm.hypervisor.PciAddress;
import org.vocluster.vm.node.NodeContext;
import org.vocluster.vm.node.NodeFiles;
import org.vocluster.vm.os.Printable;

/**
 * QEMU's argument vector for one machine: a pure function of the record's components.
 *
 * @param qemu the QEMU binary
 */
record QemuArguments(Path qemu, Machine machine) {
  /**
   * A disk in memory has no name: voc-node copies the empty overlay there and passes it to QEMU as
   * this file descriptor, which it knows by these words.
   */
  private static final Path RAM_OVERLAY = Path.of("/dev/fdset/7");

  private static final String RAM_OVERLAY_FD = "fd=7,set=7";

  private static final String UEFI_CODE = "uefi-code";
  private static final String UEFI_VARIABLES = "uefi-variables";
  private static final long FNV_PRIME = 0x100000001b3L;

  /**
   * Fails with {@link IllegalArgumentException} for a path that cannot stand on a line of its own.
   */
  QemuArguments {
    NodeFiles files = machine.files();
    for (Path path :
        List.of(qemu, files.overlay(), files.config(), files.token(), files.console())) {
      requirePlain(path);
    }
    if (machine.boot() instanceof Boot.Uefi uefi) {
      requirePlain(uefi.code());
      requirePlain(uefi.variables());
    } else if (machine.boot() instanceof Boot.Kernel direct) {
      for (Path path : direct.kernel().files()) {
        requirePlain(path);
      }
    }
  }

  private static void requirePlain(Path path) {
    if (!path.isAbsolute()) {
      throw new IllegalArgumentException(
          "path " + Printable.of(path.toString()) + " is not absolute");
    }
    String text = path.toString();
    for (int i = 0; i < text.length(); i++) {
      if (Character.isISOControl(text.charAt(i))) {
        throw new IllegalArgumentException(
            "path " + Printable.of(text) + " has a control character");
      }
    }
  }

  /** The words of the command, the binary first; no word has a line break. */
  List<String> words() {
    Machine.Hardware hardware = machine.hardware();
    NodeFiles files = machine.files();
    byte[] identity = identity();
    List<String> out = new ArrayList<>();
    out.add(qemu.toString());
    add(out, "-name", NodeMarks.NAME + machine.node());
    add(out, "-uuid", uuid(identity));
    out.addAll(QemuPlatform.COMMON);
    add(
        out,
        "-machine",
        machine.boot() instanceof Boot.Uefi
            ? QemuPlatform.MACHINE + ",pflash0=" + UEFI_CODE + ",pflash1=" + UEFI_VARIABLES
            : QemuPlatform.MACHINE);
    add(out, "-accel", QemuPlatform.accel(hardware.accelerator(), hardware.tcgCacheMb()));
    add(out, "-cpu", QemuPlatform.cpu(hardware.accelerator()));
    add(out, "-smp", Integer.toString(hardware.shape().cpus()));
    add(out, "-m", hardware.shape().memoryMb() + "M");
    add(out, "-boot", "strict=on");
    addBoot(out);
    // The overlay ends with the node, so nothing needs to reach the disk of the host.
    add(
        out,
        "-blockdev",
        "driver=qcow2,node-name=disk0,discard=unmap,cache.direct=off,cache.no-flush=on,"
            + "file.driver=file,file.filename="
            + escaped(machine.overlayInRam() ? RAM_OVERLAY : files.overlay()));
    add(out, "-device", "virtio-blk-pci,drive=disk0,bootindex=1");
    add(out, "-netdev", "user,id=net0,ipv6=off,hostname=" + machine.node());
    add(out, "-device", "virtio-net-pci,netdev=net0,romfile=,mac=" + mac(identity));
    add(out, "-object", "rng-random,id=rng0,filename=/dev/urandom");
    add(out, "-device", "virtio-rng-pci,rng=rng0");
    for (PciAddress gpu : hardware.gpus()) {
      add(out, "-device", "vfio-pci,host=" + gpu);
    }
    if (machine.context() == ContextForm.CLOUD_INIT) {
      addSeed(out);
    }
    add(out, "-chardev", "file,id=console0,append=on,path=" + escaped(files.console()));
    add(out, "-serial", "chardev:console0");
    add(out, "-fw_cfg", fwCfg(NodeContext.CONFIG_FW_CFG, files.config()));
    add(out, "-fw_cfg", fwCfg(NodeContext.TOKEN_FW_CFG, files.token()));
    add(out, "-fw_cfg", fwCfg(NodeContext.KEY_FW_CFG, files.key()));
    if (machine.overlayInRam()) {
      add(out, "-add-fd", RAM_OVERLAY_FD);
    }
    return List.copyOf(out);
  }

  /** What the firmware is, or what is started in its place. */
  private void addBoot(List<String> out) {
    if (machine.boot() instanceof Boot.Uefi uefi) {
      add(out, "-blockdev", raw(UEFI_CODE, uefi.code()) + ",read-only=on");
      add(out, "-blockdev", raw(UEFI_VARIABLES, uefi.variables()) + ",cache.no-flush=on");
    } else if (machine.boot() instanceof Boot.Kernel direct) {
      // These three are taken as they are, commas and all.
      add(out, "-kernel", direct.kernel().image().toString());
      if (direct.kernel().initrd().isPresent()) {
        add(out, "-initrd", direct.kernel().initrd().get().toString());
      }
      add(out, "-append", direct.kernel().arguments().value());
    }
  }

  /**
   * After all other devices, so that the disk's name and the network interface's are as without it.
   * cloud-init looks for no other source of data if the serial number names this one.
   */
  private void addSeed(List<String> out) {
    add(out, "-blockdev", raw("seed", machine.files().seed()) + ",read-only=on");
    add(out, "-device", "virtio-blk-pci,drive=seed");
    add(out, "-smbios", "type=1,serial=ds=nocloud");
  }

  private static String raw(String node, Path file) {
    return "driver=raw,node-name=" + node + ",file.driver=file,file.filename=" + escaped(file);
  }

  private static void add(List<String> out, String option, String value) {
    out.add(option);
    out.add(value);
  }

  private static String fwCfg(String name, Path file) {
    return "name=" + name + ",file=" + escaped(file);
  }

  /** QEMU's option parser ends a value at a comma and takes two for one. */
  private static String escaped(Path path) {
    return path.toString().replace(",", ",,");
  }

  /**
   * 128 bits that only need to differ between nodes: two FNV-1a hashes, for the first use of a
   * cryptographic one would take a tenth of the hook's time to load its providers.
   */
  private byte[] identity() {
    byte[] name = (machine.padHost() + "/" + machine.node()).getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(16).putLong(fnv1a(name, 0)).putLong(fnv1a(name, 1)).array();
  }

  private static long fnv1a(byte[] text, int salt) {
    long hash = (0xcbf29ce484222325L ^ salt) * FNV_PRIME;
    for (byte b : text) {
      hash = (hash ^ (b & 0xff)) * FNV_PRIME;
    }
    // FNV leaves short texts' differences in the low bits; this spreads them.
    hash ^= hash >>> 32;
    hash *= 0x9fb21c651e98df25L;
    return hash ^ hash >>> 28;
  }

  /** In QEMU's own range 52:54:00, which is locally administered. */
  private static String mac(byte[] identity) {
    return "52:54:00:" + HexFormat.ofDelimiter(":").formatHex(identity, 0, 3);
  }

  /** A UUID of version 8 (RFC 9562: content of one's own making). */
  private static String uuid(byte[] identity) {
    byte[] id = identity.clone();
    id[6] = (byte) ((id[6] & 0x0f) | 0x80);
    id[8] = (byte) ((id[8] & 0x3f) | 0x80);
    HexFormat hex = HexFormat.of();
    return hex.formatHex(id, 0, 4)
        + "-"
        + hex.formatHex(id, 4, 6)
        + "-"
        + hex.formatHex(id, 6, 8)
        + "-"
        + hex.formatHex(id, 8, 10)
        + "-"
        + hex.formatHex(id, 10, 16);
  }
}
