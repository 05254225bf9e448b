package org.vocluster.sizing.collector;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vocluster.ad.Ads;
import org.vocluster.ad.Attr;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.ClassAdSyntaxException;
import org.vocluster.condor.Aside;
import org.vocluster.condor.HtCondor;
import org.vocluster.sizing.decision.Paces;
import org.vocluster.sizing.decision.PublishedVoc;
import org.vocluster.sizing.journal.SizerLog;
import org.vocluster.sizing.reading.SlotReading;
import org.vocluster.vm.os.CommandException;

/**
 * What the collector says, asked for beside the passes: the slots of nodes, slots outside the VOCs,
 * PAD hosts' images, and what sizers have published.
 */
public final class CollectorWatch {
  private static final Duration SLOTS_TOO_OLD = Duration.ofSeconds(60);
  private static final Duration ASK_REST = Duration.ofSeconds(30);

  /** Slots that take jobs of a VO and belong to no node. */
  public static final String OUTSIDE =
      Attr.VO + " isnt undefined && " + Attr.NODE + " is undefined";

  private final HtCondor condor;
  private final Aside aside;
  private final SizerLog log;
  private final Duration interval;

  private SlotReading slots = new SlotReading.Unknown("the collector has not been asked yet");
  private Optional<Instant> silence = Optional.empty();
  private Optional<SlotReading.Known> fresh = Optional.empty();
  private Optional<List<ClassAd>> outside = Optional.empty();
  private Optional<Map<String, String>> padImages = Optional.empty();
  private Optional<List<PublishedVoc>> published = Optional.empty();
  private boolean publishedAnswered;
  private boolean slotsAnswered;
  private boolean askingSlots;
  private boolean askingPublished;
  private boolean askingOutside;
  private boolean askingPad;
  private boolean news;
  private Instant slotsAsked = Instant.EPOCH;
  private Instant publishedAsked = Instant.EPOCH;
  private Instant outsideAsked = Instant.EPOCH;
  private Instant padAsked = Instant.EPOCH;

  public CollectorWatch(HtCondor condor, Aside aside, SizerLog log, Duration interval) {
    this.condor = condor;
    this.aside = aside;
    this.log = log;
    this.interval = interval;
  }

  /**
   * Asks for the slots of nodes when it is time to.
   *
   * @param soon whether something waits for the answer
   */
  public void askSlots(boolean soon, Instant now) {
    boolean hurry = soon || !(slots instanceof SlotReading.Known);
    if (askingSlots || now.isBefore(slotsAsked.plus(hurry ? Paces.SLOTS_SOON : interval))) {
      return;
    }
    askingSlots = true;
    slotsAsked = now;
    aside.start(
        "ask the collector for VAD slots",
        () -> {
          SlotReading reading = VadSlots.ask(condor, now);
          return () -> take(reading, now);
        });
  }

  private void take(SlotReading reading, Instant asked) {
    askingSlots = false;
    slotsAnswered = true;
    switch (reading) {
      case SlotReading.Known known -> {
        log.forget("slots");
        news |=
            !(slots instanceof SlotReading.Known before) || !before.slots().equals(known.slots());
        slots = known;
        fresh = Optional.of(known);
      }
      case SlotReading.Unknown(String why) -> {
        log.sayOnce("slots", "VAD slots are unknown: " + why);
        silence = Optional.of(asked);
        if (!(slots instanceof SlotReading.Known known)
            || !asked.isBefore(known.asked().plus(tooOld()))) {
          news |= !reading.equals(slots);
          slots = reading;
        }
      }
    }
  }

  private Duration tooOld() {
    Duration four = interval.multipliedBy(4);
    return four.compareTo(SLOTS_TOO_OLD) > 0 ? four : SLOTS_TOO_OLD;
  }

  /** When the collector was last asked about slots in vain since the last call. */
  public Optional<Instant> takeSilence() {
    Optional<Instant> was = silence;
    silence = Optional.empty();
    return was;
  }

  /** Whether the answer about slots is another one than at the last call. */
  public boolean takeNews() {
    boolean was = news;
    news = false;
    return was;
  }

  /** The answer about slots, if one has come since the last call. */
  public Optional<SlotReading.Known> takeFresh() {
    Optional<SlotReading.Known> was = fresh;
    fresh = Optional.empty();
    return was;
  }

  /** Whether the first answer is still to come. */
  public boolean isAwaited() {
    return askingSlots && !slotsAnswered;
  }

  /** What is known about the slots of nodes; unknown too if the last answer is too old. */
  public SlotReading slots(Instant now) {
    return slots instanceof SlotReading.Known known && now.isAfter(known.asked().plus(tooOld()))
        ? new SlotReading.Unknown("the collector's last answer is too old")
        : slots;
  }

  /** Why the slots are unknown although the collector was asked; empty if they are known. */
  public String slotsUnknown() {
    return slots instanceof SlotReading.Unknown(String why) && slotsAnswered ? why : "";
  }

  /** Asks what sizers have published, when it is time to. */
  public void askPublished(Instant now) {
    if (askingPublished || now.isBefore(publishedAsked.plus(ASK_REST))) {
      return;
    }
    askingPublished = true;
    publishedAsked = now;
    aside.start(
        "ask the collector for VOC ads",
        () -> {
          Optional<List<PublishedVoc>> answer = readPublished();
          return () -> {
            askingPublished = false;
            publishedAnswered = true;
            // What is unknown stays as it was: the heartbeats in it grow old by themselves.
            answer.ifPresent(vocs -> published = answer);
          };
        });
  }

  private Optional<List<PublishedVoc>> readPublished() {
    try {
      List<PublishedVoc> vocs = new ArrayList<>();
      for (ClassAd ad : Ads.inLongForm(condor.vocs())) {
        vocs.add(PublishedVoc.of(ad));
      }
      return Optional.of(List.copyOf(vocs));
    } catch (CommandException | ClassAdSyntaxException e) {
      return Optional.empty();
    }
  }

  /** What sizers have published; empty as long as the collector gave no answer. */
  public Optional<List<PublishedVoc>> published() {
    return published;
  }

  /** Whether the collector was asked for what sizers published, with or without success. */
  public boolean publishedWasAsked() {
    return publishedAnswered;
  }

  /** Asks for slots outside the VOCs, when it is time to. */
  public void askOutside(Runnable changed, Instant now) {
    if (askingOutside || now.isBefore(outsideAsked.plus(ASK_REST))) {
      return;
    }
    askingOutside = true;
    outsideAsked = now;
    aside.start(
        "ask the collector for slots outside the VOCs",
        () -> {
          Optional<List<ClassAd>> answer = readOutside();
          return () -> {
            askingOutside = false;
            if (answer.isPresent() && !answer.equals(outside)) {
              outside = answer;
              changed.run();
            }
          };
        });
  }

  private Optional<List<ClassAd>> readOutside() {
    try {
      return Optional.of(Ads.inLongForm(condor.slots(OUTSIDE, List.of())));
    } catch (CommandException | ClassAdSyntaxException e) {
      return Optional.empty();
    }
  }

  /** Slots that take VOs' jobs and belong to no node, as last heard of. */
  public List<ClassAd> outside() {
    return outside.orElse(List.of());
  }

  /** Asks which hosts hold which images, when it is time to. */
  public void askPadImages(Runnable changed, Instant now) {
    if (askingPad || now.isBefore(padAsked.plus(ASK_REST))) {
      return;
    }
    askingPad = true;
    padAsked = now;
    aside.start(
        "ask the collector for images",
        () -> {
          try {
            Map<String, String> images = PadImages.ask(condor);
            return () -> {
              askingPad = false;
              padImages = Optional.of(images);
              changed.run();
            };
          } catch (CommandException e) {
            return () -> askingPad = false;
          }
        });
  }

  public Optional<Map<String, String>> padImages() {
    return padImages;
  }
}
