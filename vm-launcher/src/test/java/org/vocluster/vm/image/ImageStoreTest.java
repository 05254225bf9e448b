package org.vocluster.vm.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vocluster.vm.RealTools;
import org.vocluster.vm.definition.ImageDigest;
import org.vocluster.vm.definition.ImageUrl;
import org.vocluster.vm.image.ImageStore.Lookup;

class ImageStoreTest {
  @TempDir Path dir;
  private Path source = Path.of("/");
  private Path images = Path.of("/");
  private ImageDigest digest = new ImageDigest("0".repeat(64));
  private ImageStore store = new ImageStore(images);
  private HttpServer server = newServer();
  private final AtomicInteger requests = new AtomicInteger();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  private static HttpServer newServer() {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeEach
  void prepare() throws Exception {
    Files.createDirectories(dir.resolve("src"));
    source = RealTools.image(dir.resolve("src/image.qcow2"), "64M");
    images = Files.createDirectories(dir.resolve("images"));
    digest = RealTools.digest(source);
    store = new ImageStore(images);
    server.setExecutor(threads);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    threads.shutdownNow();
  }

  private StagingLimits limits(String... prefixes) {
    return new StagingLimits(UrlPrefix.parseList(String.join(",", prefixes)), 10_000_000, 1L << 30);
  }

  private String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  private StageResult stage(String url) {
    StagingLimits limits = limits(url("/"), "file:" + dir.toAbsolutePath() + "/src/");
    return switch (ImageUrl.parse(url)) {
      case ImageUrl.Parsed.Ok ok -> store.stage(ok.url(), digest, limits);
      case ImageUrl.Parsed.Refused refused -> StageResult.Failed.of(url, refused.reason());
    };
  }

  private String failure(String url) {
    StageResult.Failed failed = assertInstanceOf(StageResult.Failed.class, stage(url));
    return failed.reason();
  }

  private void serve(String path, byte[] body, long announced) {
    server.createContext(
        path,
        exchange -> {
          requests.incrementAndGet();
          exchange.sendResponseHeaders(200, announced);
          try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
          } catch (IOException e) {
            // A body shorter than announced: the connection just breaks off.
          }
        });
  }

  private List<String> filesInStore() throws IOException {
    try (Stream<Path> files = Files.list(images)) {
      return files
          .map(f -> String.valueOf(f.getFileName()))
          .filter(n -> !n.equals(".lock"))
          .sorted()
          .toList();
    }
  }

  @Test
  void fileIsStagedReadOnlyUnderItsDigestAndFound() throws Exception {
    StageResult.Staged staged =
        assertInstanceOf(StageResult.Staged.class, stage("file://" + source));
    assertTrue(staged.fetched());
    Lookup.Found found = assertInstanceOf(Lookup.Found.class, store.find(digest));
    assertEquals(images.resolve(digest + ".qcow2"), found.image().file());
    assertEquals(64L << 20, found.image().virtualSize());
    assertArrayEquals(Files.readAllBytes(source), Files.readAllBytes(found.image().file()));
    assertEquals(
        "r--r--r--",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(found.image().file())));
    assertEquals(List.of(found.image()), store.images());
    assertEquals(List.of(digest + ".qcow2", digest + ".stamp"), filesInStore());
  }

  @Test
  void secondStagingFetchesNothing() throws Exception {
    serve("/i", Files.readAllBytes(source), Files.size(source));
    stage(url("/i"));
    StageResult.Staged again = assertInstanceOf(StageResult.Staged.class, stage(url("/i")));
    assertFalse(again.fetched());
    assertEquals(1, requests.get());
  }

  @Test
  void manyProcessesFetchOnce() throws Exception {
    byte[] body = Files.readAllBytes(source);
    CountDownLatch allAsked = new CountDownLatch(1);
    server.createContext(
        "/slow",
        exchange -> {
          requests.incrementAndGet();
          exchange.sendResponseHeaders(200, body.length);
          try (OutputStream out = exchange.getResponseBody()) {
            out.write(body, 0, 1000);
            out.flush();
            if (!allAsked.await(20, TimeUnit.SECONDS)) {
              throw new IOException("nobody waits");
            }
            out.write(body, 1000, body.length - 1000);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    List<Process> stagers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      stagers.add(
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  Stager.class.getName(),
                  images.toString(),
                  url("/slow"),
                  digest.value(),
                  url("/"))
              .redirectErrorStream(true)
              .start());
    }
    for (Process stager : stagers) {
      assertEquals('R', stager.getInputStream().read());
    }
    allAsked.countDown();
    for (Process stager : stagers) {
      String output = new String(stager.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(stager.waitFor(30, TimeUnit.SECONDS), output);
      assertEquals(0, stager.exitValue(), output);
    }
    assertEquals(1, requests.get());
    assertInstanceOf(Lookup.Found.class, store.find(digest));
  }

  /** Stages one image in a process of its own. */
  static final class Stager {
    private Stager() {}

    public static void main(String[] args) {
      System.out.print("R");
      System.out.flush();
      StageResult result =
          new ImageStore(Path.of(args[0]))
              .stage(
                  ImageUrl.of(args[1]),
                  new ImageDigest(args[2]),
                  new StagingLimits(UrlPrefix.parseList(args[3]), 10_000_000, 1L << 30));
      System.out.println(result);
      System.exit(result instanceof StageResult.Staged ? 0 : 1);
    }
  }

  @Test
  void wrongDigestLeavesNothing() throws Exception {
    serve("/i", "something else".getBytes(StandardCharsets.US_ASCII), 14);
    String reason = failure(url("/i"));
    assertTrue(reason.contains("has SHA-256 "), reason);
    assertTrue(reason.endsWith(" (14 bytes), not " + digest), reason);
    assertEquals(List.of(), filesInStore());
    assertInstanceOf(Lookup.Missing.class, store.find(digest));
  }

  /** A server that says this to its first caller and hangs up. */
  private String rawServer(String response) throws IOException {
    ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    threads.execute(
        () -> {
          try (listener;
              Socket caller = listener.accept()) {
            BufferedReader request =
                new BufferedReader(
                    new InputStreamReader(caller.getInputStream(), StandardCharsets.US_ASCII));
            while (!"".equals(request.readLine())) {
              // Up to the request's empty line.
            }
            caller.getOutputStream().write(response.getBytes(StandardCharsets.US_ASCII));
          } catch (IOException e) {
            // The caller went first.
          }
        });
    return "http://127.0.0.1:" + listener.getLocalPort() + "/i";
  }

  private StageResult stageAnywhere(String url) {
    return store.stage(ImageUrl.of(url), digest, limits(url));
  }

  @Test
  void truncatedTransferLeavesNothing() throws Exception {
    String url = rawServer("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + "x".repeat(1000));
    assertFailed(stageAnywhere(url), " after 1000 ");
    assertEquals(List.of(), filesInStore());
  }

  @Test
  void refusalsOfTheServerAreTold() throws Exception {
    assertTrue(failure(url("/none")).endsWith("was answered with HTTP status 404"));
    server.stop(0);
    assertTrue(failure(url("/none")).contains("cannot be fetched: ConnectException"));
  }

  @Test
  void redirectionIsHeldToThePrefixes() throws Exception {
    serve("/ok/i", Files.readAllBytes(source), Files.size(source));
    redirect("/ok/r", "/ok/i");
    redirect("/ok/file", "file:///etc/passwd");
    redirect("/ok/out", "/elsewhere/i");
    redirect("/ok/loop", "/ok/loop");
    StagingLimits limits = limits(url("/ok/"), "file:/");
    assertFailed(
        store.stage(ImageUrl.of(url("/ok/file")), digest, limits),
        "which this host does not allow");
    assertFailed(
        store.stage(ImageUrl.of(url("/ok/out")), digest, limits), "which this host does not allow");
    assertFailed(store.stage(ImageUrl.of(url("/ok/loop")), digest, limits), "more than 5 times");
    assertInstanceOf(
        StageResult.Staged.class, store.stage(ImageUrl.of(url("/ok/r")), digest, limits));
  }

  private void redirect(String path, String location) {
    server.createContext(
        path,
        exchange -> {
          exchange.getResponseHeaders().set("Location", location);
          exchange.sendResponseHeaders(302, -1);
          exchange.close();
        });
  }

  private static void assertFailed(StageResult result, String part) {
    StageResult.Failed failed = assertInstanceOf(StageResult.Failed.class, result);
    assertTrue(failed.reason().contains(part), failed.reason());
  }

  @Test
  void urlsOutsideThePrefixesAreNotTouched() throws Exception {
    serve("/", Files.readAllBytes(source), Files.size(source));
    StageResult result =
        store.stage(ImageUrl.of(url("/i")), digest, limits("https://images.example.org/"));
    assertFailed(result, "begins with none of the URL prefixes");
    assertFailed(
        store.stage(ImageUrl.of(url("/i")), digest, limits()), "this host allows no URL prefix");
    assertEquals(0, requests.get());
  }

  @Test
  void symbolicLinkOutOfThePrefixIsRefused() throws Exception {
    Path secret = Files.createDirectories(dir.resolve("secret")).resolve("x.qcow2");
    Files.copy(source, secret);
    Files.createSymbolicLink(dir.resolve("src/link.qcow2"), secret);
    String reason = failure("file://" + dir.resolve("src/link.qcow2"));
    assertTrue(reason.contains("outside of the URL prefixes"), reason);
  }

  @Test
  void prefixDirectoryMayItselfBeALink() throws Exception {
    Files.createSymbolicLink(dir.resolve("alias"), dir.resolve("src"));
    StageResult result =
        store.stage(
            ImageUrl.of("file://" + dir.resolve("alias/image.qcow2")),
            digest,
            limits("file:" + dir.resolve("alias") + "/"));
    assertInstanceOf(StageResult.Staged.class, result, result.toString());
  }

  @Test
  void imageWithABackingFileIsRefusedAlthoughItsDigestIsRight() throws Exception {
    Path evil = RealTools.imageOverShadow(dir.resolve("src/evil.qcow2"));
    digest = RealTools.digest(evil);
    assertTrue(failure("file://" + evil).endsWith("has a backing file"));
    assertEquals(List.of(), filesInStore());
  }

  @Test
  void tooLargeFileIsRefusedAnnouncedOrNot() throws Exception {
    String announced = rawServer("HTTP/1.1 200 OK\r\nContent-Length: 11000000\r\n\r\nx");
    assertFailed(stageAnywhere(announced), "has 11000000 bytes, more than the limit of");
    byte[] large = Arrays.copyOf(Files.readAllBytes(source), 11 << 20);
    serve("/chunked", large, 0);
    assertTrue(failure(url("/chunked")).contains("is larger than the limit of"));
    assertEquals(List.of(), filesInStore());
  }

  @Test
  void changedFileIsNoLongerTrustedAndIsStagedAnew() throws Exception {
    stage("file://" + source);
    Path image = images.resolve(digest + ".qcow2");
    Files.delete(image);
    Files.write(image, new byte[(int) Files.size(source)]);
    Lookup.Untrusted untrusted = assertInstanceOf(Lookup.Untrusted.class, store.find(digest));
    assertTrue(untrusted.reason().contains("is not the file that was verified"));
    assertEquals(List.of(), store.images());
    assertInstanceOf(StageResult.Staged.class, stage("file://" + source));
    assertInstanceOf(Lookup.Found.class, store.find(digest));
    assertEquals(digest, RealTools.digest(image));
  }

  @Test
  void touchedFileIsVerifiedInPlaceInsteadOfFetched() throws Exception {
    stage("file://" + source);
    Files.setLastModifiedTime(images.resolve(digest + ".qcow2"), FileTime.fromMillis(1));
    assertInstanceOf(Lookup.Untrusted.class, store.find(digest));
    Files.delete(source);
    StageResult.Staged staged =
        assertInstanceOf(StageResult.Staged.class, stage("file://" + source));
    assertFalse(staged.fetched());
  }

  /** As a copy of the whole store does: other inodes, all else as it was. */
  private void moveStore() throws IOException {
    Path image = images.resolve(digest + ".qcow2");
    Path copy = images.resolve("copy");
    Files.copy(image, copy, StandardCopyOption.COPY_ATTRIBUTES);
    Files.move(copy, image, StandardCopyOption.REPLACE_EXISTING);
  }

  @Test
  void imagePutHereByHandOutlivesAMoveOfTheStoreThoughItsUrlMayNotBeFetched() throws Exception {
    stage("file://" + source);
    store.markByHand(digest);
    moveStore();
    assertInstanceOf(Lookup.Untrusted.class, store.find(digest));
    StageResult.Staged staged =
        assertInstanceOf(
            StageResult.Staged.class,
            store.stage(ImageUrl.of("https://x.example/i"), digest, limits()));
    assertFalse(staged.fetched());
    assertInstanceOf(Lookup.Found.class, store.find(digest));
    assertTrue(store.held().getFirst().byHand());
  }

  @Test
  void damagedFileStaysWhereNothingCanReplaceIt() throws Exception {
    stage("file://" + source);
    Path image = images.resolve(digest + ".qcow2");
    Files.delete(image);
    byte[] damaged = Files.readAllBytes(source);
    damaged[damaged.length - 1]++;
    Files.write(image, damaged);
    StageResult result = store.stage(ImageUrl.of("https://x.example/i"), digest, limits());
    assertFailed(result, "this host allows no URL prefix (VOC_IMAGE_URLS), and " + image);
    assertFailed(result, "has SHA-256");
    assertArrayEquals(damaged, Files.readAllBytes(image));
    assertInstanceOf(Lookup.Untrusted.class, store.find(digest));
  }

  @Test
  void diskThatLostItsTrustIsNotGivenUpForADefinitionThatCallsItAKernel() throws Exception {
    stage("file://" + source);
    moveStore();
    assertFailed(stageBootFile(source), "is a disk by its SHA-256, no kernel or initrd");
    assertInstanceOf(Lookup.Found.class, store.find(digest));
  }

  @Test
  void linksInTheStoreLeadNowhere() throws Exception {
    Path other = Files.createDirectory(dir.resolve("other"));
    Path precious = Files.writeString(other.resolve("precious"), "x");
    Files.createSymbolicLink(images.resolve("." + digest + ".part"), precious);
    Files.createSymbolicLink(images.resolve("." + digest + ".plugin"), other);
    assertFailed(stage("file://" + source), "cannot be kept in " + images);
    assertEquals("x", Files.readString(precious));
    assertEquals(List.of(), filesInStore());
    assertInstanceOf(StageResult.Staged.class, stage("file://" + source));
  }

  @Test
  void lockThatIsALinkIsNotFollowed() throws Exception {
    Path elsewhere = dir.resolve("elsewhere");
    Files.createSymbolicLink(images.resolve(".lock"), elsewhere);
    assertFailed(stage("file://" + source), "cannot be locked in " + images);
    assertFalse(Files.exists(elsewhere));
  }

  @Test
  void lockThatRootMakesBelongsToTheStoresOwnerAtOnce() throws Exception {
    assumeTrue(Files.getOwner(images).getName().equals("root"), "needs root");
    UserPrincipal owner =
        dir.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("daemon");
    Files.setOwner(images, owner);
    Files.createFile(images.resolve(".lock"));
    try (FileLock lock = store.locks().space()) {
      assertTrue(lock.isValid());
      assertEquals(owner, Files.getOwner(images.resolve(".lock")));
    }
  }

  @Test
  void restOfAKilledFetchDoesNoHarm() throws Exception {
    Files.write(images.resolve("." + digest + ".part"), new byte[100]);
    assertInstanceOf(StageResult.Staged.class, stage("file://" + source));
    assertEquals(List.of(digest + ".qcow2", digest + ".stamp"), filesInStore());
  }

  private StageResult stageBootFile(Path file) throws Exception {
    return store.stage(
        ImageUrl.of("file:" + file),
        RealTools.digest(file),
        limits("file:" + dir + "/").of(FileKind.BOOT_FILE));
  }

  @Test
  void kernelIsKeptUnderItsDigestAndIsNoDisk() throws Exception {
    Path kernel = Files.writeString(dir.resolve("vmlinuz"), "MZ and so on");
    ImageDigest sha = RealTools.digest(kernel);
    assertInstanceOf(StageResult.Staged.class, stageBootFile(kernel));
    assertEquals(List.of(sha + ".boot", sha + ".stamp"), filesInStore());
    Lookup.Found found = assertInstanceOf(Lookup.Found.class, store.find(sha));
    assertTrue(found.image().isBootFile());
    assertEquals(images.resolve(sha + ".boot"), found.image().file());
    assertFailed(
        store.stage(ImageUrl.of("file:" + kernel), sha, limits("file:" + dir + "/")),
        "is a kernel or an initrd by its SHA-256, no disk");
    assertInstanceOf(
        ImageStore.Verification.Good.class, store.verify(sha, limits(), Progress.NONE));
    assertEquals(1, store.held().size());
    assertTrue(store.remove(sha, () -> true));
    assertEquals(List.of(), filesInStore());
  }

  @Test
  void diskIsRefusedAsAKernelWhateverItsDefinitionSays() throws Exception {
    Path backed = dir.resolve("src/backed.qcow2");
    RealTools.qemuImg(
        "create", "-q", "-f", "qcow2", "-b", "/etc/shadow", "-F", "raw", backed.toString(), "1M");
    assertFailed(stageBootFile(backed), "is a qcow2 file, no kernel or initrd");
    assertFailed(stageBootFile(Files.createFile(dir.resolve("empty"))), "is empty");
    assertEquals(List.of(), filesInStore());
    assertInstanceOf(StageResult.Staged.class, stage("file:" + source));
    assertFailed(stageBootFile(source), "is a disk by its SHA-256, no kernel or initrd");
  }

  @Test
  void touchedKernelIsVerifiedInPlaceAndAChangedOneIsFetchedAnew() throws Exception {
    Path kernel = Files.writeString(dir.resolve("vmlinuz"), "MZ and so on");
    ImageDigest sha = RealTools.digest(kernel);
    assertInstanceOf(StageResult.Staged.class, stageBootFile(kernel));
    Path kept = images.resolve(sha + ".boot");
    Files.setLastModifiedTime(kept, FileTime.fromMillis(0));
    assertInstanceOf(Lookup.Untrusted.class, store.find(sha));
    assertEquals(List.of(sha), store.untrusted());
    Path elsewhere = Files.move(kernel, dir.resolve("elsewhere"));
    assertInstanceOf(
        StageResult.Staged.class,
        store.stage(
            ImageUrl.of("file:" + kernel),
            sha,
            limits("file:" + dir + "/").of(FileKind.BOOT_FILE)));
    Files.setPosixFilePermissions(kept, PosixFilePermissions.fromString("rw-r--r--"));
    Files.writeString(kept, "something else");
    Files.move(elsewhere, kernel);
    StageResult.Staged anew = assertInstanceOf(StageResult.Staged.class, stageBootFile(kernel));
    assertTrue(anew.fetched());
  }

  @Test
  void storeThatCannotBeWrittenIsNamed() {
    ImageStore nowhere = new ImageStore(dir.resolve("nowhere"));
    assertFailed(
        nowhere.stage(ImageUrl.of("file://" + source), digest, limits("file:/")),
        "cannot be locked in " + dir.resolve("nowhere"));
    assertInstanceOf(Lookup.Missing.class, nowhere.find(digest));
  }
}
