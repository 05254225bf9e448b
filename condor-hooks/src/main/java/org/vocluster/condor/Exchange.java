package org.vocluster.condor;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * One question and its answer over a local connection, within bounds of time: each side writes all
 * of its text and then says that this was all. Sizing and the reaper talk so; neither waits for the
 * other longer than that.
 */
public final class Exchange implements AutoCloseable {
  private final SocketChannel channel;
  private final Selector selector;
  private final Duration bound;

  /**
   * Takes over the connection; closes it even if this fails.
   *
   * @param bound of time for what is read, and for what is written
   */
  public Exchange(SocketChannel channel, Duration bound) throws IOException {
    this.channel = channel;
    this.bound = bound;
    try {
      channel.configureBlocking(false);
      selector = Selector.open();
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /**
   * All that the other side writes until it says that this was all.
   *
   * @param limit greatest number of bytes
   */
  public String read(int limit) throws IOException {
    long end = System.nanoTime() + bound.toNanos();
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    ByteBuffer buffer = ByteBuffer.allocate(4096);
    while (true) {
      int count = channel.read(buffer.clear());
      if (count < 0) {
        return all.toString(StandardCharsets.UTF_8);
      }
      if (count == 0) {
        await(SelectionKey.OP_READ, end);
      }
      all.write(buffer.array(), 0, count);
      if (all.size() > limit) {
        throw new IOException("more than " + limit + " bytes came");
      }
    }
  }

  /** Writes the text, and that it is all. */
  public void write(String text) throws IOException {
    long end = System.nanoTime() + bound.toNanos();
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      if (channel.write(bytes) == 0) {
        await(SelectionKey.OP_WRITE, end);
      }
    }
    channel.shutdownOutput();
  }

  private void await(int operation, long end) throws IOException {
    channel.register(selector, operation);
    long left = (end - System.nanoTime()) / 1_000_000;
    if (left <= 0 || selector.select(left) == 0) {
      throw new IOException("nothing came or went in time");
    }
    selector.selectedKeys().clear();
  }

  @Override
  public void close() throws IOException {
    try {
      selector.close();
    } finally {
      channel.close();
    }
  }
}
