package org.vocluster.vm.image;

import java.nio.file.Path;
import java.util.List;
import org.vocluster.vm.definition.ImageUrl;

/**
 * What may be staged on this host.
 *
 * @param allowed prefixes of URLs that may be fetched; redirections are held to them too
 * @param inPlace prefixes of {@code file:} URLs whose files are used where they are
 * @param maxFileBytes greatest size of an image file
 * @param maxVirtualBytes greatest size of the guest's disk
 * @param kind what is to be staged
 */
public record StagingLimits(
    List<UrlPrefix> allowed,
    List<UrlPrefix> inPlace,
    long maxFileBytes,
    long maxVirtualBytes,
    FileKind kind) {
  public StagingLimits {
    allowed = List.copyOf(allowed);
    inPlace = List.copyOf(inPlace);
  }

  /** Limits of disks. */
  public StagingLimits(
      List<UrlPrefix> allowed, List<UrlPrefix> inPlace, long maxFileBytes, long maxVirtualBytes) {
    this(allowed, inPlace, maxFileBytes, maxVirtualBytes, FileKind.IMAGE);
  }

  /** Limits of disks that use nothing in place. */
  public StagingLimits(List<UrlPrefix> allowed, long maxFileBytes, long maxVirtualBytes) {
    this(allowed, List.of(), maxFileBytes, maxVirtualBytes);
  }

  /** The same for a file of that kind. */
  public StagingLimits of(FileKind other) {
    return new StagingLimits(allowed, inPlace, maxFileBytes, maxVirtualBytes, other);
  }

  boolean allows(ImageUrl url) {
    return covers(allowed, url) || isInPlace(url);
  }

  boolean isInPlace(ImageUrl url) {
    return url.isFile() && covers(inPlace, url);
  }

  boolean allowsFile(Path real) {
    return coversFile(allowed, real) || coversFile(inPlace, real);
  }

  /** Why a URL that these do not allow may not be fetched: continues a sentence. */
  String refusal() {
    return allowed.isEmpty()
        ? "may not be fetched: this host allows no URL prefix (VOC_IMAGE_URLS)"
        : "begins with none of the URL prefixes that this host allows (VOC_IMAGE_URLS)";
  }

  private static boolean covers(List<UrlPrefix> prefixes, ImageUrl url) {
    for (UrlPrefix prefix : prefixes) {
      if (prefix.covers(url)) {
        return true;
      }
    }
    return false;
  }

  private static boolean coversFile(List<UrlPrefix> prefixes, Path real) {
    for (UrlPrefix prefix : prefixes) {
      if (prefix.coversFile(real)) {
        return true;
      }
    }
    return false;
  }
}
