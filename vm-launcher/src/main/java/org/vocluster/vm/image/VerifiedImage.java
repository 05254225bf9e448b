package org.vocluster.vm.image;

import java.nio.file.Path;
import org.vocluster.vm.definition.ImageDigest;

/**
 * A file of the store that is byte for byte the one whose digest was checked.
 *
 * @param virtualSize size in bytes of the disk that the guest sees; 0 for a boot file, which is
 *     none
 */
public record VerifiedImage(ImageDigest digest, Path file, FileKind kind, long virtualSize) {
  /** Whether it is a kernel or an initrd, and not a disk. */
  public boolean isBootFile() {
    return kind == FileKind.BOOT_FILE;
  }
}
