package org.vocluster.hook;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vocluster.hook.HookArguments.BadArgumentException;
import org.vocluster.vm.definition.AcceleratorMode;
import org.vocluster.vm.hypervisor.Hypervisor;
import org.vocluster.vm.hypervisor.Ovmf;
import org.vocluster.vm.image.ImageCache;
import org.vocluster.vm.image.Leases;
import org.vocluster.vm.image.StagingLimits;
import org.vocluster.vm.image.TransferPlugins;
import org.vocluster.vm.image.UrlPrefix;
import org.vocluster.vm.node.Paths;
import org.vocluster.vm.qemu.Qemu;

/**
 * What the configuration of its host tells {@code advertise}.
 *
 * @param condorStatus the program that asks the collector
 * @param period between two looks at it while images are on their way
 */
record AdvertiseHost(
    AcceptedVos vos,
    Places places,
    Images images,
    Machines machines,
    Path condorStatus,
    Duration period) {
  private static final long MIB = 1024 * 1024;
  private static final long MAX_VIRTUAL_BYTES = 64L << 40;

  /**
   * Where files are.
   *
   * @param execute HTCondor's EXECUTE, above the scratch directories of all jobs
   * @param consoles where consoles are kept; null: nowhere
   */
  record Places(Path images, Path state, Path execute, Leases leases, @Nullable Path consoles) {}

  /**
   * Which images are fetched, how, and how many are kept.
   *
   * @param credentials headers for image servers, or null
   */
  record Images(
      StagingLimits limits,
      ImageCache.Bounds bounds,
      TransferPlugins plugins,
      @Nullable Path credentials) {}

  /** What runs virtual machines. */
  record Machines(Hypervisor hypervisor, AcceleratorMode accelerator) {}

  static AdvertiseHost of(List<String> arguments) throws BadArgumentException {
    PadArguments given = PadArguments.parse(arguments, PadOption.Hook.ADVERTISE);
    return new AdvertiseHost(
        given.vos(),
        places(given),
        images(given),
        new Machines(
            new Qemu(
                given.path(PadOption.QEMU),
                given.path(PadOption.STATE),
                new Ovmf(
                    given.optionalPath(PadOption.OVMF_CODE),
                    given.optionalPath(PadOption.OVMF_VARS))),
            given.accelerator()),
        given.path(PadOption.CONDOR_STATUS),
        Duration.ofSeconds(given.number(PadOption.PERIOD, 1, 3600)));
  }

  private static Places places(PadArguments given) throws BadArgumentException {
    Path leases = given.optionalPath(PadOption.LEASES);
    return new Places(
        given.path(PadOption.IMAGES),
        given.path(PadOption.STATE),
        given.path(PadOption.EXECUTE),
        new Leases(leases == null ? Path.of(Paths.LEASES) : leases),
        given.optionalPath(PadOption.CONSOLES));
  }

  private static Images images(PadArguments given) throws BadArgumentException {
    Path condorConfigVal = given.optionalPath(PadOption.CONDOR_CONFIG_VAL);
    return new Images(
        new StagingLimits(
            prefixes(given, PadOption.ALLOW_URLS),
            prefixes(given, PadOption.IN_PLACE),
            given.number(PadOption.MAX_IMAGE_MB, 1, 16 << 20) * MIB,
            MAX_VIRTUAL_BYTES),
        new ImageCache.Bounds(
            given.number(PadOption.CACHE_MB, 0, Integer.MAX_VALUE) * MIB,
            given.number(PadOption.KEEP_FREE_MB, 0, Integer.MAX_VALUE) * MIB,
            given.number(PadOption.KEEP_DAYS, 0, 36_500)),
        condorConfigVal == null ? TransferPlugins.NONE : TransferPlugins.of(condorConfigVal),
        given.optionalPath(PadOption.CREDENTIALS));
  }

  private static List<UrlPrefix> prefixes(PadArguments given, PadOption option)
      throws BadArgumentException {
    try {
      return UrlPrefix.parseList(given.text(option));
    } catch (IllegalArgumentException e) {
      throw new BadArgumentException("argument --" + option.word() + ": " + e.getMessage());
    }
  }
}
