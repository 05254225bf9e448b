package org.vocluster.classad;

import java.time.ZoneId;
import java.util.Objects;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What an evaluation may know besides the ads: the language variant, the time, a source of random
 * numbers, and the user database. Immutable; each {@code with} method returns a changed copy.
 */
public final class EvalContext {
  /** {@link Language#CONDOR_23_9}, the system's clock and zone, random numbers, and no users. */
  public static final EvalContext DEFAULT =
      new EvalContext(Language.CONDOR_23_9, null, null, null, UserDatabase.NONE);

  private final Language language;
  private final @Nullable LongSupplier clock;
  private final @Nullable ZoneId zone;
  private final @Nullable DoubleSupplier random;
  private final UserDatabase users;

  private EvalContext(
      Language language,
      @Nullable LongSupplier clock,
      @Nullable ZoneId zone,
      @Nullable DoubleSupplier random,
      UserDatabase users) {
    this.language = language;
    this.clock = clock;
    this.zone = zone;
    this.random = random;
    this.users = users;
  }

  public EvalContext withLanguage(Language value) {
    return new EvalContext(Objects.requireNonNull(value), clock, zone, random, users);
  }

  /** The clock that {@code time()} reads: seconds since the epoch. */
  public EvalContext withClock(LongSupplier epochSeconds) {
    return new EvalContext(language, Objects.requireNonNull(epochSeconds), zone, random, users);
  }

  /** The local time zone; the system's own unless given. */
  public EvalContext withZone(ZoneId value) {
    return new EvalContext(language, clock, Objects.requireNonNull(value), random, users);
  }

  /** The source of {@code random()}: numbers from 0 inclusive to 1 exclusive. */
  public EvalContext withRandom(DoubleSupplier value) {
    return new EvalContext(language, clock, zone, Objects.requireNonNull(value), users);
  }

  public EvalContext withUsers(UserDatabase value) {
    return new EvalContext(language, clock, zone, random, Objects.requireNonNull(value));
  }

  public Language language() {
    return language;
  }

  boolean condor() {
    return language.mode() == Mode.CONDOR;
  }

  boolean modern() {
    return language.dialect() == Dialect.V25_14;
  }

  long now() {
    return clock != null ? clock.getAsLong() : System.currentTimeMillis() / 1000;
  }

  ZoneId zone() {
    return zone != null ? zone : ZoneId.systemDefault();
  }

  double nextRandom() {
    return random != null ? random.getAsDouble() : Math.random();
  }

  UserDatabase users() {
    return users;
  }
}
