package org.vocluster.measure;

import java.util.Arrays;
import java.util.Locale;
import org.vocluster.pool.Host;
import org.vocluster.pool.PoolException;
import org.vocluster.pool.Result;

/**
 * How long the installed prepare-job hook takes as a whole process, in milliseconds: run again and
 * again on the host, as the node job's user, over the ad of a node job that ran there.
 */
public record PrepareTimes(double least, double median, double most) {

  /**
   * Runs the hook.
   *
   * @param directory holds what the starter gave the node: {@code .job.ad}, {@code voc-token} and
   *     {@code voc-node-key}
   */
  static PrepareTimes measure(Host host, String directory, String user, int runs)
      throws PoolException, InterruptedException {
    // The arguments are HTCondor's own; the ad, token and key are what the starter gave the node.
    String script =
        String.format(
            Locale.ROOT,
            """
            set -e
            scratch=%s
            work=$(mktemp -d)
            trap 'rm -rf "$work"' EXIT
            cp "$scratch/.job.ad" "$work/ad"
            cp "$scratch/voc-token" "$scratch/voc-node-key" "$work"
            chown -R %s "$work"
            args=$(condor_config_val VOC_HOOK_PREPARE_JOB_ARGS)
            for i in $(seq %d); do
              mkdir "$work/$i"
              cp "$work/voc-token" "$work/voc-node-key" "$work/$i"
              chown -R %s "$work/$i"
              cd "$work/$i"
              begin=$(date +%%s%%N)
              setpriv --reuid=%s --regid=%s --init-groups env _CONDOR_SCRATCH_DIR="$work/$i" /usr/libexec/voc/prepare-job $args <"$work/ad" >"$work/answer"
              end=$(date +%%s%%N)
              grep -q '^HookStatusCode = 0' "$work/answer" || { cat "$work/answer" >&2; exit 1; }
              echo $((end - begin))
              cd /
            done
            """,
            directory,
            user,
            runs,
            user,
            user,
            user);
    Result result = host.root().sh(script).orThrow();
    double[] times =
        result.lines().stream()
            .mapToDouble(line -> Double.parseDouble(line) / 1e6)
            .sorted()
            .toArray();
    if (times.length != runs) {
      throw new PoolException(
          "prepare-job did not run %d times: %s".formatted(runs, Arrays.toString(times)));
    }
    return new PrepareTimes(times[0], times[runs / 2], times[runs - 1]);
  }
}
