package org.vocluster.sizing.collector;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.vocluster.ad.Ads;
import org.vocluster.ad.Attr;
import org.vocluster.ad.CondorAttr;
import org.vocluster.ad.Constraints;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.ClassAdSyntaxException;
import org.vocluster.condor.Aside;
import org.vocluster.condor.HtCondor;
import org.vocluster.sizing.decision.Paces;
import org.vocluster.sizing.decision.PublishedVoc;
import org.vocluster.sizing.journal.SizerLog;
import org.vocluster.sizing.reading.Patience;
import org.vocluster.sizing.reading.SlotReading;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.os.CommandException;

/**
 * What the collector says: the slots of nodes, slots outside the VOCs, PAD hosts' images, and what
 * sizers have published. The sizer's passes say when something is worth asking; it is asked aside,
 * at a pace of its own and never twice at once. A question without an answer leaves what was known
 * as it was, except that slots of nodes are unknown once the last answer is too old: the decision
 * must not rest on them then.
 */
public final class CollectorWatch {
  private static final Duration ASK_REST = Duration.ofSeconds(30);

  /** Nodes whose whole ads are asked for at once. */
  private static final int MOST_LOOKED_AT = 64;

  /** Slots that take jobs of a VO and belong to no node. */
  public static final String OUTSIDE =
      Attr.VO + " isnt undefined && " + Attr.NODE + " is undefined";

  /** Something that the collector is asked for now and then. */
  private static final class Question {
    private boolean underWay;
    private boolean ended;
    private Instant begun = Instant.EPOCH;

    /** Whether it is to be asked now; then it is under way. */
    boolean begin(Duration pace, Instant now) {
      if (underWay || now.isBefore(begun.plus(pace))) {
        return false;
      }
      underWay = true;
      begun = now;
      return true;
    }

    /** There is an answer, or none will come. */
    void end() {
      underWay = false;
      ended = true;
    }
  }

  /** Asks the collector with one of HTCondor's tools. */
  private interface Asking<T> {
    T ask() throws CommandException, ClassAdSyntaxException;
  }

  /** Takes an answer into the state of this object, on the passes' thread. */
  private interface Taking<T> {
    void take(T answer);
  }

  private final HtCondor condor;
  private final Aside aside;
  private final SizerLog log;
  private final Duration interval;

  private final Question ofSlots = new Question();
  private final Question ofPublished = new Question();
  private final Question ofOutside = new Question();
  private final Question ofPadImages = new Question();
  private final Question ofShown = new Question();
  private final Question ofSchedd = new Question();

  private SlotReading slots = new SlotReading.Unknown("the collector has not been asked yet");
  private boolean news;
  private @Nullable Instant silence;
  private SlotReading.@Nullable Known fresh;
  private @Nullable List<PublishedVoc> published;
  private @Nullable List<ClassAd> outside;
  private ScheddLimits schedd = ScheddLimits.NONE;
  private @Nullable Map<String, PadImages.Held> padImages;

  public CollectorWatch(HtCondor condor, Aside aside, SizerLog log, Duration interval) {
    this.condor = condor;
    this.aside = aside;
    this.log = log;
    this.interval = interval;
  }

  // --- slots of nodes

  /**
   * Asks for the slots of nodes when it is time to.
   *
   * @param soon whether something waits for the answer
   */
  public void askSlots(boolean soon, Instant now) {
    boolean hurry = soon || !(slots instanceof SlotReading.Known);
    if (ofSlots.begin(hurry ? Paces.SLOTS_SOON : interval, now)) {
      aside.start(
          "ask the collector for VAD slots",
          () -> {
            SlotReading reading = VadSlots.ask(condor, now);
            return () -> take(reading, now);
          });
    }
  }

  private void take(SlotReading reading, Instant asked) {
    ofSlots.end();
    switch (reading) {
      case SlotReading.Known known -> {
        log.forget("slots");
        news |=
            !(slots instanceof SlotReading.Known before) || !before.slots().equals(known.slots());
        slots = known;
        fresh = known;
      }
      case SlotReading.Unknown(String why) -> {
        log.sayOnce("slots", "VAD slots are unknown: " + why);
        silence = asked;
        if (!(slots instanceof SlotReading.Known known)
            || !asked.isBefore(known.asked().plus(Patience.of(interval)))) {
          news |= !reading.equals(slots);
          slots = reading;
        }
      }
    }
  }

  /** When the collector was last asked about slots in vain since the last call. */
  public Optional<Instant> takeSilence() {
    Optional<Instant> was = Optional.ofNullable(silence);
    silence = null;
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
    Optional<SlotReading.Known> was = Optional.ofNullable(fresh);
    fresh = null;
    return was;
  }

  /** Whether the first answer is still to come. */
  public boolean isAwaited() {
    return ofSlots.underWay && !ofSlots.ended;
  }

  /** What is known about the slots of nodes; unknown too if the last answer is too old. */
  public SlotReading slots(Instant now) {
    return slots instanceof SlotReading.Known known
            && now.isAfter(known.asked().plus(Patience.of(interval)))
        ? new SlotReading.Unknown("the collector's last answer is too old")
        : slots;
  }

  /** Why the slots are unknown although the collector was asked; empty if they are known. */
  public String slotsUnknown() {
    return slots instanceof SlotReading.Unknown(String why) && ofSlots.ended ? why : "";
  }

  // --- the rest

  /** Asks what sizers have published, when it is time to. */
  public void askPublished(Instant now) {
    ask(
        ofPublished,
        "VOC ads",
        () -> PublishedVoc.all(Ads.inLongForm(condor.vocs())),
        // The heartbeats in an answer grow old by themselves.
        answer -> published = answer,
        now);
  }

  /** What sizers have published; empty as long as the collector gave no answer. */
  public Optional<List<PublishedVoc>> published() {
    return Optional.ofNullable(published);
  }

  /** Whether the collector was asked for what sizers published, with or without success. */
  public boolean publishedWasAsked() {
    return ofPublished.ended;
  }

  /**
   * Asks for slots outside the VOCs, when it is time to.
   *
   * @param changed called when the answer is another one than before
   */
  public void askOutside(Runnable changed, Instant now) {
    ask(
        ofOutside,
        "slots outside the VOCs",
        () -> Ads.inLongForm(condor.slots(OUTSIDE, List.of())),
        answer -> {
          if (!answer.equals(outside)) {
            outside = answer;
            changed.run();
          }
        },
        now);
  }

  /** Slots that take VOs' jobs and belong to no node, as last heard of. */
  public List<ClassAd> outside() {
    return outside == null ? List.of() : outside;
  }

  /** Asks what the own schedd runs and may run, when it is time to. */
  public void askSchedd(String name, Instant now) {
    ask(
        ofSchedd,
        "this schedd",
        () -> ScheddLimits.of(Ads.inLongForm(condor.schedd(name))),
        answer -> schedd = answer,
        now);
  }

  /** What the own schedd runs and may run, as last heard of. */
  public ScheddLimits schedd() {
    return schedd;
  }

  /**
   * Asks which hosts hold which images, when it is time to.
   *
   * @param answered called when there is an answer
   */
  public void askPadImages(Runnable answered, Instant now) {
    ask(
        ofPadImages,
        "images",
        () -> PadImages.ask(condor),
        answer -> {
          padImages = answer;
          answered.run();
        },
        now);
  }

  /** What each PAD host says of images, as last heard of. */
  public Optional<Map<String, PadImages.Held>> padImages() {
    return Optional.ofNullable(padImages);
  }

  /**
   * Asks for all that some nodes say of themselves, when it is time to.
   *
   * @param soon whether something waits for the answer
   * @param which the nodes; asked for only when it is time
   * @param shown called with their slots' ads
   */
  public void askShown(
      boolean soon, Supplier<List<NodeId>> which, Consumer<List<ClassAd>> shown, Instant now) {
    Duration pace = soon ? Paces.SLOTS_SOON : ASK_REST;
    if (!ofShown.begin(pace, now)) {
      return;
    }
    List<NodeId> nodes = which.get();
    if (nodes.isEmpty()) {
      ofShown.end();
      return;
    }
    start(
        ofShown,
        "what nodes show",
        () -> whole(condor, nodes.subList(0, Math.min(MOST_LOOKED_AT, nodes.size()))),
        shown::accept);
  }

  /** The whole ads of these nodes' slots that can be split; of one that cannot be read, none. */
  public static List<ClassAd> whole(HtCondor condor, List<NodeId> nodes) throws CommandException {
    return Ads.goodInLongForm(
        condor.slots(
            Constraints.vads()
                + " && "
                + CondorAttr.PARTITIONABLE_SLOT
                + " =?= True && "
                + Constraints.isAmong(Attr.NODE, nodes.stream().map(NodeId::value).toList()),
            List.of()));
  }

  private <T> void ask(
      Question question, String what, Asking<T> asking, Taking<T> taking, Instant now) {
    if (question.begin(ASK_REST, now)) {
      start(question, what, asking, taking);
    }
  }

  private <T> void start(Question question, String what, Asking<T> asking, Taking<T> taking) {
    aside.start(
        "ask the collector for " + what,
        () -> {
          try {
            T answer = asking.ask();
            return () -> {
              question.end();
              log.forget(what);
              taking.take(answer);
            };
          } catch (CommandException | ClassAdSyntaxException e) {
            return () -> {
              question.end();
              // What is unknown stays as it was.
              log.sayOnce(
                  what, "the collector gave no answer about " + what + ": " + e.getMessage());
            };
          }
        });
  }
}
