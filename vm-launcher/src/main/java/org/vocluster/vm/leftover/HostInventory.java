package org.vocluster.vm.leftover;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.vocluster.vm.definition.ImageDigest;
import org.vocluster.vm.hypervisor.Hypervisor;
import org.vocluster.vm.hypervisor.RunningMachine;
import org.vocluster.vm.hypervisor.RunningMachines;
import org.vocluster.vm.image.ImageStore;
import org.vocluster.vm.image.ImageUse;
import org.vocluster.vm.image.Leases;
import org.vocluster.vm.node.HostProcesses;
import org.vocluster.vm.node.HostProcesses.Identity;
import org.vocluster.vm.node.NodeFiles;
import org.vocluster.vm.node.ScratchName;
import org.vocluster.vm.os.AtomicFile;
import org.vocluster.vm.os.FileClock;
import org.vocluster.vm.os.FileTree;

/**
 * Looks for what nodes and killed processes left on this host, and takes it away. Acts only on what
 * is directly in the directories that it was given, follows no symbolic link, and looks once more
 * before it acts.
 */
public record HostInventory(
    HostProcesses processes,
    RunningMachines machines,
    Leases leases,
    ImageStore store,
    Places places) {
  /** How a node's overlay in memory is named, by {@code voc-node}. */
  static final String MEMORY_NAME = "voc-overlay.";

  /**
   * Where things can be left.
   *
   * @param state VOC_STATE_DIR
   * @param consoles VOC_CONSOLE_DIR; null if this host keeps none
   * @param memory where nodes' overlays in memory are made, {@code /dev/shm}
   * @param execute HTCondor's EXECUTE
   */
  public record Places(Path state, @Nullable Path consoles, Path memory, Path execute) {}

  /**
   * What is left over.
   *
   * @param running the host's machines, of this moment
   * @param use when VOCs last needed which image
   * @param now Unix time
   * @throws IOException if one of the directories cannot be listed
   */
  public List<Leftover> leftovers(List<RunningMachine> running, ImageUse use, long now)
      throws IOException {
    Reaping.Found found = found(running, use);
    return found.equals(NOTHING) ? List.of() : Reaping.leftovers(found, living(found), now);
  }

  private static final Reaping.Found NOTHING =
      new Reaping.Found(List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

  private Reaping.Found found(List<RunningMachine> running, ImageUse use) throws IOException {
    List<RunningMachine> ours = new ArrayList<>();
    for (RunningMachine machine : running) {
      if (machine.isUnder(places.execute())) {
        ours.add(machine);
      }
    }
    List<Reaping.Aged> temporaries = new ArrayList<>();
    temporaries.addAll(half(places.state()));
    temporaries.addAll(half(store.directory()));
    if (places.consoles() != null) {
      temporaries.addAll(half(places.consoles()));
    }
    temporaries.addAll(aged(places.state(), Hypervisor.PROBE, Hypervisor.PROBE_END));
    List<Reaping.Part> parts = new ArrayList<>();
    for (ImageStore.Part part : store.parts()) {
      parts.add(new Reaping.Part(part, use.of(part.digest()).wanted(), store.directory()));
    }
    return new Reaping.Found(
        leases.files(),
        ours,
        aged(places.memory(), MEMORY_NAME, ""),
        scratches(),
        temporaries,
        parts);
  }

  private static List<Reaping.Aged> half(Path directory) throws IOException {
    return aged(directory, AtomicFile.TEMPORARY, AtomicFile.TEMPORARY_END);
  }

  private static List<Reaping.Aged> aged(Path directory, String beginning, String end)
      throws IOException {
    List<Reaping.Aged> out = new ArrayList<>();
    try (DirectoryStream<Path> entries =
        Files.newDirectoryStream(directory, beginning + "*" + end)) {
      for (Path entry : entries) {
        BasicFileAttributes attributes = attributes(entry);
        if (attributes != null && attributes.isRegularFile()) {
          out.add(new Reaping.Aged(entry, attributes.lastModifiedTime().toMillis() / 1000));
        }
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      return out;
    }
    return out;
  }

  /** Null for what is gone, or not to be looked at. */
  private static @Nullable BasicFileAttributes attributes(Path path) {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (IOException e) {
      return null;
    }
  }

  /** Those of nodes, on the same file system as EXECUTE: no mount point is ever touched. */
  private List<Reaping.Scratch> scratches() throws IOException {
    List<Reaping.Scratch> out = new ArrayList<>();
    try (DirectoryStream<Path> entries =
        Files.newDirectoryStream(places.execute(), ScratchName.GLOB)) {
      for (Path entry : entries) {
        long starter = ScratchName.starter(entry);
        if (starter > 0 && isNodes(entry)) {
          out.add(new Reaping.Scratch(entry, starter));
        }
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      return out;
    }
    return out;
  }

  /** Newer HTCondors have the job's directory in that of the starter (STARTER_NESTED_SCRATCH). */
  private static boolean isNodes(Path directory) {
    return Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
        && (holdsNode(directory) || holdsNode(directory.resolve("scratch")));
  }

  private static boolean holdsNode(Path directory) {
    NodeFiles files = NodeFiles.in(directory);
    return Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
        && (attributes(files.overlay()) != null
            || attributes(files.config()) != null
            || attributes(files.arguments()) != null);
  }

  private Reaping.Living living(Reaping.Found found) {
    Set<Identity> starters = new HashSet<>();
    for (Leases.LeaseFile file : found.leases()) {
      Leases.Lease lease = file.lease();
      Identity starter = lease == null ? null : lease.starter();
      if (starter != null && processes.lives(starter)) {
        starters.add(starter);
      }
    }
    Set<RunningMachine.Handle> kept = new HashSet<>();
    for (RunningMachine machine : found.machines()) {
      if (machines.isHeld(machine)) {
        kept.add(machine.handle());
      }
    }
    Set<Long> numbers = new HashSet<>();
    for (Reaping.Scratch scratch : found.scratches()) {
      if (processes.isStarter(scratch.starter())) {
        numbers.add(scratch.starter());
      }
    }
    boolean startd = found.scratches().isEmpty() || processes.anyIs("condor_startd");
    Set<Path> open = found.memory().isEmpty() ? Set.of() : processes.open(places.memory());
    return new Reaping.Living(starters, kept, numbers, startd, open);
  }

  /**
   * Takes it away, if it still is what it was.
   *
   * @return why not; empty if it is gone
   */
  public Optional<String> remove(Leftover leftover) {
    try {
      return switch (leftover) {
        case Leftover.Machine(RunningMachine machine) -> machines.end(machine);
        case Leftover.Scratch scratch -> removeTree(scratch.directory());
        case Leftover.Lease(Path file, String _) ->
            leases.removeUnlessHeld(file, processes, machines, FileClock.now().getEpochSecond())
                ? Optional.empty()
                : Optional.of("its node is there again");
        case Leftover.Memory(Path file) -> removeFile(file);
        case Leftover.Temporary(Path file) -> removeFile(file);
        case Leftover.Part(ImageDigest image, Path _) ->
            store.removePart(image) ? Optional.empty() : Optional.of("somebody fetches it again");
      };
    } catch (IOException e) {
      return Optional.of(e.toString());
    }
  }

  private static Optional<String> removeFile(Path file) throws IOException {
    BasicFileAttributes attributes = attributes(file);
    long before = FileClock.now().toEpochMilli() - Reaping.TEMPORARY_SECONDS * 1000;
    if (attributes != null
        && (!attributes.isRegularFile() || attributes.lastModifiedTime().toMillis() > before)) {
      return Optional.of("it is another file by now");
    }
    Files.deleteIfExists(file);
    return Optional.empty();
  }

  private Optional<String> removeTree(Path directory) throws IOException {
    if (processes.isStarter(ScratchName.starter(directory)) || processes.anyIs("condor_startd")) {
      return Optional.of("a condor_startd or its condor_starter runs again");
    }
    return FileTree.remove(directory);
  }
}
