package org.vocluster.vm.qemu;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.vocluster.vm.hypervisor.Accelerator;
import org.vocluster.vm.hypervisor.AcceleratorAnswer;
import org.vocluster.vm.os.AtomicFile;
import org.vocluster.vm.os.FileIdentity;
import org.vocluster.vm.os.KeyValues;

/**
 * The KVM probe's last answer, in the state directory, world-readable. It holds for one boot of the
 * host and one QEMU binary. A yes holds for as long; a no is asked again after {@link #NO_HOLDS},
 * since a host under load may fail the probe's bound.
 */
final class AcceleratorCache {
  /** How long a no is believed. */
  static final Duration NO_HOLDS = Duration.ofHours(1);

  private static final String FILE = "accelerator";
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  private final Path state;
  private final Path qemu;

  AcceleratorCache(Path state, Path qemu) {
    this.state = state;
    this.qemu = qemu;
  }

  /** The cached answer for this boot and this QEMU binary, however old. */
  Optional<AcceleratorAnswer> read() {
    return stored().map(Stored::answer);
  }

  /**
   * The cached answer, or a fresh one that is cached; a cache that cannot be written only costs the
   * next caller a probe.
   */
  AcceleratorAnswer readOrProbe(Instant now) {
    Optional<Stored> stored = stored();
    if (stored.isPresent()
        && (stored.get().answer().works() || now.isBefore(stored.get().probed().plus(NO_HOLDS)))) {
      return stored.get().answer();
    }
    AcceleratorAnswer answer =
        AcceleratorProbe.run(qemu, Accelerator.KVM, state, AcceleratorProbe.BOUND);
    try {
      write(answer, now);
    } catch (IOException e) {
      return new AcceleratorAnswer(answer.works(), answer.reason() + " (not cached: " + e + ")");
    }
    return answer;
  }

  private record Stored(AcceleratorAnswer answer, Instant probed) {}

  private Optional<Stored> stored() {
    try {
      Map<String, String> values =
          KeyValues.parse(Files.readString(state.resolve(FILE), StandardCharsets.UTF_8));
      String works = values.get("works");
      if (works == null || !key().equals(values.get("for"))) {
        return Optional.empty();
      }
      return Optional.of(
          new Stored(
              new AcceleratorAnswer(
                  works.equals("true"), values.getOrDefault("reason", "no reason recorded")),
              Instant.ofEpochSecond(Long.parseLong(values.getOrDefault("probed", "0")))));
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  void write(AcceleratorAnswer answer, Instant now) throws IOException {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("for", key());
    values.put("works", Boolean.toString(answer.works()));
    values.put("reason", answer.reason());
    values.put("probed", Long.toString(now.getEpochSecond()));
    AtomicFile.write(state.resolve(FILE), KeyValues.print(values), "rw-r--r--");
  }

  private String key() throws IOException {
    return Files.readString(BOOT_ID, StandardCharsets.US_ASCII).strip()
        + " "
        + FileIdentity.of(qemu.toRealPath()).text();
  }
}
