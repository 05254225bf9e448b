package org.vocluster.sizing.demand;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.vocluster.ad.Attr;
import org.vocluster.ad.CondorAttr;
import org.vocluster.ad.Constraints;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.ClassAdSyntaxException;
import org.vocluster.classad.Expr;
import org.vocluster.classad.NewForm;
import org.vocluster.condor.Resources;
import org.vocluster.sizing.reading.NodeSlot;
import org.vocluster.sizing.reading.VocShape;
import org.vocluster.vm.definition.HostMemory;
import org.vocluster.vm.definition.MachineShape;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.definition.VocDefinition;

/**
 * The slot that an empty node of a definition would advertise: jobs are matched against it before
 * any node exists, by {@link Demand} and by those who explain its decisions. Before a node of the
 * image has shown itself it has what any node has and what the definition says; then what the node
 * showed, all but what is that node's own.
 *
 * @param definition what it is a prototype of
 * @param shape which of the definition's shapes
 * @param offers what the slot has for jobs
 * @param slot the ad
 * @param knowledge what the rest of the ad rests on
 */
public record NodePrototype(
    VocDefinition definition,
    MachineShape shape,
    Resources offers,
    ClassAd slot,
    Knowledge knowledge) {
  /** What is known of the nodes beyond their definition. */
  public sealed interface Knowledge {
    /** Nothing: what is said of them beyond the definition is what most images have. */
    record Expected() implements Knowledge {}

    /** What a node has shown; what it did not show, the others do not have either. */
    record Shown(NodeId node) implements Knowledge {}

    /** A simulation takes it that they have whatever their VO's jobs ask for. */
    record Assumed() implements Knowledge {}
  }

  /** The order in which nodes are preferred to larger ones, and then by the VOC's name. */
  public static final Comparator<NodePrototype> SMALLEST_FIRST =
      Comparator.comparing(NodePrototype::shape)
          .thenComparing(prototype -> prototype.definition().name());

  /**
   * What any Linux node with HTCondor's file transfer says of itself. Requirements that
   * condor_submit of HTCondor 25 writes look at CondorVersion: a node has at least the oldest that
   * is supported.
   */
  private static final String ANY_NODE =
      """
      [ MyType = "Machine"; TargetType = "Job";
        Arch = "X86_64"; OpSys = "LINUX"; VocDomain = "VAD";
        CondorVersion = "$CondorVersion: 23.9.6 2024-08-08 $";
        PartitionableSlot = true; SlotType = "Partitionable"; SlotTypeID = 1; SlotID = 1;
        State = "Unclaimed"; Activity = "Idle"; KeyboardIdle = 86400; ConsoleIdle = 86400;
        LoadAvg = 0.0; CondorLoadAvg = 0.0; CpuBusy = false; IsOwner = false;
        HasFileTransfer = true; HasJICLocalConfig = true; HasJICLocalStdin = true;
        HasPerFileEncryption = true; HasReconnect = true; HasRemoteSyscalls = true;
        HasTDP = true; HasJobDeferral = true; HasTransferInputRemaps = true; HasSelfCheckpointTransfers = true;
        HasJobTransferPlugins = true; HasEncryptExecuteDirectory = true;
        HasFileTransferPluginMethods = "data,file,ftp,http,https";
        VocImageStart = true;
        WithinResourceLimits =
          (TARGET.RequestCpus =?= undefined || TARGET.RequestCpus <= MY.Cpus)
          && (TARGET.RequestMemory =?= undefined || TARGET.RequestMemory <= MY.Memory)
          && (TARGET.RequestDisk =?= undefined || TARGET.RequestDisk <= MY.Disk)
          && (TARGET.RequestGPUs =?= undefined || TARGET.RequestGPUs <= MY.GPUs);
        Requirements = Start && WithinResourceLimits ]
      """;

  private static final ClassAd ANY =
      parse().with(CondorAttr.START, parseExpr(Constraints.NODE_START));

  /** What an image may say otherwise than is expected, beside all that begins with Has. */
  private static final Set<String> GUESSED =
      Set.of(
          "condorversion",
          CondorAttr.FILE_SYSTEM_DOMAIN.toLowerCase(Locale.ROOT),
          CondorAttr.UID_DOMAIN.toLowerCase(Locale.ROOT));

  private static final String HAS = "has";

  /** What HTCondor puts before the names of what all GPUs of a machine have in common. */
  private static final String OF_GPUS = "GPUs_";

  private static final String AVAILABLE_GPUS = "AvailableGPUs";

  /** What the guest's own system takes of the machine's memory, in MiB. */
  private static final long SYSTEM_MEMORY_MB = 64;

  /**
   * The prototype before any node of the definition was seen. A guest offers less than the machine
   * has: the kernel keeps memory, and the image's own files fill part of the disk.
   */
  public static NodePrototype expected(VocDefinition definition, MachineShape shape) {
    long memory = shape.memoryMb();
    return of(
        definition,
        shape,
        new Resources(
            shape.cpus(),
            Math.max(1, memory - SYSTEM_MEMORY_MB - memory / 32),
            shape.diskMb() * Resources.KIB_PER_MIB * 3 / 4,
            shape.gpus()));
  }

  /** The memory that a node job asks of its host, in MiB: the guest's and QEMU's own. */
  public static long hostMemoryMb(MachineShape shape) {
    return HostMemory.of(shape);
  }

  /** What a node job asks of its host, and so what is carved from the host's slot. */
  public static Resources hostRequest(MachineShape shape) {
    return new Resources(
            shape.cpus(), hostMemoryMb(shape), shape.diskMb() * Resources.KIB_PER_MIB, shape.gpus())
        .asCarvedFromSlot();
  }

  /** How long a job may be, in seconds, to be over before such a node takes no more jobs. */
  public long longestJob() {
    return JobLength.longest(definition.lifetimeSeconds());
  }

  /** What tells the prototype from all others. */
  public VocShape kind() {
    return new VocShape(definition.name(), shape.name());
  }

  /** The prototype as a node of the definition has shown what it offers, and nothing else. */
  public static NodePrototype of(VocDefinition definition, MachineShape shape, Resources offers) {
    return of(definition, shape, offers, ClassAd.EMPTY, new Knowledge.Expected());
  }

  /**
   * The prototype as a node of the image has shown itself.
   *
   * @param offers what it has for jobs, if another node has shown that since
   */
  private static NodePrototype of(
      VocDefinition definition, MachineShape shape, Resources offers, ShownNode shown) {
    return of(definition, shape, offers, shown.attributes(), new Knowledge.Shown(shown.node()));
  }

  /** The prototype as far as anything is known of its nodes. */
  public static NodePrototype of(
      VocDefinition definition, MachineShape shape, Optional<ShownNode> shown) {
    return shown.filter(node -> node.isOf(definition, shape)).isPresent()
        ? of(definition, shape, shown.get().offers(), shown.get())
        : expected(definition, shape);
  }

  /** The same with other offers. */
  public NodePrototype offering(Resources other, Optional<ShownNode> shown) {
    return shown.filter(node -> node.isOf(definition, shape)).isPresent()
        ? of(definition, shape, other, shown.get())
        : of(definition, shape, other);
  }

  /** The same as if its nodes had whatever jobs ask for. */
  public NodePrototype assumed() {
    return new NodePrototype(definition, shape, offers, slot, new Knowledge.Assumed());
  }

  /** Whether its nodes are known to have, or not to have, a slot's attribute as it is here. */
  public boolean tells(String attribute) {
    if (knowledge instanceof Knowledge.Shown || definition.attributes().ad().has(attribute)) {
      return true;
    }
    if (definition.attributes().ad().has(OF_GPUS + attribute)) {
      return true;
    }
    String lower = attribute.toLowerCase(Locale.ROOT);
    return slot.has(attribute) && !lower.startsWith(HAS) && !GUESSED.contains(lower);
  }

  private static NodePrototype of(
      VocDefinition definition,
      MachineShape shape,
      Resources offers,
      ClassAd shown,
      Knowledge knowledge) {
    String name = definition.name().value() + "-" + shape.name() + "-prototype";
    ClassAd slot =
        ANY
            .with(CondorAttr.FILE_SYSTEM_DOMAIN, name)
            .with(CondorAttr.UID_DOMAIN, name)
            .overlay(shown)
            .overlay(definition.attributes().ad())
            .toBuilder()
            .set(CondorAttr.NAME, "slot1@" + name)
            .set(CondorAttr.MACHINE, name)
            .set(Attr.VOC, definition.name().value())
            .set(Attr.SHAPE, shape.name().value())
            .set(Attr.VO, definition.vo().value())
            .set(Attr.IMAGE, definition.image().value())
            .set(Attr.DEATH_TIME, parseExpr("time() + " + definition.lifetimeSeconds()))
            .set(CondorAttr.CPUS, offers.cpus())
            .set(CondorAttr.MEMORY, offers.memoryMb())
            .set(CondorAttr.DISK, offers.diskKb())
            .set(CondorAttr.GPUS, offers.gpus())
            .set(CondorAttr.TOTAL_CPUS, offers.cpus())
            .set(CondorAttr.TOTAL_MEMORY, offers.memoryMb())
            .set(CondorAttr.TOTAL_DISK, offers.diskKb())
            .set(CondorAttr.TOTAL_GPUS, offers.gpus())
            .set(CondorAttr.TOTAL_SLOT_GPUS, offers.gpus())
            .set(CondorAttr.TOTAL_SLOT_CPUS, offers.cpus())
            .set(CondorAttr.TOTAL_SLOT_MEMORY, offers.memoryMb())
            .set(CondorAttr.TOTAL_SLOT_DISK, offers.diskKb())
            .set(CondorAttr.DETECTED_CPUS, offers.cpus())
            .set(CondorAttr.DETECTED_MEMORY, offers.memoryMb())
            .build();
    if (offers.gpus() > 0 && !slot.has(AVAILABLE_GPUS)) {
      slot = withGpus(slot, definition, offers.gpus());
    }
    return new NodePrototype(definition, shape, offers, slot, knowledge);
  }

  /** With what jobs count to find the GPUs that they require, if the definition says of any. */
  private static ClassAd withGpus(ClassAd slot, VocDefinition definition, int gpus) {
    ClassAd.Builder one = ClassAd.builder();
    for (String name : definition.attributes().names()) {
      Expr value = definition.attributes().ad().expr(name);
      if (value != null
          && name.length() > OF_GPUS.length()
          && name.regionMatches(true, 0, OF_GPUS, 0, OF_GPUS.length())) {
        one.set(name.substring(OF_GPUS.length()), value);
      }
    }
    ClassAd gpu = one.build();
    return gpu.isEmpty()
        ? slot
        : slot.with(
            AVAILABLE_GPUS,
            parseExpr(
                "{ " + String.join(", ", Collections.nCopies(gpus, NewForm.print(gpu))) + " }"));
  }

  /**
   * What an empty node of this prototype has shown to offer: what belongs to the first node in the
   * pool that is made of what the definition says now. It counts more than what is expected.
   *
   * @param slots in the collector's order
   * @param madeOf the digest of what a node is made of, as its node job has it; null if there is no
   *     job of such a node
   */
  public Optional<Resources> shown(
      List<NodeSlot> slots, Function<NodeId, @Nullable String> madeOf) {
    String digest = definition.nodeDigest(shape).value();
    for (NodeSlot slot : slots) {
      if (slot.whole().cpus() > 0 && digest.equals(madeOf.apply(slot.node()))) {
        return Optional.of(slot.whole());
      }
    }
    return Optional.empty();
  }

  private static ClassAd parse() {
    try {
      return NewForm.parse(ANY_NODE);
    } catch (ClassAdSyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Expr parseExpr(String text) {
    try {
      return Expr.parse(text);
    } catch (ClassAdSyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
