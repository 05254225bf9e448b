package org.vocluster.condor;

import java.util.Optional;
import org.vocluster.vm.os.Printable;

/**
 * What became of a job whose shadow was to be ended: a line from the access point's reaper to
 * sizing. Here because both ends spell it.
 *
 * @param why why nothing was done; where the shadow was ended, of which node the job was
 */
public record ReaperAnswer(JobId job, boolean ended, String why) {
  private static final String ENDED = " ended: ";
  private static final String REFUSED = " refused: ";
  private static final int LONGEST = 300;

  /** As it is sent, without the end of the line. */
  public String line() {
    return job + (ended ? ENDED : REFUSED) + Printable.of(why, LONGEST);
  }

  /** What a line says; empty if it is none of these. */
  public static Optional<ReaperAnswer> read(String line) {
    return read(line, ENDED, true).or(() -> read(line, REFUSED, false));
  }

  private static Optional<ReaperAnswer> read(String line, String word, boolean ended) {
    int at = line.indexOf(word);
    return at < 0
        ? Optional.empty()
        : JobId.read(line.substring(0, at))
            .map(job -> new ReaperAnswer(job, ended, line.substring(at + word.length())));
  }
}
