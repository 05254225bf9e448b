package org.vocluster.vm.qemu;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vocluster.vm.definition.ImageDigest;
import org.vocluster.vm.definition.KernelArguments;

/**
 * A kernel that a node starts without what is on its disk, by the digests of its files.
 *
 * @param initrd its first root, or null
 */
public record DirectKernel(
    ImageDigest kernel, @Nullable ImageDigest initrd, KernelArguments arguments) {
  /** The digests of the files that a host must hold for it. */
  public List<ImageDigest> files() {
    List<ImageDigest> out = new ArrayList<>();
    out.add(kernel);
    if (initrd != null) {
      out.add(initrd);
    }
    return out;
  }
}
