package org.vocluster.vm.qemu;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.vocluster.vm.hypervisor.RunningMachine;
import org.vocluster.vm.hypervisor.RunningMachine.Handle;
import org.vocluster.vm.hypervisor.RunningMachines;
import org.vocluster.vm.node.HostProcesses;
import org.vocluster.vm.node.HostProcesses.Identity;

/**
 * The nodes' QEMUs, recognised among all processes by the words of their command lines. One is held
 * by the condor_starter above it, and ended with SIGKILL.
 */
public record QemuProcesses(HostProcesses processes) implements RunningMachines {
  private static final String KIND = "QEMU process";

  /** For a process that was killed to be gone. */
  private static final long GONE_WITHIN_NANOS = 2_000_000_000L;

  private static final long LOOK_AGAIN_NANOS = 5_000_000L;

  /** This host's. */
  public static QemuProcesses system() {
    return new QemuProcesses(HostProcesses.system());
  }

  @Override
  public List<RunningMachine> all() {
    List<RunningMachine> out = new ArrayList<>();
    for (long pid : processes.pids()) {
      String words = processes.commandLine(pid);
      String node = word(words, NodeMarks.NAME);
      String config = word(words, NodeMarks.CONFIG);
      if (node != null && config != null) {
        Optional<Identity> process = processes.process(pid);
        if (process.isPresent()) {
          out.add(
              new RunningMachine(
                  new Handle(KIND, pid, process.get().start()), node, config.replace(",,", ",")));
        }
      }
    }
    return out;
  }

  /** What follows these characters at the beginning of an argument. */
  private static @Nullable String word(String words, String beginning) {
    int at = words.indexOf("\0" + beginning);
    if (at < 0) {
      return null;
    }
    int start = at + 1 + beginning.length();
    int end = words.indexOf('\0', start);
    return words.substring(start, end < 0 ? words.length() : end);
  }

  private static Identity process(RunningMachine machine) {
    return new Identity(machine.handle().number(), machine.handle().start());
  }

  @Override
  public boolean isHeld(RunningMachine machine) {
    return processes.hasStarter(process(machine));
  }

  /** The handle knows the process's start too, so that no other process of its number is hit. */
  @Override
  public Optional<String> end(RunningMachine machine) {
    Identity process = process(machine);
    Optional<ProcessHandle> handle = ProcessHandle.of(process.pid());
    if (handle.isEmpty() || !processes.lives(process)) {
      return Optional.empty();
    }
    if (processes.hasStarter(process)) {
      return Optional.of("it has a condor_starter");
    }
    boolean _ = handle.get().destroyForcibly();
    long end = System.nanoTime() + GONE_WITHIN_NANOS;
    while (handle.get().isAlive() && processes.lives(process)) {
      if (System.nanoTime() - end > 0) {
        return Optional.of("it was sent SIGKILL and is still there");
      }
      LockSupport.parkNanos(LOOK_AGAIN_NANOS);
    }
    return Optional.empty();
  }
}
