package org.vocluster.vm.os;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/**
 * Directories with all that is in them. They are removed by way of open directories, so that nobody
 * who may write in them can lead us elsewhere with a symbolic link.
 */
public final class FileTree {
  private FileTree() {}

  /**
   * How much is there.
   *
   * @param bytes of all files
   * @param modified Unix time of the last change of any
   */
  public record Extent(long bytes, long modified) {
    /** Of what is not there, or not to be seen. */
    public static final Extent NONE = new Extent(0, 0);

    Extent plus(Extent other) {
      return new Extent(bytes + other.bytes, Math.max(modified, other.modified));
    }
  }

  /** Of a file, or of a directory with all that is in it and that this account may see. */
  public static Extent extent(Path path) throws IOException {
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      long modified = attributes.lastModifiedTime().toMillis() / 1000;
      if (!attributes.isDirectory()) {
        return new Extent(attributes.size(), modified);
      }
      Extent all = new Extent(0, modified);
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
        for (Path entry : entries) {
          all = all.plus(extent(entry));
        }
      }
      return all;
    } catch (NoSuchFileException | AccessDeniedException e) {
      return Extent.NONE;
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  /**
   * Removes a directory, unless it or something in it is on another file system than what it is in.
   * Does no harm beside others who remove it too.
   *
   * @return why not; empty if it is gone
   */
  public static Optional<String> remove(Path directory) throws IOException {
    Path above = directory.toAbsolutePath().getParent();
    Path name = directory.getFileName();
    if (above == null || name == null) {
      return Optional.of("it is in no directory");
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(above)) {
      if (!(entries instanceof SecureDirectoryStream<Path> parent)) {
        return Optional.of("this system has no safe way to remove a directory");
      }
      String fileSystem = fileSystem(Files.readAttributes(above, BasicFileAttributes.class));
      BasicFileAttributes attributes = attributes(parent, name);
      if (!attributes.isDirectory() || !fileSystem(attributes).equals(fileSystem)) {
        return Optional.of("it is no directory of that file system");
      }
      remove(parent, name, fileSystem);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return Optional.empty();
  }

  /** The same, for who expects it to succeed. */
  public static void delete(Path directory) throws IOException {
    Optional<String> fault = remove(directory);
    if (fault.isPresent()) {
      throw new IOException(directory + " stays: " + fault.get());
    }
  }

  private static BasicFileAttributes attributes(SecureDirectoryStream<Path> parent, Path name)
      throws IOException {
    return parent
        .getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .readAttributes();
  }

  /** Java tells the device as the first part of {@code (dev=…,ino=…)}, and no other way here. */
  private static String fileSystem(BasicFileAttributes attributes) {
    String key = String.valueOf(attributes.fileKey());
    return key.substring(0, Math.max(0, key.indexOf(',')));
  }

  private static void remove(SecureDirectoryStream<Path> parent, Path name, String fileSystem)
      throws IOException {
    try (SecureDirectoryStream<Path> directory =
        parent.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
      for (Path entry : directory) {
        try {
          removeEntry(directory, entry.getFileName(), fileSystem);
        } catch (NoSuchFileException e) {
          // Somebody else was quicker.
        }
      }
    }
    parent.deleteDirectory(name);
  }

  private static void removeEntry(
      SecureDirectoryStream<Path> directory, Path name, String fileSystem) throws IOException {
    BasicFileAttributes attributes = attributes(directory, name);
    if (!attributes.isDirectory()) {
      directory.deleteFile(name);
    } else if (fileSystem(attributes).equals(fileSystem)) {
      remove(directory, name, fileSystem);
    } else {
      throw new IOException(name + " in it is a mount point");
    }
  }
}
