package org.vocluster.vm.definition;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.vocluster.classad.ClassAdSyntaxException;
import org.vocluster.classad.NewForm;
import org.vocluster.vm.os.Printable;
import org.vocluster.vm.os.Sha256;

/**
 * What an administrator registers for a VOC: a ClassAd file, see {@link Attribute} for its
 * attributes and limits.
 *
 * @param shapes what a node may look like: never empty, smallest first
 * @param minNodes nodes that exist without demand, counted in whole
 * @param maxNodes nodes never to exceed; {@link #UNLIMITED_NODES} where the definition sets no
 *     limit
 * @param spareNodes nodes kept free beyond what demand needs
 * @param rampNodes nodes that may be starting, queued or booting, at a time; {@link
 *     #UNLIMITED_NODES} where the definition sets no limit
 * @param idleSeconds how long a node stays without a claim
 * @param minimumLifetimeSeconds age before which a node that is merely not needed stays
 * @param lifetimeSeconds age at which a node takes no more jobs
 * @param firmware what starts the system on the disk, if {@code kernel} does not
 * @param kernel what nodes start with in its place
 */
public record VocDefinition(
    VocName name,
    VoName vo,
    ImageUrl imageUrl,
    ImageDigest image,
    List<MachineShape> shapes,
    int minNodes,
    int maxNodes,
    int spareNodes,
    int rampNodes,
    int idleSeconds,
    int minimumLifetimeSeconds,
    int lifetimeSeconds,
    String accountingGroup,
    String network,
    AcceleratorMode accelerator,
    Firmware firmware,
    Optional<DirectKernel<BootFile>> kernel,
    ContextForm context) {
  /** Stands for no limit of the definition's own. */
  public static final int UNLIMITED_NODES = 1_000_000;

  private static final long MAX_FILE_BYTES = 256 * 1024;

  /** Copies the list. */
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
      /** Copies the list. */
      public Valid {
        warnings = List.copyOf(warnings);
      }
    }

    /** No definition. */
    record Invalid(List<Problem> problems, List<Problem> warnings) implements Reading {
      /** Copies the lists. */
      public Invalid {
        problems = List.copyOf(problems);
        warnings = List.copyOf(warnings);
      }
    }
  }

  /** Reads a definition's file; a file that cannot be read is a problem like any other. */
  public static Reading read(Path file) {
    String name = file.toString();
    try {
      if (Files.size(file) > MAX_FILE_BYTES) {
        return unreadable(
            name,
            "has " + Files.size(file) + " bytes, more than the limit of " + MAX_FILE_BYTES,
            "give a VOC definition");
      }
      return parse(name, new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
    } catch (IOException e) {
      return unreadable(
          name,
          "cannot be read: " + e.getClass().getSimpleName(),
          "check that it exists and that HTCondor's account may read it");
    }
  }

  /**
   * Takes a definition from its text.
   *
   * @param file what problems call the text's origin
   */
  public static Reading parse(String file, String text) {
    try {
      return new DefinitionReader(file, NewForm.parse(text)).read();
    } catch (ClassAdSyntaxException e) {
      return unreadable(
          file,
          "is no ClassAd: " + Printable.of(String.valueOf(e.getMessage())),
          "write [ Name = \"...\"; VO = \"...\"; ... ] and mend that place");
    }
  }

  private static Reading unreadable(String file, String fault, String remedy) {
    return new Reading.Invalid(List.of(new Problem(file, "", "", fault, remedy)), List.of());
  }

  /**
   * The definition with every value spelt out, in a fixed order: what {@link #digest} is taken of.
   */
  public String canonicalText() {
    StringBuilder out = new StringBuilder();
    for (Attribute attribute : Attribute.values()) {
      if (!attribute.isOfAShape()) {
        out.append(attribute.text()).append(" = ").append(attribute.canonical(this)).append('\n');
      }
    }
    return out.toString();
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
    StringBuilder out = new StringBuilder();
    for (Attribute attribute : Attribute.values()) {
      if (attribute.makesTheNode()) {
        out.append(attribute.text()).append(" = ").append(attribute.canonical(this)).append('\n');
      }
    }
    out.append("Node = ").append(canonical(shape)).append('\n');
    out.append("NodeIdleSeconds = ").append(nodeIdleSeconds()).append('\n');
    return new DefinitionDigest(Sha256.of(out.toString()));
  }

  /**
   * How long a node's own startd waits for a claim before it leaves. Where nodes are kept without
   * demand or for a minimum time, sizing tells them to leave and the startd must not be first.
   */
  public int nodeIdleSeconds() {
    boolean kept = minNodes > 0 || spareNodes > 0;
    return kept
        ? Math.max(idleSeconds, lifetimeSeconds)
        : Math.max(idleSeconds, minimumLifetimeSeconds);
  }

  /** The shape of that name. */
  public Optional<MachineShape> shape(String name) {
    return shapes.stream().filter(shape -> shape.name().value().equals(name)).findFirst();
  }

  /** The shapes in words: {@code 1 cpus, …} or {@code small (1 cpus, …) or gpu (…)}. */
  public String shapesInWords() {
    return shapes.size() == 1 && shapes.getFirst().name().equals(ShapeName.DEFAULT)
        ? shapes.getFirst().toString()
        : shapes.stream()
            .map(shape -> shape.name() + " (" + shape + ")")
            .collect(Collectors.joining(" or "));
  }

  private static String canonical(MachineShape shape) {
    return "[ Name = \""
        + shape.name()
        + "\"; Cpus = "
        + shape.cpus()
        + "; MemoryMb = "
        + shape.memoryMb()
        + "; DiskMb = "
        + shape.diskMb()
        + "; Gpus = "
        + shape.gpus()
        + " ]";
  }

  /** The attributes of a definition: the one table of names, ranges and defaults. */
  public enum Attribute {
    NAME("Name"),
    VO("VO"),
    IMAGE("Image"),
    IMAGE_SHA256("ImageSha256"),
    CPUS("Cpus", 1, 1024),
    MEMORY_MB("MemoryMb", 64, 16L * 1024 * 1024),
    DISK_MB("DiskMb", 16, 64L * 1024 * 1024),
    GPUS("Gpus", 0, 64, 0),
    SHAPES("Shapes"),
    MIN_NODES("MinNodes", 0, UNLIMITED_NODES, 0),
    MAX_NODES("MaxNodes", 0, UNLIMITED_NODES, UNLIMITED_NODES),
    SPARE_NODES("SpareNodes", 0, UNLIMITED_NODES, 0),
    RAMP_NODES("RampNodes", 1, UNLIMITED_NODES, UNLIMITED_NODES),
    IDLE_SECONDS("IdleSeconds", 10, 30 * 86_400, 300),
    MINIMUM_LIFETIME_SECONDS("MinimumLifetimeSeconds", 0, 30 * 86_400, 0),
    LIFETIME_SECONDS("LifetimeSeconds", 60, 365 * 86_400, 86_400),
    ACCOUNTING_GROUP("AccountingGroup"),
    NETWORK("Network"),
    ACCELERATOR("Accelerator"),
    FIRMWARE("Firmware"),
    KERNEL("Kernel"),
    KERNEL_SHA256("KernelSha256"),
    INITRD("Initrd"),
    INITRD_SHA256("InitrdSha256"),
    KERNEL_ARGUMENTS("KernelArguments"),
    CONTEXT("Context");

    static final long REQUIRED = -1;

    private final String text;
    private final long min;
    private final long max;
    private final long ifAbsent;

    Attribute(String text) {
      this(text, 0, 0, REQUIRED);
    }

    Attribute(String text, long min, long max) {
      this(text, min, max, REQUIRED);
    }

    Attribute(String text, long min, long max, long ifAbsent) {
      this.text = text;
      this.min = min;
      this.max = max;
      this.ifAbsent = ifAbsent;
    }

    /** The name in the file. */
    public String text() {
      return text;
    }

    /** Least value of a number. */
    public long min() {
      return min;
    }

    /** Greatest value of a number. */
    public long max() {
      return max;
    }

    /** A number's value where the file has none, or {@link #REQUIRED}. */
    long ifAbsent() {
      return ifAbsent;
    }

    /** Whether it says how large a node is: in the definition itself, or in each of Shapes. */
    boolean isOfAShape() {
      return switch (this) {
        case CPUS, MEMORY_MB, DISK_MB, GPUS -> true;
        case NAME,
            VO,
            IMAGE,
            IMAGE_SHA256,
            SHAPES,
            MIN_NODES,
            MAX_NODES,
            SPARE_NODES,
            RAMP_NODES,
            IDLE_SECONDS,
            MINIMUM_LIFETIME_SECONDS,
            LIFETIME_SECONDS,
            ACCOUNTING_GROUP,
            NETWORK,
            ACCELERATOR,
            FIRMWARE,
            KERNEL,
            KERNEL_SHA256,
            INITRD,
            INITRD_SHA256,
            KERNEL_ARGUMENTS,
            CONTEXT ->
            false;
      };
    }

    private boolean makesTheNode() {
      return switch (this) {
        case NAME,
            VO,
            IMAGE,
            IMAGE_SHA256,
            LIFETIME_SECONDS,
            ACCOUNTING_GROUP,
            NETWORK,
            ACCELERATOR,
            FIRMWARE,
            KERNEL,
            KERNEL_SHA256,
            INITRD,
            INITRD_SHA256,
            KERNEL_ARGUMENTS,
            CONTEXT ->
            true;
        case CPUS,
            MEMORY_MB,
            DISK_MB,
            GPUS,
            SHAPES,
            MIN_NODES,
            MAX_NODES,
            SPARE_NODES,
            RAMP_NODES,
            IDLE_SECONDS,
            MINIMUM_LIFETIME_SECONDS ->
            false;
      };
    }

    private String canonical(VocDefinition d) {
      return switch (this) {
        case NAME -> d.name.value();
        case VO -> d.vo.value();
        case IMAGE -> d.imageUrl.uri().toString();
        case IMAGE_SHA256 -> d.image.value();
        case CPUS, MEMORY_MB, DISK_MB, GPUS -> "";
        case SHAPES ->
            d.shapes.stream()
                .map(VocDefinition::canonical)
                .collect(Collectors.joining(", ", "{ ", " }"));
        case MIN_NODES -> Integer.toString(d.minNodes);
        case MAX_NODES -> Integer.toString(d.maxNodes);
        case SPARE_NODES -> Integer.toString(d.spareNodes);
        case RAMP_NODES -> Integer.toString(d.rampNodes);
        case MINIMUM_LIFETIME_SECONDS -> Integer.toString(d.minimumLifetimeSeconds);
        case IDLE_SECONDS -> Integer.toString(d.idleSeconds);
        case LIFETIME_SECONDS -> Integer.toString(d.lifetimeSeconds);
        case ACCOUNTING_GROUP -> d.accountingGroup;
        case NETWORK -> d.network;
        case ACCELERATOR -> d.accelerator.text();
        case FIRMWARE -> d.firmware.text();
        case KERNEL -> d.kernel.map(k -> k.image().url().uri().toString()).orElse("");
        case KERNEL_SHA256 -> d.kernel.map(k -> k.image().digest().value()).orElse("");
        case INITRD -> initrd(d).map(file -> file.url().uri().toString()).orElse("");
        case INITRD_SHA256 -> initrd(d).map(file -> file.digest().value()).orElse("");
        case KERNEL_ARGUMENTS -> d.kernel.map(k -> k.arguments().value()).orElse("");
        case CONTEXT -> d.context.text();
      };
    }

    private static Optional<BootFile> initrd(VocDefinition d) {
      return d.kernel.flatMap(DirectKernel::initrd);
    }
  }
}
