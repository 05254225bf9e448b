package org.vocluster.vm.image;

import java.io.IOException;
import java.nio.channels.FileLock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.vocluster.vm.definition.ImageDigest;
import org.vocluster.vm.hypervisor.RunningMachines;
import org.vocluster.vm.node.HostProcesses;

/**
 * The store's images within the bounds of its host: what is held, and what goes for what. {@code
 * advertise} has one, and hands it to its fetches as their room:
 *
 * <pre>
 *   ImageStore.stage → Stager → Staging.Room.make = here → Eviction → ImageStore.remove
 * </pre>
 *
 * <p>So a fetch goes down through the store, up here for its room, and down again for what others
 * give up. It holds the lock on its own digest meanwhile and gets here the one on the space, always
 * in this order; nothing here waits for a digest's lock. What was promised it notes itself, under
 * the lock on the space ({@code granted}).
 */
public final class ImageCache implements Staging.Room {
  private static final long MIB = 1024 * 1024;
  private static final long DAY = 24 * 3600;

  private final ImageStore store;
  private final Leases leases;
  private final HostProcesses processes;
  private final RunningMachines machines;
  private final ImageUse use;
  private final Bounds bounds;
  private final InstantSource clock;

  /**
   * @param use whose notes this object writes
   */
  public ImageCache(
      ImageStore store,
      Leases leases,
      HostProcesses processes,
      RunningMachines machines,
      ImageUse use,
      Bounds bounds,
      InstantSource clock) {
    this.store = store;
    this.leases = leases;
    this.processes = processes;
    this.machines = machines;
    this.use = use;
    this.bounds = bounds;
    this.clock = clock;
  }

  /**
   * How much the store may hold.
   *
   * @param cacheBytes of all images together; 0 for no bound but the file system's
   * @param freeBytes that are to stay free in the file system
   * @param keepDays for so long an image is kept that no VOC needs and no node uses
   */
  public record Bounds(long cacheBytes, long freeBytes, int keepDays) {}

  private long now() {
    return clock.instant().getEpochSecond();
  }

  /** The images that nodes use now. */
  public Set<ImageDigest> inUse() throws IOException {
    return leases.images(processes, machines, now());
  }

  /**
   * Notes what registered VOCs need.
   *
   * @param images all of them, as the collector has just told
   */
  public void wanted(Collection<ImageDigest> images) {
    use.wanted(images, now());
  }

  /** Notes that an image has come. */
  public void staged(ImageDigest image) {
    use.used(List.of(image), now());
  }

  @Override
  public synchronized String make(ImageDigest image, long bytes, Staging.Granted granted)
      throws IOException {
    try (FileLock lock = store.locks().space()) {
      if (!lock.isValid()) {
        return "finds no room: the store's space cannot be locked";
      }
      long taken = 0;
      for (ImageStore.Held held : store.held()) {
        taken += held.inPlace() ? 0 : held.bytes();
      }
      long coming = 0;
      long here = 0;
      for (ImageStore.Part part : store.parts()) {
        if (part.digest().equals(image)) {
          here = part.bytes();
        } else {
          taken += part.bytes() + part.rest();
          coming += part.rest();
        }
      }
      long overCache = bounds.cacheBytes() == 0 ? 0 : taken + bytes - bounds.cacheBytes();
      long overDisk = bytes - here + coming + bounds.freeBytes() - store.usableBytes();
      long missing = Math.max(overCache, overDisk);
      for (ImageStore.Part part : missing <= 0 ? List.<ImageStore.Part>of() : store.parts()) {
        boolean wanted = now() - use.of(part.digest()).wanted() < Eviction.WANTED_SECONDS;
        if (!part.digest().equals(image) && !wanted && store.removePart(part.digest())) {
          missing -= part.bytes();
        }
      }
      for (ImageDigest goes :
          missing <= 0 ? List.<ImageDigest>of() : Eviction.forRoom(candidates(), missing, now())) {
        missing -= remove(goes);
      }
      if (missing > 0) {
        return noRoom(bytes, overCache >= overDisk);
      }
      granted.note();
      return "";
    }
  }

  private String noRoom(long bytes, boolean cacheIsFull) {
    return "of "
        + mib(bytes)
        + " MiB finds no room beside the images that VOCs need or nodes use: "
        + (cacheIsFull
            ? "VOC_IMAGE_CACHE_MB is " + bounds.cacheBytes() / MIB
            : "less than VOC_IMAGE_KEEP_FREE_MB = "
                + bounds.freeBytes() / MIB
                + " would stay free in "
                + store.directory());
  }

  private static long mib(long bytes) {
    return (bytes + MIB - 1) / MIB;
  }

  private List<Eviction.Candidate> candidates() throws IOException {
    Set<ImageDigest> used = inUse();
    List<Eviction.Candidate> out = new ArrayList<>();
    for (ImageStore.Held held : store.held()) {
      ImageDigest image = held.image().digest();
      ImageUse.Times times = use.of(image);
      if (times.used() == 0) {
        // It came a moment ago and nobody has noted that yet.
        times = new ImageUse.Times(now(), times.wanted());
      }
      out.add(
          new Eviction.Candidate(
              image,
              held.inPlace() ? 0 : held.bytes(),
              used.contains(image),
              held.byHand(),
              times));
    }
    return out;
  }

  /**
   * Takes an image away unless a node uses it.
   *
   * @return the bytes that are free now
   */
  public long remove(ImageDigest image) throws IOException {
    long bytes = 0;
    for (ImageStore.Held held : store.held()) {
      if (held.image().digest().equals(image)) {
        bytes = held.inPlace() ? 0 : held.bytes();
      }
    }
    boolean gone = store.remove(image, () -> isFree(image));
    if (gone) {
      use.forget(image);
    }
    return gone ? bytes : 0;
  }

  private boolean isFree(ImageDigest image) {
    try {
      return !inUse().contains(image);
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * The periodic part: takes away leases of nodes that are gone, images that nobody has needed for
   * long, and what killed processes left.
   *
   * @param reliable whether the collector has told what VOCs need; without that no image goes for
   *     its age, since unknown is not unneeded
   * @return images that went
   */
  public List<ImageDigest> tidy(boolean reliable) throws IOException {
    long now = now();
    use.notAfter(now);
    use.used(inUse(), now);
    for (ImageStore.Held held : store.held()) {
      if (use.of(held.image().digest()).used() == 0) {
        staged(held.image().digest());
      }
    }
    List<ImageDigest> went = new ArrayList<>();
    if (reliable) {
      went.addAll(removeAged(now));
      for (ImageStore.Part part : store.parts()) {
        boolean forgotten = now - use.of(part.digest()).wanted() >= DAY;
        if (!part.running() && forgotten && now - part.modified() >= DAY) {
          var _ = store.removePart(part.digest());
        }
      }
      for (ImageDigest stray : store.untrusted()) {
        if (now - use.of(stray).latest() >= DAY && !store.isByHand(stray)) {
          var _ = store.remove(stray, () -> isFree(stray));
        }
      }
    }
    store.sweep(Duration.ofHours(1));
    use.save();
    return went;
  }

  private synchronized List<ImageDigest> removeAged(long now) throws IOException {
    List<ImageDigest> went = new ArrayList<>();
    try (FileLock lock = store.locks().space()) {
      if (lock.isValid()) {
        for (ImageDigest old : Eviction.aged(candidates(), bounds.keepDays() * DAY, now)) {
          var _ = remove(old);
          if (!(store.find(old) instanceof ImageStore.Lookup.Found)) {
            went.add(old);
          }
        }
      }
    }
    return went;
  }
}
