package org.vocluster.vm.node;

import java.nio.file.Path;

/**
 * A node's files: all in the scratch directory of its job, so that they end with it.
 *
 * @param ended there once the job's JOB_EXIT hook has run
 */
public record NodeFiles(
    Path overlay,
    Path config,
    Path token,
    Path key,
    Path console,
    Path arguments,
    Path uefiVariables,
    Path seed,
    Path ended) {
  /** Name of the file with what the guest writes to its serial console. */
  public static final String CONSOLE = "voc-console.log";

  /** The files of the node whose job has this scratch directory. */
  public static NodeFiles in(Path scratch) {
    return new NodeFiles(
        scratch.resolve("voc-overlay.qcow2"),
        scratch.resolve("voc-condor.conf"),
        scratch.resolve(NodeToken.FILE),
        scratch.resolve(NodeKey.FILE),
        scratch.resolve(CONSOLE),
        scratch.resolve("voc-qemu.args"),
        scratch.resolve("voc-uefi-vars.fd"),
        scratch.resolve("voc-seed.img"),
        scratch.resolve(".voc-ended"));
  }
}
