package org.vocluster.vm.image;

import java.io.IOException;
import org.vocluster.vm.definition.ImageDigest;

/**
 * How an image is fetched.
 *
 * @param limits what may be fetched
 * @param plugins HTCondor's, for what we do not fetch ourselves
 * @param credentials for image servers
 * @param room where an image's bytes find a place
 * @param progress is told how far the transfer is
 * @param waits whether to wait for another process that fetches the same image
 */
public record Staging(
    StagingLimits limits,
    TransferPlugins plugins,
    SiteCredentials credentials,
    Room room,
    Progress progress,
    boolean waits) {

  /** Fetches what the limits allow, wherever it fits. */
  public static Staging within(StagingLimits limits) {
    return new Staging(
        limits, TransferPlugins.NONE, SiteCredentials.NONE, Room.UNLIMITED, Progress.NONE, true);
  }

  /** The same, looked on. */
  public Staging with(Progress looksOn) {
    return new Staging(limits, plugins, credentials, room, looksOn, waits);
  }

  /** The same for a file of that kind. */
  public Staging of(FileKind kind) {
    return new Staging(limits.of(kind), plugins, credentials, room, progress, waits);
  }

  /** Makes room in the store before bytes come. {@link ImageCache} draws how the two take turns. */
  @FunctionalInterface
  public interface Room {
    /** As much as the file system has. */
    Room UNLIMITED =
        (image, bytes, granted) -> {
          granted.note();
          return "";
        };

    /**
     * Sees to it that an image of so many bytes fits, by letting others go. Who asks has begun to
     * fetch it: what it was promised counts for all others until that ends.
     *
     * @param bytes of the whole image, also of what is here already
     * @param granted called if it fits, before anybody else is granted anything
     * @return an empty text, or why it does not fit: the continuation of a sentence that begins
     *     with the image
     */
    String make(ImageDigest image, long bytes, Granted granted) throws IOException;
  }

  /** Who asked for room notes what it was promised, for all who ask after it. */
  @FunctionalInterface
  public interface Granted {
    void note() throws IOException;
  }
}
