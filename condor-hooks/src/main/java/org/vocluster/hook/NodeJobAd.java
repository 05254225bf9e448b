package org.vocluster.hook;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vocluster.ad.Ads;
import org.vocluster.ad.Attr;
import org.vocluster.ad.CondorAttr;
import org.vocluster.ad.Universe;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.Expr;
import org.vocluster.classad.NewForm;
import org.vocluster.hook.Refusal.Code;
import org.vocluster.vm.definition.AcceleratorMode;
import org.vocluster.vm.definition.ContextForm;
import org.vocluster.vm.definition.Firmware;
import org.vocluster.vm.definition.ImageDigest;
import org.vocluster.vm.definition.KernelArguments;
import org.vocluster.vm.definition.MachineShape;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.definition.ShapeName;
import org.vocluster.vm.definition.VoName;
import org.vocluster.vm.definition.VocName;
import org.vocluster.vm.os.Printable;
import org.vocluster.vm.qemu.DirectKernel;

/**
 * A node job as its ad tells it, checked. Nothing in an ad is believed but {@code Owner}, which the
 * schedd sets from the submitter's authenticated identity: a node job counts only if it comes from
 * its VO's own account.
 *
 * @param schedd schedd whose sizing submitted it, or empty
 */
record NodeJobAd(
    VoName vo,
    VocName voc,
    NodeId node,
    ImageDigest image,
    MachineShape shape,
    int idleSeconds,
    int lifetimeSeconds,
    AcceleratorMode accelerator,
    String schedd,
    Firmware firmware,
    @Nullable DirectKernel kernel,
    ContextForm context) {
  private static final long KIB_PER_MIB = 1024;
  private static final long MAX_SECONDS = 365L * 86_400;

  /** What an ad turned out to be. */
  sealed interface Check {
    /** A node job. */
    record Accepted(NodeJobAd job) implements Check {}

    /** Not one that can be launched. */
    record Refused(Refusal refusal) implements Check {}
  }

  /** Whether the ad says of itself that it is a node job. */
  static boolean claimsToBeOne(ClassAd ad) {
    return ad.bool(Attr.NODE_JOB).orElse(false);
  }

  /**
   * Checks the ad.
   *
   * @param vocNode the only executable that a node job may have
   */
  static Check check(ClassAd ad, String vocNode) {
    String job =
        "job "
            + ad.integer(CondorAttr.CLUSTER_ID).orElse(-1)
            + "."
            + ad.integer(CondorAttr.PROC_ID).orElse(-1);
    if (!claimsToBeOne(ad)) {
      return refused(
          Code.NOT_A_NODE_JOB,
          job,
          "asks for the VOC hooks (HookKeyword) but is no node job (VocNodeJob is not true)",
          "remove HookKeyword from the submit file; VO jobs need none");
    }
    Reader reader = new Reader(ad);
    String vo = reader.label(Attr.VO, VoName.isValid(reader.text(Attr.VO)));
    String voc = reader.label(Attr.VOC, VocName.isValid(reader.text(Attr.VOC)));
    String node = reader.label(Attr.NODE, NodeId.isValid(reader.text(Attr.NODE)));
    String image = reader.label(Attr.IMAGE, ImageDigest.isValid(reader.text(Attr.IMAGE)));
    long cpus = reader.number(Attr.CPUS, 1, 1024);
    long memory = reader.number(Attr.MEMORY_MB, 1, 16L << 20);
    long disk = reader.number(Attr.DISK_MB, 1, 64L << 20);
    String shapeName = reader.optionalLabel(Attr.SHAPE, ShapeName.DEFAULT.value());
    long gpus = ad.has(Attr.GPUS) ? reader.number(Attr.GPUS, 0, 64) : 0;
    long idle = reader.number(Attr.IDLE_SECONDS, 1, MAX_SECONDS);
    long lifetime = reader.number(Attr.LIFETIME_SECONDS, 1, MAX_SECONDS);
    AcceleratorMode accelerator = reader.accelerator();
    String schedd =
        ad.has(Attr.SCHEDD)
            ? reader.label(Attr.SCHEDD, isScheddName(reader.text(Attr.SCHEDD)))
            : "";
    Firmware firmware = Firmware.of(reader.textOr(Attr.FIRMWARE, Firmware.BIOS.text()));
    ContextForm context = ContextForm.of(reader.textOr(Attr.CONTEXT, ContextForm.FW_CFG.text()));
    DirectKernel kernel = reader.kernel();
    if (firmware == null || (firmware == Firmware.UEFI && kernel != null)) {
      reader.fault(Attr.FIRMWARE);
    }
    if (context == null) {
      reader.fault(Attr.CONTEXT);
    }
    if (!reader.faults.isEmpty() || accelerator == null || firmware == null || context == null) {
      return refused(
          Code.BAD_NODE_JOB,
          job,
          "is no well-formed node job: " + String.join(", ", reader.faults),
          "node jobs are made by voc-size; remove this one");
    }
    VoName name = new VoName(vo);
    if (!Ads.text(ad, CondorAttr.OWNER).equals(name.account())) {
      return refused(
          Code.WRONG_OWNER,
          job,
          "says it is a node of VO "
              + name
              + " but belongs to \""
              + Printable.of(Ads.text(ad, CondorAttr.OWNER))
              + "\"",
          "only " + name.account() + " may run nodes of that VO; submit an ordinary job instead");
    }
    if (ad.integer(CondorAttr.JOB_UNIVERSE).orElse(Universe.VANILLA) != Universe.VANILLA
        || !Ads.text(ad, CondorAttr.CMD).equals(vocNode)
        || ad.bool("TransferExecutable").orElse(true)) {
      return refused(
          Code.BAD_NODE_JOB,
          job,
          "does not run this host's own "
              + vocNode
              + " in the vanilla universe (Cmd is \""
              + Printable.of(Ads.text(ad, CondorAttr.CMD))
              + "\")",
          "set executable = " + vocNode + " and transfer_executable = false");
    }
    MachineShape shape =
        new MachineShape(new ShapeName(shapeName), (int) cpus, memory, disk, (int) gpus);
    String tooSmall = exceeded(ad, shape);
    if (!tooSmall.isEmpty()) {
      return refused(
          Code.REQUEST_TOO_SMALL,
          job,
          "needs more than it requested: " + tooSmall,
          "raise the request");
    }
    return new Check.Accepted(
        new NodeJobAd(
            name,
            new VocName(voc),
            new NodeId(node),
            new ImageDigest(image),
            shape,
            (int) idle,
            (int) lifetime,
            accelerator,
            schedd,
            firmware,
            kernel,
            context));
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

  private static String exceeded(ClassAd ad, MachineShape shape) {
    long cpus = ad.integer(CondorAttr.REQUEST_CPUS).orElse(1);
    long memory = ad.integer(CondorAttr.REQUEST_MEMORY).orElse(0);
    long diskKib = ad.integer(CondorAttr.REQUEST_DISK).orElse(0);
    List<String> out = new ArrayList<>();
    if (shape.cpus() > cpus) {
      out.add("VocCpus = " + shape.cpus() + " above RequestCpus = " + cpus);
    }
    if (shape.memoryMb() > memory) {
      out.add("VocMemoryMb = " + shape.memoryMb() + " above RequestMemory = " + memory);
    }
    if (shape.diskMb() * KIB_PER_MIB > diskKib) {
      out.add("VocDiskMb = " + shape.diskMb() + " above RequestDisk = " + diskKib + " KiB");
    }
    long gpus = ad.integer(CondorAttr.REQUEST_GPUS).orElse(0);
    if (shape.gpus() > gpus) {
      out.add("VocGpus = " + shape.gpus() + " above RequestGPUs = " + gpus);
    }
    return String.join(", ", out);
  }

  private static Check refused(Code code, String job, String fault, String remedy) {
    return new Check.Refused(new Refusal(code, "voc: " + job + ": " + fault + "; " + remedy));
  }

  /** Reads attributes and keeps what is wrong with them. */
  private static final class Reader {
    private final ClassAd ad;
    private final List<String> faults = new ArrayList<>();

    Reader(ClassAd ad) {
      this.ad = ad;
    }

    String text(String name) {
      return ad.string(name).orElse("");
    }

    String label(String name, boolean valid) {
      if (!valid) {
        fault(name);
      }
      return text(name);
    }

    /** A shape's name, or what an ad without one means. */
    String optionalLabel(String name, String ifAbsent) {
      return ad.has(name) ? label(name, ShapeName.isValid(text(name))) : ifAbsent;
    }

    long number(String name, long min, long max) {
      long value = ad.integer(name).orElse(-1);
      if (value < min || value > max) {
        fault(name);
      }
      return value;
    }

    @Nullable AcceleratorMode accelerator() {
      AcceleratorMode mode =
          ad.has(Attr.ACCELERATOR)
              ? AcceleratorMode.of(text(Attr.ACCELERATOR))
              : AcceleratorMode.AUTO;
      if (mode == null) {
        fault(Attr.ACCELERATOR);
      }
      return mode;
    }

    String textOr(String name, String ifAbsent) {
      return ad.has(name) ? text(name) : ifAbsent;
    }

    /** Null if the node starts from its disk, or if something is wrong with its kernel. */
    @Nullable DirectKernel kernel() {
      boolean here = ad.has(Attr.KERNEL);
      boolean hasInitrd = ad.has(Attr.INITRD);
      if (!here) {
        if (hasInitrd) {
          fault(Attr.INITRD);
        }
        if (ad.has(Attr.KERNEL_ARGUMENTS)) {
          fault(Attr.KERNEL_ARGUMENTS);
        }
        return null;
      }
      String kernel = label(Attr.KERNEL, ImageDigest.isValid(text(Attr.KERNEL)));
      String initrd = hasInitrd ? label(Attr.INITRD, ImageDigest.isValid(text(Attr.INITRD))) : "";
      String arguments =
          label(Attr.KERNEL_ARGUMENTS, KernelArguments.isValid(text(Attr.KERNEL_ARGUMENTS)));
      return ImageDigest.isValid(kernel)
              && (!hasInitrd || ImageDigest.isValid(initrd))
              && KernelArguments.isValid(arguments)
          ? new DirectKernel(
              new ImageDigest(kernel),
              hasInitrd ? new ImageDigest(initrd) : null,
              new KernelArguments(arguments))
          : null;
    }

    void fault(String name) {
      Expr expr = ad.expr(name);
      faults.add(
          expr == null
              ? name + " is missing"
              : name + " = " + Printable.of(NewForm.print(expr), 80) + " is not valid");
    }
  }
}
