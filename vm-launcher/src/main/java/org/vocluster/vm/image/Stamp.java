package org.vocluster.vm.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.vocluster.vm.os.AtomicFile;
import org.vocluster.vm.os.KeyValues;

/**
 * What a file was when it was verified. Only the store's owner can write one, which is why a launch
 * may trust a file that still is what its stamp says.
 *
 * @param lines as in the stamp's file; none if there is none that can be read
 */
record Stamp(Map<String, String> lines) {
  private static final String IDENTITY = "identity";
  private static final String VIRTUAL_SIZE = "virtual-size";
  private static final String IN_PLACE = "in-place";
  private static final String BY_HAND = "by-hand";

  static Stamp read(Path file) {
    try {
      return new Stamp(KeyValues.parse(Files.readString(file, StandardCharsets.UTF_8)));
    } catch (IOException e) {
      return new Stamp(Map.of());
    }
  }

  /**
   * The stamp of a file that was just verified.
   *
   * @param identity of {@link org.vocluster.vm.os.FileIdentity}
   */
  static Stamp of(String identity, long virtualSize) {
    Map<String, String> lines = new LinkedHashMap<>();
    lines.put(IDENTITY, identity);
    lines.put(VIRTUAL_SIZE, Long.toString(virtualSize));
    return new Stamp(lines);
  }

  boolean isMissing() {
    return lines.isEmpty();
  }

  /** Size, time and inode of the file, or that nobody noted them. */
  String identity() {
    return lines.getOrDefault(IDENTITY, "not recorded");
  }

  /**
   * Size in bytes of the guest's disk; 0 for a boot file.
   *
   * @throws NumberFormatException if the stamp does not say
   */
  long virtualSize() {
    return Long.parseLong(lines.getOrDefault(VIRTUAL_SIZE, ""));
  }

  /** Where the file is, if it belongs to somebody else. */
  Optional<Path> inPlace() {
    String place = lines.get(IN_PLACE);
    return place == null ? Optional.empty() : Optional.of(Path.of(place));
  }

  /** Whether people put the file here. */
  boolean isByHand() {
    return lines.containsKey(BY_HAND);
  }

  Stamp inPlace(Path file) {
    return with(IN_PLACE, file.toString());
  }

  Stamp byHand(boolean isSo) {
    return isSo ? with(BY_HAND, "true") : this;
  }

  private Stamp with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(lines);
    more.put(name, value);
    return new Stamp(more);
  }

  void write(Path file) throws IOException {
    AtomicFile.write(file, KeyValues.print(lines), "rw-r--r--");
  }
}
