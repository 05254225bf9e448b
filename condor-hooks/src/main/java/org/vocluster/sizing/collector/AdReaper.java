package org.vocluster.sizing.collector;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.vocluster.ad.Ads;
import org.vocluster.ad.Attr;
import org.vocluster.ad.CondorAttr;
import org.vocluster.ad.Constraints;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.ClassAdSyntaxException;
import org.vocluster.condor.Aside;
import org.vocluster.condor.HtCondor;
import org.vocluster.sizing.journal.AuditLog;
import org.vocluster.sizing.journal.SizerLog;
import org.vocluster.sizing.reading.NodeJob;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.definition.VoName;
import org.vocluster.vm.definition.VocName;
import org.vocluster.vm.os.CommandException;

/**
 * Takes the ads of dead nodes out of the collector where no hook could: as soon as the queue tells
 * that a node's job does not run any more, and from time to time for all. Asks and sends beside the
 * passes, one thing at a time.
 */
public final class AdReaper {
  static final Duration EVERY = Duration.ofSeconds(10);
  private static final Duration CLOSELY = Duration.ofSeconds(3);

  /** What a node sent before its end may still be on its way. */
  private static final Duration ONCE_MORE = Duration.ofSeconds(2);

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(2);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);
  private static final int MOST_ASKED_FOR = 200;
  private static final int MOST_AT_ONCE = 1000;

  private final HtCondor condor;
  private final Aside aside;
  private final SizerLog log;
  private final AuditLog audit;
  private final String schedd;
  private final String trustDomain;
  private final GhostAds ghosts;

  private final Set<NodeId> suspects = new HashSet<>();
  private final Map<NodeId, Instant> onceMore = new HashMap<>();
  private final Map<VoName, Failed> failed = new TreeMap<>();
  private @Nullable Answer answer;
  private boolean busy;
  private int waiting;
  private Instant lookedAtAll = Instant.EPOCH;

  private record Answer(List<GhostAds.NodeAd> ads, boolean all) {}

  /** Why a VO's ads could not be taken away, and when to try again. */
  private record Failed(String why, Duration pause, Instant until) {}

  public AdReaper(
      HtCondor condor,
      Aside aside,
      SizerLog log,
      AuditLog audit,
      String schedd,
      String trustDomain) {
    this.condor = condor;
    this.aside = aside;
    this.log = log;
    this.audit = audit;
    this.schedd = schedd;
    this.trustDomain = trustDomain;
    this.ghosts = new GhostAds(schedd);
  }

  /** Takes note of what is in the own queue. */
  public void saw(Collection<NodeJob> own) {
    suspects.addAll(ghosts.saw(own));
  }

  /** Dead nodes whose ads are still to go. */
  public int waiting() {
    return waiting;
  }

  /** Why ads of dead nodes stay; empty if none do. */
  public String fault() {
    return failed.values().stream().map(Failed::why).distinct().collect(Collectors.joining("; "));
  }

  /** Goes on; to be called when the queue has just been read, and is known. */
  public void act(Instant now) {
    Answer heard = answer;
    if (heard != null) {
      answer = null;
      send(ghosts.among(heard.ads(), heard.all(), now), heard.all(), now);
    }
    if (!busy) {
      ask(now);
    }
  }

  // --- look

  private void ask(Instant now) {
    onceMore
        .entrySet()
        .removeIf(
            each -> {
              boolean due = !now.isBefore(each.getValue());
              if (due) {
                suspects.add(each.getKey());
              }
              return due;
            });
    boolean all =
        !now.isBefore(lookedAtAll.plus(EVERY))
            || (!now.isBefore(lookedAtAll.plus(CLOSELY)) && ghosts.isAnyQuiet(now))
            || suspects.size() > MOST_ASKED_FOR;
    if (!all && suspects.isEmpty()) {
      return;
    }
    String which =
        Constraints.vads()
            + " && "
            + (all
                ? "(%s || %s is undefined)"
                    .formatted(Constraints.is(Attr.SCHEDD, schedd), Attr.SCHEDD)
                : Constraints.isAmong(Attr.NODE, suspects.stream().map(NodeId::value).toList()));
    suspects.clear();
    if (all) {
      lookedAtAll = now;
    }
    busy = true;
    aside.start(
        "look for ads of dead nodes",
        () -> {
          try {
            List<GhostAds.NodeAd> ads = new ArrayList<>();
            for (ClassAd ad : Ads.inLongForm(condor.nodeAds(which))) {
              GhostAds.NodeAd one = nodeAd(ad);
              if (one != null) {
                ads.add(one);
              }
            }
            return () -> {
              busy = false;
              answer = new Answer(ads, all);
              log.forget("ghosts");
            };
          } catch (CommandException | ClassAdSyntaxException e) {
            return () -> {
              busy = false;
              ghosts.heardNothing();
              log.sayOnce("ghosts", "the ads of nodes are unknown: " + e.getMessage());
            };
          }
        });
  }

  /** Null for an ad that says of no node and VO that it is theirs. */
  private static GhostAds.@Nullable NodeAd nodeAd(ClassAd ad) {
    String node = Ads.text(ad, Attr.NODE);
    String vo = Ads.text(ad, Attr.VO);
    Optional<VocName> voc = ad.string(Attr.VOC).filter(VocName::isValid).map(VocName::new);
    return NodeId.isValid(node) && VoName.isValid(vo) && ad.has(CondorAttr.LAST_HEARD_FROM)
        ? new GhostAds.NodeAd(
            new NodeId(node),
            voc,
            new VoName(vo),
            Ads.text(ad, Attr.SCHEDD),
            ad.integer(CondorAttr.LAST_HEARD_FROM).orElse(0),
            ad.integer(CondorAttr.DAEMON_START_TIME).orElse(0),
            ad.integer(CondorAttr.CLASS_AD_LIFETIME).orElse(0))
        : null;
  }

  // --- send

  private void send(List<GhostAds.Ghost> found, boolean all, Instant now) {
    Map<VoName, List<GhostAds.Ghost>> byVo = new TreeMap<>();
    for (GhostAds.Ghost ghost : found) {
      byVo.computeIfAbsent(ghost.vo(), vo -> new ArrayList<>()).add(ghost);
    }
    if (all) {
      waiting = found.size();
      failed.keySet().retainAll(byVo.keySet());
    }
    byVo.keySet().removeIf(vo -> isPaused(vo, now));
    if (byVo.isEmpty()) {
      return;
    }
    busy = true;
    aside.start(
        "take away ads of dead nodes",
        () -> {
          List<Runnable> results = new ArrayList<>();
          byVo.forEach((vo, its) -> results.add(takeAway(vo, its, now)));
          return () -> {
            busy = false;
            results.forEach(Runnable::run);
          };
        });
  }

  private boolean isPaused(VoName vo, Instant now) {
    Failed before = failed.get(vo);
    return before != null && now.isBefore(before.until());
  }

  private Runnable takeAway(VoName vo, List<GhostAds.Ghost> all, Instant now) {
    List<GhostAds.Ghost> some = all.subList(0, Math.min(all.size(), MOST_AT_ONCE));
    try {
      condor.invalidate(vo, trustDomain, GhostAds.conditions(vo, some));
      return () -> {
        failed.remove(vo);
        log.forget("reap " + vo);
        waiting = Math.max(0, waiting - some.size());
        for (GhostAds.Ghost ghost : some) {
          onceMore.put(ghost.node(), now.plus(ONCE_MORE));
          log.say("node " + ghost.node() + ": its ads are taken away: " + ghost.why());
          tellAudit(ghost);
        }
      };
    } catch (CommandException | IOException | ClassAdSyntaxException e) {
      String why =
          "ads of "
              + some.size()
              + " dead nodes of VO "
              + vo
              + " cannot be taken away: "
              + e.getMessage();
      return () -> {
        Failed before = failed.get(vo);
        Duration pause = before == null ? FIRST_PAUSE : longer(before.pause());
        failed.put(vo, new Failed(why, pause, now.plus(pause)));
        waiting = Math.max(waiting, some.size());
        some.forEach(ghost -> onceMore.put(ghost.node(), now.plus(pause)));
        log.sayOnce("reap " + vo, why);
      };
    }
  }

  private void tellAudit(GhostAds.Ghost ghost) {
    List<NodeId> nodes = List.of(ghost.node());
    String why = "ads: " + ghost.why();
    ghost
        .voc()
        .ifPresentOrElse(
            voc -> audit.record(voc, "reap", nodes, why),
            () -> audit.recordOfNoVoc("reap", nodes, why));
  }

  private static Duration longer(Duration pause) {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
  }
}
