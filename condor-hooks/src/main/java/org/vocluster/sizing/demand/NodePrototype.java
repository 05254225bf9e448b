package org.vocluster.sizing.demand;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.vocluster.ad.Attr;
import org.vocluster.ad.CondorAttr;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.ClassAdSyntaxException;
import org.vocluster.classad.Expr;
import org.vocluster.classad.NewForm;
import org.vocluster.condor.Resources;
import org.vocluster.sizing.reading.NodeSlot;
import org.vocluster.sizing.reading.VocShape;
import org.vocluster.vm.definition.MachineShape;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.definition.VocDefinition;

/**
 * The slot that an empty node of a definition would advertise: jobs are matched against it before
 * any node exists, by {@link Demand} and by those who explain its decisions.
 *
 * @param definition what it is a prototype of
 * @param shape which of the definition's shapes
 * @param offers what the slot has for jobs
 * @param slot the ad
 */
public record NodePrototype(
    VocDefinition definition, MachineShape shape, Resources offers, ClassAd slot) {
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
        Start = TARGET.VocVO =?= MY.VocVO;
        WithinResourceLimits =
          (TARGET.RequestCpus =?= undefined || TARGET.RequestCpus <= MY.Cpus)
          && (TARGET.RequestMemory =?= undefined || TARGET.RequestMemory <= MY.Memory)
          && (TARGET.RequestDisk =?= undefined || TARGET.RequestDisk <= MY.Disk)
          && (TARGET.RequestGPUs =?= undefined || TARGET.RequestGPUs <= MY.GPUs);
        Requirements = Start && WithinResourceLimits ]
      """;

  private static final ClassAd ANY = parse();

  /** What QEMU itself takes besides the guest's memory, in MiB. */
  private static final int QEMU_MEMORY_MB = 256;

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
    return shape.memoryMb() + QEMU_MEMORY_MB;
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

  /** The prototype as a node of the definition has shown what it offers. */
  public static NodePrototype of(VocDefinition definition, MachineShape shape, Resources offers) {
    String name = definition.name().value() + "-" + shape.name() + "-prototype";
    ClassAd slot =
        ANY.toBuilder()
            .set(CondorAttr.NAME, "slot1@" + name)
            .set(CondorAttr.MACHINE, name)
            .set(CondorAttr.FILE_SYSTEM_DOMAIN, name)
            .set(CondorAttr.UID_DOMAIN, name)
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
    return new NodePrototype(definition, shape, offers, slot);
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
