package org.vocluster.vm.qemu;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.vocluster.vm.os.AtomicFile;
import org.vocluster.vm.os.Command;
import org.vocluster.vm.os.CommandException;
import org.vocluster.vm.os.FileIdentity;
import org.vocluster.vm.os.KeyValues;
import org.vocluster.vm.os.Printable;

/** QEMU's version, asked once for each binary and kept in the state directory. */
final class QemuVersion {
  private static final String FILE = "hypervisor";
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private QemuVersion() {}

  /** The version as {@code 10.0.6}, or a text that says why there is none. */
  static String of(Path qemu, Path state) {
    Path file = state.resolve(FILE);
    String key;
    try {
      key = qemu.toRealPath() + " " + FileIdentity.of(qemu.toRealPath()).text();
    } catch (IOException e) {
      return "no " + qemu;
    }
    try {
      Map<String, String> known = KeyValues.parse(Files.readString(file, StandardCharsets.UTF_8));
      String version = known.get("version");
      if (version != null && key.equals(known.get("for"))) {
        return version;
      }
    } catch (IOException e) {
      // Not asked yet.
    }
    String version;
    try {
      version = number(Command.of(TIMEOUT, List.of(qemu.toString(), "--version")).output());
    } catch (CommandException e) {
      return "unknown: " + Printable.of(String.valueOf(e.getMessage()), 120);
    }
    try {
      AtomicFile.write(file, KeyValues.print(Map.of("for", key, "version", version)), "rw-r--r--");
    } catch (IOException e) {
      // It is asked again.
    }
    return version;
  }

  /** From "QEMU emulator version 7.2.22 (Debian ...)" and what follows. */
  static String number(String output) {
    String mark = "version ";
    int start = output.indexOf(mark);
    if (start < 0) {
      return "unknown";
    }
    int from = start + mark.length();
    int end = from;
    while (end < output.length() && !Character.isWhitespace(output.charAt(end))) {
      end++;
    }
    return Printable.of(output.substring(from, end), 40);
  }
}
