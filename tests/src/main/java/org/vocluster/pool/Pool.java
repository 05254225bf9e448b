package org.vocluster.pool;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;

/**
 * A pool of hosts with HTCondor on one machine, each host in namespaces of its own over a shared
 * base root.
 *
 * <p>A pool outlives the process that made it: it is found again by its name. Two pools of
 * different names do not disturb each other.
 */
public final class Pool {
  private static final Duration JOINING = Duration.ofSeconds(60);
  private static final String PLAN_FILE = "pool.properties";

  private final PoolPlan plan;
  private final BaseRoot base;
  private final List<Host> hosts;

  private Pool(PoolPlan plan, BaseRoot base) {
    this.plan = plan;
    this.base = base;
    this.hosts = plan.hosts().stream().map(host -> new Host(this, host)).toList();
  }

  /**
   * Brings up the hosts of a pool, with accounts and the site's HTCondor configuration and tokens.
   * HTCondor itself is not started, so that packages can be installed first. What an earlier pool
   * of that name left is removed before.
   */
  public static Pool up(PoolPlan plan) throws PoolException, InterruptedException {
    Machine.prepare();
    BaseRoot base = BaseRoot.of(plan.suite());
    down(plan.name());
    Pool pool = new Pool(plan, base);
    try {
      pool.create();
    } catch (IOException e) {
      throw new PoolException("pool %s: %s".formatted(plan.name(), e), e);
    }
    return pool;
  }

  /** Whether a pool of that name is up, made by whatever process. */
  public static boolean isUp(PoolName name) {
    return Files.exists(stateDirectory(name).resolve(PLAN_FILE));
  }

  /** Finds a pool that is up, made by whatever process. */
  public static Pool find(PoolName name) throws PoolException {
    Path file = stateDirectory(name).resolve(PLAN_FILE);
    Properties state = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      state.load(reader);
    } catch (IOException e) {
      throw new PoolException("there is no pool '%s' up (no %s)".formatted(name, file), e);
    }
    Suite suite = Suite.parse(state.getProperty("suite", ""));
    int accessPoints = Integer.parseInt(state.getProperty("otherAccessPoints", "0"));
    int executeHosts = Integer.parseInt(state.getProperty("executeHosts", ""));
    Path root = Path.of(state.getProperty("baseRoot", ""));
    return new Pool(
        PoolPlan.of(name, suite, accessPoints, executeHosts), new BaseRoot(suite, root));
  }

  /** Removes a pool: processes, networks, files. Does no harm if there is none, or half of one. */
  public static void down(PoolName name) throws PoolException, InterruptedException {
    // The hosts before the switch that their cables end in.
    for (String namespace : Namespaces.list().reversed()) {
      if (name.owns(namespace)) {
        Namespaces.delete(namespace);
      }
    }
    BuildCache.remove(directory(name));
    BuildCache.remove(stateDirectory(name));
  }

  public PoolName name() {
    return plan.name();
  }

  public Suite suite() {
    return plan.suite();
  }

  /** The central manager's address, which HTCondor has as CONDOR_HOST. */
  public String condorHost() {
    return plan.condorHost();
  }

  public List<Host> hosts() {
    return hosts;
  }

  public Host host(String name) {
    return hosts.stream()
        .filter(host -> host.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "pool %s has no host '%s', only %s"
                        .formatted(name(), name, hosts.stream().map(Host::name).toList())));
  }

  /** The host with collector, negotiator and schedd. */
  public Host centralManager() {
    return ofRole(HostPlan.Role.CENTRAL_MANAGER).getFirst();
  }

  /** The hosts with a schedd and no collector. */
  public List<Host> otherAccessPoints() {
    return ofRole(HostPlan.Role.ACCESS_POINT);
  }

  public List<Host> executeHosts() {
    return ofRole(HostPlan.Role.EXECUTE);
  }

  private List<Host> ofRole(HostPlan.Role role) {
    return hosts.stream().filter(host -> host.role() == role).toList();
  }

  /** A directory of the machine that all hosts see, read-only, as {@code /srv/share}. */
  public Path share() {
    return directory().resolve("share");
  }

  /** Starts HTCondor on all hosts and returns when the collector knows each execution point. */
  public void startCondor() throws PoolException, InterruptedException {
    for (Host host : hosts) {
      host.startCondor();
    }
    List<String> wanted = executeHosts().stream().map(Host::fullName).sorted().toList();
    Await.until(
        "slots of " + wanted,
        JOINING,
        () ->
            centralManager()
                .run("condor_status", "-af", "Machine", "-const", "PartitionableSlot")
                .orThrow()
                .lines()
                .stream()
                .sorted()
                .distinct()
                .toList(),
        seen -> seen.containsAll(wanted));
  }

  /** Stops HTCondor on all hosts, execution points first. */
  public void stopCondor() throws PoolException, InterruptedException {
    for (Host host : hosts.reversed()) {
      host.stopCondor();
    }
  }

  /** Removes this pool, as {@link #down(PoolName)} does. */
  public void down() throws PoolException, InterruptedException {
    down(name());
  }

  /**
   * Collects what explains a failure: configuration, logs, jobs, ads, processes, execute
   * directories and guests' consoles of each host. Collects what it can and notes what it cannot.
   */
  public void collectLogs(Path into) throws PoolException, InterruptedException {
    new Evidence(this).collect(into);
  }

  BaseRoot base() {
    return base;
  }

  Path directory() {
    return directory(name());
  }

  Path stateDirectory() {
    return stateDirectory(name());
  }

  Path initScript() {
    return directory().resolve("host-init.sh");
  }

  private static Path directory(PoolName name) {
    return Machine.poolsDirectory().resolve(name.value());
  }

  private static Path stateDirectory(PoolName name) {
    return Machine.stateDirectory().resolve(name.value());
  }

  private void create() throws IOException, PoolException, InterruptedException {
    Files.createDirectories(share());
    Files.createDirectories(stateDirectory());
    try (InputStream script = Pool.class.getResourceAsStream("host-init.sh")) {
      if (script == null) {
        throw new IllegalStateException("host-init.sh is not in the jar");
      }
      Files.copy(script, initScript(), StandardCopyOption.REPLACE_EXISTING);
    }
    layCables();
    byte[] key = new byte[32];
    new SecureRandom().nextBytes(key);
    for (Host host : hosts) {
      host.boot();
      furnish(host);
    }
    issueTokens(HexFormat.of().formatHex(key));
    Properties state = new Properties();
    state.setProperty("suite", plan.suite().debianName());
    state.setProperty("otherAccessPoints", Integer.toString(otherAccessPoints().size()));
    state.setProperty("executeHosts", Integer.toString(executeHosts().size()));
    state.setProperty("baseRoot", base.directory().toString());
    try (Writer writer = Files.newBufferedWriter(stateDirectory().resolve(PLAN_FILE))) {
      state.store(writer, null);
    }
  }

  private void layCables() throws PoolException, InterruptedException {
    String middle = name().switchNamespace();
    Namespaces.create(middle);
    Command.run("ip", "-n", middle, "link", "add", "br0", "type", "bridge").orThrow();
    Command.run("ip", "-n", middle, "link", "set", "br0", "up").orThrow();
    for (Host host : hosts) {
      String own = name().hostNamespace(host.name());
      Namespaces.create(own);
      Command.run(
              "ip",
              "-n",
              middle,
              "link",
              "add",
              host.name(),
              "type",
              "veth",
              "peer",
              "name",
              "eth0",
              "netns",
              own)
          .orThrow();
      Command.run("ip", "-n", middle, "link", "set", host.name(), "master", "br0", "up").orThrow();
      Command.run("ip", "-n", own, "address", "add", host.address() + "/24", "dev", "eth0")
          .orThrow();
      Command.run("ip", "-n", own, "link", "set", "eth0", "up").orThrow();
      Command.run("ip", "-n", own, "link", "set", "lo", "up").orThrow();
    }
  }

  private void furnish(Host host) throws PoolException, InterruptedException {
    host.write("/etc/hostname", host.name() + "\n", "644");
    host.write("/etc/hosts", plan.hostsFile(), "644");
    host.write("/etc/resolv.conf", "", "644");
    host.write(SiteConfig.FILE, SiteConfig.text(plan, host.plan()), "644");
    List<String> accounts = new ArrayList<>();
    for (Account account : plan.accounts()) {
      accounts.add(
          "useradd --create-home --user-group --shell /bin/bash --uid %d %s"
              .formatted(account.id(), account.name()));
    }
    host.root().sh("set -e; " + String.join("; ", accounts)).orThrow();
  }

  /** The pool's signing key stays on the central manager; every host gets a token made with it. */
  private void issueTokens(String secret) throws PoolException, InterruptedException {
    Host manager = centralManager();
    manager
        .root()
        .sh("install -d -m 700 /etc/condor/passwords.d && condor_store_cred add -c -p " + secret)
        .orThrow();
    String token =
        manager
            .run("condor_token_create", "-identity", "condor@" + SiteConfig.DOMAIN)
            .orThrow()
            .stdout();
    for (Host host : hosts) {
      host.run("install", "-d", "-m", "700", "/etc/condor/tokens.d").orThrow();
      host.write(SiteConfig.TOKEN_FILE, token, "600");
    }
  }
}
