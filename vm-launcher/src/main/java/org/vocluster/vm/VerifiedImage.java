package org.vocluster.vm;

import java.nio.file.Path;

/**
 * An image file in the store that is byte for byte the one whose digest was checked.
 *
 * @param virtualSize size in bytes of the disk that the guest sees
 */
public record VerifiedImage(ImageDigest digest, Path file, long virtualSize) {}
