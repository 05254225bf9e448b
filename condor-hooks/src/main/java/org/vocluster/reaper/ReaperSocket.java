package org.vocluster.reaper;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Optional;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;
import org.vocluster.vm.os.AtomicFile;

/**
 * Where the reaper listens: a socket of HTCondor's account in a directory of root's that this
 * account may only enter, so that nobody else reaches it and nobody at all can put another in its
 * place. Who calls is asked of the kernel all the same.
 */
final class ReaperSocket implements AutoCloseable {
  private static final String ROOT = "root";

  private final ServerSocketChannel server;
  private final UserPrincipal account;

  private ReaperSocket(ServerSocketChannel server, UserPrincipal account) {
    this.server = server;
    this.account = account;
  }

  /**
   * Listens; what is left of a reaper that was killed is replaced.
   *
   * @param path in a directory that has no other purpose and is made here
   * @param spool directory whose owner may call
   */
  static ReaperSocket at(Path path, Path spool) throws IOException {
    PosixFileAttributes owner = Files.readAttributes(spool, PosixFileAttributes.class);
    Path directory = Optional.ofNullable(path.getParent()).orElseThrow();
    prepare(directory, owner.group());
    Files.deleteIfExists(path);
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      server.bind(UnixDomainSocketAddress.of(path));
      // By its path: a socket cannot be opened, and nobody else can enter here yet.
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
      Files.getFileAttributeView(path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
          .setOwner(owner.owner());
      AtomicFile.setPermissions(directory, "rwx--x---");
      return new ReaperSocket(server, owner.owner());
    } catch (IOException e) {
      server.close();
      throw e;
    }
  }

  /** Until the socket is ready nobody else may enter. */
  private static void prepare(Path directory, GroupPrincipal group) throws IOException {
    try {
      Files.createDirectory(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (FileAlreadyExistsException e) {
      PosixFileAttributes there =
          Files.readAttributes(directory, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (!there.isDirectory() || !there.owner().getName().equals(owner())) {
        throw new IOException(directory + " is not a directory of " + owner() + "'s", e);
      }
      AtomicFile.setPermissions(directory, "rwx------");
    }
    Files.getFileAttributeView(directory, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .setGroup(group);
  }

  private static String owner() {
    return System.getProperty("user.name", ROOT);
  }

  /** The next call of somebody who may call; those of others are ended at once. */
  SocketChannel accept() throws IOException {
    while (true) {
      SocketChannel channel = server.accept();
      if (mayCall(channel)) {
        return channel;
      }
      channel.close();
    }
  }

  private boolean mayCall(SocketChannel channel) {
    try {
      UnixDomainPrincipal peer = channel.getOption(ExtendedSocketOptions.SO_PEERCRED);
      return peer != null && (peer.user().equals(account) || peer.user().getName().equals(ROOT));
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
