package org.vocluster.vm.node;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.os.AtomicFile;

/**
 * The ends of nodes' consoles, kept on a PAD host beyond the nodes.
 *
 * <p>While a node runs, its console file in the scratch directory has a second name in {@link
 * #RUNNING}, so that the scratch directory may go whatever died. Every account may make names
 * there, and only HTCondor's account may list them or take those of others away; a name has a
 * random part, since HTCondor's account must be able to read the file and others need not. A file
 * with no other name belongs to a node that is gone: its end becomes {@code <node>.log} in the
 * directory itself, which is HTCondor's alone.
 */
public final class KeptConsoles {
  /** Directory with the consoles of nodes that run, of mode 1733. */
  static final String RUNNING = "running";

  /** In the scratch directory: names the file to be, where a second name was not possible. */
  static final String SAVE_AS = "voc-console.kept";

  private static final int KEPT = 50;
  private static final Duration STALE = Duration.ofHours(1);
  private static final String LOG = ".log";
  private static final String RAW = ".raw";

  private final Path directory;
  private final Path running;

  /**
   * @param directory VOC_CONSOLE_DIR
   */
  public KeptConsoles(Path directory) {
    this.directory = directory;
    this.running = directory.resolve(RUNNING);
  }

  /**
   * Makes a node's empty console file, and sees to it that its end will be kept. That nothing is
   * kept where this host is not made for it is no reason to do without the node.
   *
   * @param console in the scratch directory
   */
  public void begin(NodeId node, Path console) throws IOException {
    Files.deleteIfExists(console);
    Files.createFile(console);
    Files.setPosixFilePermissions(console, PosixFilePermissions.fromString("rw-r--r--"));
    if (!Files.isDirectory(running)) {
      return;
    }
    Path second = running.resolve(NodeFileName.fresh(node, LOG));
    try {
      Files.createLink(second, console);
    } catch (IOException | UnsupportedOperationException e) {
      // EXECUTE is another file system: job-exit copies the end, unless the starter is killed.
      Files.createSymbolicLink(console.resolveSibling(SAVE_AS), second);
    }
  }

  /**
   * Copies the end of a console that could not be given a second name; else does nothing.
   *
   * @param console in the scratch directory of a node that has ended
   */
  public static void save(Path console) throws IOException {
    Path name = console.resolveSibling(SAVE_AS);
    if (!Files.isSymbolicLink(name) || !Files.isRegularFile(console, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Path target = Files.readSymbolicLink(name);
    Path part = target.resolveSibling(target.getFileName() + ".part");
    Files.writeString(
        part, end(console), StandardCharsets.ISO_8859_1, StandardOpenOption.CREATE_NEW);
    Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("rw-r--r--"));
    Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * Keeps the ends of the consoles of nodes that are gone, of the last {@value #KEPT}. To be called
   * by HTCondor's account.
   */
  public void tidy(Instant now) throws IOException {
    if (!Files.isDirectory(running)) {
      return;
    }
    try (DirectoryStream<Path> names = Files.newDirectoryStream(running)) {
      for (Path name : names) {
        try {
          look(name, now);
        } catch (NoSuchFileException e) {
          // Gone meanwhile.
        }
      }
    }
    List<Path> logs = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        if (name.endsWith(RAW)) {
          keep(file, name.substring(0, name.length() - RAW.length()));
        }
      }
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + LOG)) {
      files.forEach(logs::add);
    }
    if (logs.size() > KEPT) {
      List<Aged> aged = new ArrayList<>();
      for (Path log : logs) {
        aged.add(new Aged(log, Files.getLastModifiedTime(log, LinkOption.NOFOLLOW_LINKS)));
      }
      aged.sort(Comparator.comparing(Aged::modified));
      for (Aged old : aged.subList(0, aged.size() - KEPT)) {
        Files.deleteIfExists(old.file());
      }
    }
  }

  private record Aged(Path file, FileTime modified) {}

  private void look(Path name, Instant now) throws IOException {
    String node = NodeFileName.node(name, LOG);
    boolean regular = Files.isRegularFile(name, LinkOption.NOFOLLOW_LINKS);
    if (node.isEmpty() || !regular) {
      boolean stale =
          Files.getLastModifiedTime(name, LinkOption.NOFOLLOW_LINKS)
              .toInstant()
              .isBefore(now.minus(STALE));
      if (stale && !Files.isDirectory(name, LinkOption.NOFOLLOW_LINKS)) {
        Files.deleteIfExists(name);
      }
      return;
    }
    if ((int) Files.getAttribute(name, "unix:nlink", LinkOption.NOFOLLOW_LINKS) > 1) {
      return;
    }
    // In a directory of our own nobody can put something else in its place before it is opened.
    Files.move(name, directory.resolve(node + RAW), StandardCopyOption.ATOMIC_MOVE);
  }

  private void keep(Path raw, String node) throws IOException {
    try {
      if (Files.isRegularFile(raw, LinkOption.NOFOLLOW_LINKS)) {
        String end = end(raw);
        AtomicFile.write(
            directory.resolve(node + LOG),
            ConsoleText.tail(end, end.length() == ConsoleText.TAIL_BYTES),
            "rw-r-----");
      }
    } finally {
      Files.deleteIfExists(raw);
    }
  }

  /** The last bytes, each as a character. */
  private static String end(Path file) throws IOException {
    try (FileChannel in =
        FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      ByteBuffer bytes = ByteBuffer.allocate(ConsoleText.TAIL_BYTES);
      in.position(Math.max(0, in.size() - ConsoleText.TAIL_BYTES));
      while (bytes.hasRemaining() && in.read(bytes) >= 0) {
        // Until it is full or the file ends.
      }
      return new String(bytes.array(), 0, bytes.position(), StandardCharsets.ISO_8859_1);
    }
  }
}
