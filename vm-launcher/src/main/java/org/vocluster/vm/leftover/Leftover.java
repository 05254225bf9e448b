package org.vocluster.vm.leftover;

import java.nio.file.Path;
import org.vocluster.vm.definition.ImageDigest;
import org.vocluster.vm.hypervisor.RunningMachine;
import org.vocluster.vm.os.Printable;

/**
 * Something on a PAD host that outlived the node, or the process, that it belonged to. {@link
 * Reaping} finds out what is one, {@link HostInventory} takes it away.
 */
public sealed interface Leftover {
  /** A lease of an image. */
  record Lease(Path file, String node) implements Leftover {}

  /** A node's machine. */
  record Machine(RunningMachine machine) implements Leftover {}

  /** A node's disk in memory. */
  record Memory(Path file) implements Leftover {}

  /** The scratch directory of a node's job. */
  record Scratch(Path directory) implements Leftover {}

  /** A file that was being written. */
  record Temporary(Path file) implements Leftover {}

  /** What is here of an image that nobody fetches any more. */
  record Part(ImageDigest image, Path store) implements Leftover {}

  /** What it is and where, for people. */
  default String what() {
    return switch (this) {
      case Lease lease -> "lease " + lease.file();
      case Machine(RunningMachine machine) ->
          machine.handle() + " of node " + Printable.of(machine.node(), 100);
      case Memory memory -> "overlay in memory " + memory.file();
      case Scratch scratch -> "scratch directory " + scratch.directory();
      case Temporary temporary -> "temporary file " + temporary.file();
      case Part part -> "half image " + part.image() + " in " + part.store();
    };
  }

  /** Why nobody needs it. */
  default String why() {
    return switch (this) {
      case Lease lease -> "node " + Printable.of(lease.node(), 100) + " is gone";
      case Machine machine -> "it has no condor_starter above it any more";
      case Memory memory -> "a node's has no name; its launch was killed";
      case Scratch scratch ->
          "its condor_starter is gone, and no condor_startd runs that would remove it";
      case Temporary temporary -> "who wrote it was killed";
      case Part part -> "nobody fetches it, and no VOC needs it";
    };
  }
}
