package org.vocluster.hook;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.vocluster.vm.AtomicFile;
import org.vocluster.vm.ImageDigest;
import org.vocluster.vm.ImageUrl;
import org.vocluster.vm.KeyValues;
import org.vocluster.vm.Printable;

/**
 * Images that could not be staged, kept between runs so that each is tried again after a growing
 * pause: one minute, doubled with each failure up to an hour. Another URL for the same image is
 * tried at once.
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
        if (part.length == 4 && ImageDigest.isValid(line.getKey())) {
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

  boolean mayTry(WantedImage image, long now) {
    Entry entry = entries.get(image.digest().value());
    return entry == null || !entry.url().equals(shown(image)) || now >= entry.next();
  }

  void failed(WantedImage image, String reason, long now) {
    Entry before = entries.get(image.digest().value());
    int failures = before == null || !before.url().equals(shown(image)) ? 1 : before.failures() + 1;
    long pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE << Math.min(failures - 1, 10));
    entries.put(
        image.digest().value(),
        new Entry(failures, now + pause, shown(image), Printable.of(reason, MAX_REASON)));
    changed = true;
  }

  void succeeded(WantedImage image) {
    changed |= entries.remove(image.digest().value()) != null;
  }

  /** Forgets images that nobody wants any more. */
  void keepOnly(List<WantedImage> wanted) {
    Map<String, Entry> kept = new LinkedHashMap<>();
    for (WantedImage image : wanted) {
      Entry entry = entries.get(image.digest().value());
      if (entry != null) {
        kept.put(image.digest().value(), entry);
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
