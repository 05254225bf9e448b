package org.vocluster.vm.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.vocluster.vm.definition.ImageDigest;
import org.vocluster.vm.os.AtomicFile;
import org.vocluster.vm.os.KeyValues;

/**
 * When each image was last used by a node, and last needed by a registered VOC: kept from run to
 * run in the state directory, to the minute.
 */
public final class ImageUse {
  private static final String FILE = "image-use";
  private static final long COARSE_SECONDS = 60;

  private final Path file;
  private final Map<ImageDigest, Times> times;
  private boolean changed;

  private ImageUse(Path file, Map<ImageDigest, Times> times) {
    this.file = file;
    this.times = times;
  }

  /**
   * Unix times; 0 for never.
   *
   * @param used by a node, or put into the store
   * @param wanted by a registered VOC
   */
  public record Times(long used, long wanted) {
    static final Times NEVER = new Times(0, 0);

    long latest() {
      return Math.max(used, wanted);
    }
  }

  /** What earlier runs noted; nothing if that cannot be read. */
  public static ImageUse load(Path state) {
    Path file = state.resolve(FILE);
    Map<ImageDigest, Times> times = new LinkedHashMap<>();
    try {
      for (Map.Entry<String, String> line :
          KeyValues.parse(Files.readString(file, StandardCharsets.UTF_8)).entrySet()) {
        int space = line.getValue().indexOf(' ');
        if (ImageDigest.isValid(line.getKey()) && space > 0) {
          times.put(
              new ImageDigest(line.getKey()),
              new Times(
                  Long.parseLong(line.getValue().substring(0, space)),
                  Long.parseLong(line.getValue().substring(space + 1))));
        }
      }
    } catch (IOException | NumberFormatException e) {
      times.clear();
    }
    return new ImageUse(file, times);
  }

  public synchronized Times of(ImageDigest image) {
    return times.getOrDefault(image, Times.NEVER);
  }

  synchronized void used(Collection<ImageDigest> images, long now) {
    for (ImageDigest image : images) {
      Times before = of(image);
      if (Math.abs(now - before.used()) >= COARSE_SECONDS) {
        put(image, new Times(now, before.wanted()));
      }
    }
  }

  synchronized void wanted(Collection<ImageDigest> images, long now) {
    for (ImageDigest image : images) {
      Times before = of(image);
      if (Math.abs(now - before.wanted()) >= COARSE_SECONDS) {
        put(image, new Times(before.used(), now));
      }
    }
  }

  /**
   * Makes times that are yet to come this moment's. A clock that was ahead wrote them, and until
   * they have come their images would not age.
   */
  synchronized void notAfter(long now) {
    for (Map.Entry<ImageDigest, Times> each : List.copyOf(times.entrySet())) {
      Times seen = each.getValue();
      if (seen.latest() > now) {
        put(each.getKey(), new Times(Math.min(seen.used(), now), Math.min(seen.wanted(), now)));
      }
    }
  }

  private void put(ImageDigest image, Times seen) {
    times.put(image, seen);
    changed = true;
  }

  synchronized void forget(ImageDigest image) {
    changed |= times.remove(image) != null;
  }

  /** Writes what is new; called by HTCondor's account only. */
  public synchronized void save() throws IOException {
    if (changed) {
      Map<String, String> lines = new LinkedHashMap<>();
      times.forEach((image, seen) -> lines.put(image.value(), seen.used() + " " + seen.wanted()));
      AtomicFile.write(file, KeyValues.print(lines), "rw-r--r--");
      changed = false;
    }
  }
}
