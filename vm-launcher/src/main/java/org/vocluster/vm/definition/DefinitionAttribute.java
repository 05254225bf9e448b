package org.vocluster.vm.definition;

import java.util.Optional;
import java.util.function.Function;

/**
 * The attributes of a VOC definition: the one table of their names, what they are of, their ranges
 * and defaults, what a message gives as an example, and how their value is spelt out. Their order
 * is that of the canonical text, so that changing it changes the digest of every definition.
 */
public enum DefinitionAttribute {
  NAME("Name", Role.NODE, Range.NONE, "Name = \"cms\"", d -> d.name().value()),
  VO("VO", Role.NODE, Range.NONE, "VO = \"cms\"", d -> d.vo().value()),
  IMAGE(
      "Image",
      Role.NODE,
      Range.NONE,
      "Image = \"https://images.example.org/cms.qcow2\"",
      d -> d.imageUrl().uri().toString()),
  IMAGE_SHA256(
      "ImageSha256",
      Role.NODE,
      Range.NONE,
      "ImageSha256 = \"...\" with what `sha256sum` prints for the image",
      d -> d.image().value()),
  CPUS("Cpus", Role.SHAPE, Range.required(1, 1024), "Cpus = 1", d -> ""),
  MEMORY_MB("MemoryMb", Role.SHAPE, Range.required(64, 16L << 20), "MemoryMb = 2048", d -> ""),
  DISK_MB("DiskMb", Role.SHAPE, Range.required(16, 64L << 20), "DiskMb = 20480", d -> ""),
  GPUS("Gpus", Role.SHAPE, Range.of(0, 64, 0), "Gpus", d -> ""),
  SHAPES(
      "Shapes",
      Role.VOC,
      Range.NONE,
      "Shapes = { [ Name = \"small\"; Cpus = 1; MemoryMb = 2048; DiskMb = 20480 ] }",
      d -> DefinitionText.canonical(d.shapes())),
  MIN_NODES(
      "MinNodes", Role.VOC, Range.nodes(0, 0), "MinNodes", d -> Integer.toString(d.minNodes())),
  MAX_NODES(
      "MaxNodes",
      Role.VOC,
      Range.nodes(0, VocDefinition.UNLIMITED_NODES),
      "MaxNodes",
      d -> Integer.toString(d.maxNodes())),
  SPARE_NODES(
      "SpareNodes",
      Role.VOC,
      Range.nodes(0, 0),
      "SpareNodes",
      d -> Integer.toString(d.spareNodes())),
  RAMP_NODES(
      "RampNodes",
      Role.VOC,
      Range.nodes(1, VocDefinition.UNLIMITED_NODES),
      "RampNodes",
      d -> Integer.toString(d.rampNodes())),
  IDLE_SECONDS(
      "IdleSeconds",
      Role.VOC,
      Range.of(10, 30 * 86_400, 300),
      "IdleSeconds",
      d -> Integer.toString(d.idleSeconds())),
  MINIMUM_LIFETIME_SECONDS(
      "MinimumLifetimeSeconds",
      Role.VOC,
      Range.of(0, 30 * 86_400, 0),
      "MinimumLifetimeSeconds",
      d -> Integer.toString(d.minimumLifetimeSeconds())),
  LIFETIME_SECONDS(
      "LifetimeSeconds",
      Role.NODE,
      Range.of(60, 365 * 86_400, 86_400),
      "LifetimeSeconds",
      d -> Integer.toString(d.lifetimeSeconds())),
  ACCOUNTING_GROUP(
      "AccountingGroup", Role.NODE, Range.NONE, "AccountingGroup", VocDefinition::accountingGroup),
  NETWORK("Network", Role.NODE, Range.NONE, "Network", VocDefinition::network),
  ACCELERATOR("Accelerator", Role.NODE, Range.NONE, "Accelerator", d -> d.accelerator().text()),
  FIRMWARE("Firmware", Role.NODE, Range.NONE, "Firmware", d -> d.firmware().text()),
  KERNEL(
      "Kernel",
      Role.NODE,
      Range.NONE,
      "Kernel = \"https://images.example.org/vmlinuz\"",
      d -> url(d.kernel().map(DirectKernel::image))),
  KERNEL_SHA256(
      "KernelSha256",
      Role.NODE,
      Range.NONE,
      "KernelSha256 = \"...\" with what `sha256sum` prints for the kernel",
      d -> digest(d.kernel().map(DirectKernel::image))),
  INITRD(
      "Initrd",
      Role.NODE,
      Range.NONE,
      "Initrd = \"https://images.example.org/initrd\"",
      d -> url(d.kernel().flatMap(DirectKernel::initrd))),
  INITRD_SHA256(
      "InitrdSha256",
      Role.NODE,
      Range.NONE,
      "InitrdSha256 = \"...\" with what `sha256sum` prints for the initrd",
      d -> digest(d.kernel().flatMap(DirectKernel::initrd))),
  KERNEL_ARGUMENTS(
      "KernelArguments",
      Role.NODE,
      Range.NONE,
      "KernelArguments = \"root=/dev/vda1 console=ttyS0\"",
      d -> d.kernel().map(kernel -> kernel.arguments().value()).orElse("")),
  CONTEXT("Context", Role.NODE, Range.NONE, "Context", d -> d.context().text()),
  /** Where there are none, digests are what they were before definitions could have any. */
  NODE_ATTRIBUTES(
      "NodeAttributes",
      Role.NODE,
      Range.NONE,
      "NodeAttributes = [ HasContainer = true ]",
      d -> d.attributes().canonical()),
  /** Likewise. */
  VO_NAME(
      "VoName",
      Role.VOC,
      Range.NONE,
      "VoName = \"vo.cms.example.eu\"",
      d -> d.voRealName().map(VoRealName::value).orElse(""));

  /** What an attribute says something of. */
  enum Role {
    /** Of what every node is made of: a change replaces nodes. */
    NODE,
    /** Of how large a node is: in the definition itself, or in each of Shapes. */
    SHAPE,
    /** Of the VOC as a whole, and of when its nodes come and go. */
    VOC
  }

  /**
   * The values of a number.
   *
   * @param ifAbsent the value where the file has none, or {@link #REQUIRED}
   */
  record Range(long min, long max, long ifAbsent) {
    static final long REQUIRED = -1;

    /** Of what is no number. */
    static final Range NONE = new Range(0, 0, REQUIRED);

    static Range of(long min, long max, long ifAbsent) {
      return new Range(min, max, ifAbsent);
    }

    static Range required(long min, long max) {
      return new Range(min, max, REQUIRED);
    }

    static Range nodes(long min, long ifAbsent) {
      return new Range(min, VocDefinition.UNLIMITED_NODES, ifAbsent);
    }

    boolean holds(long value) {
      return value >= min && value <= max;
    }
  }

  private final String text;
  private final Role role;
  private final String example;

  @SuppressWarnings("ImmutableEnumChecker") // a record of three numbers
  private final Range range;

  @SuppressWarnings("ImmutableEnumChecker") // functions of their argument alone
  private final Function<VocDefinition, String> canonical;

  DefinitionAttribute(
      String text,
      Role role,
      Range range,
      String example,
      Function<VocDefinition, String> canonical) {
    this.text = text;
    this.role = role;
    this.range = range;
    this.example = example;
    this.canonical = canonical;
  }

  /** The name in the file. */
  public String text() {
    return text;
  }

  Role role() {
    return role;
  }

  Range range() {
    return range;
  }

  /** Least value of a number. */
  public long min() {
    return range.min();
  }

  /** Greatest value of a number. */
  public long max() {
    return range.max();
  }

  /** What to add where it is missing. */
  String example() {
    return example;
  }

  /** The definition's value, spelt out. */
  String canonical(VocDefinition definition) {
    return canonical.apply(definition);
  }

  private static String url(Optional<BootFile> file) {
    return file.map(f -> f.url().uri().toString()).orElse("");
  }

  private static String digest(Optional<BootFile> file) {
    return file.map(f -> f.digest().value()).orElse("");
  }
}
