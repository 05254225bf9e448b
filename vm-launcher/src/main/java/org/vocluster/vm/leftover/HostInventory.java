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
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.vocluster.vm.definition.ImageDigest;
import org.vocluster.vm.image.ImageStore;
import org.vocluster.vm.image.ImageUse;
import org.vocluster.vm.image.Leases;
import org.vocluster.vm.node.HostProcesses;
import org.vocluster.vm.node.HostProcesses.Identity;
import org.vocluster.vm.node.NodeFiles;
import org.vocluster.vm.node.ScratchName;
import org.vocluster.vm.os.AtomicFile;
import org.vocluster.vm.os.FileTree;
import org.vocluster.vm.qemu.AcceleratorProbe;

/**
 * Looks for what nodes and killed processes left on this host, and takes it away. Acts only on what
 * is directly in the directories that it was given, follows no symbolic link, and looks once more
 * before it acts.
 *
 * @param consoles VOC_CONSOLE_DIR; null if this host keeps none
 * @param memory where nodes' overlays in memory are made, {@code /dev/shm}
 * @param execute HTCondor's EXECUTE
 */
public record HostInventory(
    HostProcesses processes,
    Leases leases,
    ImageStore store,
    Path state,
    @Nullable Path consoles,
    Path memory,
    Path execute) {
  /** How a node's overlay in memory is named, by {@code voc-node}. */
  static final String MEMORY_NAME = "voc-overlay.";

  /** For a process that was killed to be gone. */
  private static final long GONE_WITHIN_NANOS = 2_000_000_000L;

  private static final long LOOK_AGAIN_NANOS = 5_000_000L;

  /**
   * What is left over.
   *
   * @param machines the host's, of this moment
   * @param use when VOCs last needed which image
   * @param now Unix time
   * @throws IOException if one of the directories cannot be listed
   */
  public List<Leftover> leftovers(List<HostProcesses.Machine> machines, ImageUse use, long now)
      throws IOException {
    Reaping.Found found = found(machines, use);
    return found.equals(NOTHING) ? List.of() : Reaping.leftovers(found, living(found), now);
  }

  private static final Reaping.Found NOTHING =
      new Reaping.Found(List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

  private Reaping.Found found(List<HostProcesses.Machine> all, ImageUse use) throws IOException {
    List<HostProcesses.Machine> machines = new ArrayList<>();
    for (HostProcesses.Machine machine : all) {
      if (machine.isUnder(execute)) {
        machines.add(machine);
      }
    }
    List<Reaping.Aged> temporaries = new ArrayList<>();
    temporaries.addAll(aged(state, AtomicFile.TEMPORARY, AtomicFile.TEMPORARY_END));
    temporaries.addAll(aged(store.directory(), AtomicFile.TEMPORARY, AtomicFile.TEMPORARY_END));
    if (consoles != null) {
      temporaries.addAll(aged(consoles, AtomicFile.TEMPORARY, AtomicFile.TEMPORARY_END));
    }
    temporaries.addAll(aged(state, AcceleratorProbe.DISK, AcceleratorProbe.DISK_END));
    List<Reaping.Part> parts = new ArrayList<>();
    for (ImageStore.Part part : store.parts()) {
      parts.add(new Reaping.Part(part, use.of(part.digest()).wanted(), store.directory()));
    }
    return new Reaping.Found(
        leases.files(), machines, aged(memory, MEMORY_NAME, ""), scratches(), temporaries, parts);
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
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(execute, ScratchName.GLOB)) {
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
    Set<Identity> kept = new HashSet<>();
    for (HostProcesses.Machine machine : found.machines()) {
      if (processes.hasStarter(machine.process())) {
        kept.add(machine.process());
      }
    }
    Set<Long> numbers = new HashSet<>();
    for (Reaping.Scratch scratch : found.scratches()) {
      if (processes.isStarter(scratch.starter())) {
        numbers.add(scratch.starter());
      }
    }
    boolean startd = found.scratches().isEmpty() || processes.anyIs("condor_startd");
    Set<Path> open = found.memory().isEmpty() ? Set.of() : processes.open(memory);
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
        case Leftover.Machine machine -> kill(machine);
        case Leftover.Scratch scratch -> removeTree(scratch.directory());
        case Leftover.Lease(Path file, String _) ->
            leases.removeUnlessHeld(file, processes, System.currentTimeMillis() / 1000)
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

  /** The handle knows the process's start too, so that no other process of its number is hit. */
  private Optional<String> kill(Leftover.Machine machine) {
    Identity process = machine.process();
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

  private static Optional<String> removeFile(Path file) throws IOException {
    BasicFileAttributes attributes = attributes(file);
    long before = System.currentTimeMillis() - Reaping.TEMPORARY_SECONDS * 1000;
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
