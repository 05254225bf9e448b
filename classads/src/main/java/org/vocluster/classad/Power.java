package org.vocluster.classad;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * C's own pow(), since the sixteen digits that ClassAds print show that Java's rounds differently.
 * Loaded when it is first called; where the C library has none to offer, Java's has to do.
 */
@SuppressWarnings("restricted")
final class Power {
  private static final @Nullable MethodHandle POW = load();

  private Power() {}

  private static @Nullable MethodHandle load() {
    try {
      Linker linker = Linker.nativeLinker();
      Optional<MemorySegment> pow = linker.defaultLookup().find("pow");
      return pow.isEmpty()
          ? null
          : linker.downcallHandle(
              pow.get(), FunctionDescriptor.of(JAVA_DOUBLE, JAVA_DOUBLE, JAVA_DOUBLE));
    } catch (UnsupportedOperationException | IllegalCallerException absent) {
      return null;
    }
  }

  static double of(double x, double y) {
    if (POW == null) {
      return x == 1 || (x == -1 && Double.isInfinite(y)) ? 1 : Math.pow(x, y);
    }
    try {
      return (double) POW.invokeExact(x, y);
    } catch (Throwable t) {
      throw new IllegalStateException("the C library's pow() cannot be called", t);
    }
  }
}
