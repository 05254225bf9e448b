package org.vocluster.vm.image;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.vocluster.vm.definition.ImageDigest;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.hypervisor.RunningMachine;
import org.vocluster.vm.hypervisor.RunningMachines;
import org.vocluster.vm.node.HostProcesses;
import org.vocluster.vm.node.NodeFileName;
import org.vocluster.vm.os.KeyValues;

/**
 * Which images nodes use: symbolic links named after nodes, in a directory where every account may
 * make some and only HTCondor's may delete those of others (mode 1777).
 *
 * <p>A launch takes its lease before it looks the image up, and the cache looks at the leases after
 * it has hidden an image, so that one of the two always sees the other. A lease holds for as long
 * as the starter lives that it names, or a machine with the node's name; nothing has to be done for
 * it to end. A stale one is harmless and is taken away by whoever looks.
 *
 * <p>A lease's text is the link's target. That is there at once and is read without being opened: a
 * file could be exchanged for a FIFO on which whoever opens it waits for ever. So what is no link
 * is no lease, and a node launched by a build that left files has none: its QEMU keeps the image
 * open that may go.
 *
 * @param directory of the leases
 */
public record Leases(Path directory) {
  private static final String SUFFIX = ".lease";
  private static final String BOOT_FILE = "boot-file-";

  /** An account that makes more loses sight of leases of its own, and of nobody else's. */
  private static final int MOST_OF_AN_ACCOUNT = 1000;

  /** For a lease that names no starter: time to get from prepare-job to QEMU. */
  public static final long GRACE_SECONDS = 120;

  /**
   * A node's use of an image.
   *
   * @param bootFiles its kernel and initrd, if it starts with its own
   * @param starter the condor_starter of the node's job, or null if it was not found
   * @param taken Unix time
   */
  public record Lease(
      String node,
      ImageDigest image,
      List<ImageDigest> bootFiles,
      HostProcesses.@Nullable Identity starter,
      long taken) {
    /** All files of the store that the node uses. */
    public List<ImageDigest> files() {
      List<ImageDigest> out = new ArrayList<>(bootFiles);
      out.add(image);
      return out;
    }

    /** Whether the node uses the image now, or may begin to. */
    boolean holds(HostProcesses processes, Set<String> nodes, long now) {
      if (nodes.contains(node)) {
        return true;
      }
      return starter == null ? now - taken < GRACE_SECONDS : processes.lives(starter);
    }
  }

  /**
   * What lies in the directory under a lease's name.
   *
   * @param lease null for what is none
   * @param written Unix time
   */
  public record LeaseFile(Path file, String node, @Nullable Lease lease, long written) {}

  /**
   * Takes a lease for a node. An earlier one of the same node ends as any does.
   *
   * @param bootFiles the node's kernel and initrd, if it starts with its own
   * @throws IOException if the directory is not there or does not let us
   */
  public void take(
      NodeId node, ImageDigest image, List<ImageDigest> bootFiles, HostProcesses processes)
      throws IOException {
    HostProcesses.Identity starter = processes.ancestor("condor_starter");
    String text =
        "image="
            + image
            + "\nstarter="
            + (starter == null ? "" : starter.pid() + ":" + starter.start())
            + "\n";
    for (int i = 0; i < bootFiles.size(); i++) {
      text += BOOT_FILE + i + "=" + bootFiles.get(i) + "\n";
    }
    Files.createSymbolicLink(directory.resolve(NodeFileName.fresh(node, SUFFIX)), Path.of(text));
  }

  /** The same for a node that starts from its disk. */
  public void take(NodeId node, ImageDigest image, HostProcesses processes) throws IOException {
    take(node, image, List.of(), processes);
  }

  /** Gives all leases of a node back that this account may; nothing happens if there is none. */
  public void release(NodeId node) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path file : entries) {
        if (NodeFileName.node(file, SUFFIX).equals(node.value())) {
          delete(file);
        }
      }
    } catch (NoSuchFileException e) {
      // Nor a directory of them.
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  /**
   * The leases that hold; those that do not are taken away if this account may.
   *
   * @param now Unix time
   */
  public List<Lease> current(HostProcesses processes, RunningMachines machines, long now)
      throws IOException {
    List<Path> files = list();
    List<Lease> out = new ArrayList<>();
    Set<String> nodes = files.isEmpty() ? Set.of() : nodes(machines);
    for (Path file : files) {
      Lease lease = read(file);
      if (lease != null && lease.holds(processes, nodes, now)) {
        out.add(lease);
      } else if (lease != null || isOld(file, now)) {
        delete(file);
      }
    }
    return out;
  }

  private static Set<String> nodes(RunningMachines machines) {
    Set<String> out = new HashSet<>();
    for (RunningMachine machine : machines.all()) {
      out.add(machine.node());
    }
    return out;
  }

  private List<Path> list() throws IOException {
    List<Path> out = new ArrayList<>();
    Map<Object, Integer> seen = new HashMap<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path file : entries) {
        Object account = file.toString().endsWith(SUFFIX) ? account(file) : null;
        if (account != null && seen.merge(account, 1, Integer::sum) <= MOST_OF_AN_ACCOUNT) {
          out.add(file);
        }
      }
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return out;
  }

  /** By number, which asks no directory service; null for what is gone. */
  private static @Nullable Object account(Path file) throws IOException {
    try {
      return Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** All leases, whether they hold or not, and what else is named so. */
  public List<LeaseFile> files() throws IOException {
    List<LeaseFile> out = new ArrayList<>();
    for (Path file : list()) {
      try {
        Lease lease = read(file);
        out.add(
            new LeaseFile(
                file,
                lease == null ? String.valueOf(file.getFileName()) : lease.node(),
                lease,
                Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toMillis() / 1000));
      } catch (NoSuchFileException e) {
        // Given back since it was listed.
      }
    }
    return out;
  }

  /**
   * Takes a file away unless it is a lease that holds, or may just be written.
   *
   * @param now Unix time
   * @return whether it is gone
   */
  public boolean removeUnlessHeld(
      Path file, HostProcesses processes, RunningMachines machines, long now) throws IOException {
    Lease lease = read(file);
    if (lease == null
        ? Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !isOld(file, now)
        : lease.holds(processes, nodes(machines), now)) {
      return false;
    }
    Files.deleteIfExists(file);
    return true;
  }

  /** The images that nodes use. */
  public Set<ImageDigest> images(HostProcesses processes, RunningMachines machines, long now)
      throws IOException {
    Set<ImageDigest> out = new HashSet<>();
    for (Lease lease : current(processes, machines, now)) {
      out.addAll(lease.files());
    }
    return out;
  }

  /** Null for what is no lease. */
  private static @Nullable Lease read(Path file) {
    String node = NodeFileName.node(file, SUFFIX);
    if (node.isEmpty()) {
      return null;
    }
    try {
      Map<String, String> lines = KeyValues.parse(Files.readSymbolicLink(file).toString());
      String image = lines.getOrDefault("image", "");
      String starter = lines.getOrDefault("starter", "");
      int colon = starter.indexOf(':');
      if (!ImageDigest.isValid(image)) {
        return null;
      }
      List<ImageDigest> bootFiles = new ArrayList<>();
      for (Map.Entry<String, String> line : lines.entrySet()) {
        if (line.getKey().startsWith(BOOT_FILE) && ImageDigest.isValid(line.getValue())) {
          bootFiles.add(new ImageDigest(line.getValue()));
        }
      }
      return new Lease(
          node,
          new ImageDigest(image),
          bootFiles,
          colon < 0
              ? null
              : new HostProcesses.Identity(
                  Long.parseLong(starter.substring(0, colon)),
                  Long.parseLong(starter.substring(colon + 1))),
          Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toMillis() / 1000);
    } catch (IOException | NumberFormatException e) {
      return null;
    }
  }

  private static boolean isOld(Path file, long now) {
    try {
      return Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toMillis() / 1000
          < now - GRACE_SECONDS;
    } catch (IOException e) {
      return false;
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // Somebody else's; HTCondor's account will.
    }
  }
}
