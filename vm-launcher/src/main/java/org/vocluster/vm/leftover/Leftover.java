package org.vocluster.vm.leftover;

import java.nio.file.Path;
import org.vocluster.vm.definition.ImageDigest;
import org.vocluster.vm.hypervisor.RunningMachine;
import org.vocluster.vm.os.Printable;

/** Something on a PAD host that outlived the node, or the process, that it belonged to. */
public sealed interface Leftover {
  /** What it is and where, for people. */
  String what();

  /** Why nobody needs it. */
  String why();

  /** A lease of an image. */
  record Lease(Path file, String node) implements Leftover {
    @Override
    public String what() {
      return "lease " + file;
    }

    @Override
    public String why() {
      return "node " + Printable.of(node, 100) + " is gone";
    }
  }

  /** A node's machine. */
  record Machine(RunningMachine machine) implements Leftover {
    @Override
    public String what() {
      return machine.handle() + " of node " + Printable.of(machine.node(), 100);
    }

    @Override
    public String why() {
      return "it has no condor_starter above it any more";
    }
  }

  /** A node's disk in memory. */
  record Memory(Path file) implements Leftover {
    @Override
    public String what() {
      return "overlay in memory " + file;
    }

    @Override
    public String why() {
      return "a node's has no name; its launch was killed";
    }
  }

  /** The scratch directory of a node's job. */
  record Scratch(Path directory) implements Leftover {
    @Override
    public String what() {
      return "scratch directory " + directory;
    }

    @Override
    public String why() {
      return "its condor_starter is gone, and no condor_startd runs that would remove it";
    }
  }

  /** A file that was being written. */
  record Temporary(Path file) implements Leftover {
    @Override
    public String what() {
      return "temporary file " + file;
    }

    @Override
    public String why() {
      return "who wrote it was killed";
    }
  }

  /** What is here of an image that nobody fetches any more. */
  record Part(ImageDigest image, Path store) implements Leftover {
    @Override
    public String what() {
      return "half image " + image + " in " + store;
    }

    @Override
    public String why() {
      return "nobody fetches it, and no VOC needs it";
    }
  }
}
