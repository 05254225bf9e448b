package org.vocluster.reaper;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One process, held by a descriptor of the kernel's (pidfd, Linux 5.3): a signal goes to this very
 * process or to none, though its number may be another's by then. Java has no such thing, and the C
 * library of older systems no function for it, so the system calls are made by their numbers, which
 * are the same on all architectures.
 */
@SuppressWarnings("restricted")
final class HeldProcess implements AutoCloseable {
  private static final long PIDFD_OPEN = 434;
  private static final long PIDFD_SEND_SIGNAL = 424;
  private static final int KILL = 9;

  private static final MethodHandle OPEN =
      function(
          "syscall",
          FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
          Linker.Option.firstVariadicArg(1));
  private static final MethodHandle SEND =
      function(
          "syscall",
          FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG),
          Linker.Option.firstVariadicArg(1));
  private static final MethodHandle CLOSE =
      function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

  private final int descriptor;

  private HeldProcess(int descriptor) {
    this.descriptor = descriptor;
  }

  private static MethodHandle function(
      String name, FunctionDescriptor types, Linker.Option... options) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), types, options);
  }

  /** The process that has this number now; empty if none has, or the kernel holds none. */
  static Optional<HeldProcess> of(long pid) {
    try {
      long descriptor = (long) OPEN.invokeExact(PIDFD_OPEN, pid, 0L);
      return descriptor < 0 ? Optional.empty() : Optional.of(new HeldProcess((int) descriptor));
    } catch (Throwable t) {
      throw broken(t);
    }
  }

  /** Ends it with SIGKILL; false if it had ended before, or may not be ended. */
  boolean kill() {
    try {
      @Nullable MemorySegment noInformation = MemorySegment.NULL;
      return (long)
              SEND.invokeExact(PIDFD_SEND_SIGNAL, (long) descriptor, (long) KILL, noInformation, 0L)
          == 0;
    } catch (Throwable t) {
      throw broken(t);
    }
  }

  @Override
  public void close() {
    try {
      int _ = (int) CLOSE.invokeExact(descriptor);
    } catch (Throwable t) {
      throw broken(t);
    }
  }

  private static IllegalStateException broken(Throwable t) {
    return new IllegalStateException("the C library cannot be called", t);
  }
}
