package org.vocluster.classad;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * PCRE2, the regular expressions HTCondor has, through the foreign-function interface. Loaded when
 * a pattern that needs it is first compiled. A match that exceeds PCRE2's own limits (10,000,000
 * internal calls) is an error; the time that long matches take counts against the evaluation's
 * budget.
 */
final class Pcre {
  static final int CASELESS = 0x8;
  static final int DOTALL = 0x20;
  static final int EXTENDED = 0x80;
  static final int MULTILINE = 0x400;

  static final int NOTEMPTY = 0x4;
  static final int NOTEMPTY_ATSTART = 0x8;
  static final int ANCHORED = 0x80000000;

  static final int NO_MATCH = -1;

  private static final int CACHE_SIZE = 512;
  private static final int MAX_PATTERN = 1 << 16;
  private static final ConcurrentMap<Key, Compiled> CACHE = new ConcurrentHashMap<>();

  private Pcre() {}

  private record Key(String pattern, int options) {}

  /** The outcome of compiling; the pattern is null if it is malformed. */
  private record Compiled(@Nullable Pattern pattern) {}

  /** The compiled pattern; null if it is malformed. */
  static @Nullable Pattern compile(String pattern, int options) {
    Recent recent = Recent.last;
    if (recent != null && recent.key.options == options && recent.key.pattern.equals(pattern)) {
      return recent.compiled.pattern();
    }
    Key key = new Key(pattern, options);
    Compiled known = CACHE.get(key);
    if (known == null) {
      known =
          new Compiled(
              Loader.LOOKUP != null && pattern.length() <= MAX_PATTERN
                  ? Library.compile(pattern, options)
                  : null);
      if (CACHE.size() >= CACHE_SIZE) {
        CACHE.clear();
      }
      CACHE.put(key, known);
    }
    Recent.last = new Recent(key, known);
    return known.pattern();
  }

  /** What was asked for last, in whatever thread. */
  private record Recent(Key key, Compiled compiled) {
    static volatile @Nullable Recent last;
  }

  /** A compiled pattern; may be used by several threads. Its memory goes with it. */
  static final class Pattern {
    private final MemorySegment code;
    private final int pairs;

    private Pattern(MemorySegment code, int pairs) {
      this.code = code;
      this.pairs = pairs;
    }

    /** The number of the highest group that matched plus one, or a negative error. */
    int match(String subject, int from, int options, Evaluation e) {
      return Scratch.LOCAL.get().match(this, subject, from, options, e);
    }

    /** Where the group of this thread's last match began; -1 if it took no part. */
    int start(int group) {
      return Scratch.LOCAL.get().offset(2 * group);
    }

    /** Where the group of this thread's last match ended. */
    int end(int group) {
      return Scratch.LOCAL.get().offset(2 * group + 1);
    }
  }

  /** A thread's buffers. */
  private static final class Scratch {
    static final ThreadLocal<Scratch> LOCAL = ThreadLocal.withInitial(Scratch::new);
    private static final long SLOW_NANOS = 1_000_000;

    private MemorySegment subject = MemorySegment.NULL;
    private MemorySegment data = MemorySegment.NULL;
    private MemorySegment offsets = MemorySegment.NULL;
    private int pairs;

    int match(Pattern pattern, String text, int from, int options, Evaluation e) {
      int n = text.length();
      if (subject.byteSize() < n + 1L) {
        subject = Arena.ofAuto().allocate(Math.max(1024, n * 2L));
      }
      if (pairs < pattern.pairs) {
        data = Library.matchData(pattern.pairs);
        offsets = Library.offsets(data, pattern.pairs);
        pairs = pattern.pairs;
      }
      MemorySegment.copy(text.getBytes(StandardCharsets.ISO_8859_1), 0, subject, JAVA_BYTE, 0, n);
      long before = System.nanoTime();
      int status = Library.match(pattern.code, subject, n, from, options, data);
      long nanos = System.nanoTime() - before;
      if (nanos > SLOW_NANOS) {
        e.chargeTime(nanos);
      }
      return status == 0 ? pattern.pairs : status;
    }

    int offset(int i) {
      return (int) offsets.getAtIndex(JAVA_LONG, i);
    }
  }

  /** Finds the library. */
  @SuppressWarnings("restricted")
  private static final class Loader {
    static final @Nullable SymbolLookup LOOKUP = open();

    private static @Nullable SymbolLookup open() {
      try {
        return SymbolLookup.libraryLookup("libpcre2-8.so.0", Arena.global());
      } catch (IllegalArgumentException | IllegalCallerException absent) {
        return null;
      }
    }
  }

  /** The functions of libpcre2-8, to be touched only where that is there. */
  @SuppressWarnings("restricted")
  private static final class Library {
    private static final int INFO_CAPTURE_COUNT = 4;
    private static final ValueLayout SIZE = JAVA_LONG;

    private static final MethodHandle COMPILE =
        bind("pcre2_compile_8", ADDRESS, ADDRESS, SIZE, JAVA_INT, ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle CODE_FREE = bind("pcre2_code_free_8", null, ADDRESS);
    private static final MethodHandle INFO =
        bind("pcre2_pattern_info_8", JAVA_INT, ADDRESS, JAVA_INT, ADDRESS);
    private static final MethodHandle DATA_CREATE =
        bind("pcre2_match_data_create_8", ADDRESS, JAVA_INT, ADDRESS);
    private static final MethodHandle DATA_FREE = bind("pcre2_match_data_free_8", null, ADDRESS);
    private static final MethodHandle OVECTOR =
        bind("pcre2_get_ovector_pointer_8", ADDRESS, ADDRESS);
    private static final MethodHandle MATCH =
        bind("pcre2_match_8", JAVA_INT, ADDRESS, ADDRESS, SIZE, SIZE, JAVA_INT, ADDRESS, ADDRESS);

    private static MethodHandle bind(
        String name, @Nullable ValueLayout result, ValueLayout... args) {
      SymbolLookup lookup = Loader.LOOKUP;
      if (lookup == null) {
        throw new IllegalStateException("libpcre2-8 is not there");
      }
      return Linker.nativeLinker()
          .downcallHandle(
              lookup.findOrThrow(name),
              result == null
                  ? FunctionDescriptor.ofVoid(args)
                  : FunctionDescriptor.of(result, args));
    }

    private static IllegalStateException broken(Throwable t) {
      return new IllegalStateException("libpcre2-8 cannot be called", t);
    }

    static @Nullable Pattern compile(String pattern, int options) {
      try (Arena arena = Arena.ofConfined()) {
        int n = pattern.length();
        MemorySegment text = arena.allocate(n + 1L);
        MemorySegment.copy(pattern.getBytes(StandardCharsets.ISO_8859_1), 0, text, JAVA_BYTE, 0, n);
        MemorySegment error = arena.allocate(16);
        MemorySegment code =
            (MemorySegment)
                COMPILE.invokeExact(
                    text, (long) n, options, error, error.asSlice(8), MemorySegment.NULL);
        if (code.address() == 0) {
          return null;
        }
        MemorySegment count = arena.allocate(8);
        int _ = (int) INFO.invokeExact(code, INFO_CAPTURE_COUNT, count);
        MemorySegment owned = code.reinterpret(Arena.ofAuto(), Library::freeCode);
        return new Pattern(owned, count.get(JAVA_INT, 0) + 1);
      } catch (Throwable t) {
        throw broken(t);
      }
    }

    static void freeCode(MemorySegment code) {
      try {
        CODE_FREE.invokeExact(code);
      } catch (Throwable t) {
        throw broken(t);
      }
    }

    static void freeData(MemorySegment data) {
      try {
        DATA_FREE.invokeExact(data);
      } catch (Throwable t) {
        throw broken(t);
      }
    }

    static MemorySegment matchData(int pairs) {
      try {
        MemorySegment data = (MemorySegment) DATA_CREATE.invokeExact(pairs, MemorySegment.NULL);
        return data.reinterpret(Arena.ofAuto(), Library::freeData);
      } catch (Throwable t) {
        throw broken(t);
      }
    }

    static MemorySegment offsets(MemorySegment data, int pairs) {
      try {
        MemorySegment vector = (MemorySegment) OVECTOR.invokeExact(data);
        return vector.reinterpret(pairs * 16L);
      } catch (Throwable t) {
        throw broken(t);
      }
    }

    static int match(
        MemorySegment code,
        MemorySegment subject,
        long length,
        long from,
        int options,
        MemorySegment data) {
      try {
        return (int)
            MATCH.invokeExact(code, subject, length, from, options, data, MemorySegment.NULL);
      } catch (Throwable t) {
        throw broken(t);
      }
    }
  }
}
