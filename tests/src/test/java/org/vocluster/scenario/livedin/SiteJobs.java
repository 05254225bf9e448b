package org.vocluster.scenario.livedin;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.vocluster.pool.Await;
import org.vocluster.pool.Host;
import org.vocluster.pool.PoolException;
import org.vocluster.pool.Result;

/** Jobs of a site's users that know nothing of VOC, or as good as nothing. */
final class SiteJobs {
  private static final Duration BOUND = Duration.ofSeconds(90);

  private final Host ap;

  SiteJobs(Host ap) {
    this.ap = ap;
  }

  /** Submits a job of /bin/true that transfers its files, with more lines of description. */
  Result submission(String user, String... lines) throws PoolException, InterruptedException {
    return ap.as(user)
        .input(
            """
            executable = /bin/true
            transfer_executable = false
            should_transfer_files = yes
            %s
            queue
            """
                .formatted(String.join("\n", lines)))
        .run("condor_submit", "-terse");
  }

  /**
   * Submits such a job.
   *
   * @return its cluster
   */
  String submit(String user, String... lines) throws PoolException, InterruptedException {
    return submission(user, lines).orThrow().stdout().strip().replaceFirst("\\..*", "");
  }

  /**
   * Submits a DAG of one plain vanilla job in a directory of the user's.
   *
   * @return the DAG's own cluster
   */
  String submitDag(String user, String name) throws PoolException, InterruptedException {
    ap.as(user)
        .sh(
            """
            set -e
            mkdir -p ~/%1$s; cd ~/%1$s
            cat >one.sub <<'END'
            executable = /bin/true
            transfer_executable = false
            should_transfer_files = yes
            request_disk = 10MB
            request_memory = 64
            log = one.log
            queue
            END
            echo 'JOB A one.sub' >a.dag
            condor_submit_dag -notification never a.dag
            """
                .formatted(name))
        .orThrow();
    return ap.run("condor_q", "-allusers", "-const", "JobUniverse == 7", "-af", "ClusterId")
        .orThrow()
        .lines()
        .getLast()
        .strip();
  }

  /** Attributes of a job that is queued, as one line. */
  String queued(String cluster, String... attributes) throws PoolException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("condor_q", "-allusers", cluster, "-af:,"));
    command.addAll(List.of(attributes));
    return String.join("\n", ap.run(command.toArray(String[]::new)).orThrow().lines());
  }

  /** Waits for a job's end, which has to be a good one, and returns where it ran. */
  String awaitSuccess(String cluster, Duration bound) throws PoolException, InterruptedException {
    String end =
        Await.until(
            "end of job %s (now: %s)".formatted(cluster, queued(cluster, "JobStatus")),
            bound,
            () ->
                String.join(
                    "\n",
                    ap.run(
                            "condor_history",
                            cluster,
                            "-limit",
                            "1",
                            "-af:,",
                            "JobStatus",
                            "ifThenElse(isInteger(ExitCode), ExitCode, -1)",
                            "ifThenElse(isString(LastRemoteHost), LastRemoteHost, \"here\")")
                        .orThrow()
                        .lines()),
            line -> !line.isEmpty());
    String[] parts = end.split(", *", -1);
    if (!parts[0].equals("4") || !parts[1].equals("0")) {
      throw new PoolException(
          "job %s: status %s, exit code %s, on %s"
              .formatted(cluster, parts[0], parts[1], parts[2]));
    }
    return parts[2];
  }

  String awaitSuccess(String cluster) throws PoolException, InterruptedException {
    return awaitSuccess(cluster, BOUND);
  }
}
