package org.vocluster.reaper;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.vocluster.condor.Exchange;
import org.vocluster.condor.JobId;
import org.vocluster.condor.ReaperAnswer;
import org.vocluster.condor.ReaperCall;

/**
 * The access point's reaper: started as root by condor_master (DAEMON_LIST), and ended by it. A
 * call is lines with a job's number each; the answer is what became of each. One call at a time,
 * each within bounds, nothing kept between two. Nothing in a call can name a process, a file or a
 * program, and what it asks for is done only where the schedd's own word allows it ({@link
 * Judgement}).
 */
public final class Reaper {
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration CALL = Duration.ofSeconds(5);
  private static final int LONGEST_CALL = ReaperCall.MOST_JOBS * ReaperCall.LONGEST_LINE;

  /** Exit statuses, for the master's log. */
  private enum Exit {
    MASTER_GONE(0),
    USAGE(2),
    /** It cannot listen. */
    NO_SOCKET(3);

    private final int status;

    Exit(int status) {
      this.status = status;
    }
  }

  private static final List<String> OPTIONS =
      List.of("socket", "spool", "bin", "schedd", "shadow", "schedd-address");

  private final Inquest inquest;

  private Reaper(Inquest inquest) {
    this.inquest = inquest;
  }

  /** Runs until it is ended. */
  public static void main(String[] arguments) {
    Runtime.getRuntime().halt(run(List.of(arguments), System.err).status);
  }

  private static Exit run(List<String> arguments, PrintStream err) {
    Map<String, Path> paths = new HashMap<>();
    for (String argument : arguments) {
      int equals = argument.indexOf("=/");
      if (!argument.startsWith("--") || equals < 0) {
        err.println("voc: reaper: " + argument + " is not of the form --name=/path");
        return Exit.USAGE;
      }
      paths.put(argument.substring(2, equals), Path.of(argument.substring(equals + 1)));
    }
    if (!paths.keySet().equals(Set.copyOf(OPTIONS))) {
      err.println("voc: reaper: give --" + String.join(", --", OPTIONS) + ", once each");
      return Exit.USAGE;
    }
    endWithMaster();
    try (ReaperSocket socket = ReaperSocket.at(path(paths, "socket"), path(paths, "spool"))) {
      Shadows shadows =
          new Shadows(
              Path.of("/proc"),
              ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(0L),
              path(paths, "schedd").toRealPath(),
              path(paths, "shadow").toRealPath(),
              path(paths, "schedd-address"));
      return new Reaper(new Inquest(shadows, new QueuesWord(path(paths, "bin")))).serve(socket);
    } catch (IOException e) {
      err.println("voc: reaper: " + path(paths, "socket") + ": " + e);
      return Exit.NO_SOCKET;
    }
  }

  /** A master that is killed tells nobody, and the next one starts a reaper of its own. */
  private static void endWithMaster() {
    Optional<ProcessHandle> master = ProcessHandle.current().parent();
    Thread watch =
        new Thread(
            () -> {
              while (ProcessHandle.current().parent().equals(master)) {
                LockSupport.parkNanos(LOOK.toNanos());
              }
              Runtime.getRuntime().halt(Exit.MASTER_GONE.status);
            },
            "watch the master");
    watch.setDaemon(true);
    watch.start();
  }

  private static Path path(Map<String, Path> paths, String name) {
    return Optional.ofNullable(paths.get(name)).orElseThrow();
  }

  private Exit serve(ReaperSocket socket) throws IOException {
    while (true) {
      SocketChannel channel = socket.accept();
      try (Exchange exchange = new Exchange(channel, CALL)) {
        answer(exchange);
      } catch (IOException e) {
        // A caller that says too much or nothing, or is gone. It is the next one's turn.
      }
    }
  }

  private void answer(Exchange exchange) throws IOException {
    List<JobId> jobs = new ArrayList<>();
    for (String line : exchange.read(LONGEST_CALL).split("\n", -1)) {
      JobId.read(line).filter(job -> !jobs.contains(job)).ifPresent(jobs::add);
    }
    StringBuilder text = new StringBuilder();
    if (!jobs.isEmpty()) {
      List<JobId> some = jobs.subList(0, Math.min(jobs.size(), ReaperCall.MOST_JOBS));
      for (ReaperAnswer answer : inquest.end(some)) {
        text.append(answer.line()).append('\n');
      }
    }
    exchange.write(text.toString());
  }
}
