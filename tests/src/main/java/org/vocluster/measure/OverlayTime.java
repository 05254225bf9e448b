package org.vocluster.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.vocluster.vm.definition.ImageDigest;
import org.vocluster.vm.image.ImageStore;
import org.vocluster.vm.image.Overlay;

/**
 * How long it takes to make one overlay in a JVM that has made none before, as prepare-job's; only
 * without that hook's class cache.
 */
public final class OverlayTime {
  private OverlayTime() {}

  /**
   * Makes the overlay and prints the nanoseconds.
   *
   * @param arguments the directory of images, the image's SHA-256, the disk's size in MiB, the
   *     overlay to be made and removed
   */
  public static void main(String[] arguments) throws IOException, Overlay.ImageTooLargeException {
    ImageStore store = new ImageStore(Path.of(arguments[0]));
    if (!(store.find(new ImageDigest(arguments[1])) instanceof ImageStore.Lookup.Found found)) {
      throw new IOException("no image %s in %s".formatted(arguments[1], arguments[0]));
    }
    Path overlay = Path.of(arguments[3]);
    long start = System.nanoTime();
    Overlay.create(found.image(), overlay, Long.parseLong(arguments[2]));
    System.out.println(System.nanoTime() - start);
    Files.delete(overlay);
  }
}
