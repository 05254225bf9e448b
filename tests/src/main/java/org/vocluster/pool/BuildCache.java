package org.vocluster.pool;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Directories that are expensive to make, kept under a key of everything that went into them.
 *
 * <p>Safe against concurrent use, also by other processes, and against being killed: an entry
 * appears whole, by renaming, or not at all. Entries are never changed once made.
 */
public final class BuildCache {
  private static final Duration REMOVAL = Duration.ofMinutes(5);
  // Locks of a FileChannel belong to the whole process, so threads need one of their own.
  private static final ConcurrentMap<Path, Object> IN_THIS_PROCESS = new ConcurrentHashMap<>();

  private final Path directory;

  public BuildCache(Path directory) {
    this.directory = directory;
  }

  /** Fills an empty directory. */
  @FunctionalInterface
  public interface Build {
    void into(Path directory) throws IOException, PoolException, InterruptedException;
  }

  /**
   * Returns the entry's directory, after building it if it is not there yet.
   *
   * @param kind what it is, for people who look into the cache
   * @param inputs everything that determines the result
   */
  public Path entry(String kind, List<String> inputs, Build build)
      throws PoolException, InterruptedException {
    String name = kind + "-" + key(inputs);
    Path entry = directory.resolve(name);
    if (Files.isDirectory(entry)) {
      return entry;
    }
    try {
      Files.createDirectories(directory);
      synchronized (IN_THIS_PROCESS.computeIfAbsent(entry, e -> new Object())) {
        try (FileChannel channel =
                FileChannel.open(
                    directory.resolve(name + ".lock"),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE);
            FileLock lock = channel.lock()) {
          if (lock.isValid() && !Files.isDirectory(entry)) {
            Path partial = directory.resolve(name + ".partial");
            remove(partial);
            Files.createDirectory(partial);
            build.into(partial);
            Files.writeString(
                directory.resolve(name + ".inputs"), String.join("\n", inputs) + "\n");
            Files.move(partial, entry, StandardCopyOption.ATOMIC_MOVE);
          }
        }
      }
      return entry;
    } catch (IOException e) {
      throw new PoolException("%s: cannot build %s: %s".formatted(directory, kind, e), e);
    }
  }

  private static String key(List<String> inputs) {
    return digest(String.join("\0", inputs).getBytes(StandardCharsets.UTF_8)).substring(0, 16);
  }

  /** SHA-256 in lower-case hexadecimal. */
  public static String digest(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Removes a tree, but nothing that is mounted into it. */
  public static void remove(Path tree) throws PoolException, InterruptedException {
    if (Files.exists(tree)) {
      Command.run(REMOVAL, List.of("rm", "-rf", "--one-file-system", tree.toString())).orThrow();
    }
  }
}
