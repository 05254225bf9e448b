package org.vocluster.hook;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.vocluster.hook.Refusal.Code;
import org.vocluster.vm.definition.ContextForm;
import org.vocluster.vm.hypervisor.Boot;
import org.vocluster.vm.image.Overlay;
import org.vocluster.vm.image.VerifiedImage;
import org.vocluster.vm.node.CloudInitSeed;
import org.vocluster.vm.node.HostProcesses;
import org.vocluster.vm.node.KeptConsoles;
import org.vocluster.vm.node.NodeFiles;
import org.vocluster.vm.node.NodeJobAd;
import org.vocluster.vm.node.NodeKey;
import org.vocluster.vm.node.NodeToken;
import org.vocluster.vm.os.Printable;

/**
 * The scratch directory of a node's job: {@code prepare-job} finds the node's secrets there, and
 * writes all that {@code voc-node} needs. It must be able to do so twice, since a job may be
 * prepared again in the same directory.
 */
final class NodeScratch {
  private static final String OWNER_ONLY = "rw-------";

  private final Path directory;
  private final NodeFiles files;

  private NodeScratch(Path directory) {
    this.directory = directory;
    this.files = NodeFiles.in(directory);
  }

  /** The one that the starter names. */
  static NodeScratch of(HookIo io) throws RefusedException {
    String scratch = io.environment().get("_CONDOR_SCRATCH_DIR");
    if (scratch == null || !scratch.startsWith("/") || !Files.isDirectory(Path.of(scratch))) {
      throw new RefusedException(
          Code.NO_SCRATCH,
          "prepare-job",
          "_CONDOR_SCRATCH_DIR names no directory",
          "it is to be run by HTCondor's starter");
    }
    return new NodeScratch(Path.of(scratch));
  }

  NodeFiles files() {
    return files;
  }

  /** Whether the job is over, so that nobody else may come who gives its lease back. */
  boolean isAbandoned() {
    return !Files.isDirectory(directory)
        || Files.exists(files.ended())
        || HostProcesses.system().hasLostStarter(directory);
  }

  /** Token and key are there, and are what they should be. */
  void requireSecrets(NodeJobAd job) throws RefusedException {
    Path file = files.token();
    String fault = "";
    try {
      if (!NodeToken.isToken(file)) {
        fault = "is no HTCondor token (three base64url parts on one line)";
      } else {
        file = files.key();
        if (!NodeKey.isKey(file)) {
          fault = "is no node key (64 hexadecimal digits)";
        }
      }
    } catch (IOException e) {
      fault =
          Files.exists(file, LinkOption.NOFOLLOW_LINKS)
              ? "cannot be used: " + Printable.of(e.toString())
              : "is missing";
    }
    if (!fault.isEmpty()) {
      throw new RefusedException(
          Code.BAD_TOKEN,
          "node " + job.node(),
          "its file " + file.getFileName() + " " + fault,
          "node jobs are made by voc-size, remove this one");
    }
  }

  void makeOverlay(NodeJobAd job, LaunchHost host, VerifiedImage image) throws RefusedException {
    try {
      Files.deleteIfExists(files.overlay());
      Overlay.create(image, files.overlay(), job.shape().diskMb());
    } catch (Overlay.ImageTooLargeException e) {
      throw new RefusedException(
          Code.IMAGE_TOO_LARGE,
          "definition " + job.origin().voc(),
          String.valueOf(e.getMessage()),
          "raise DiskMb");
    } catch (IOException e) {
      throw new RefusedException(
          Code.NO_OVERLAY,
          host.padHost(),
          "no overlay for node " + job.node() + ": " + Printable.of(e.toString(), 1000),
          "check the file system of EXECUTE");
    }
  }

  /** All the rest. The arguments come last: without them voc-node starts nothing. */
  void write(NodeJobAd job, LaunchHost host, Boot boot, NodeLaunch launch) throws RefusedException {
    try {
      Set<PosixFilePermission> ownerOnly = PosixFilePermissions.fromString(OWNER_ONLY);
      Files.setPosixFilePermissions(files.token(), ownerOnly);
      Files.setPosixFilePermissions(files.key(), ownerOnly);
      beginConsole(job, host);
      write(files.config(), launch.context());
      if (job.start().context() == ContextForm.CLOUD_INIT) {
        writeSeed(job, launch.context());
      }
      if (boot instanceof Boot.Uefi uefi) {
        copyVariables(host, uefi);
      }
      write(files.arguments(), String.join("\n", launch.words()) + "\n");
    } catch (IOException e) {
      throw new RefusedException(
          Code.NO_SCRATCH,
          host.padHost(),
          "cannot write the node's files in " + directory + ": " + Printable.of(e.toString()),
          "check the file system of EXECUTE");
    }
  }

  private void beginConsole(NodeJobAd job, LaunchHost host) throws IOException {
    Path consoles = host.places().consoles();
    if (consoles != null) {
      new KeptConsoles(consoles).begin(job.node(), files.console());
    }
  }

  private void writeSeed(NodeJobAd job, String context) throws IOException {
    write(
        files.seed(),
        new CloudInitSeed(
                job.node(),
                context,
                Files.readString(files.token(), StandardCharsets.US_ASCII),
                Files.readString(files.key(), StandardCharsets.US_ASCII))
            .disk());
  }

  /** What the firmware notes there ends with the node. */
  private static void copyVariables(LaunchHost host, Boot.Uefi uefi) throws IOException {
    Path empty = host.machines().ovmf().variables();
    if (empty != null) {
      write(uefi.variables(), Files.readAllBytes(empty));
    }
  }

  private static void write(Path file, String text) throws IOException {
    write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  private static void write(Path file, byte[] content) throws IOException {
    Files.deleteIfExists(file);
    Set<PosixFilePermission> mode = PosixFilePermissions.fromString(OWNER_ONLY);
    Files.createFile(file, PosixFilePermissions.asFileAttribute(mode));
    Files.write(file, content, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
  }
}
