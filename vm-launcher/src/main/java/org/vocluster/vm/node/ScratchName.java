package org.vocluster.vm.node;

import java.nio.file.Path;

/** HTCondor's name for a starter's directory in EXECUTE: {@code dir_} and the starter's number. */
public final class ScratchName {
  private static final String BEGINNING = "dir_";

  /** Matches all of them. */
  public static final String GLOB = BEGINNING + "[0-9]*";

  private ScratchName() {}

  /** The process number of the condor_starter that the directory is named after; 0 if of none. */
  public static long starter(Path directory) {
    String name = String.valueOf(directory.getFileName());
    if (!name.startsWith(BEGINNING)) {
      return 0;
    }
    try {
      return Math.max(0, Long.parseLong(name.substring(BEGINNING.length())));
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
