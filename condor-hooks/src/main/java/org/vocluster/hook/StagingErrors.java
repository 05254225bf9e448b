package org.vocluster.hook;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.vocluster.vm.definition.ImageDigest;
import org.vocluster.vm.definition.ImageUrl;
import org.vocluster.vm.os.AtomicFile;
import org.vocluster.vm.os.KeyValues;
import org.vocluster.vm.os.Printable;

/**
 * Images that could not be staged, kept between runs so that each URL is tried again after a
 * growing pause: one minute, doubled with each failure up to an hour. A transfer that broke off but
 * brought something begins with one minute again.
 */
final class StagingErrors {
  private static final String FILE = "image-errors";
  private static final long FIRST_PAUSE = 60;
  private static final long LONGEST_PAUSE = 3600;
  private static final int MAX_TEXT = 1500;
  private static final int MAX_REASON = 400;

  /**
   * One image's failure.
   *
   * @param next Unix time before which it is not tried again
   */
  record Entry(int failures, long next, String url, String reason) {}

  private final Path file;
  private final Map<String, Entry> entries;
  private boolean changed;

  private StagingErrors(Path file, Map<String, Entry> entries) {
    this.file = file;
    this.entries = entries;
  }

  /** What the last run left; nothing if that cannot be read. */
  static StagingErrors load(Path state) {
    Path file = state.resolve(FILE);
    Map<String, Entry> entries = new LinkedHashMap<>();
    try {
      for (Map.Entry<String, String> line :
          KeyValues.parse(Files.readString(file, StandardCharsets.UTF_8)).entrySet()) {
        String[] part = line.getValue().split(" ", 4);
        if (part.length == 4 && isKey(line.getKey())) {
          entries.put(
              line.getKey(),
              new Entry(Integer.parseInt(part[0]), Long.parseLong(part[1]), part[2], part[3]));
        }
      }
    } catch (IOException | NumberFormatException e) {
      entries.clear();
    }
    return new StagingErrors(file, entries);
  }

  /** An image may have several URLs; the URL itself may be too long, or not for everybody. */
  private static String key(WantedImage image) {
    return image.digest() + "." + Integer.toHexString(image.url().hashCode());
  }

  private static boolean isKey(String text) {
    return text.length() > 65 && ImageDigest.isValid(text.substring(0, 64));
  }

  boolean mayTry(WantedImage image, long now) {
    Entry entry = entries.get(key(image));
    // A clock that was ahead for a moment may have left a time that is years away.
    return entry == null || now >= entry.next() || entry.next() - now > LONGEST_PAUSE;
  }

  /**
   * Notes a failure.
   *
   * @param progressed whether the attempt brought something
   */
  void failed(WantedImage image, String reason, boolean progressed, long now) {
    Entry before = entries.get(key(image));
    int failures = before == null || progressed ? 1 : before.failures() + 1;
    long pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE << Math.min(failures - 1, 10));
    entries.put(
        key(image),
        new Entry(failures, now + pause, shown(image), Printable.of(reason, MAX_REASON)));
    changed = true;
  }

  /** Forgets the failures of an image that is here, whichever URL it came from. */
  void succeeded(ImageDigest image) {
    changed |= entries.keySet().removeIf(key -> key.startsWith(image.value()));
  }

  /** Forgets images that nobody wants any more. */
  void keepOnly(List<WantedImage> wanted) {
    Map<String, Entry> kept = new LinkedHashMap<>();
    for (WantedImage image : wanted) {
      Entry entry = entries.get(key(image));
      if (entry != null) {
        kept.put(key(image), entry);
      }
    }
    changed |= kept.size() != entries.size();
    entries.clear();
    entries.putAll(kept);
  }

  void save() throws IOException {
    if (!changed) {
      return;
    }
    Map<String, String> lines = new LinkedHashMap<>();
    for (Map.Entry<String, Entry> entry : entries.entrySet()) {
      Entry e = entry.getValue();
      lines.put(entry.getKey(), e.failures() + " " + e.next() + " " + e.url() + " " + e.reason());
    }
    AtomicFile.write(file, KeyValues.print(lines), "rw-r--r--");
    changed = false;
  }

  /** The failures of an image, one for each of its URLs. */
  List<Entry> of(ImageDigest image) {
    List<Entry> out = new ArrayList<>();
    entries.forEach(
        (key, entry) -> {
          if (key.startsWith(image.value())) {
            out.add(entry);
          }
        });
    return out;
  }

  /** All reasons for the slot ad, in one bounded line; empty if there is none. */
  String text() {
    List<String> reasons = new ArrayList<>();
    for (Entry entry : entries.values()) {
      reasons.add(entry.reason());
    }
    return Printable.of(String.join("; ", reasons), MAX_TEXT);
  }

  /** The URL as it may stand in a world-readable file, without what could be a credential. */
  private static String shown(WantedImage image) {
    return ImageUrl.shown(image.url()).replace(' ', '+');
  }
}
