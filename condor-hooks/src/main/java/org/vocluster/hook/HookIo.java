package org.vocluster.hook;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** Everything a hook gets from its process: the one place where {@code System} is asked. */
public record HookIo(
    InputStream stdin,
    PrintStream stdout,
    PrintStream stderr,
    Map<String, String> environment,
    List<String> arguments,
    InstantSource clock) {
  /** Copies the collections. */
  public HookIo {
    environment = Map.copyOf(environment);
    arguments = List.copyOf(arguments);
  }

  /** This process's own. */
  public static HookIo system(String[] arguments) {
    return new HookIo(
        System.in,
        stream(FileDescriptor.out),
        stream(FileDescriptor.err),
        System.getenv(),
        List.of(arguments),
        InstantSource.system());
  }

  private static PrintStream stream(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), false, StandardCharsets.UTF_8);
  }

  /**
   * All of standard input.
   *
   * @param limit greatest number of bytes; what comes after is not read
   * @throws InputTooLargeException if there is more
   */
  public byte[] read(int limit) throws IOException, InputTooLargeException {
    byte[] bytes = stdin.readNBytes(limit + 1);
    if (bytes.length > limit) {
      throw new InputTooLargeException(limit);
    }
    return bytes;
  }

  /** Writes a whole answer at once. */
  void answer(String text) {
    stdout.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    stdout.flush();
  }

  /**
   * Ends the process, everything that was to be written having been written. Not System.exit, which
   * looks for a logger to report to and thereby opens the jar: some 8 ms of each hook.
   */
  public static void end(int status) {
    Runtime.getRuntime().halt(status);
  }

  /** Standard input has more than the hook is willing to read. */
  public static final class InputTooLargeException extends Exception {
    private static final long serialVersionUID = 1L;

    InputTooLargeException(int limit) {
      super("the ad on standard input has more than " + limit + " bytes");
    }
  }
}
