package org.vocluster.vm.os;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.commons.exec.CommandLine;
import org.apache.commons.exec.DefaultExecutor;
import org.apache.commons.exec.ExecuteException;
import org.apache.commons.exec.ExecuteResultHandler;
import org.apache.commons.exec.ProcessDestroyer;
import org.apache.commons.exec.PumpStreamHandler;
import org.jspecify.annotations.Nullable;

/**
 * One program to run: no shell, standard input empty, output captured, time bounded. The hooks, the
 * sizer and {@code voc} run all their programs through it, and nobody else uses Commons Exec
 * (docs/decisions/0101). What stands here against that library, and why:
 *
 * <ul>
 *   <li>{@code Running}: its watchdog sends SIGTERM, to the program alone, and then waits without a
 *       bound for one that ignores it; and it shows no process to whoever would do better. We get
 *       the process as its "destroyer" and send SIGKILL to it and all below it.
 *   <li>{@code Ending}, with a latch: its own result handler looks for the end every 50 ms only.
 *   <li>{@code AFTER_KILL} as stop timeout: it waits for its pumps until the pipes are closed,
 *       which a grandchild that inherited them can put off for ever.
 *   <li>{@code setExitValues(null)}: by default it takes every status but 0 for a failure to run.
 *   <li>{@code started}: it reports a program that could not be started by the same call as one
 *       that ended badly.
 *   <li>{@code Capture}: it pumps as much as comes.
 * </ul>
 *
 * @param argv the program and its arguments
 * @param environment variables added to this process's own
 * @param timeout after which the program and all it started are killed
 */
public record Command(List<String> argv, Map<String, String> environment, Duration timeout) {
  /** Greatest number of bytes kept of each output stream; what comes after is read and dropped. */
  static final int OUTPUT_LIMIT = 16 * 1024 * 1024;

  private static final Path SETPRIV = Path.of("/usr/bin/setpriv");

  private static final Duration AFTER_KILL = Duration.ofSeconds(1);

  public Command {
    argv = List.copyOf(argv);
    environment = Map.copyOf(environment);
  }

  /**
   * The same program, which the kernel kills when this process is killed, on systems that have the
   * means for it.
   */
  public static List<String> endingWithUs(List<String> argv) {
    List<String> out = new ArrayList<>();
    if (Files.isExecutable(SETPRIV)) {
      out.addAll(List.of(SETPRIV.toString(), "--pdeathsig", "KILL", "--"));
    }
    out.addAll(argv);
    return out;
  }

  /** A command in this process's own environment. */
  public static Command of(Duration timeout, List<String> argv) {
    return new Command(argv, Map.of(), timeout);
  }

  /**
   * What an ended command left.
   *
   * @param status exit status; 128 + n after signal n
   */
  public record Outcome(int status, String stdout, String stderr) {}

  /**
   * Runs the command and accepts any exit status.
   *
   * @throws CommandException if it cannot be started or is not done in time
   */
  public Outcome run() throws CommandException {
    Capture stdout = new Capture();
    Capture stderr = new Capture();
    PumpStreamHandler streams = new PumpStreamHandler(stdout, stderr);
    // A grandchild that keeps the pipe open must not keep us.
    streams.setStopTimeout(AFTER_KILL);
    DefaultExecutor executor = DefaultExecutor.builder().setExecuteStreamHandler(streams).get();
    executor.setExitValues(null);
    Running running = new Running();
    executor.setProcessDestroyer(running);
    Ending ending = new Ending();
    try {
      executor.execute(commandLine(), fullEnvironment(), ending);
      if (!ending.await(timeout)) {
        running.kill();
        boolean _ = ending.await(AFTER_KILL);
        throw new CommandException(
            argv, "was not done after " + timeout.toMillis() + " ms and was killed", stderr.text());
      }
    } catch (IOException e) {
      throw new CommandException(argv, "could not be started (" + e.getMessage() + ")", "");
    } catch (InterruptedException e) {
      running.kill();
      Thread.currentThread().interrupt();
      throw new CommandException(argv, "was interrupted and killed", stderr.text());
    }
    ExecuteException failure = ending.failure;
    if (failure != null && !running.started()) {
      throw new CommandException(argv, "could not be started (" + rootMessage(failure) + ")", "");
    }
    return new Outcome(ending.status, stdout.text(), stderr.text());
  }

  /**
   * Runs the command and expects exit status 0.
   *
   * @return its standard output
   * @throws CommandException for any other end
   */
  public String output() throws CommandException {
    Outcome outcome = run();
    if (outcome.status() != 0) {
      throw new CommandException(argv, "failed with status " + outcome.status(), outcome.stderr());
    }
    return outcome.stdout();
  }

  private CommandLine commandLine() {
    CommandLine line = new CommandLine(argv.get(0));
    for (String argument : argv.subList(1, argv.size())) {
      line.addArgument(argument, false);
    }
    return line;
  }

  private Map<String, String> fullEnvironment() {
    Map<String, String> all = new HashMap<>(System.getenv());
    all.putAll(environment);
    return all;
  }

  private static String rootMessage(Throwable failure) {
    Throwable cause = failure.getCause();
    return String.valueOf(cause == null ? failure.getMessage() : cause.getMessage());
  }

  /** What Commons Exec says of the end. Its own handler looks for that every 50 ms. */
  private static final class Ending implements ExecuteResultHandler {
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile int status;
    private volatile @Nullable ExecuteException failure;

    @Override
    public void onProcessComplete(int exitValue) {
      status = exitValue;
      ended.countDown();
    }

    @Override
    public void onProcessFailed(ExecuteException e) {
      status = e.getExitValue();
      failure = e;
      ended.countDown();
    }

    boolean await(Duration bound) throws InterruptedException {
      return ended.await(bound.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  /** Commons Exec tells a destroyer of each process that it starts: the only way to its handle. */
  private static final class Running implements ProcessDestroyer {
    private volatile @Nullable Process process;
    private volatile boolean started;

    @Override
    public boolean add(Process process) {
      this.process = process;
      started = true;
      return true;
    }

    @Override
    public boolean remove(Process process) {
      this.process = null;
      return true;
    }

    @Override
    public int size() {
      return process == null ? 0 : 1;
    }

    boolean started() {
      return started;
    }

    void kill() {
      Process current = process;
      if (current != null) {
        current.descendants().forEach(ProcessHandle::destroyForcibly);
        current.destroyForcibly();
      }
    }
  }

  /** Keeps the first {@link #OUTPUT_LIMIT} bytes. */
  private static final class Capture extends OutputStream {
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

    @Override
    public synchronized void write(int b) {
      if (kept.size() < OUTPUT_LIMIT) {
        kept.write(b);
      }
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
      kept.write(bytes, offset, Math.min(length, OUTPUT_LIMIT - kept.size()));
    }

    synchronized String text() {
      return kept.toString(StandardCharsets.UTF_8);
    }
  }
}
