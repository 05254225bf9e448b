package org.vocluster.hook;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.vocluster.ad.Attr;
import org.vocluster.ad.CondorAttr;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.ClassAdSyntaxException;
import org.vocluster.classad.Language;
import org.vocluster.classad.LongForm;
import org.vocluster.hook.HookArguments.BadArgumentException;
import org.vocluster.hook.HookIo.InputTooLargeException;
import org.vocluster.hook.Refusal.Code;
import org.vocluster.vm.definition.DirectKernel;
import org.vocluster.vm.definition.ImageDigest;
import org.vocluster.vm.hypervisor.Boot;
import org.vocluster.vm.hypervisor.PciAddress;
import org.vocluster.vm.image.Leases;
import org.vocluster.vm.image.VerifiedImage;
import org.vocluster.vm.node.HostProcesses;
import org.vocluster.vm.node.NodeJobAd;
import org.vocluster.vm.os.Printable;

/**
 * The starter's PREPARE_JOB hook on a PAD host, run as the job's user in the job's scratch
 * directory: makes of a node job's ad what {@code voc-node} needs to become the node's QEMU.
 *
 * <p>It always exits with 0 and answers with {@code HookStatusCode}: the starter takes an exit
 * status of 1 for a reason to hold the job, which an internal fault is not. Every node waits for
 * it, so nothing on its way may take long to load (docs/decisions/0103).
 */
public final class PrepareJob {
  /** A job's ad has some 10 KiB; one with a large environment, some hundreds. */
  static final int MAX_AD_BYTES = 1 << 20;

  private PrepareJob() {}

  public static void main(String[] args) {
    HookIo.end(run(HookIo.system(args)));
  }

  /** Runs the hook; the exit status is always 0. */
  static int run(HookIo io) {
    long start = System.nanoTime();
    ClassAd answer;
    try {
      answer = launch(io).with(Attr.PREPARE_MS, (System.nanoTime() - start) / 1_000_000);
    } catch (RefusedException e) {
      answer = refused(e.refusal());
    } catch (Throwable e) {
      answer =
          refused(new Refusal(Code.INTERNAL, "voc: prepare-job: internal fault: " + describe(e)));
    }
    io.answer(LongForm.print(answer));
    return 0;
  }

  private static String describe(Throwable e) {
    StackTraceElement[] trace = e.getStackTrace();
    return e
        + (trace.length == 0 ? "" : " at " + trace[0])
        + "; please report it with the job's ad";
  }

  private static ClassAd refused(Refusal refusal) {
    return ClassAd.builder()
        .set(CondorAttr.HOOK_STATUS_CODE, refusal.code().number())
        .set(CondorAttr.HOOK_STATUS_MESSAGE, Printable.of(refusal.message(), Refusal.MAX_MESSAGE))
        .build();
  }

  private static ClassAd launch(HookIo io) throws RefusedException {
    LaunchHost host = host(io);
    NodeJobAd job = decide(jobAd(io), host);
    List<PciAddress> gpus = AssignedGpus.of(io.environment().get(AssignedGpus.VARIABLE), job, host);
    NodeScratch scratch = NodeScratch.of(io);
    scratch.requireSecrets(job);
    AcceleratorChoice choice = AcceleratorChoice.of(job, host);
    leaseImage(job, host);
    try {
      StoredFiles stored = new StoredFiles(host);
      VerifiedImage image = stored.image(job);
      Boot boot = stored.boot(job, scratch.files());
      NodeLaunch launch =
          NodeLaunch.of(
              job,
              host,
              gpus,
              choice,
              boot,
              scratch.files(),
              io.clock().instant().getEpochSecond());
      scratch.makeOverlay(job, host, image);
      scratch.write(job, host, boot, launch);
      return launch.answer();
    } finally {
      // A starter that is told to end does not wait for this hook: JOB_EXIT may have been there
      // before the lease, or nobody may ever come.
      if (scratch.isAbandoned()) {
        releaseImage(job, host);
      }
    }
  }

  private static LaunchHost host(HookIo io) throws RefusedException {
    try {
      return LaunchHost.of(io.arguments());
    } catch (BadArgumentException e) {
      throw new RefusedException(
          new Refusal(Code.BAD_CONFIGURATION, "voc: prepare-job on this host: " + e.getMessage()));
    }
  }

  /**
   * Decides from ad and configuration alone whether the job is a node that this host may launch.
   */
  static NodeJobAd decide(ClassAd ad, LaunchHost host) throws RefusedException {
    NodeJobAd job = NodeJobCheck.nodeJob(ad, host.vocNode());
    if (!host.vos().accepts(job.origin().vo())) {
      throw new RefusedException(
          Code.VO_NOT_ACCEPTED,
          host.padHost(),
          "takes no nodes of VO " + job.origin().vo() + " (VOC_VOS is " + host.vos().text() + ")",
          "add the VO there or let node jobs require it");
    }
    return job;
  }

  private static ClassAd jobAd(HookIo io) throws RefusedException {
    try {
      ClassAd ad = LongForm.parse(io.read(MAX_AD_BYTES), Language.CONDOR_23_9);
      if (ad.isEmpty()) {
        throw new RefusedException(
            Code.NO_AD,
            "prepare-job",
            "there is no ad on standard input",
            "HTCondor's starter should write the job's");
      }
      return ad;
    } catch (InputTooLargeException e) {
      throw new RefusedException(
          Code.AD_TOO_LARGE,
          "job",
          String.valueOf(e.getMessage()),
          "a node job's ad is far smaller, remove this job");
    } catch (ClassAdSyntaxException e) {
      // Strict on purpose: HTCondor prints a line break inside a string as it is, so that a lenient
      // reader would take what follows it, such as a forged Owner, for an attribute.
      throw new RefusedException(
          Code.MALFORMED_AD,
          "job",
          "its ad cannot be read: " + Printable.of(String.valueOf(e.getMessage())),
          "remove line breaks from the values of its attributes");
    } catch (IOException e) {
      throw new RefusedException(
          new Refusal(
              Code.NO_AD,
              "voc: prepare-job: standard input cannot be read: " + Printable.of(e.toString())));
    }
  }

  /** Before the image is looked up: see {@link Leases}. */
  private static void leaseImage(NodeJobAd job, LaunchHost host) throws RefusedException {
    Path leases = host.places().leases();
    if (leases == null) {
      return;
    }
    try {
      Optional<DirectKernel<ImageDigest>> kernel = job.start().kernel();
      new Leases(leases)
          .take(
              job.node(),
              job.image(),
              kernel.isEmpty() ? List.of() : kernel.get().files(),
              HostProcesses.system());
    } catch (IOException e) {
      throw new RefusedException(
          Code.NO_LEASE,
          host.padHost(),
          "no lease on image "
              + job.image()
              + " for node "
              + job.node()
              + ": "
              + Printable.of(e.toString()),
          "VOC_LEASE_DIR must be a directory of HTCondor's account with mode 1777");
    }
  }

  private static void releaseImage(NodeJobAd job, LaunchHost host) {
    Path leases = host.places().leases();
    if (leases != null) {
      try {
        new Leases(leases).release(job.node());
      } catch (IOException e) {
        // It holds nothing without its starter, and advertise takes the file away.
      }
    }
  }
}
