package org.vocluster.pool;

import java.util.regex.Pattern;

/** A pool's name: what its namespaces, directories and processes are found by. */
public record PoolName(String value) {
  private static final Pattern VALID = Pattern.compile("[a-z][a-z0-9]{0,15}");

  public PoolName {
    if (!VALID.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "not a pool name: '%s'; up to 16 lower-case letters and digits, a letter first"
              .formatted(value));
    }
  }

  /** The network namespace that holds the pool's switch. */
  String switchNamespace() {
    return "voc." + value;
  }

  String hostNamespace(String host) {
    return switchNamespace() + "." + host;
  }

  /** Whether a network namespace belongs to this pool, the switch's own included. */
  boolean owns(String namespace) {
    return namespace.equals(switchNamespace()) || namespace.startsWith(switchNamespace() + ".");
  }

  @Override
  public String toString() {
    return value;
  }
}
