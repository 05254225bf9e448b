package org.vocluster.vm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which images nodes use: files named after nodes, in a directory where every account may make
 * files and only HTCondor's may delete those of others (mode 1777).
 *
 * <p>A launch takes its lease before it looks the image up, and the cache looks at the leases after
 * it has hidden an image, so that one of the two always sees the other. A lease holds for as long
 * as the starter lives that it names, or a QEMU with the node's name; nothing has to be done for it
 * to end. A stale file is harmless and is taken away by whoever looks.
 *
 * @param directory of the lease files
 */
public record Leases(Path directory) {
  private static final String SUFFIX = ".lease";
  private static final String BOOT_FILE = "boot-file-";
  private static final int MOST_BYTES = 1000;
  private static final int MOST_LEASES = 10_000;

  /** For a lease that names no starter: time to get from prepare-job to QEMU. */
  static final long GRACE_SECONDS = 120;

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
    /** Whether the node uses the image now, or may begin to. */
    boolean holds(HostProcesses processes, Set<String> nodes, long now) {
      if (nodes.contains(node)) {
        return true;
      }
      return starter == null ? now - taken < GRACE_SECONDS : processes.lives(starter);
    }
  }

  /**
   * Takes the lease of a node, in place of an earlier one of the same node.
   *
   * @param bootFiles the node's kernel and initrd, if it starts with its own
   * @throws IOException if the directory is not there or does not let us, or somebody else has a
   *     file of that name
   */
  public void take(
      NodeId node, ImageDigest image, List<ImageDigest> bootFiles, HostProcesses processes)
      throws IOException {
    Path file = directory.resolve(node + SUFFIX);
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
    Files.deleteIfExists(file);
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      var _ = out.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
    }
  }

  /** The same for a node that starts from its disk. */
  public void take(NodeId node, ImageDigest image, HostProcesses processes) throws IOException {
    take(node, image, List.of(), processes);
  }

  /** Gives the lease of a node back; nothing happens if there is none. */
  public void release(NodeId node) throws IOException {
    Files.deleteIfExists(directory.resolve(node + SUFFIX));
  }

  /**
   * The leases that hold; files of those that do not are taken away if this account may.
   *
   * @param now Unix time
   */
  public List<Lease> current(HostProcesses processes, long now) throws IOException {
    List<Path> files = list();
    List<Lease> out = new ArrayList<>();
    Set<String> nodes = files.isEmpty() ? Set.of() : processes.nodes();
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

  private List<Path> list() throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
      for (Path entry : entries) {
        if (files.size() < MOST_LEASES) {
          files.add(entry);
        }
      }
    } catch (NoSuchFileException e) {
      return List.of();
    }
    return files;
  }

  /** All files of leases, whether these hold or not. */
  List<Reaping.LeaseFile> files() throws IOException {
    List<Reaping.LeaseFile> out = new ArrayList<>();
    for (Path file : list()) {
      try {
        out.add(
            new Reaping.LeaseFile(
                file,
                nodeOf(file),
                read(file),
                Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toMillis() / 1000));
      } catch (NoSuchFileException e) {
        // Given back since it was listed.
      }
    }
    return out;
  }

  private static String nodeOf(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.substring(0, name.length() - SUFFIX.length());
  }

  /** The images that nodes use. */
  public Set<ImageDigest> images(HostProcesses processes, long now) throws IOException {
    Set<ImageDigest> out = new HashSet<>();
    for (Lease lease : current(processes, now)) {
      out.add(lease.image());
      out.addAll(lease.bootFiles());
    }
    return out;
  }

  /** Null for what is no lease, or one that is just being written. */
  private static @Nullable Lease read(Path file) {
    try {
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) > MOST_BYTES) {
        return null;
      }
      Map<String, String> lines = KeyValues.parse(Files.readString(file, StandardCharsets.UTF_8));
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
          nodeOf(file),
          new ImageDigest(image),
          bootFiles,
          colon < 0
              ? null
              : new HostProcesses.Identity(
                  Long.parseLong(starter.substring(0, colon)),
                  Long.parseLong(starter.substring(colon + 1))),
          Files.getLastModifiedTime(file).toMillis() / 1000);
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
