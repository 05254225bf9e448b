package org.vocluster.sizing.demand;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.vocluster.ad.Ads;
import org.vocluster.ad.Attr;
import org.vocluster.ad.CondorAttr;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.ClassAdSyntaxException;
import org.vocluster.classad.EvalContext;
import org.vocluster.classad.Expr;
import org.vocluster.classad.NewForm;
import org.vocluster.classad.Value;
import org.vocluster.condor.Resources;
import org.vocluster.sizing.reading.VocShape;
import org.vocluster.vm.definition.ImageDigest;
import org.vocluster.vm.definition.MachineShape;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.definition.ShapeName;
import org.vocluster.vm.definition.VocDefinition;
import org.vocluster.vm.definition.VocName;

/**
 * What a joined node has shown that nodes of its VOC, image and shape advertise: the {@link
 * NodePrototype} of further ones. The sizer keeps it in a file and publishes it in the VOC's ad; as
 * it comes from a node, whose root is a VO's, it counts for that VOC alone.
 *
 * @param node who showed it last
 * @param offers what its empty slot has for jobs
 * @param attributes the rest of its slot's ad, see {@link ShownAttributes}
 */
public record ShownNode(
    VocShape kind,
    ImageDigest image,
    MachineShape shape,
    NodeId node,
    Resources offers,
    ClassAd attributes) {

  /** Whether nodes of this shape of a definition are such nodes. */
  public boolean isOf(VocDefinition definition, MachineShape of) {
    return kind.voc().equals(definition.name())
        && image.equals(definition.image())
        && shape.equals(of);
  }

  /**
   * The same with what a node of the kind shows now. What was shown before and is not now stays: a
   * node may say some things only a while after it has joined.
   */
  ShownNode and(ShownNode later) {
    return new ShownNode(
        later.kind,
        later.image,
        later.shape,
        later.node,
        later.offers,
        ShownAttributes.bounded(attributes.overlay(later.attributes)));
  }

  /**
   * What a slot's ad shows of the nodes of a prototype; empty if it is no whole slot of a node.
   *
   * @param before what was known of them, if anything was
   */
  public static Optional<ShownNode> of(
      ClassAd slot, NodePrototype prototype, Optional<ShownNode> before) {
    String node = Ads.text(slot, Attr.NODE);
    Resources offers = Resources.whole(slot);
    if (!NodeId.isValid(node) || offers.cpus() == 0) {
      return Optional.empty();
    }
    ClassAd shown = ShownAttributes.of(slot, new NodeId(node));
    // What the definition says is the definition's, which may change.
    for (String name : prototype.definition().attributes().names()) {
      shown = shown.without(name);
    }
    ShownNode now =
        new ShownNode(
            prototype.kind(),
            prototype.definition().image(),
            prototype.shape(),
            new NodeId(node),
            offers,
            shown);
    return Optional.of(before.map(known -> known.and(now)).orElse(now));
  }

  // --- as ads

  /** Several of them as one value. */
  public static Expr write(Collection<ShownNode> nodes) {
    String list =
        nodes.stream()
            .map(node -> NewForm.print(node.ad()))
            .collect(Collectors.joining(", ", "{ ", " }"));
    try {
      return Expr.parse(list);
    } catch (ClassAdSyntaxException e) {
      throw new IllegalStateException(list, e);
    }
  }

  /** What makes sense of it; anything else is nothing. */
  public static List<ShownNode> read(Value value) {
    List<ShownNode> nodes = new ArrayList<>();
    if (value instanceof Value.ListValue list) {
      for (Value element : list.values(EvalContext.DEFAULT)) {
        if (element instanceof Value.AdValue ad) {
          of(ad.ad()).ifPresent(nodes::add);
        }
      }
    }
    return nodes;
  }

  /** As an ad of its own. */
  public ClassAd ad() {
    return ClassAd.builder()
        .set(Attr.VOC, kind.voc().value())
        .set(Attr.SHAPE, kind.shape().value())
        .set(Attr.IMAGE, image.value())
        .set(Attr.NODE, node.value())
        .set(Attr.CPUS, shape.cpus())
        .set(Attr.MEMORY_MB, shape.memoryMb())
        .set(Attr.DISK_MB, shape.diskMb())
        .set(Attr.GPUS, shape.gpus())
        .set(CondorAttr.CPUS, offers.cpus())
        .set(CondorAttr.MEMORY, offers.memoryMb())
        .set(CondorAttr.DISK, offers.diskKb())
        .set(CondorAttr.GPUS, offers.gpus())
        .set(Attr.SHOWN, expression(attributes))
        .build();
  }

  /** Empty for an ad that is none; its attributes are held to the same rules as a node's. */
  public static Optional<ShownNode> of(ClassAd ad) {
    String voc = Ads.text(ad, Attr.VOC);
    String shape = Ads.text(ad, Attr.SHAPE);
    String image = Ads.text(ad, Attr.IMAGE);
    String node = Ads.text(ad, Attr.NODE);
    if (!VocName.isValid(voc)
        || !ShapeName.isValid(shape)
        || !ImageDigest.isValid(image)
        || !NodeId.isValid(node)
        || !(ad.evaluate(Attr.SHOWN) instanceof Value.AdValue shown)) {
      return Optional.empty();
    }
    Resources machine =
        new Resources(
            number(ad, Attr.CPUS),
            number(ad, Attr.MEMORY_MB),
            number(ad, Attr.DISK_MB),
            number(ad, Attr.GPUS));
    return Optional.of(
        new ShownNode(
            new VocShape(new VocName(voc), new ShapeName(shape)),
            new ImageDigest(image),
            new MachineShape(
                new ShapeName(shape),
                machine.cpus(),
                machine.memoryMb(),
                machine.diskKb(),
                machine.gpus()),
            new NodeId(node),
            Resources.offered(ad),
            ShownAttributes.kept(shown.ad(), new NodeId(node))));
  }

  private static int number(ClassAd ad, String attribute) {
    return Math.clamp(ad.integer(attribute).orElse(0), 0, Integer.MAX_VALUE);
  }

  private static Expr expression(ClassAd ad) {
    try {
      return Expr.parse(NewForm.print(ad));
    } catch (ClassAdSyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
