package org.vocluster.pool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A host of a pool: own root, processes, users, network address and name, one kernel with the
 * others.
 *
 * <p>There is no init system: what a boot would start, the pool's owner starts.
 */
public final class Host {
  private static final Duration BOOT = Duration.ofSeconds(30);
  private static final Duration INSTALLATION = Duration.ofMinutes(5);
  private static final Duration CONDOR_START = Duration.ofSeconds(60);
  private static final Duration CONDOR_STOP = Duration.ofSeconds(30);
  private static final Pattern USED = Pattern.compile(" used (\\d+)K");
  private static final Pattern PROCESS =
      Pattern.compile("\\s*(\\d+)\\s+(\\d+)\\s+(\\S+)\\s+(\\S+)\\s+(\\d+)\\s+(.*)");

  private final Pool pool;
  private final HostPlan plan;

  Host(Pool pool, HostPlan plan) {
    this.pool = pool;
    this.plan = plan;
  }

  /** A process in a host, with the numbers it has there. */
  public record HostProcess(
      long pid, long parent, String user, String state, Duration age, String commandLine) {}

  public String name() {
    return plan.name();
  }

  /** Name with domain, as HTCondor shows it. */
  public String fullName() {
    return plan.fullName();
  }

  public String address() {
    return plan.address();
  }

  public HostPlan.Role role() {
    return plan.role();
  }

  /** Runs a command as root, for at most a minute. */
  public Result run(String... command) throws PoolException, InterruptedException {
    return root().run(command);
  }

  public Session root() {
    return as("root");
  }

  public Session as(String user) {
    return new Session(this, user);
  }

  /**
   * Writes a file, owned by root; directories on the way are made.
   *
   * @param mode in octal, as chmod takes it
   */
  public void write(String path, String text, String mode)
      throws PoolException, InterruptedException {
    place(root().input(text), path, mode);
  }

  /** Copies a file of the machine to the host. */
  public void copyIn(Path file, String path, String mode)
      throws PoolException, InterruptedException {
    place(root().within(INSTALLATION).input(file), path, mode);
  }

  private static void place(Session session, String path, String mode)
      throws PoolException, InterruptedException {
    session
        .run(
            "sh",
            "-c",
            "umask 077; [ -d \"${1%/*}/\" ] || install -d -m 755 \"${1%/*}\";"
                + " cat >\"$1.new\" && chmod \"$2\" \"$1.new\" && mv \"$1.new\" \"$1\"",
            "write",
            path,
            mode)
        .orThrow();
  }

  public String read(String path) throws PoolException, InterruptedException {
    return run("cat", path).orThrow().stdout();
  }

  public boolean exists(String path) throws PoolException, InterruptedException {
    return run("test", "-e", path).ok();
  }

  /** Installs Debian packages, files of the machine, with apt and without any network. */
  public void install(List<Path> packages) throws PoolException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "apt-get",
                "install",
                "-y",
                "--no-download",
                "--no-install-recommends",
                "--allow-downgrades",
                "-o",
                "Dpkg::Use-Pty=0"));
    for (Path file : packages) {
      String copy = "/var/cache/apt/archives/" + file.getFileName();
      copyIn(file, copy, "644");
      command.add(copy);
    }
    root().within(INSTALLATION).run(command.toArray(String[]::new)).orThrow();
  }

  /** All processes of the host, but not those of the question itself. */
  public List<HostProcess> processes() throws PoolException, InterruptedException {
    List<HostProcess> processes = new ArrayList<>();
    Result result = run("ps", "-eww", "-o", "pid=,ppid=,user:32=,stat=,etimes=,args=").orThrow();
    for (String line : result.lines()) {
      Matcher matcher = PROCESS.matcher(line);
      if (matcher.matches()) {
        processes.add(
            new HostProcess(
                Long.parseLong(matcher.group(1)),
                Long.parseLong(matcher.group(2)),
                matcher.group(3),
                matcher.group(4),
                Duration.ofSeconds(Long.parseLong(matcher.group(5))),
                matcher.group(6)));
      }
    }
    processes.stream()
        .filter(process -> process.commandLine().startsWith("ps -eww -o pid=,"))
        .findFirst()
        .ifPresent(
            ps ->
                processes.removeIf(
                    process -> process.pid() == ps.pid() || process.pid() == ps.parent()));
    return processes;
  }

  /**
   * What a Java process of the host has on its heap when nothing superfluous is there: KiB after a
   * full collection, by the jcmd beside this very JVM.
   *
   * @param pid in the host
   */
  public long heapKb(long pid) throws PoolException, InterruptedException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    String outside = Long.toString(Namespaces.outside(pool.name().hostNamespace(name()), pid));
    Command.run(jcmd, outside, "GC.run").orThrow();
    Result info = Command.run(jcmd, outside, "GC.heap_info").orThrow();
    run("rm", "-f", "/tmp/.java_pid" + pid).orThrow();
    return USED.matcher(info.stdout().replaceFirst("(?s)Metaspace.*", ""))
        .results()
        .mapToLong(used -> Long.parseLong(used.group(1)))
        .sum();
  }

  /**
   * Starts HTCondor and returns when all daemons of this host are ready. Does no harm if it runs.
   */
  public void startCondor() throws PoolException, InterruptedException {
    if (condorMaster().isEmpty()) {
      run("sh", "-c", "ulimit -n 32768; exec condor_master").orThrow();
    }
    Await.until(
        "HTCondor's daemons on " + name(),
        CONDOR_START,
        () -> run("condor_who", "-wait:10", "IsReady"),
        Result::ok);
  }

  /**
   * Stops HTCondor, jobs included, as the service's stop would. Does no harm if it is not running.
   */
  public void stopCondor() throws PoolException, InterruptedException {
    Optional<HostProcess> master = condorMaster();
    if (master.isPresent()) {
      // Fast shutdown, see condor.service's KillSignal.
      var _ = run("kill", "-QUIT", Long.toString(master.get().pid()));
    }
    Await.until(
        "HTCondor's daemons on %s to end".formatted(name()),
        CONDOR_STOP,
        () -> processes().stream().filter(p -> p.commandLine().contains("condor_")).toList(),
        List::isEmpty);
  }

  private Optional<HostProcess> condorMaster() throws PoolException, InterruptedException {
    return processes().stream()
        .filter(process -> process.commandLine().matches("(\\S*/)?condor_master(\\s.*)?"))
        .findFirst();
  }

  public boolean isUp() {
    return initProcess().isPresent();
  }

  /** A power cut: every process is gone at once, without a chance to say good-bye. Disks stay. */
  public void kill() throws PoolException, InterruptedException {
    Namespaces.killAll(pool.name().hostNamespace(name()));
    try {
      Files.deleteIfExists(pidFile());
    } catch (IOException e) {
      throw new PoolException("%s: %s".formatted(name(), e), e);
    }
  }

  /**
   * Boots the host, with the disk as it was left. Does no harm if it is up. HTCondor is not
   * started.
   */
  public void boot() throws PoolException, InterruptedException {
    if (isUp()) {
      return;
    }
    Namespaces.killAll(pool.name().hostNamespace(name()));
    Path log = directory().resolve("init.log");
    try {
      for (String part : List.of("upper", "work", "root")) {
        Files.createDirectories(directory().resolve(part));
      }
      ProcessBuilder builder =
          new ProcessBuilder(
                  "nsenter",
                  "--net=" + Namespaces.path(pool.name().hostNamespace(name())),
                  "setsid",
                  "unshare",
                  "--mount",
                  "--uts",
                  "--ipc",
                  "--pid",
                  "--fork",
                  "sh",
                  pool.initScript().toString(),
                  pool.base().directory().toString(),
                  directory().toString(),
                  pool.share().toString(),
                  name())
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
      builder.environment().clear();
      builder.environment().putAll(Command.ENVIRONMENT);
      Process process = builder.start();
      ProcessHandle init =
          Await.until(
                  "first process of host " + name(),
                  BOOT,
                  () -> process.toHandle().children().findFirst(),
                  Optional::isPresent)
              .orElseThrow();
      Files.writeString(pidFile(), init.pid() + "\n");
    } catch (IOException e) {
      throw new PoolException("%s: cannot boot: %s".formatted(name(), e), e);
    }
    Await.until(
        "host %s to be up (its log: %s)".formatted(name(), log),
        BOOT,
        () -> isUp() ? run("test", "-e", "/run/host-is-up").toString() : lastWords(log),
        answer -> answer.contains("exit status 0 "));
  }

  /** Power cut, boot, HTCondor started. */
  public void restart() throws PoolException, InterruptedException {
    kill();
    boot();
    startCondor();
  }

  /**
   * What the host's disk holds beyond the base root, readable from the machine even when it is
   * down.
   */
  public Path disk() {
    return directory().resolve("upper");
  }

  Path directory() {
    return pool.directory().resolve("hosts").resolve(name());
  }

  HostPlan plan() {
    return plan;
  }

  /** The words before a command that make it run in the host, as root. */
  List<String> enterCommand() throws PoolException {
    ProcessHandle init =
        initProcess().orElseThrow(() -> new PoolException("host %s is not up".formatted(name())));
    return List.of(
        "nsenter", "-t", Long.toString(init.pid()), "-m", "-u", "-i", "-n", "-p", "-r", "-w");
  }

  /**
   * The process with number 1 in the host; a recorded number counts only in the host's own network.
   */
  private Optional<ProcessHandle> initProcess() {
    try {
      long pid = Long.parseLong(Files.readString(pidFile()).strip());
      return Namespaces.contains(pool.name().hostNamespace(name()), pid)
          ? ProcessHandle.of(pid)
          : Optional.empty();
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static String lastWords(Path log) throws PoolException {
    try {
      return "its first process has ended; " + Files.readString(log);
    } catch (IOException e) {
      throw new PoolException(e.toString(), e);
    }
  }

  private Path pidFile() {
    return pool.stateDirectory().resolve(name() + ".pid");
  }
}
