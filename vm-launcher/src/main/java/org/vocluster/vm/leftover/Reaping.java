package org.vocluster.vm.leftover;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.vocluster.vm.hypervisor.RunningMachine;
import org.vocluster.vm.image.Eviction;
import org.vocluster.vm.image.ImageStore;
import org.vocluster.vm.image.Leases;
import org.vocluster.vm.node.HostProcesses.Identity;

/** What is left over on a host: the difference of what exists and what lives. Pure. */
public final class Reaping {
  /** A temporary file is there for milliseconds; one that is older was left. */
  static final long TEMPORARY_SECONDS = 60;

  private Reaping() {}

  /**
   * What exists.
   *
   * @param machines nodes' machines
   * @param memory named overlays in memory
   * @param scratches scratch directories with a node's files in them
   */
  public record Found(
      List<Leases.LeaseFile> leases,
      List<RunningMachine> machines,
      List<Aged> memory,
      List<Scratch> scratches,
      List<Aged> temporaries,
      List<Part> parts) {
    public Found {
      leases = List.copyOf(leases);
      machines = List.copyOf(machines);
      memory = List.copyOf(memory);
      scratches = List.copyOf(scratches);
      temporaries = List.copyOf(temporaries);
      parts = List.copyOf(parts);
    }
  }

  /**
   * A file.
   *
   * @param modified Unix time
   */
  public record Aged(Path file, long modified) {}

  /**
   * A scratch directory.
   *
   * @param starter number of the condor_starter that made it
   */
  public record Scratch(Path directory, long starter) {}

  /**
   * What is here of an image.
   *
   * @param wanted Unix time at which a VOC last needed it
   */
  public record Part(ImageStore.Part part, long wanted, Path store) {}

  /**
   * What lives.
   *
   * @param starters those condor_starters that leases name, and that live
   * @param kept machines that have a condor_starter above them
   * @param starterNumbers numbers of the processes that are condor_starters, as far as scratch
   *     directories name them
   * @param startd whether a condor_startd runs, which removes scratch directories itself
   * @param open files in memory that some process holds open, as far as this account can see
   */
  public record Living(
      Set<Identity> starters,
      Set<RunningMachine.Handle> kept,
      Set<Long> starterNumbers,
      boolean startd,
      Set<Path> open) {
    public Living {
      starters = Set.copyOf(starters);
      kept = Set.copyOf(kept);
      starterNumbers = Set.copyOf(starterNumbers);
      open = Set.copyOf(open);
    }
  }

  /**
   * What nobody needs any more, in the order in which it is to go: machines first, since they hold
   * the rest.
   *
   * @param now Unix time
   */
  public static List<Leftover> leftovers(Found found, Living living, long now) {
    List<Leftover> out = new ArrayList<>();
    for (RunningMachine machine : found.machines()) {
      if (!living.kept().contains(machine.handle())) {
        out.add(new Leftover.Machine(machine));
      }
    }
    for (Leases.LeaseFile file : found.leases()) {
      if (!isHeld(file, found, living, now)) {
        out.add(new Leftover.Lease(file.file(), file.node()));
      }
    }
    for (Aged file : found.memory()) {
      if (isOld(file, now) && !living.open().contains(file.file())) {
        out.add(new Leftover.Memory(file.file()));
      }
    }
    for (Scratch scratch : found.scratches()) {
      if (!living.startd()
          && !living.starterNumbers().contains(scratch.starter())
          && !isUsed(scratch, found)) {
        out.add(new Leftover.Scratch(scratch.directory()));
      }
    }
    for (Aged file : found.temporaries()) {
      if (isOld(file, now)) {
        out.add(new Leftover.Temporary(file.file()));
      }
    }
    for (Part part : found.parts()) {
      if (!part.part().running()
          && now - part.wanted() >= Eviction.WANTED_SECONDS
          && now - part.part().modified() >= Eviction.WANTED_SECONDS) {
        out.add(new Leftover.Part(part.part().digest(), part.store()));
      }
    }
    return out;
  }

  private static boolean isHeld(Leases.LeaseFile file, Found found, Living living, long now) {
    Leases.Lease lease = file.lease();
    if (lease == null) {
      return now - file.written() < Leases.GRACE_SECONDS;
    }
    for (RunningMachine machine : found.machines()) {
      if (machine.node().equals(lease.node())) {
        return true;
      }
    }
    Identity starter = lease.starter();
    return starter == null
        ? now - lease.taken() < Leases.GRACE_SECONDS
        : living.starters().contains(starter);
  }

  /** Whether a machine that is still there, starter or none, has its files in the directory. */
  private static boolean isUsed(Scratch scratch, Found found) {
    for (RunningMachine machine : found.machines()) {
      if (machine.isUnder(scratch.directory())) {
        return true;
      }
    }
    return false;
  }

  private static boolean isOld(Aged file, long now) {
    return now - file.modified() >= TEMPORARY_SECONDS;
  }
}
