package org.vocluster.vm.os;

import java.time.Instant;

/**
 * This host's clock, for who asks how old a file is. Files of a network file system may be of
 * another clock. Whatever else depends on the time is told it by its caller.
 */
public final class FileClock {
  private FileClock() {}

  public static Instant now() {
    return Instant.now();
  }
}
