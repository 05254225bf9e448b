package org.vocluster.vm.node;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vocluster.ad.Attr;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.Expr;
import org.vocluster.classad.NewForm;
import org.vocluster.classad.Value;
import org.vocluster.vm.definition.AcceleratorMode;
import org.vocluster.vm.definition.ContextForm;
import org.vocluster.vm.definition.DefinitionDigest;
import org.vocluster.vm.definition.DirectKernel;
import org.vocluster.vm.definition.Firmware;
import org.vocluster.vm.definition.ImageDigest;
import org.vocluster.vm.definition.KernelArguments;
import org.vocluster.vm.definition.MachineShape;
import org.vocluster.vm.definition.NodeAttributes;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.definition.ShapeName;
import org.vocluster.vm.definition.VoName;
import org.vocluster.vm.definition.VocName;
import org.vocluster.vm.os.Printable;

/**
 * What a node job's ad says of its node: sizing writes it, {@code prepare-job} reads it, and nobody
 * else spells it. It judges form alone, since whoever submits a job writes what he likes into its
 * ad; whether the job may be what it says is for the hook to find out.
 *
 * <p>It is on the way of {@code prepare-job}: no lambda, no stream, no pattern switch.
 */
public record NodeJobAd(
    NodeId node,
    Origin origin,
    ImageDigest image,
    MachineShape shape,
    Stay stay,
    AcceleratorMode accelerator,
    Start start) {
  /*
   * The greatest values are those of a definition. The least are not: whether a machine is large
   * enough to be of use is asked when a definition is registered, and a smaller one does no harm.
   */
  static final int MOST_CPUS = 1024;
  static final long MOST_MEMORY_MB = 16L << 20;
  static final long MOST_DISK_MB = 64L << 20;
  static final int MOST_GPUS = 64;

  /** Of both times: a node that is kept without demand waits for a claim as long as it lives. */
  static final int LONGEST_SECONDS = 365 * 86_400;

  /**
   * Whose node it is.
   *
   * @param schedd schedd whose sizing submitted it, or empty
   */
  public record Origin(VoName vo, VocName voc, String schedd) {}

  /**
   * How long it stays.
   *
   * @param idleSeconds without a claim
   * @param lifetimeSeconds in all, after which it takes no more jobs
   */
  public record Stay(int idleSeconds, int lifetimeSeconds) {}

  /**
   * How its system starts, finds its context, and what it then says of itself.
   *
   * @param firmware what starts the system on the disk, if {@code kernel} does not
   * @param kernel what starts in its place
   */
  public record Start(
      Firmware firmware,
      Optional<DirectKernel<ImageDigest>> kernel,
      ContextForm context,
      NodeAttributes attributes) {}

  /** What an ad came to; carries every fault at once. */
  public sealed interface Reading {
    /** A node job by its form. */
    record WellFormed(NodeJobAd job) implements Reading {}

    /**
     * None.
     *
     * @param faults each names an attribute and says what is wrong with it
     */
    record Malformed(List<String> faults) implements Reading {}
  }

  /** Every attribute that {@link #ad} can have, in its order. */
  public static List<String> attributes() {
    return List.of(
        Attr.NODE_JOB,
        Attr.VO,
        Attr.VOC,
        Attr.SHAPE,
        Attr.NODE,
        Attr.IMAGE,
        Attr.CPUS,
        Attr.MEMORY_MB,
        Attr.DISK_MB,
        Attr.GPUS,
        Attr.IDLE_SECONDS,
        Attr.LIFETIME_SECONDS,
        Attr.ACCELERATOR,
        Attr.FIRMWARE,
        Attr.CONTEXT,
        Attr.KERNEL,
        Attr.INITRD,
        Attr.KERNEL_ARGUMENTS,
        Attr.NODE_ATTRIBUTES,
        Attr.SCHEDD,
        Attr.AVOID_HOSTS,
        Attr.DEFINITION);
  }

  /** Whether an ad says of itself that it is a node job. */
  public static boolean claimsToBeOne(ClassAd ad) {
    return ad.bool(Attr.NODE_JOB).orElse(false);
  }

  /**
   * The attributes of its job.
   *
   * @param avoidHosts machines that the node must not run on. Its job's Requirements refer to
   *     these; neither they nor the digest are read back here, they are for sizing's own eyes
   * @param definition what the node is made of
   */
  public ClassAd ad(Collection<String> avoidHosts, DefinitionDigest definition) {
    ClassAd.Builder ad =
        ClassAd.builder()
            .set(Attr.NODE_JOB, true)
            .set(Attr.VO, origin.vo().value())
            .set(Attr.VOC, origin.voc().value())
            .set(Attr.SHAPE, shape.name().value())
            .set(Attr.NODE, node.value())
            .set(Attr.IMAGE, image.value())
            .set(Attr.CPUS, shape.cpus())
            .set(Attr.MEMORY_MB, shape.memoryMb())
            .set(Attr.DISK_MB, shape.diskMb())
            .set(Attr.GPUS, shape.gpus())
            .set(Attr.IDLE_SECONDS, stay.idleSeconds())
            .set(Attr.LIFETIME_SECONDS, stay.lifetimeSeconds())
            .set(Attr.ACCELERATOR, accelerator.text())
            .set(Attr.FIRMWARE, start.firmware().text())
            .set(Attr.CONTEXT, start.context().text());
    if (start.kernel().isPresent()) {
      DirectKernel<ImageDigest> kernel = start.kernel().get();
      ad.set(Attr.KERNEL, kernel.image().value());
      if (kernel.initrd().isPresent()) {
        ad.set(Attr.INITRD, kernel.initrd().get().value());
      }
      ad.set(Attr.KERNEL_ARGUMENTS, kernel.arguments().value());
    }
    if (!start.attributes().isEmpty()) {
      ad.set(Attr.NODE_ATTRIBUTES, start.attributes().asExpression());
    }
    if (!origin.schedd().isEmpty()) {
      ad.set(Attr.SCHEDD, origin.schedd());
    }
    return ad.set(Attr.AVOID_HOSTS, String.join(",", avoidHosts))
        .set(Attr.DEFINITION, definition.value())
        .build();
  }

  /**
   * Reads a job's ad. What an ad of an earlier version does not have is as it was then: the default
   * shape, no GPUs, the machine's own firmware, a guest that reads fw_cfg.
   */
  public static Reading read(ClassAd ad) {
    Reader in = new Reader(ad);
    VoName vo = in.vo();
    VocName voc = in.voc();
    NodeId node = in.node();
    ImageDigest image = in.digest(Attr.IMAGE);
    MachineShape shape = in.shape();
    long idle = in.number(Attr.IDLE_SECONDS, 1, LONGEST_SECONDS);
    long lifetime = in.number(Attr.LIFETIME_SECONDS, 1, LONGEST_SECONDS);
    AcceleratorMode accelerator = in.accelerator();
    String schedd = in.schedd();
    Start start = in.start();
    if (!in.faults.isEmpty()
        || vo == null
        || voc == null
        || node == null
        || image == null
        || shape == null
        || accelerator == null
        || start == null) {
      return new Reading.Malformed(in.faults);
    }
    return new Reading.WellFormed(
        new NodeJobAd(
            node,
            new Origin(vo, voc, schedd),
            image,
            shape,
            new Stay((int) idle, (int) lifetime),
            accelerator,
            start));
  }

  /** Reads attributes, and keeps what is wrong with them: what is null has a fault. */
  private static final class Reader {
    private final ClassAd ad;
    private final List<String> faults = new ArrayList<>();

    Reader(ClassAd ad) {
      this.ad = ad;
    }

    @Nullable VoName vo() {
      String text = label(Attr.VO, VoName.isValid(text(Attr.VO)));
      return text == null ? null : new VoName(text);
    }

    @Nullable VocName voc() {
      String text = label(Attr.VOC, VocName.isValid(text(Attr.VOC)));
      return text == null ? null : new VocName(text);
    }

    @Nullable NodeId node() {
      String text = label(Attr.NODE, NodeId.isValid(text(Attr.NODE)));
      return text == null ? null : new NodeId(text);
    }

    @Nullable ImageDigest digest(String name) {
      String text = label(name, ImageDigest.isValid(text(name)));
      return text == null ? null : new ImageDigest(text);
    }

    @Nullable MachineShape shape() {
      int before = faults.size();
      long cpus = number(Attr.CPUS, 1, MOST_CPUS);
      long memory = number(Attr.MEMORY_MB, 1, MOST_MEMORY_MB);
      long disk = number(Attr.DISK_MB, 1, MOST_DISK_MB);
      ShapeName name = shapeName();
      long gpus = ad.has(Attr.GPUS) ? number(Attr.GPUS, 0, MOST_GPUS) : 0;
      return name == null || faults.size() > before
          ? null
          : new MachineShape(name, (int) cpus, memory, disk, (int) gpus);
    }

    private @Nullable ShapeName shapeName() {
      if (!ad.has(Attr.SHAPE)) {
        return ShapeName.DEFAULT;
      }
      String text = label(Attr.SHAPE, ShapeName.isValid(text(Attr.SHAPE)));
      return text == null ? null : new ShapeName(text);
    }

    @Nullable AcceleratorMode accelerator() {
      AcceleratorMode mode =
          AcceleratorMode.of(textOr(Attr.ACCELERATOR, AcceleratorMode.AUTO.text()));
      if (mode == null) {
        fault(Attr.ACCELERATOR);
      }
      return mode;
    }

    /** Empty if there is none, or a bad one. */
    String schedd() {
      String text = text(Attr.SCHEDD);
      if (ad.has(Attr.SCHEDD) && !isScheddName(text)) {
        fault(Attr.SCHEDD);
        return "";
      }
      return text;
    }

    @Nullable Start start() {
      Firmware firmware = Firmware.of(textOr(Attr.FIRMWARE, Firmware.BIOS.text()));
      ContextForm context = ContextForm.of(textOr(Attr.CONTEXT, ContextForm.FW_CFG.text()));
      DirectKernel<ImageDigest> kernel = kernel();
      if (firmware == null || (firmware == Firmware.UEFI && kernel != null)) {
        fault(Attr.FIRMWARE);
      }
      if (context == null) {
        fault(Attr.CONTEXT);
      }
      NodeAttributes attributes = attributes();
      return firmware == null || context == null || attributes == null
          ? null
          : new Start(firmware, Optional.ofNullable(kernel), context, attributes);
    }

    private @Nullable NodeAttributes attributes() {
      if (!ad.has(Attr.NODE_ATTRIBUTES)) {
        return NodeAttributes.NONE;
      }
      if (ad.evaluate(Attr.NODE_ATTRIBUTES) instanceof Value.AdValue nested
          && NodeAttributes.fault(nested.ad()).isEmpty()) {
        return new NodeAttributes(nested.ad());
      }
      fault(Attr.NODE_ATTRIBUTES);
      return null;
    }

    /** Null if the node starts from its disk, or if something is wrong with its kernel. */
    private @Nullable DirectKernel<ImageDigest> kernel() {
      boolean hasInitrd = ad.has(Attr.INITRD);
      if (!ad.has(Attr.KERNEL)) {
        if (hasInitrd) {
          fault(Attr.INITRD);
        }
        if (ad.has(Attr.KERNEL_ARGUMENTS)) {
          fault(Attr.KERNEL_ARGUMENTS);
        }
        return null;
      }
      ImageDigest kernel = digest(Attr.KERNEL);
      ImageDigest initrd = hasInitrd ? digest(Attr.INITRD) : null;
      String arguments =
          label(Attr.KERNEL_ARGUMENTS, KernelArguments.isValid(text(Attr.KERNEL_ARGUMENTS)));
      return kernel == null || (hasInitrd && initrd == null) || arguments == null
          ? null
          : new DirectKernel<>(kernel, Optional.ofNullable(initrd), new KernelArguments(arguments));
    }

    long number(String name, long min, long max) {
      long value = ad.integer(name).orElse(-1);
      if (value < min || value > max) {
        fault(name);
      }
      return value;
    }

    private String text(String name) {
      return ad.string(name).orElse("");
    }

    private String textOr(String name, String ifAbsent) {
      return ad.has(name) ? text(name) : ifAbsent;
    }

    private @Nullable String label(String name, boolean valid) {
      if (!valid) {
        fault(name);
        return null;
      }
      return text(name);
    }

    private void fault(String name) {
      Expr expr = ad.expr(name);
      faults.add(
          expr == null
              ? name + " is missing"
              : name + " = " + Printable.of(NewForm.print(expr), 80) + " is not valid");
    }
  }

  private static boolean isScheddName(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean alphanumeric =
          (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (!alphanumeric && ".-_@".indexOf(c) < 0) {
        return false;
      }
    }
    return !text.isEmpty() && text.length() <= 255;
  }
}
