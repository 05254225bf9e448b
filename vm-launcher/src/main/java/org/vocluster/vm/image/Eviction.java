package org.vocluster.vm.image;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.vocluster.vm.definition.ImageDigest;

/** Decides which images go: a pure function of what is there. */
public final class Eviction {
  /** A VOC may stop being known for a moment, as when a collector starts anew. */
  public static final long WANTED_SECONDS = 120;

  /**
   * For so long an image that a VOC needs stays although no node uses it and another needs room.
   */
  static final long IDLE_SECONDS = 24 * 3600;

  private Eviction() {}

  /**
   * An image that may have to go.
   *
   * @param bytes that its going frees
   * @param inUse by a node
   * @param byHand whether only people take it away
   */
  record Candidate(
      ImageDigest image, long bytes, boolean inUse, boolean byHand, ImageUse.Times times) {
    boolean isWanted(long now) {
      return now - times.wanted() < WANTED_SECONDS;
    }

    boolean mayGo() {
      return !inUse && !byHand;
    }
  }

  /**
   * The images that go to free some bytes, those first that have gone unused for longest: images
   * that no VOC needs, and only if these do not suffice, images that VOCs need and no node has used
   * for a day. If all together do not suffice, none goes.
   *
   * @param shortBytes how much is missing
   * @return the images, or an empty list if that much cannot be freed
   */
  static List<ImageDigest> forRoom(List<Candidate> held, long shortBytes, long now) {
    List<Candidate> order = new ArrayList<>();
    for (Candidate each : held) {
      if (each.mayGo()
          && each.bytes() > 0
          && (!each.isWanted(now) || now - each.times().used() >= IDLE_SECONDS)) {
        order.add(each);
      }
    }
    order.sort(
        Comparator.comparing((Candidate each) -> each.isWanted(now))
            .thenComparingLong(each -> each.times().used())
            .thenComparing(each -> each.image().value()));
    List<ImageDigest> out = new ArrayList<>();
    long freed = 0;
    for (Candidate each : order) {
      if (freed >= shortBytes) {
        break;
      }
      out.add(each.image());
      freed += each.bytes();
    }
    return freed >= shortBytes ? out : List.of();
  }

  /**
   * The images that no VOC has needed and no node has used for some time.
   *
   * @param keepSeconds that time
   */
  static List<ImageDigest> aged(List<Candidate> held, long keepSeconds, long now) {
    List<ImageDigest> out = new ArrayList<>();
    for (Candidate each : held) {
      if (each.mayGo() && now - each.times().latest() >= keepSeconds) {
        out.add(each.image());
      }
    }
    return out;
  }
}
