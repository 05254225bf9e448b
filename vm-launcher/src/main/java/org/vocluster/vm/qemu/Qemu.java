package org.vocluster.vm.qemu;

import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.vocluster.vm.definition.AcceleratorMode;
import org.vocluster.vm.definition.Firmware;
import org.vocluster.vm.hypervisor.AcceleratorAnswer;
import org.vocluster.vm.hypervisor.Capabilities;
import org.vocluster.vm.hypervisor.Hypervisor;
import org.vocluster.vm.hypervisor.Machine;
import org.vocluster.vm.hypervisor.Ovmf;

/**
 * QEMU itself: a machine is a process, the node job's own, to account, limit and kill like any
 * other.
 *
 * @param binary VOC_QEMU
 * @param state VOC_STATE_DIR, where what was found out is kept
 */
public record Qemu(Path binary, Path state, Ovmf ovmf) implements Hypervisor {
  @Override
  public String name() {
    return "qemu";
  }

  @Override
  public List<String> launch(Machine machine) {
    return new QemuArguments(binary, machine).words();
  }

  @Override
  public Capabilities capabilities(AcceleratorMode mode, Instant now) {
    AcceleratorAnswer kvm =
        mode == AcceleratorMode.TCG
            ? new AcceleratorAnswer(false, "not asked for")
            : new AcceleratorCache(state, binary).readOrProbe(now);
    Set<Firmware> firmwares = EnumSet.of(Firmware.BIOS);
    String version = QemuVersion.of(binary, state);
    if (ovmf.isUsable()) {
      firmwares.add(Firmware.UEFI);
    }
    return new Capabilities(version, kvm, firmwares);
  }

  @Override
  public Optional<AcceleratorAnswer> knownKvm() {
    return new AcceleratorCache(state, binary).read();
  }

  @Override
  public Optional<String> kvmRefusal() {
    String refusal = AcceleratorProbe.kvmRefusal();
    return refusal.isEmpty() ? Optional.empty() : Optional.of(refusal);
  }
}
