package org.vocluster.vm.definition;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A kernel that starts a node's machine in place of what is on its disk. The same three parts go
 * from the definition (each file a {@link BootFile}) over the node job's ad ({@link ImageDigest})
 * to the machine on its host ({@link java.nio.file.Path}).
 *
 * @param <F> what a file is known by
 * @param initrd its first root
 */
public record DirectKernel<F>(F image, Optional<F> initrd, KernelArguments arguments) {
  /** Kernel and initrd. */
  public List<F> files() {
    List<F> out = new ArrayList<>();
    out.add(image);
    if (initrd.isPresent()) {
      out.add(initrd.get());
    }
    return out;
  }
}
