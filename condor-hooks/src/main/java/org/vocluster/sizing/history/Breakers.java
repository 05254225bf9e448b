package org.vocluster.sizing.history;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.vocluster.sizing.history.Breaker.Cause;
import org.vocluster.sizing.history.Breaker.Failure;
import org.vocluster.sizing.history.Breaker.Scope;
import org.vocluster.sizing.reading.NodeJob;
import org.vocluster.vm.definition.ImageDigest;
import org.vocluster.vm.definition.VocName;

/**
 * The circuit breakers of all images, hosts and VOCs: opened by failures, closed by a success.
 *
 * <p>What is to blame follows from where images and hosts succeeded and failed since: an image that
 * fails on several hosts, or on a host where another image works, is at fault; a host is, where
 * several images fail or one that works elsewhere. Where nothing tells, only the VOC is stopped.
 */
public final class Breakers {
  /** A death under way may be anybody's; a second one so soon is a pattern. */
  private static final Duration DEATHS_WITHIN = Duration.ofMinutes(10);

  private static final int MOST_TRIALS = 50_000;

  /** What says nothing about the host and the image. */
  private static final Set<Failure> OF_NO_HOST =
      EnumSet.of(Failure.RAN_NOTHING, Failure.NOT_SUBMITTED, Failure.BY_POLICY);

  /** How an image fared on a host. */
  private record Trial(Instant success, Instant failure) {
    static final Trial NONE = new Trial(Instant.EPOCH, Instant.EPOCH);

    boolean works() {
      return success.isAfter(failure);
    }

    boolean fails() {
      return failure.isAfter(success);
    }
  }

  private final Map<Cause, Breaker> breakers = new HashMap<>();

  /** By the text of the image's digest, empty for nodes that do not say theirs, and by host. */
  private final Map<String, Map<String, Trial>> byImage = new HashMap<>();

  private final Map<String, Map<String, Trial>> byHost = new HashMap<>();
  private final Set<ImageDigest> started = new HashSet<>();
  private final Map<Cause, Instant> deaths = new HashMap<>();
  private int trials;

  /** A node that failed. */
  record Failed(NodeJob node, Instant started, Failure failure, String what, String remedy) {}

  /**
   * Takes note of a failure.
   *
   * @return the breaker that it opened, kept open or would open if it happened again
   */
  Breaker failed(Failed failed, Instant now) {
    NodeJob node = failed.node;
    Failure failure = failed.failure;
    boolean tells = !OF_NO_HOST.contains(failure);
    if (tells && !node.run().host().isEmpty()) {
      Trial before = trial(image(node), node.run().host());
      put(image(node), node.run().host(), new Trial(before.success, now));
    }
    Scope scope = tells ? blame(node, failure) : Scope.VOC;
    Cause cause = new Cause(scope, key(scope, node), failure);
    Breaker before = breakers.get(cause);
    String who = "node " + node.node();
    String where = node.run().host().isEmpty() ? "" : " on " + node.run().host();
    String happened =
        who + where + " " + failed.what + " (node job " + node.id() + "; " + failed.remedy + ")";
    boolean stale =
        before != null && scope == Scope.VOC && !before.definition().equals(node.definition());
    if (before == null || stale) {
      // What was found to be the image's fault was the VOC's until then.
      Breaker inherited =
          scope == Scope.IMAGE
              ? breakers.remove(new Cause(Scope.VOC, node.voc().value(), failure))
              : null;
      int times =
          inherited == null
              ? 1
              : inherited.times() + (failed.started.isAfter(inherited.since()) ? 1 : 0);
      Breaker first = new Breaker(cause, node.voc(), node.definition(), times, now, happened);
      if (failure == Failure.DIED_EARLY) {
        Instant last = deaths.put(cause, now);
        if (last == null || last.plus(DEATHS_WITHIN).isBefore(now)) {
          return first;
        }
      }
      breakers.put(cause, first);
      return first;
    }
    if (failed.started.isAfter(before.since())) {
      String times = (before.times() + 1) + " times in a row, last: ";
      breakers.put(cause, before.again(node.voc(), node.definition(), now, times + happened));
    }
    return breakers.getOrDefault(cause, before);
  }

  /** Takes note that a node joined the pool: its image starts, and its host lets it. */
  void joined(NodeJob node, Instant now) {
    node.image().ifPresent(started::add);
    if (!node.run().host().isEmpty()) {
      Trial before = trial(image(node), node.run().host());
      put(image(node), node.run().host(), new Trial(now, before.failure));
    }
    for (Failure failure : List.of(Failure.NEVER_JOINED, Failure.REFUSED)) {
      close(Scope.IMAGE, image(node), failure);
      close(Scope.HOST, node.run().host(), failure);
      close(Scope.VOC, node.voc().value(), failure);
    }
  }

  /** Takes note that a node runs a job. */
  void worked(NodeJob node) {
    close(Scope.VOC, node.voc().value(), Failure.RAN_NOTHING);
  }

  /**
   * Takes note that a node is past the age at which its end would be an early death.
   *
   * @param since when it started; one that was there before shows nothing about policies
   */
  void lived(NodeJob node, Instant since) {
    close(Scope.IMAGE, image(node), Failure.DIED_EARLY);
    close(Scope.HOST, node.run().host(), Failure.DIED_EARLY);
    close(Scope.VOC, node.voc().value(), Failure.DIED_EARLY);
    for (Failure failure : List.of(Failure.HELD, Failure.BY_POLICY)) {
      closeOlder(Scope.IMAGE, image(node), failure, since);
      closeOlder(Scope.HOST, node.run().host(), failure, since);
      closeOlder(Scope.VOC, node.voc().value(), failure, since);
    }
  }

  /** Takes note that node jobs could not be submitted. */
  public Breaker notSubmitted(VocName voc, String definition, String why, Instant now) {
    Cause cause = new Cause(Scope.VOC, voc.value(), Failure.NOT_SUBMITTED);
    Breaker before = breakers.get(cause);
    int times = before == null ? 1 : before.times() + 1;
    String what = "submitting nodes failed (" + times + " in a row): " + why;
    Breaker after =
        before == null
            ? new Breaker(cause, voc, definition, 1, now, what)
            : before.again(voc, definition, now, what);
    breakers.put(cause, after);
    return after;
  }

  /** Takes note that node jobs were submitted. */
  public void submitted(VocName voc) {
    close(Scope.VOC, voc.value(), Failure.NOT_SUBMITTED);
  }

  /** Whether a node with this image has joined, as far as is remembered. */
  public boolean hasStarted(ImageDigest image) {
    return started.contains(image);
  }

  /** Takes over breakers that an earlier process had published. */
  public void recall(Collection<Breaker> published) {
    for (Breaker breaker : published) {
      breakers.merge(breaker.cause(), breaker, (a, b) -> a.since().isBefore(b.since()) ? b : a);
    }
  }

  /** All that are open or half-open, in a fixed order. */
  public List<Breaker> all() {
    return breakers.values().stream()
        .sorted(
            Comparator.comparing(Breaker::scope)
                .thenComparing(Breaker::key)
                .thenComparing(Breaker::failure))
        .toList();
  }

  /**
   * Forgets breakers of VOCs and of images that no definition has any more.
   *
   * @param definitions digests of what nodes are made of now, by VOC
   */
  public void keepOnly(Map<VocName, Set<String>> definitions, Set<ImageDigest> images) {
    breakers
        .values()
        .removeIf(
            breaker ->
                switch (breaker.scope()) {
                  case HOST -> false;
                  case IMAGE -> !isAmong(images, breaker.key());
                  case VOC -> !isMadeOf(definitions, breaker.key(), breaker.definition());
                });
  }

  /** A breaker's key may come from an ad that anybody wrote. */
  private static boolean isAmong(Set<ImageDigest> images, String key) {
    return ImageDigest.isValid(key) && images.contains(new ImageDigest(key));
  }

  private static boolean isMadeOf(
      Map<VocName, Set<String>> definitions, String key, String definition) {
    return VocName.isValid(key)
        && definitions.getOrDefault(new VocName(key), Set.of()).contains(definition);
  }

  private Scope blame(NodeJob node, Failure failure) {
    String host = node.run().host();
    if (host.isEmpty()) {
      return Scope.VOC;
    }
    if (failure == Failure.REFUSED) {
      return Scope.HOST;
    }
    Map<String, Trial> ofImage = byImage.getOrDefault(image(node), Map.of());
    Map<String, Trial> ofHost = byHost.getOrDefault(host, Map.of());
    if (ofImage.values().stream().filter(Trial::fails).count() > 1) {
      return Scope.IMAGE;
    }
    if (ofHost.values().stream().filter(Trial::fails).count() > 1) {
      return Scope.HOST;
    }
    if (ofImage.values().stream().anyMatch(Trial::works)) {
      return Scope.HOST;
    }
    if (ofHost.values().stream().anyMatch(Trial::works)) {
      return Scope.IMAGE;
    }
    return Scope.VOC;
  }

  private static String key(Scope scope, NodeJob node) {
    return switch (scope) {
      case IMAGE -> image(node);
      case HOST -> node.run().host();
      case VOC -> node.voc().value();
    };
  }

  private static String image(NodeJob node) {
    return node.image().map(ImageDigest::value).orElse("");
  }

  private void close(Scope scope, String key, Failure failure) {
    Cause cause = new Cause(scope, key, failure);
    breakers.remove(cause);
    deaths.remove(cause);
  }

  private void closeOlder(Scope scope, String key, Failure failure, Instant than) {
    Breaker breaker = breakers.get(new Cause(scope, key, failure));
    if (breaker != null && breaker.since().isBefore(than)) {
      close(scope, key, failure);
    }
  }

  private Trial trial(String image, String host) {
    return byImage.getOrDefault(image, Map.of()).getOrDefault(host, Trial.NONE);
  }

  private void put(String image, String host, Trial trial) {
    if (trials > MOST_TRIALS) {
      byImage.clear();
      byHost.clear();
      trials = 0;
    }
    trials++;
    byImage.computeIfAbsent(image, i -> new TreeMap<>()).put(host, trial);
    byHost.computeIfAbsent(host, h -> new TreeMap<>()).put(image, trial);
  }

  /** Hosts that no new node may run on, and those where one may be tried. */
  public static Set<String> hosts(Collection<Breaker> breakers) {
    Set<String> hosts = new HashSet<>();
    for (Breaker breaker : breakers) {
      if (breaker.scope() == Scope.HOST) {
        hosts.add(breaker.key());
      }
    }
    return hosts;
  }
}
