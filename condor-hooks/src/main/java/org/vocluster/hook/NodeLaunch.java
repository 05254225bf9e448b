package org.vocluster.hook;

import java.util.List;
import org.vocluster.ad.Attr;
import org.vocluster.ad.CondorAttr;
import org.vocluster.classad.ClassAd;
import org.vocluster.hook.Refusal.Code;
import org.vocluster.vm.hypervisor.Boot;
import org.vocluster.vm.hypervisor.Machine;
import org.vocluster.vm.hypervisor.PciAddress;
import org.vocluster.vm.node.BootClock;
import org.vocluster.vm.node.NodeContext;
import org.vocluster.vm.node.NodeFiles;
import org.vocluster.vm.node.NodeJobAd;
import org.vocluster.vm.os.Printable;

/**
 * What becomes of a node job on a host, as a function of the job's ad, the host and what was found
 * there: the context of its guest, the command of its machine, and what HTCondor is told. Writes
 * nothing: {@link NodeScratch} does.
 *
 * @param context configuration of the guest's HTCondor
 * @param words the machine's command, none with a line break
 * @param deathTime Unix time after which the node takes no more jobs
 */
record NodeLaunch(
    String context, List<String> words, AcceleratorChoice choice, String padHost, long deathTime) {
  /**
   * Puts it together.
   *
   * @param gpus the host's devices that the guest gets
   * @param now Unix time
   */
  static NodeLaunch of(
      NodeJobAd job,
      LaunchHost host,
      List<PciAddress> gpus,
      AcceleratorChoice choice,
      Boot boot,
      NodeFiles files,
      long now)
      throws RefusedException {
    long deathTime = now + job.stay().lifetimeSeconds();
    try {
      return new NodeLaunch(
          context(job, host, deathTime) + BootClock.configuration(now),
          host.machines().hypervisor().launch(machine(job, host, gpus, choice, boot, files)),
          choice,
          host.padHost(),
          deathTime);
    } catch (IllegalArgumentException e) {
      throw new RefusedException(
          Code.BAD_CONFIGURATION,
          "prepare-job on " + Printable.of(host.padHost()),
          String.valueOf(e.getMessage()),
          "mend the hook's arguments");
    }
  }

  private static Machine machine(
      NodeJobAd job,
      LaunchHost host,
      List<PciAddress> gpus,
      AcceleratorChoice choice,
      Boot boot,
      NodeFiles files) {
    return new Machine(
        job.node(),
        host.padHost(),
        new Machine.Hardware(job.shape(), gpus, choice.accelerator(), host.machines().tcgCacheMb()),
        boot,
        job.start().context(),
        files,
        host.machines().overlayInRam());
  }

  private static String context(NodeJobAd job, LaunchHost host, long deathTime) {
    return new NodeContext(
            job.node(),
            job.origin().vo(),
            job.origin().voc(),
            job.shape().name(),
            job.image(),
            host.pool().condorHost(),
            host.pool().collector(),
            host.padHost(),
            job.origin().schedd(),
            host.pool().updateSeconds(),
            job.stay().idleSeconds(),
            deathTime,
            job.start().attributes())
        .text();
  }

  /** What the starter is told. */
  ClassAd answer() {
    ClassAd.Builder answer =
        ClassAd.builder()
            .set(CondorAttr.HOOK_STATUS_CODE, 0)
            .set(Attr.ACCELERATOR, choice.accelerator().text())
            .set(Attr.DEATH_TIME, deathTime)
            .set(Attr.PAD_HOST, padHost)
            // The starter gives condor_tail no other file than those of this list, and looks at
            // it when it is asked; what it transfers at the end was settled before.
            .set(CondorAttr.TRANSFER_OUTPUT, NodeFiles.CONSOLE);
    if (!choice.warning().isEmpty()) {
      answer.set(
          CondorAttr.HOOK_STATUS_MESSAGE, Printable.of(choice.warning(), Refusal.MAX_MESSAGE));
    }
    return answer.build();
  }
}
