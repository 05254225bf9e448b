package org.vocluster.vm;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.vocluster.vm.definition.ImageDigest;
import org.vocluster.vm.os.Command;
import org.vocluster.vm.os.CommandException;
import org.vocluster.vm.os.Sha256;

/** QEMU's real programs. */
public final class RealTools {
  private static final Path QEMU_IMG = Path.of("/usr/bin/qemu-img");
  private static final Path QEMU = Path.of("/usr/bin/qemu-system-x86_64");

  private RealTools() {}

  static Path qemuImg() {
    assumeTrue(Files.isExecutable(QEMU_IMG), "needs qemu-img: install qemu-utils");
    return QEMU_IMG;
  }

  public static Path qemu() {
    assumeTrue(Files.isExecutable(QEMU), "needs QEMU: install qemu-system-x86");
    return QEMU;
  }

  public static String qemuImg(String... arguments) throws CommandException {
    List<String> argv = new ArrayList<>();
    argv.add(qemuImg().toString());
    argv.addAll(List.of(arguments));
    return Command.of(Duration.ofSeconds(30), argv).output();
  }

  /** A small image that is no other's. */
  public static Path image(Path file, String size) throws Exception {
    qemuImg("create", "-q", "-f", "qcow2", file.toString(), size);
    return file;
  }

  /** An image that would show the host's /etc/shadow to a guest. */
  public static Path imageOverShadow(Path file) throws CommandException {
    qemuImg(
        "create",
        "-q",
        "-u",
        "-f",
        "qcow2",
        "-F",
        "raw",
        "-b",
        "/etc/shadow",
        file.toString(),
        "1M");
    return file;
  }

  public static ImageDigest digest(Path file) throws Exception {
    return new ImageDigest(Sha256.of(Files.readAllBytes(file)));
  }

  public static Path script(Path file, String body) throws Exception {
    Files.writeString(file, "#!/bin/sh\n" + body + "\n");
    if (!file.toFile().setExecutable(true)) {
      throw new IllegalStateException("cannot make " + file + " executable");
    }
    return file;
  }
}
