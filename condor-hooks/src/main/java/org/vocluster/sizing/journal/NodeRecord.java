package org.vocluster.sizing.journal;

import java.time.Instant;
import java.util.Optional;
import org.vocluster.ad.AdTime;
import org.vocluster.ad.Ads;
import org.vocluster.ad.Attr;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.ClassAdSyntaxException;
import org.vocluster.classad.JsonForm;
import org.vocluster.sizing.reading.NodeJob;
import org.vocluster.sizing.reading.VocShape;
import org.vocluster.vm.definition.ImageDigest;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.definition.ShapeName;
import org.vocluster.vm.definition.VoName;
import org.vocluster.vm.definition.VocName;

/**
 * A line of the log of nodes: what is known of a run of a node when it joins the pool, when it is
 * claimed for the first time, and when it ends. {@link NodeTimes} makes it, {@link NodeLog} writes
 * and reads it; it knows how a line is spelled, and nobody else does.
 *
 * @param event what the line is about
 * @param ending how it ended, in words; empty if it has not
 */
public record NodeRecord(Run run, NodeMoments moments, Event event, String ending) {
  /**
   * Which node it was, and where.
   *
   * @param kind of what VOC and of what shape of it the node is
   * @param vo empty if a line does not say
   * @param job its node job
   * @param image SHA-256 of its image; empty if its job does not say
   * @param host the PAD host
   */
  public record Run(
      VocShape kind,
      Optional<VoName> vo,
      NodeId node,
      String job,
      Optional<ImageDigest> image,
      String host) {
    static Run of(NodeJob job) {
      return new Run(
          job.kind(),
          Optional.of(job.vo()),
          job.node(),
          job.id().toString(),
          job.image(),
          job.run().host());
    }

    /** Empty for a line with a name that no definition could have. */
    private static Optional<Run> of(ClassAd line) {
      String voc = Ads.text(line, Attr.VOC);
      String vo = Ads.text(line, "VO");
      String shape = Ads.text(line, "Shape");
      String node = Ads.text(line, "Node");
      String image = Ads.text(line, "Image");
      if (!VocName.isValid(voc)
          || !(vo.isEmpty() || VoName.isValid(vo))
          || !(shape.isEmpty() || ShapeName.isValid(shape))
          || !NodeId.isValid(node)
          || !(image.isEmpty() || ImageDigest.isValid(image))) {
        return Optional.empty();
      }
      return Optional.of(
          new Run(
              new VocShape(
                  new VocName(voc), shape.isEmpty() ? ShapeName.DEFAULT : new ShapeName(shape)),
              vo.isEmpty() ? Optional.empty() : Optional.of(new VoName(vo)),
              new NodeId(node),
              Ads.text(line, "NodeJob"),
              image.isEmpty() ? Optional.empty() : Optional.of(new ImageDigest(image)),
              Ads.text(line, "Host")));
    }
  }

  /** What a line is about. */
  public enum Event {
    JOIN("join"),
    /** A schedd claimed any of it for the first time. */
    CLAIM("claim"),
    END("end");

    private final String text;

    Event(String text) {
      this.text = text;
    }

    /** The word for it in the log. */
    public String text() {
      return text;
    }
  }

  private static final String BEGIN_OF_NODE = "\"Node\": \"";
  private static final String ENDED = "\"Event\": \"end\"";

  static NodeRecord of(NodeJob job, NodeMoments moments, Event event, String ending) {
    return new NodeRecord(Run.of(job), moments, event, ending);
  }

  /** The same with its end, of which no more is known. */
  NodeRecord ended(String how) {
    return new NodeRecord(run, moments, Event.END, how);
  }

  public VocName voc() {
    return run.kind().voc();
  }

  public NodeId node() {
    return run.node();
  }

  /** Its node job. */
  public String job() {
    return run.job();
  }

  /** The PAD host. */
  public String host() {
    return run.host();
  }

  /** The ad that is written. */
  ClassAd ad() {
    ClassAd.Builder ad =
        ClassAd.builder()
            .set("Event", event.text)
            .set(Attr.VOC, run.kind.voc().value())
            .set("VO", run.vo.map(VoName::value).orElse(""))
            .set("Shape", run.kind.shape().value())
            .set("Node", run.node.value())
            .set("NodeJob", run.job)
            .set("Host", run.host)
            .set("Image", run.image.map(ImageDigest::value).orElse(""));
    moments.addTo(ad);
    if (!ending.isEmpty()) {
      ad.set("Ending", ending);
    }
    return ad.build();
  }

  /** The record of a line; empty if it is none, as one cut short by a crash. */
  public static Optional<NodeRecord> parse(String line) {
    ClassAd ad;
    try {
      ad = JsonForm.parse(line);
    } catch (ClassAdSyntaxException e) {
      return Optional.empty();
    }
    Optional<Run> run = Run.of(ad);
    Optional<Event> event = event(Ads.text(ad, "Event"));
    if (run.isEmpty() || event.isEmpty()) {
      return Optional.empty();
    }
    NodeMoments moments = NodeMoments.NONE;
    for (Moment moment : Moment.values()) {
      moments = moments.with(moment, ad.integer(moment.attribute()).orElse(0));
    }
    return Optional.of(new NodeRecord(run.get(), moments, event.get(), Ads.text(ad, "Ending")));
  }

  private static Optional<Event> event(String text) {
    for (Event event : Event.values()) {
      if (event.text.equals(text)) {
        return Optional.of(event);
      }
    }
    return Optional.empty();
  }

  /** The node that a line is about, without reading all of it; empty if it is no line. */
  static String nodeOf(String line) {
    int from = line.indexOf(BEGIN_OF_NODE);
    int to = from < 0 ? -1 : line.indexOf('"', from + BEGIN_OF_NODE.length());
    return to < 0 ? "" : line.substring(from + BEGIN_OF_NODE.length(), to);
  }

  static boolean isEnd(String line) {
    return line.contains(ENDED);
  }

  /** Whether both are of the same run of the same node. */
  public boolean isSameRun(NodeRecord other) {
    return node().equals(other.node())
        && job().equals(other.job())
        && moments.at(Moment.LAUNCHED).equals(other.moments.at(Moment.LAUNCHED));
  }

  /** Until when it is known to have lived. */
  public Instant last() {
    long second = 0;
    for (Moment moment : Moment.values()) {
      second = Math.max(second, moments.at(moment).orElse(0));
    }
    return AdTime.of(second);
  }
}
