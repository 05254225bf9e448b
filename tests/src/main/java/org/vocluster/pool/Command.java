package org.vocluster.pool;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One bounded run of a command on the machine itself, with a clean environment.
 *
 * <p>Output goes through files, not pipes: a daemon that the command leaves behind may keep its
 * standard output open for ever, and reading a pipe to its end would then never return.
 */
public record Command(
    String where,
    List<String> argv,
    List<String> shown,
    Duration bound,
    @Nullable Path inputFile,
    @Nullable String inputText) {

  static final Map<String, String> ENVIRONMENT =
      Map.of(
          "PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
          "HOME", "/root",
          "LANG", "C.UTF-8",
          "LC_ALL", "C.UTF-8",
          "DEBIAN_FRONTEND", "noninteractive");

  public static Result run(Duration bound, List<String> argv)
      throws PoolException, InterruptedException {
    return new Command("machine", argv, argv, bound, null, null).run();
  }

  public static Result run(String... argv) throws PoolException, InterruptedException {
    return run(Duration.ofMinutes(1), List.of(argv));
  }

  public Result run() throws PoolException, InterruptedException {
    try {
      Path scratch = Files.createTempDirectory("voc-run");
      try {
        return run(scratch);
      } finally {
        for (String name : List.of("in", "out", "err")) {
          Files.deleteIfExists(scratch.resolve(name));
        }
        Files.delete(scratch);
      }
    } catch (IOException e) {
      throw new PoolException(
          "%s: %s: could not be run: %s".formatted(where, String.join(" ", shown), e.getMessage()),
          e);
    }
  }

  private Result run(Path scratch) throws IOException, PoolException, InterruptedException {
    Path in = scratch.resolve("in");
    Path out = scratch.resolve("out");
    Path err = scratch.resolve("err");
    if (inputText != null) {
      Files.writeString(in, inputText);
    }
    ProcessBuilder builder =
        new ProcessBuilder(argv)
            .directory(Path.of("/").toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .redirectInput(
                inputText != null
                    ? in.toFile()
                    : inputFile != null ? inputFile.toFile() : Path.of("/dev/null").toFile());
    builder.environment().clear();
    builder.environment().putAll(ENVIRONMENT);
    long start = System.nanoTime();
    Process process = builder.start();
    try {
      boolean ended = process.waitFor(bound.toMillis(), TimeUnit.MILLISECONDS);
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      Result result =
          new Result(where, shown, ended ? process.exitValue() : -1, text(out), text(err), took);
      if (!ended) {
        throw new PoolException(
            "not finished within its bound of %d s: %s".formatted(bound.toSeconds(), result));
      }
      return result;
    } finally {
      if (process.isAlive()) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    }
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }
}
