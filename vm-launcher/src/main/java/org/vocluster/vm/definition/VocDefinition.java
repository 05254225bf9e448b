package org.vocluster.vm.definition;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.vocluster.vm.os.Sha256;

/**
 * What an administrator registers for a VOC: a ClassAd file, see {@link DefinitionAttribute} for
 * its attributes and limits. Everybody who decides about nodes has it; only {@link
 * DefinitionReader} makes one.
 *
 * @param shapes what a node may look like: never empty, smallest first
 */
public record VocDefinition(
    VocName name,
    VoName vo,
    Start start,
    List<MachineShape> shapes,
    Limits limits,
    Times times,
    Where where) {
  /** Stands for no limit of the definition's own. */
  public static final int UNLIMITED_NODES = 1_000_000;

  /**
   * What nodes start with, how they find their context, and what they then say of themselves.
   *
   * @param imageUrl where the disk comes from
   * @param firmware what starts the system on the disk, if {@code kernel} does not
   * @param kernel what nodes start with in its place
   * @param attributes of their slots, beside what HTCondor and VOC make every slot say
   */
  public record Start(
      ImageUrl imageUrl,
      ImageDigest image,
      Firmware firmware,
      Optional<DirectKernel<BootFile>> kernel,
      ContextForm context,
      NodeAttributes attributes) {}

  /**
   * How many nodes there are.
   *
   * @param minNodes nodes that exist without demand, counted in whole
   * @param maxNodes nodes never to exceed; {@link #UNLIMITED_NODES} where the definition sets no
   *     limit
   * @param spareNodes nodes kept free beyond what demand needs
   * @param rampNodes nodes that may be starting, queued or booting, at a time; {@link
   *     #UNLIMITED_NODES} where the definition sets no limit
   */
  public record Limits(int minNodes, int maxNodes, int spareNodes, int rampNodes) {}

  /**
   * How long nodes stay.
   *
   * @param idleSeconds how long a node stays without a claim
   * @param minimumLifetimeSeconds age before which a node that is merely not needed stays
   * @param lifetimeSeconds age at which a node takes no more jobs
   */
  public record Times(int idleSeconds, int minimumLifetimeSeconds, int lifetimeSeconds) {}

  /**
   * For whom and on what nodes run.
   *
   * @param voRealName what the VO is called elsewhere; empty if as here
   */
  public record Where(
      String accountingGroup,
      AcceleratorMode accelerator,
      String network,
      Optional<VoRealName> voRealName) {}

  public VocDefinition {
    shapes = List.copyOf(shapes);
    if (shapes.isEmpty()) {
      throw new IllegalArgumentException("a VOC needs a machine shape");
    }
  }

  /** What reading a file came to; carries every problem and warning at once. */
  public sealed interface Reading {
    /** What is odd but does no harm. */
    List<Problem> warnings();

    /** A definition to work with. */
    record Valid(VocDefinition definition, List<Problem> warnings) implements Reading {
      public Valid {
        warnings = List.copyOf(warnings);
      }
    }

    /** No definition. */
    record Invalid(List<Problem> problems, List<Problem> warnings) implements Reading {
      public Invalid {
        problems = List.copyOf(problems);
        warnings = List.copyOf(warnings);
      }
    }
  }

  /** Reads a definition's file; a file that cannot be read is a problem like any other. */
  public static Reading read(Path file) {
    return DefinitionReader.read(file);
  }

  /**
   * Takes a definition from its text.
   *
   * @param file what problems call the text's origin
   */
  public static Reading parse(String file, String text) {
    return DefinitionReader.parse(file, text);
  }

  /** What the VO is called elsewhere; empty if as here. */
  public Optional<VoRealName> voRealName() {
    return where.voRealName();
  }

  /** What people call the VO. */
  public String voInWords() {
    return where.voRealName().map(real -> real + " (" + vo + ")").orElse(vo.value());
  }

  public ImageUrl imageUrl() {
    return start.imageUrl();
  }

  public ImageDigest image() {
    return start.image();
  }

  public Firmware firmware() {
    return start.firmware();
  }

  public Optional<DirectKernel<BootFile>> kernel() {
    return start.kernel();
  }

  public ContextForm context() {
    return start.context();
  }

  public NodeAttributes attributes() {
    return start.attributes();
  }

  public int minNodes() {
    return limits.minNodes();
  }

  public int maxNodes() {
    return limits.maxNodes();
  }

  public int spareNodes() {
    return limits.spareNodes();
  }

  public int rampNodes() {
    return limits.rampNodes();
  }

  public int idleSeconds() {
    return times.idleSeconds();
  }

  public int minimumLifetimeSeconds() {
    return times.minimumLifetimeSeconds();
  }

  public int lifetimeSeconds() {
    return times.lifetimeSeconds();
  }

  public String accountingGroup() {
    return where.accountingGroup();
  }

  public String network() {
    return where.network();
  }

  public AcceleratorMode accelerator() {
    return where.accelerator();
  }

  /**
   * The definition with every value spelt out, in a fixed order: what {@link #digest} is taken of.
   */
  public String canonicalText() {
    return DefinitionText.of(this);
  }

  /** Identifies the definition's meaning. */
  public DefinitionDigest digest() {
    return new DefinitionDigest(Sha256.of(canonicalText()));
  }

  /**
   * Identifies what a node of this shape is made of; node jobs carry it. Limits on the number of
   * nodes do not matter to it, so that changing them replaces no node.
   */
  public DefinitionDigest nodeDigest(MachineShape shape) {
    return DefinitionText.nodeDigest(this, shape);
  }

  /**
   * How long a node's own startd waits for a claim before it leaves. Where nodes are kept without
   * demand or for a minimum time, sizing tells them to leave and the startd must not be first.
   */
  public int nodeIdleSeconds() {
    boolean kept = minNodes() > 0 || spareNodes() > 0;
    return kept
        ? Math.max(idleSeconds(), lifetimeSeconds())
        : Math.max(idleSeconds(), minimumLifetimeSeconds());
  }

  /** The shape of that name. */
  public Optional<MachineShape> shape(ShapeName name) {
    return shapes.stream().filter(shape -> shape.name().equals(name)).findFirst();
  }

  /** The shapes in words: {@code 1 cpus, …} or {@code small (1 cpus, …) or gpu (…)}. */
  public String shapesInWords() {
    return shapes.size() == 1 && shapes.getFirst().name().equals(ShapeName.DEFAULT)
        ? shapes.getFirst().toString()
        : shapes.stream()
            .map(shape -> shape.name() + " (" + shape + ")")
            .collect(Collectors.joining(" or "));
  }
}
