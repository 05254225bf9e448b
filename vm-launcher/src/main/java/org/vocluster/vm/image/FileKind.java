package org.vocluster.vm.image;

/** What a file of the store is; its content says which, so that no digest is ever of both. */
public enum FileKind {
  /** A disk in qcow2 format. */
  IMAGE(".qcow2"),
  /** A kernel or an initrd: anything else. */
  BOOT_FILE(".boot");

  private final String suffix;

  FileKind(String suffix) {
    this.suffix = suffix;
  }

  /** The end of its name in the store. */
  String suffix() {
    return suffix;
  }
}
