package org.vocluster.condor;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A call to the access point's reaper, the part of VOC that runs as root there: says numbers of
 * jobs, hears what became of each.
 *
 * @param socket where it listens
 */
public record ReaperCall(Path socket) {
  /** Jobs in one call. */
  public static final int MOST_JOBS = 100;

  /** A job's number and the end of its line have no more bytes than that. */
  public static final int LONGEST_LINE = 24;

  /** It asks the schedd and the history, each for at most 20 s. */
  private static final Duration BOUND = Duration.ofSeconds(70);

  private static final int LONGEST_ANSWER = MOST_JOBS * 1024;

  /**
   * Asks for the ends of these jobs' shadows; with none it only asks whether somebody answers.
   *
   * @param jobs at most {@link #MOST_JOBS}
   * @throws IOException if no answer came
   */
  public List<ReaperAnswer> end(List<JobId> jobs) throws IOException {
    StringBuilder question = new StringBuilder();
    for (JobId job : jobs) {
      question.append(job).append('\n');
    }
    List<ReaperAnswer> answers = new ArrayList<>();
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try (Exchange exchange = new Exchange(channel, BOUND)) {
      // A local connection is there at once or not at all.
      if (!channel.connect(UnixDomainSocketAddress.of(socket))) {
        throw new IOException("too many are calling");
      }
      exchange.write(question.toString());
      for (String line : exchange.read(LONGEST_ANSWER).split("\n", -1)) {
        Optional<ReaperAnswer> answer = ReaperAnswer.read(line);
        answer.filter(each -> jobs.contains(each.job())).ifPresent(answers::add);
      }
    }
    return answers;
  }
}
