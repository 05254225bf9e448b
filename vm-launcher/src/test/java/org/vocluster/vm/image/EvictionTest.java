package org.vocluster.vm.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.vocluster.vm.definition.ImageDigest;
import org.vocluster.vm.image.Eviction.Candidate;

class EvictionTest {
  private static final long NOW = 1_800_000_000;
  private static final long DAY = 24 * 3600;

  private static ImageDigest image(int n) {
    return new ImageDigest(String.format("%064x", n));
  }

  private static Candidate image(int n, long bytes, long usedAgo, long wantedAgo) {
    return new Candidate(
        image(n), bytes, false, false, new ImageUse.Times(NOW - usedAgo, NOW - wantedAgo));
  }

  private static List<ImageDigest> images(Integer... numbers) {
    return Arrays.stream(numbers).map(EvictionTest::image).toList();
  }

  @Test
  void leastRecentlyUsedGoesFirstAndNoMoreThanNeeded() {
    List<Candidate> held =
        List.of(image(1, 10, 100, DAY), image(2, 10, 300, DAY), image(3, 10, 200, DAY));
    assertEquals(images(2), Eviction.forRoom(held, 10, NOW));
    assertEquals(images(2, 3), Eviction.forRoom(held, 11, NOW));
    assertEquals(images(2, 3, 1), Eviction.forRoom(held, 30, NOW));
  }

  @Test
  void nothingGoesInVain() {
    List<Candidate> held = List.of(image(1, 10, 100, DAY), image(2, 10, 5, 5));
    assertEquals(List.of(), Eviction.forRoom(held, 11, NOW));
  }

  @Test
  void whatAVocNeedsGoesOnlyWhenNothingElseCanAndItIsIdle() {
    Candidate wantedIdle = image(1, 10, 3 * DAY, 10);
    Candidate wantedUsed = image(2, 10, DAY / 2, 10);
    Candidate unwanted = image(3, 10, 60, DAY);
    List<Candidate> held = List.of(wantedIdle, wantedUsed, unwanted);
    assertEquals(images(3), Eviction.forRoom(held, 10, NOW));
    assertEquals(images(3, 1), Eviction.forRoom(held, 20, NOW));
    assertEquals(List.of(), Eviction.forRoom(held, 30, NOW));
  }

  @Test
  void whatWasWantedAMomentAgoStillCountsAsWanted() {
    assertEquals(List.of(), Eviction.forRoom(List.of(image(1, 10, 60, 119)), 1, NOW));
    assertEquals(images(1), Eviction.forRoom(List.of(image(1, 10, 60, 120)), 1, NOW));
  }

  @Test
  void neitherUsedNorHandPlacedImagesGo() {
    ImageUse.Times old = new ImageUse.Times(0, 0);
    List<Candidate> held =
        List.of(
            new Candidate(image(1), 10, true, false, old),
            new Candidate(image(2), 10, false, true, old));
    assertEquals(List.of(), Eviction.forRoom(held, 1, NOW));
    assertEquals(List.of(), Eviction.aged(held, 1, NOW));
  }

  @Test
  void whatNobodyNeededForLongGoes() {
    List<Candidate> held =
        List.of(
            image(1, 10, 8 * DAY, 9 * DAY),
            image(2, 10, 6 * DAY, 9 * DAY),
            image(3, 0, 9 * DAY, 8 * DAY));
    assertEquals(images(1, 3), Eviction.aged(held, 7 * DAY, NOW));
  }
}
