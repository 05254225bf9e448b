package org.vocluster.vm.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vocluster.vm.RealTools;
import org.vocluster.vm.definition.ImageDigest;
import org.vocluster.vm.definition.ImageUrl;
import org.vocluster.vm.image.ImageStore.Lookup;
import org.vocluster.vm.os.Command;

class StagingTest {
  @TempDir Path dir;
  private Path source = Path.of("/");
  private Path images = Path.of("/");
  private byte[] body = {};
  private ImageDigest digest = new ImageDigest("0".repeat(64));
  private ImageServer server;
  private SiteCredentials credentials = SiteCredentials.NONE;
  private TransferPlugins plugins = TransferPlugins.NONE;
  private Staging.Room room = Staging.Room.UNLIMITED;
  private final List<Long> progress = new ArrayList<>();

  StagingTest() throws IOException {
    server = new ImageServer(body);
  }

  /** An image of some megabytes whose content is not all alike. */
  @BeforeEach
  void prepare() throws Exception {
    Path raw = Files.createFile(dir.resolve("raw"));
    byte[] bytes = new byte[3_000_000];
    new java.util.Random(7).nextBytes(bytes);
    Files.write(raw, bytes);
    source = Files.createDirectories(dir.resolve("src")).resolve("image.qcow2");
    RealTools.qemuImg("convert", "-f", "raw", "-O", "qcow2", raw.toString(), source.toString());
    body = Files.readAllBytes(source);
    server.body = body;
    digest = RealTools.digest(source);
    images = Files.createDirectories(dir.resolve("images"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private StageResult stage(String url) {
    return stage(images, url, server.url("/"));
  }

  private StageResult stage(Path directory, String url, String allowed) {
    return stage(directory, url, allowed, "");
  }

  private StageResult stage(Path directory, String url, String allowed, String inPlace) {
    StagingLimits limits =
        new StagingLimits(
            UrlPrefix.parseList(allowed), UrlPrefix.parseList(inPlace), 10_000_000, 1L << 30);
    return new ImageStore(directory)
        .stage(
            ImageUrl.of(url),
            digest,
            new Staging(
                limits, plugins, credentials, room, (done, total) -> progress.add(done), true));
  }

  private static String assertFailed(StageResult result, String part) {
    StageResult.Failed failed = assertInstanceOf(StageResult.Failed.class, result);
    assertTrue(failed.reason().contains(part), failed.reason());
    return failed.reason();
  }

  private void assertStagedIn(Path directory, StageResult result) throws IOException {
    assertInstanceOf(StageResult.Staged.class, result, result.toString());
    assertArrayEquals(body, Files.readAllBytes(directory.resolve(digest + ".qcow2")));
    assertEquals(List.of(digest + ".qcow2", digest + ".stamp"), filesIn(directory));
  }

  private static List<String> filesIn(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(f -> String.valueOf(f.getFileName()))
          .filter(n -> !n.equals(".lock"))
          .sorted()
          .toList();
    }
  }

  @Test
  void transferGoesOnWhereItBrokeOff() throws Exception {
    server.breaksAfter = 1_000_000;
    String url = server.url("/i");
    StageResult.Failed first = assertInstanceOf(StageResult.Failed.class, stage(url));
    assertTrue(first.reason().contains("broke off after 1000000 bytes"), first.reason());
    assertTrue(first.progressed());
    assertEquals(List.of("." + digest + ".from", "." + digest + ".part"), filesIn(images));
    ImageStore.Part part = new ImageStore(images).parts().getFirst();
    assertEquals(1_000_000, part.bytes());
    assertEquals(body.length, part.total());
    assertEquals(body.length, PartOrigin.read(images.resolve("." + digest + ".from")).reserved());
    assertFalse(part.running());
    assertInstanceOf(Lookup.Missing.class, new ImageStore(images).find(digest));
    assertFailed(stage(url), "broke off after 2000000 bytes");
    server.breaksAfter = Long.MAX_VALUE;
    assertStagedIn(images, stage(url));
    assertEquals(
        List.of("- - -", "bytes=1000000- \"one\" -", "bytes=2000000- \"one\" -"),
        server.requests());
    assertEquals(body.length, progress.getLast());
  }

  @Test
  void serverThatIgnoresRangesIsReadFromTheBeginning() throws Exception {
    server.breaksAfter = 1_000_000;
    assertFailed(stage(server.url("/i")), "broke off");
    server.breaksAfter = Long.MAX_VALUE;
    server.ranges = false;
    assertStagedIn(images, stage(server.url("/i")));
  }

  @Test
  void fileThatChangedAtTheServerIsReadFromTheBeginning() throws Exception {
    server.body = new byte[body.length];
    server.body[3] = 1;
    System.arraycopy(body, 0, server.body, 0, 70_000);
    server.breaksAfter = 1_000_000;
    assertFailed(stage(server.url("/i")), "broke off");
    server.body = body;
    server.tag = "\"two\"";
    server.breaksAfter = Long.MAX_VALUE;
    assertStagedIn(images, stage(server.url("/i")));
    assertEquals(List.of("- - -", "bytes=1000000- \"one\" -"), server.requests());
  }

  @Test
  void halvesOfDifferentFilesUnderOneTagAreNoticedAndReadAnew() throws Exception {
    byte[] other = body.clone();
    other[500_000]++;
    server.body = other;
    server.breaksAfter = 1_000_000;
    assertFailed(stage(server.url("/i")), "broke off");
    server.body = body;
    server.breaksAfter = Long.MAX_VALUE;
    assertStagedIn(images, stage(server.url("/i")));
    assertEquals(3, server.requests().size());
  }

  @Test
  void serverWithoutValidatorIsReadFromTheBeginning() throws Exception {
    server.tag = "W/\"weak\"";
    server.breaksAfter = 1_000_000;
    assertFailed(stage(server.url("/i")), "broke off");
    server.breaksAfter = Long.MAX_VALUE;
    assertStagedIn(images, stage(server.url("/i")));
    assertEquals(List.of("- - -", "- - -"), server.requests());
  }

  @Test
  void fileThatShrankAtTheServerIsReadFromTheBeginning() throws Exception {
    server.breaksAfter = 1_000_000;
    assertFailed(stage(server.url("/i")), "broke off");
    server.body = new byte[1000];
    assertFailed(stage(server.url("/i")), "has SHA-256");
    assertEquals(List.of(), filesIn(images));
  }

  @Test
  void anotherUrlDoesNotGoOnWithThePart() throws Exception {
    server.breaksAfter = 1_000_000;
    assertFailed(stage(server.url("/i")), "broke off");
    server.breaksAfter = Long.MAX_VALUE;
    assertStagedIn(images, stage(server.url("/j")));
    assertEquals(List.of("- - -", "- - -"), server.requests());
  }

  @Test
  void partIsKeptWhileTheServerIsAway() throws Exception {
    server.breaksAfter = 1_000_000;
    assertFailed(stage(server.url("/i")), "broke off");
    server.authorization = "x";
    assertFailed(stage(server.url("/i")), "was answered with HTTP status 403");
    assertEquals(1_000_000, new ImageStore(images).parts().getFirst().bytes());
  }

  @Test
  void killedFetchLeavesNoImageAndTheNextGoesOn() throws Exception {
    byte[] whole = body;
    java.util.concurrent.CountDownLatch never = new java.util.concurrent.CountDownLatch(1);
    com.sun.net.httpserver.HttpServer slow =
        com.sun.net.httpserver.HttpServer.create(
            new java.net.InetSocketAddress(java.net.InetAddress.getLoopbackAddress(), 0), 0);
    slow.setExecutor(
        java.util.concurrent.Executors.newCachedThreadPool(
            r -> {
              Thread thread = new Thread(r);
              thread.setDaemon(true);
              return thread;
            }));
    List<String> ranges = new java.util.concurrent.CopyOnWriteArrayList<>();
    slow.createContext(
        "/",
        exchange -> {
          String range = String.valueOf(exchange.getRequestHeaders().getFirst("Range"));
          ranges.add(range);
          exchange.getResponseHeaders().set("Last-Modified", "Mon, 23 Nov 2026 08:00:00 GMT");
          if (range.startsWith("bytes=")) {
            int start = Integer.parseInt(range.substring(6, range.length() - 1));
            exchange
                .getResponseHeaders()
                .set(
                    "Content-Range",
                    "bytes " + start + "-" + (whole.length - 1) + "/" + whole.length);
            exchange.sendResponseHeaders(206, whole.length - start);
            exchange.getResponseBody().write(whole, start, whole.length - start);
            exchange.close();
          } else {
            exchange.sendResponseHeaders(200, whole.length);
            exchange.getResponseBody().write(whole, 0, 2_000_000);
            exchange.getResponseBody().flush();
            try {
              never.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }
        });
    slow.start();
    String base = "http://127.0.0.1:" + slow.getAddress().getPort() + "/";
    Process fetcher =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                ImageStoreTest.Stager.class.getName(),
                images.toString(),
                base + "i",
                digest.value(),
                base)
            .redirectErrorStream(true)
            .start();
    ImageStore store = new ImageStore(images);
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (store.parts().isEmpty() || store.parts().getFirst().bytes() < 2_000_000) {
      assertTrue(System.nanoTime() < deadline, "no progress");
      Thread.onSpinWait();
    }
    assertTrue(store.parts().getFirst().running());
    fetcher.destroyForcibly();
    assertTrue(fetcher.waitFor(10, TimeUnit.SECONDS));
    assertInstanceOf(Lookup.Missing.class, store.find(digest));
    assertFalse(store.parts().getFirst().running(), "the lock died with its holder");
    assertStagedIn(images, stage(images, base + "i", base));
    assertEquals(List.of("null", "bytes=2000000-"), ranges);
    slow.stop(0);
  }

  @Test
  void fullDiskIsNamedAndLeavesNothing() throws Exception {
    Path small = Files.createDirectories(dir.resolve("small"));
    Command.Outcome mounted =
        Command.of(
                Duration.ofSeconds(10),
                List.of("mount", "-t", "tmpfs", "-o", "size=2m", "none", small.toString()))
            .run();
    assumeTrue(mounted.status() == 0, "needs root to mount a small tmpfs");
    try {
      assertFailed(
          stage(small, server.url("/i"), server.url("/")),
          "cannot be kept in " + small + ": IOException No space left on device");
      assertEquals(List.of(), filesIn(small));
      server.announces = false;
      assertFailed(stage(small, server.url("/i"), server.url("/")), "No space left on device");
      assertFailed(
          stage(small, "file://" + source, "file://" + dir + "/"), "No space left on device");
      assertEquals(List.of(), filesIn(small));
      try (Stream<Path> files = Files.list(small)) {
        assertTrue(files.count() <= 1, "only the lock file");
      }
    } finally {
      Command.of(Duration.ofSeconds(10), List.of("umount", "-l", small.toString())).output();
    }
  }

  @Test
  void backingFileIsRefusedBeforeTheWholeImageHasCome() throws Exception {
    Path evil = RealTools.imageOverShadow(dir.resolve("src/evil.qcow2"));
    byte[] head = Files.readAllBytes(evil);
    server.body = new byte[9_000_000];
    System.arraycopy(head, 0, server.body, 0, head.length);
    assertFailed(stage(server.url("/i")), "has a backing file");
    assertTrue(progress.isEmpty() || progress.getLast() < 8_000_000, progress::toString);
  }

  private StageResult stageInPlace() {
    return stage(images, "file://" + source, "", "file://" + dir + "/src/");
  }

  @Test
  void sharedFileIsUsedWhereItIs() throws Exception {
    StageResult.Staged staged = assertInstanceOf(StageResult.Staged.class, stageInPlace());
    assertEquals(source.toRealPath(), staged.image().file());
    assertFalse(staged.fetched());
    assertEquals(List.of(digest + ".stamp"), filesIn(images));
    Lookup.Found found = assertInstanceOf(Lookup.Found.class, new ImageStore(images).find(digest));
    assertEquals(source.toRealPath(), found.image().file());
    ImageStore.Held held = new ImageStore(images).held().getFirst();
    assertTrue(held.inPlace());
  }

  @Test
  void sharedFileIsVerifiedAgainWhenItMayHaveChanged() throws Exception {
    stageInPlace();
    FileTime modified = Files.getLastModifiedTime(source);
    byte[] changed = body.clone();
    changed[2_000_000]++;
    Files.write(source, changed);
    Files.setLastModifiedTime(source, modified);
    ImageStore store = new ImageStore(images);
    assertInstanceOf(
        Lookup.Untrusted.class, store.find(digest), "size, time and inode are as before");
    assertFailed(stageInPlace(), "has SHA-256 ");
    assertInstanceOf(Lookup.Missing.class, store.find(digest));
    Files.write(source, body);
    assertInstanceOf(StageResult.Staged.class, stageInPlace());
    Files.setLastModifiedTime(source, FileTime.fromMillis(1));
    assertInstanceOf(Lookup.Untrusted.class, store.find(digest));
    assertInstanceOf(StageResult.Staged.class, stageInPlace());
    Files.delete(source);
    assertInstanceOf(Lookup.Missing.class, store.find(digest));
  }

  @Test
  void sharedFileThatNodesMayNotReadIsNamed() throws Exception {
    Files.setPosixFilePermissions(source, PosixFilePermissions.fromString("rw-r-----"));
    assertFailed(stageInPlace(), "nodes' accounts may not read it; chmod o+r");
  }

  @Test
  void linkOutOfTheSharedStoreIsRefused() throws Exception {
    Path elsewhere = Files.createDirectories(dir.resolve("else")).resolve("x.qcow2");
    Files.move(source, elsewhere);
    Files.createSymbolicLink(source, elsewhere);
    assertFailed(stageInPlace(), "outside of the URL prefixes");
  }

  @Test
  void credentialsGoOnlyWhereTheyBelong() throws Exception {
    Path file = dir.resolve("credentials");
    Files.writeString(
        file, "# ours\n" + server.url("/private/") + " Authorization: Bearer geheim\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    credentials = SiteCredentials.read(file);
    server.authorization = "Bearer geheim";
    String reason = assertFailed(stage(server.url("/public/i")), "HTTP status 403");
    assertFalse(reason.contains("geheim"), reason);
    assertStagedIn(images, stage(server.url("/private/i")));
    assertEquals(List.of("- - -", "- - Bearer geheim"), server.requests());
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    IOException open = assertThrows(IOException.class, () -> SiteCredentials.read(file));
    assertTrue(String.valueOf(open.getMessage()).contains("chmod o-r"), open.getMessage());
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    Files.writeString(file, "https://x/ Authorization Bearer geheim\n");
    IOException bad = assertThrows(IOException.class, () -> SiteCredentials.read(file));
    assertTrue(String.valueOf(bad.getMessage()).contains("line 1"), bad.getMessage());
    assertFalse(String.valueOf(bad.getMessage()).contains("geheim"), bad.getMessage());
  }

  /** A plugin in the manner of HTCondor's example. */
  private void plugin(String capabilities, String body) throws Exception {
    Path plugin =
        RealTools.script(
            dir.resolve("plugin"),
            "if [ \"$1\" = -classad ]; then printf '"
                + capabilities
                + "'; exit 0; fi\n"
                + "echo \"$@\" >> "
                + dir
                + "/asked\n"
                + body);
    plugins =
        TransferPlugins.of(
            RealTools.script(
                dir.resolve("condor_config_val"),
                "case $1 in FILETRANSFER_PLUGINS) echo \"/nowhere/x, "
                    + plugin
                    + "\";; *) echo 'Not defined'; exit 1;; esac"));
  }

  private static final String MULTIPLE =
      "PluginType = \"FileTransfer\"\\nMultipleFileSupport = true\\nProtocolVersion = 2\\nSupportedMethods = \"osdf,stash\"\\n";

  private StageResult stageByPlugin() {
    return stage(images, "osdf:///vo/image.qcow2", "osdf:///vo/");
  }

  @Test
  void pluginOfHtCondorFetchesWhatWeDoNot() throws Exception {
    plugin(
        MULTIPLE,
        "cp \"$2\" "
            + dir
            + "/question\n"
            + "file=$(sed -n 's/.*LocalFileName = \"\\([^\"]*\\)\".*/\\1/p' \"$2\")\n"
            + "cp "
            + source
            + " \"$file\"\n"
            + "echo '[ TransferSuccess = true; TransferUrl = \"x\"; TransferFileName = \"y\" ]' 1<> \"$4\" >&1");
    assertStagedIn(images, stageByPlugin());
    String question = Files.readString(dir.resolve("question"));
    assertTrue(question.contains("Url = \"osdf:///vo/image.qcow2\""), question);
    assertTrue(question.contains("LocalFileName = \""), question);
  }

  @Test
  void pluginOfTheFirstProtocolGetsUrlAndFile() throws Exception {
    plugin(
        "PluginType = \"FileTransfer\"\\nSupportedMethods = \"osdf\"\\n",
        "cp " + source + " \"$2\"");
    assertStagedIn(images, stageByPlugin());
  }

  @Test
  void pluginsErrorIsToldWithoutCredentials() throws Exception {
    plugin(
        MULTIPLE,
        "echo '[ TransferSuccess = false; TransferError = \"no route to osdf://o/x?token=geheim\" ]' 1<> \"$4\" >&1; exit 1");
    String reason = assertFailed(stageByPlugin(), "no route to osdf://o/x?...");
    assertFalse(reason.contains("geheim"), reason);
    assertEquals(List.of(), filesIn(images));
    plugin(MULTIPLE, "echo dead >&2; kill -9 $$");
    assertFailed(stageByPlugin(), "it gave no answer");
    plugin("PluginType = \"FileTransfer\"\\nSupportedMethods = \"osdf\"\\n", "exit 0");
    assertFailed(stageByPlugin(), "was not written by");
    plugin("garbage", "exit 0");
    assertFailed(stageByPlugin(), "needs a file-transfer plugin for osdf");
    plugins = TransferPlugins.NONE;
    assertFailed(stageByPlugin(), "which this host's HTCondor has none of (FILETRANSFER_PLUGINS)");
  }

  @Test
  void pluginCannotWriteMoreThanAllowed() throws Exception {
    plugin(
        "PluginType = \"FileTransfer\"\\nSupportedMethods = \"osdf\"\\n",
        "head -c 20000000 /dev/zero > \"$2\"");
    assertInstanceOf(StageResult.Failed.class, stageByPlugin());
    assertEquals(List.of(), filesIn(images));
  }

  @Test
  void pluginIsKilledWhileItWritesWhenThereIsNoMoreRoom() throws Exception {
    plugin(
        "PluginType = \"FileTransfer\"\\nSupportedMethods = \"osdf\"\\n",
        "echo $$ > " + dir + "/pid; head -c 5000000 /dev/zero > \"$2\"; exec sleep 60");
    List<Long> asked = new CopyOnWriteArrayList<>();
    room =
        (image, bytes, granted) -> {
          asked.add(bytes);
          return bytes > 4_000_000 ? "finds no room" : "";
        };
    assertFailed(stageByPlugin(), "finds no room");
    assertEquals(2, asked.size(), asked.toString());
    assertTrue(asked.getLast() > 5_000_000, asked.toString());
    long pid = Long.parseLong(Files.readString(dir.resolve("pid")).strip());
    assertTrue(
        ProcessHandle.of(pid)
            .map(p -> p.onExit().completeOnTimeout(p, 10, TimeUnit.SECONDS).join())
            .filter(ProcessHandle::isAlive)
            .isEmpty());
    assertEquals(List.of(), filesIn(images));
  }

  @Test
  void whatAPluginBringsIsVerified() throws Exception {
    plugin(
        "PluginType = \"FileTransfer\"\\nSupportedMethods = \"osdf\"\\n",
        "cp " + source + " \"$2\"; echo >> \"$2\"");
    assertFailed(stageByPlugin(), "has SHA-256");
    assertEquals(List.of(), filesIn(images));
  }
}
