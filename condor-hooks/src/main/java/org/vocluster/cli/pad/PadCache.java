package org.vocluster.cli.pad;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;
import java.util.stream.Stream;
import org.vocluster.cli.frame.CliException;
import org.vocluster.cli.frame.ExitCode;
import org.vocluster.cli.frame.Knob;
import org.vocluster.cli.frame.Site;
import org.vocluster.vm.image.ImageCache;
import org.vocluster.vm.image.ImageStore;
import org.vocluster.vm.image.ImageUse;
import org.vocluster.vm.image.Leases;
import org.vocluster.vm.image.SiteCredentials;
import org.vocluster.vm.image.StagingLimits;
import org.vocluster.vm.image.UrlPrefix;
import org.vocluster.vm.node.HostProcesses;
import org.vocluster.vm.qemu.QemuProcesses;

/**
 * This PAD host's images, as its hooks have them, opened by the settings that these have too. Root
 * works on them here, so it leaves every file to the store's owner.
 */
final class PadCache {
  private static final long MEBIBYTE = 1024 * 1024;
  private static final long MOST_VIRTUAL_BYTES = 64L * 1024 * 1024 * MEBIBYTE;

  private final Site site;

  PadCache(Site site) {
    this.site = site;
  }

  private Path directory() {
    return site.path(Knob.IMAGES);
  }

  /** Whether this is a PAD host. */
  boolean exists() {
    return Files.isDirectory(directory());
  }

  ImageStore store() throws CliException {
    if (!exists()) {
      throw CliException.failed(directory() + ": is no directory; install voc-pad on this host");
    }
    return new ImageStore(directory());
  }

  Leases leases() {
    return new Leases(site.path(Knob.LEASES));
  }

  ImageUse use() {
    return ImageUse.load(site.path(Knob.STATE));
  }

  ImageCache cache() throws CliException {
    return new ImageCache(
        store(),
        leases(),
        HostProcesses.system(),
        QemuProcesses.system(),
        use(),
        new ImageCache.Bounds(0, 0, 0),
        site.clock());
  }

  StagingLimits limits(List<UrlPrefix> allowed) throws CliException {
    String most = site.text(Knob.IMAGE_MAX_MB);
    try {
      return new StagingLimits(
          allowed, Long.parseLong(most.strip()) * MEBIBYTE, MOST_VIRTUAL_BYTES);
    } catch (NumberFormatException e) {
      throw CliException.failed(
          Knob.IMAGE_MAX_MB.macro() + ": " + most + " is no number; mend HTCondor's configuration");
    }
  }

  SiteCredentials credentials() throws CliException {
    try {
      return SiteCredentials.read(site.path(Knob.IMAGE_CREDENTIALS));
    } catch (IOException e) {
      throw CliException.failed(Knob.IMAGE_CREDENTIALS.macro() + ": " + e.getMessage());
    }
  }

  /** Changing anything takes the store's owner, or root. */
  void requireWritable() throws CliException {
    var _ = store();
    if (!Files.isWritable(directory())) {
      throw new CliException(
          ExitCode.NOT_PERMITTED, directory() + ": may not be written; run this as root");
    }
  }

  /** Root must leave nothing in the store that its owner cannot lock or replace. */
  void giveToOwner() throws IOException {
    giveToOwner(directory());
  }

  /** The owner can make links there, which must give nothing away that is elsewhere. */
  static void giveToOwner(Path directory) throws IOException {
    UserPrincipal owner = Files.getOwner(directory);
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        try {
          if (!Files.getOwner(file, LinkOption.NOFOLLOW_LINKS).equals(owner)) {
            Files.getFileAttributeView(
                    file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .setOwner(owner);
          }
        } catch (NoSuchFileException e) {
          // The hook, at work beside us, was done with it.
        }
      }
    }
  }
}
