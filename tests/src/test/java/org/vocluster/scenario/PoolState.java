package org.vocluster.scenario;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.vocluster.pool.Host;
import org.vocluster.pool.PoolException;
import org.vocluster.pool.Result;
import org.vocluster.vocpool.VocPool;

/**
 * What a pool consists of while nothing happens in it, so that two moments can be compared.
 *
 * @param daemons HTCondor's daemons and the size hook, by host, name and process id: those that
 *     were started anew are others
 * @param others how many processes of any other name there are, by host and name
 * @param files where nodes could leave any, by host and path
 * @param ads how many ads the collector has, by MyType
 */
public record PoolState(
    SortedMap<String, Daemon> daemons,
    SortedMap<String, Integer> others,
    SortedSet<String> files,
    SortedMap<String, Integer> ads) {
  /** Hooks that come and go are not looked at before they are so old. */
  public static final Duration LASTING = Duration.ofSeconds(10);

  private static final String PLACES =
      "/var/lib/condor /var/lib/voc /var/spool/condor /tmp /var/tmp /run /dev/shm /home /root";

  private static final String PROCESSES =
      """
      now=$(cut -d. -f1 /proc/uptime)
      for process in /proc/[0-9]*; do
        { read -r name <$process/comm; } 2>/dev/null || continue
        start=$(sed 's/.*) //' $process/stat 2>/dev/null | cut -d' ' -f20)
        [ -n "$start" ] || continue
        files=$(ls $process/fd 2>/dev/null | wc -l)
        resident=$(sed -n 's/^VmRSS:[^0-9]*\\([0-9]*\\).*/\\1/p' $process/status 2>/dev/null)
        echo "${process#/proc/} $((now - start / 100)) $files ${resident:-0} $name"
      done
      """;

  /**
   * A process that should be there for ever.
   *
   * @param descriptors of open files
   * @param residentKb its resident memory in KiB
   * @param heapKb what it has on its heap after a full collection, in KiB; 0 if it is not Java
   */
  record Daemon(int descriptors, long residentKb, long heapKb) {}

  /** Looks at all hosts and the collector. */
  public static PoolState of(VocPool voc) throws PoolException, InterruptedException {
    SortedMap<String, Daemon> daemons = new TreeMap<>();
    SortedMap<String, Integer> others = new TreeMap<>();
    SortedSet<String> files = new TreeSet<>();
    for (Host host : voc.pool().hosts()) {
      for (String line : host.root().sh(PROCESSES).orThrow().lines()) {
        String[] words = line.split(" ", 5);
        String name = words[4];
        boolean lasting = Long.parseLong(words[1]) >= LASTING.toSeconds();
        if (isDaemon(name) && lasting) {
          daemons.put(
              "%s %s %s".formatted(host.name(), name, words[0]),
              new Daemon(
                  Integer.parseInt(words[2]),
                  Long.parseLong(words[3]),
                  name.equals("java") && answersTools(host, words[0])
                      ? host.heapKb(Long.parseLong(words[0]))
                      : 0));
        } else if (lasting) {
          others.merge(host.name() + " " + name, 1, Integer::sum);
        }
      }
      // The ends of the last consoles are kept on purpose, up to a number.
      Result found =
          host.root()
              .sh("find %s -xdev -not -path '/var/lib/voc/consoles/*'".formatted(PLACES))
              .orThrow();
      found.lines().forEach(path -> files.add(host.name() + " " + path));
    }
    return new PoolState(daemons, others, files, ads(voc));
  }

  /** The reaper leaves all signals to HTCondor's sense of them, so no tool can reach its JVM. */
  private static boolean answersTools(Host host, String pid)
      throws PoolException, InterruptedException {
    return !host.root()
        .sh("tr '\\0' ' ' </proc/%s/cmdline".formatted(pid))
        .stdout()
        .contains(" -Xrs ");
  }

  private static SortedMap<String, Integer> ads(VocPool voc)
      throws PoolException, InterruptedException {
    return voc.ap().run("condor_status", "-any", "-af", "MyType").orThrow().lines().stream()
        .collect(Collectors.toMap(type -> type, type -> 1, Integer::sum, TreeMap::new));
  }

  private static boolean isDaemon(String name) {
    return name.equals("java")
        || (name.startsWith("condor_")
            && !name.startsWith("condor_shadow")
            && !name.startsWith("condor_starter"));
  }

  /** How much more a process may have in the end: what comes and goes between two looks. */
  public record Slack(int descriptors, long daemonKb, long javaKb, long heapKb) {}

  /** What there is more of than before, in words; empty if nothing grew. */
  public List<String> growthSince(PoolState before, Slack slack) {
    List<String> grown = new ArrayList<>();
    if (!daemons.keySet().equals(before.daemons.keySet())) {
      grown.add("daemons were %s, are %s".formatted(before.daemons.keySet(), daemons.keySet()));
    }
    daemons.forEach(
        (name, now) -> {
          Daemon then = before.daemons.getOrDefault(name, now);
          long mayGrow = name.contains(" java ") ? slack.javaKb() : slack.daemonKb();
          if (now.descriptors() > then.descriptors() + slack.descriptors()) {
            grown.add(
                "%s: %d descriptors, had %d"
                    .formatted(name, now.descriptors(), then.descriptors()));
          }
          if (now.residentKb() > then.residentKb() + mayGrow) {
            grown.add(
                "%s: %d KiB resident, had %d".formatted(name, now.residentKb(), then.residentKb()));
          }
          if (now.heapKb() > then.heapKb() + slack.heapKb()) {
            grown.add(
                "%s: %d KiB on its heap, had %d".formatted(name, now.heapKb(), then.heapKb()));
          }
        });
    more("processes", before.others, others, grown);
    more("ads", before.ads, ads, grown);
    files.stream()
        .filter(file -> !before.files.contains(file))
        .forEach(f -> grown.add("file " + f));
    return grown;
  }

  private static void more(
      String what, Map<String, Integer> before, Map<String, Integer> now, List<String> grown) {
    now.forEach(
        (name, count) -> {
          int then = before.getOrDefault(name, 0);
          if (count > then) {
            grown.add("%s: %d %s, were %d".formatted(what, count, name, then));
          }
        });
  }

  /** How each daemon's descriptors and memory have changed, a line each. */
  public String comparedTo(PoolState before) {
    SortedMap<String, String> lines = new TreeMap<>();
    daemons.forEach(
        (name, now) -> {
          Daemon then = before.daemons.getOrDefault(name, now);
          lines.put(
              name,
              "%+d descriptors (%d), %+d KiB (%d)"
                      .formatted(
                          now.descriptors() - then.descriptors(),
                          now.descriptors(),
                          now.residentKb() - then.residentKb(),
                          now.residentKb())
                  + (now.heapKb() == 0
                      ? ""
                      : ", heap in use %+d KiB (%d)"
                          .formatted(now.heapKb() - then.heapKb(), now.heapKb())));
        });
    return lines.entrySet().stream()
        .map(entry -> "  %s: %s%n".formatted(entry.getKey(), entry.getValue()))
        .collect(Collectors.joining());
  }
}
