package org.vocluster.vm.image;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** A real HTTP server with one image, which does as it is told. */
final class ImageServer implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  volatile byte[] body;
  volatile String tag = "\"one\"";
  volatile boolean ranges = true;
  volatile boolean announces = true;

  /** After so many bytes of each answer the connection breaks. */
  volatile long breaksAfter = Long.MAX_VALUE;

  /** Header that each request must have. */
  volatile @Nullable String authorization;

  ImageServer(byte[] body) throws IOException {
    this.body = body;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  /** Each request's Range, If-Range and Authorization, with hyphens for what it did not have. */
  List<String> requests() {
    return List.copyOf(requests);
  }

  String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  private static String header(HttpExchange exchange, String name) {
    String value = exchange.getRequestHeaders().getFirst(name);
    return value == null ? "-" : value;
  }

  private void answer(HttpExchange exchange) throws IOException {
    String range = header(exchange, "Range");
    String condition = header(exchange, "If-Range");
    requests.add(range + " " + condition + " " + header(exchange, "Authorization"));
    byte[] bytes = body;
    String wanted = authorization;
    if (wanted != null && !wanted.equals(header(exchange, "Authorization"))) {
      exchange.sendResponseHeaders(403, -1);
      exchange.close();
      return;
    }
    if (!tag.isEmpty()) {
      exchange.getResponseHeaders().set("ETag", tag);
    }
    int start = 0;
    int status = 200;
    if (ranges && range.startsWith("bytes=") && condition.equals(tag)) {
      start = Integer.parseInt(range.substring(6, range.length() - 1));
      if (start >= bytes.length) {
        exchange.sendResponseHeaders(416, -1);
        exchange.close();
        return;
      }
      status = 206;
      exchange
          .getResponseHeaders()
          .set("Content-Range", "bytes " + start + "-" + (bytes.length - 1) + "/" + bytes.length);
    }
    exchange.sendResponseHeaders(status, announces ? bytes.length - start : 0);
    OutputStream out = exchange.getResponseBody();
    int count = (int) Math.min(bytes.length - start, breaksAfter);
    out.write(bytes, start, count);
    out.flush();
    // An answer that is shorter than announced: closing breaks the connection off.
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
