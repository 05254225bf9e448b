package org.vocluster.vm.definition;

/** A file that QEMU itself reads to start a node, a kernel or an initrd: where it is, and which. */
public record BootFile(ImageUrl url, ImageDigest digest) {}
