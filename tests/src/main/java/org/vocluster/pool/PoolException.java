package org.vocluster.pool;

import java.io.Serial;
import java.util.Objects;

/** A pool, a host or a build did not do what was asked; the message carries what was seen. */
public final class PoolException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  public PoolException(String message) {
    super(message);
  }

  public PoolException(String message, Throwable cause) {
    super(message, cause);
  }

  @Override
  public String getMessage() {
    return Objects.requireNonNullElse(super.getMessage(), "");
  }
}
