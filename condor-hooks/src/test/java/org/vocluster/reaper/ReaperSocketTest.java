package org.vocluster.reaper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vocluster.condor.Exchange;
import org.vocluster.condor.JobId;
import org.vocluster.condor.ReaperAnswer;
import org.vocluster.condor.ReaperCall;

class ReaperSocketTest {
  private static final JobId JOB = new JobId(12, 3);

  @TempDir Path root;

  @Test
  void callIsAnswered() throws Exception {
    try (ReaperSocket socket = ReaperSocket.at(path(), root)) {
      CompletableFuture<String> heard = CompletableFuture.supplyAsync(() -> answerOne(socket));
      assertEquals(
          List.of(new ReaperAnswer(JOB, false, "it does not run")),
          new ReaperCall(path()).end(List.of(JOB)));
      assertEquals("12.3\n", heard.get());
    }
  }

  @Test
  void nobodyElseCanEnterAndAnOldSocketIsReplaced() throws Exception {
    ReaperSocket.at(path(), root).close();
    try (ReaperSocket _ = ReaperSocket.at(path(), root)) {
      assertEquals(
          PosixFilePermissions.fromString("rwx--x---"),
          Files.getPosixFilePermissions(path().getParent()));
      assertEquals(
          PosixFilePermissions.fromString("rw-------"), Files.getPosixFilePermissions(path()));
      assertEquals(Files.getOwner(root), Files.getOwner(path()));
    }
  }

  @Test
  void directoryThatIsALinkIsRefused() throws IOException {
    Files.createDirectory(root.resolve("elsewhere"));
    Files.createSymbolicLink(path().getParent(), root.resolve("elsewhere"));
    assertThrows(IOException.class, () -> ReaperSocket.at(path(), root));
  }

  @Test
  void callOfNobodyThereFails() {
    assertThrows(IOException.class, () -> new ReaperCall(path()).end(List.of()));
  }

  private static String answerOne(ReaperSocket socket) {
    try (SocketChannel channel = socket.accept();
        Exchange exchange = new Exchange(channel, Duration.ofSeconds(5))) {
      String question = exchange.read(100);
      exchange.write("12.3 refused: it does not run\nnonsense\n9.9 ended: cms-a\n");
      return question;
    } catch (IOException e) {
      return e.toString();
    }
  }

  private Path path() {
    return root.resolve("own/socket");
  }
}
