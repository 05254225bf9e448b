package org.vocluster.hook;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vocluster.hook.HookArguments.BadArgumentException;
import org.vocluster.vm.definition.AcceleratorMode;
import org.vocluster.vm.hypervisor.Hypervisor;
import org.vocluster.vm.hypervisor.Ovmf;
import org.vocluster.vm.qemu.Qemu;

/**
 * What the configuration of its host tells {@code prepare-job}.
 *
 * @param padHost the host's full name
 * @param vocNode the only executable that a node job may have
 */
record LaunchHost(
    String padHost, AcceptedVos vos, String vocNode, Pool pool, Places places, Machines machines) {
  /**
   * How nodes find their pool.
   *
   * @param updateSeconds how often their daemons update its collector
   */
  record Pool(String condorHost, String collector, int updateSeconds) {}

  /**
   * Where files are that outlive the node.
   *
   * @param images the image store
   * @param leases where nodes say which images they use; null: they say it nowhere
   * @param consoles where consoles are kept; null: nowhere
   */
  record Places(Path images, @Nullable Path leases, @Nullable Path consoles) {}

  /**
   * What runs virtual machines.
   *
   * @param tcgCacheMb size of TCG's translation buffer in MiB
   * @param overlayInRam whether nodes' disks are in memory
   */
  record Machines(
      Hypervisor hypervisor,
      Ovmf ovmf,
      AcceleratorMode accelerator,
      int tcgCacheMb,
      boolean overlayInRam) {}

  static LaunchHost of(List<String> arguments) throws BadArgumentException {
    PadArguments given = PadArguments.parse(arguments, PadOption.Hook.PREPARE_JOB);
    Ovmf ovmf =
        new Ovmf(given.optionalPath(PadOption.OVMF_CODE), given.optionalPath(PadOption.OVMF_VARS));
    return new LaunchHost(
        given.text(PadOption.PAD_HOST),
        given.vos(),
        given.text(PadOption.VOC_NODE),
        new Pool(
            given.text(PadOption.CONDOR_HOST),
            given.text(PadOption.COLLECTOR),
            given.number(PadOption.UPDATE_SECONDS, 5, 3600)),
        new Places(
            given.path(PadOption.IMAGES),
            given.optionalPath(PadOption.LEASES),
            given.optionalPath(PadOption.CONSOLES)),
        new Machines(
            new Qemu(given.path(PadOption.QEMU), given.path(PadOption.STATE), ovmf),
            ovmf,
            given.accelerator(),
            given.number(PadOption.TCG_CACHE_MB, 1, 65_536),
            given.flag(PadOption.OVERLAY_IN_RAM)));
  }
}
