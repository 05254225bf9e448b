package org.vocluster.pool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What is left of a pool for people who look into a failure. */
final class Evidence {
  /**
   * No keys and no tokens. Of a host's disk: kept by the host as long as the pool exists, even when
   * it is down.
   */
  private static final List<String> FILES =
      List.of("etc/condor/config.d", "etc/voc", "var/log/condor", "var/lib/voc/state");

  private static final List<String> QUESTIONS =
      List.of(
          "ps -eww -o pid,ppid,user:12,stat,lstart,args --forest",
          "condor_config_val -dump",
          "condor_config_val -config",
          "find /var/lib/condor/execute /var/lib/voc -ls",
          "cd /var/lib/condor/execute && tail -n +1 */voc-console.log */voc-qemu.args */voc-condor.conf",
          "df -h; ip address; dpkg -l | grep -E 'condor|voc|qemu|openjdk'; uname -a");

  private static final List<String> QUESTIONS_TO_THE_MANAGER =
      List.of(
          "condor_status -any",
          "condor_status -any -long",
          "condor_q -all -global",
          "condor_q -all -hold",
          "condor_q -all -long",
          "condor_history -limit 50 -long");

  private final Pool pool;

  Evidence(Pool pool) {
    this.pool = pool;
  }

  void collect(Path directoryOfAll) throws PoolException, InterruptedException {
    Path into = directoryOfAll.toAbsolutePath();
    try {
      for (Host host : pool.hosts()) {
        Path directory = Files.createDirectories(into.resolve(host.name()));
        for (String file : FILES) {
          if (Files.exists(host.disk().resolve(file))) {
            Path copy = directory.resolve("disk").resolve(file);
            Files.createDirectories(copy);
            var _ = Command.run("cp", "-rT", host.disk().resolve(file).toString(), copy.toString());
          }
        }
        ask(host, QUESTIONS, directory);
      }
      Host manager = pool.centralManager();
      ask(manager, QUESTIONS_TO_THE_MANAGER, into.resolve(manager.name()));
      Files.writeString(into.resolve("kernel.txt"), Command.run("dmesg", "-T").stdout());
    } catch (IOException e) {
      throw new PoolException("%s: cannot collect logs: %s".formatted(into, e), e);
    }
  }

  private static void ask(Host host, List<String> questions, Path directory)
      throws IOException, InterruptedException {
    for (String question : questions) {
      String name = question.replaceAll("[^A-Za-z0-9]+", "-");
      Path file = directory.resolve(name.substring(0, Math.min(name.length(), 60)) + ".txt");
      String answer;
      try {
        Result result = host.root().sh(question);
        answer = result.stdout() + result.stderr();
      } catch (PoolException e) {
        answer = e.getMessage();
      }
      Files.writeString(file, answer);
    }
  }
}
