package org.vocluster.vocpool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.vocluster.pool.Await;
import org.vocluster.pool.BuildCache;
import org.vocluster.pool.Command;
import org.vocluster.pool.Host;
import org.vocluster.pool.Pool;
import org.vocluster.pool.PoolException;
import org.vocluster.pool.PoolName;
import org.vocluster.pool.PoolPlan;
import org.vocluster.pool.Result;
import org.vocluster.pool.Suite;
import org.vocluster.vm.qemu.NodeMarks;

/**
 * A pool with VOC on it, installed the way an administrator does it: the packages of each host's
 * role with apt, a few lines of configuration, then the {@code voc} command.
 */
public final class VocPool {
  /** Where the hosts see images: {@link Pool#share()}. */
  public static final String SHARE_URL = "file:///srv/share/";

  private static final List<String> VOS = List.of("cms", "atlas");
  private static final String SIZE_LOG = "/var/log/condor/VocSizeLog";
  private static final Duration STAGING = Duration.ofMinutes(3);
  private static final Duration SIZING = Duration.ofMinutes(1);
  private static final Duration NEGOTIATION = Duration.ofMinutes(1);

  private final Pool pool;
  private final VoImage image;

  private VocPool(Pool pool, VoImage image) {
    this.pool = pool;
    this.image = image;
  }

  /**
   * Brings up a pool with two PAD hosts, our packages, the VOs cms and atlas with their users, and
   * a VO image in the share. No VOC is registered yet.
   *
   * @param packages directory of our Debian packages
   */
  public static VocPool up(PoolName name, Suite suite, Path packages, Story story)
      throws PoolException, InterruptedException {
    return up(PoolPlan.of(name, suite, 2), packages, story);
  }

  /** Brings up a pool of that plan in the same way. */
  public static VocPool up(PoolPlan plan, Path packages, Story story)
      throws PoolException, InterruptedException {
    return up(plan, "", packages, story);
  }

  /**
   * Brings up a pool of that plan in the same way.
   *
   * @param executeConfig HTCondor configuration that PAD hosts have from their first start on
   */
  public static VocPool up(PoolPlan plan, String executeConfig, Path packages, Story story)
      throws PoolException, InterruptedException {
    Pool pool = Pool.up(plan);
    VocPool vocPool = on(pool, packages, story);
    if (!executeConfig.isEmpty()) {
      for (Host host : pool.executeHosts()) {
        host.write("/etc/condor/config.d/92-site-test.conf", executeConfig, "644");
      }
    }
    story.tell("starting HTCondor on all hosts");
    pool.startCondor();
    return vocPool;
  }

  /**
   * Puts VOC onto a pool that is up, as {@link #up} does. Where HTCondor runs, it is left to the
   * caller to have it read its configuration.
   */
  public static VocPool on(Pool pool, Path packages, Story story)
      throws PoolException, InterruptedException {
    story.tell("a machine image for the VO, with the package voc-guest in it …");
    VoImage image = VoImage.of(pool.suite(), debianPackage(packages, "voc-guest"));
    story.tell("image: %s, SHA-256 %s…".formatted(image.file(), image.sha256().substring(0, 12)));

    VocPool vocPool = new VocPool(pool, image);
    try {
      Files.copy(image.file(), pool.share().resolve("vo.qcow2"));
    } catch (IOException e) {
      throw new PoolException("%s: cannot put the image there: %s".formatted(pool.share(), e), e);
    }
    for (Host host : pool.hosts()) {
      story.tell("%s (%s): %s".formatted(host.name(), host.address(), roleInWords(host)));
    }
    vocPool.install(packages, story);
    return vocPool;
  }

  /** Finds a pool that {@link #up} brought up, in whatever process. */
  public static VocPool find(PoolName name, Path packages)
      throws PoolException, InterruptedException {
    Pool pool = Pool.find(name);
    return new VocPool(pool, VoImage.of(pool.suite(), debianPackage(packages, "voc-guest")));
  }

  private void install(Path packages, Story story) throws PoolException, InterruptedException {
    for (Host host : pool.hosts()) {
      story.tell(
          "%s: apt-get install %s".formatted(host.name(), String.join(" ", packagesOf(host))));
      install(host, packages);
    }
    for (Host host : pool.executeHosts()) {
      host.write(
          "/etc/condor/config.d/91-site-voc.conf",
          "VOC_IMAGE_URLS = %s\nVOC_ADVERTISE_PERIOD = 5\n".formatted(SHARE_URL),
          "644");
    }
    addVos(pool.centralManager());
    for (Host other : pool.otherAccessPoints()) {
      // A VO has one key, whatever access points its nodes are submitted from.
      for (String vo : VOS) {
        String key = "/etc/condor/passwords.d/voc-" + vo;
        other.root().sh("install -d -m 700 /etc/condor/passwords.d").orThrow();
        other.write(key, pool.centralManager().read(key), "600");
      }
      addVos(other);
    }
  }

  /** Installs the packages of a host's role. */
  public static void install(Host host, Path packages) throws PoolException, InterruptedException {
    List<Path> files = new ArrayList<>(List.of(debianPackage(packages, "voc-common")));
    for (String name : packagesOf(host)) {
      files.add(debianPackage(packages, name));
    }
    host.install(files);
  }

  /** The packages of a host's role, but for the one that all have. */
  public static List<String> packagesOf(Host host) {
    return switch (host.role()) {
      case CENTRAL_MANAGER -> List.of("voc-cm", "voc-ap");
      case ACCESS_POINT -> List.of("voc-ap");
      case EXECUTE -> List.of("voc-pad");
    };
  }

  private static void addVos(Host accessPoint) throws PoolException, InterruptedException {
    accessPoint.write("/etc/voc/users.map", "* alice cms\n* bob atlas\n", "644");
    for (String vo : VOS) {
      accessPoint.root().run("voc", "vo", "add", vo).orThrow();
    }
  }

  public Pool pool() {
    return pool;
  }

  public VoImage image() {
    return image;
  }

  public Host ap() {
    return pool.centralManager();
  }

  /** A definition that works on this pool: one node of one core, which leaves soon. */
  public VocText definition(String name, String vo) {
    return VocText.of(name, vo, SHARE_URL + "vo.qcow2", image.sha256());
  }

  /**
   * Puts an image into the share that is in order but holds no system, so that a machine with it
   * waits for ever.
   *
   * @return its SHA-256
   */
  public String shareEmptyImage(String file) throws PoolException, InterruptedException {
    Path image = pool.share().resolve(file);
    Command.run("qemu-img", "create", "-q", "-f", "qcow2", image.toString(), "64M").orThrow();
    try {
      return BuildCache.digest(Files.readAllBytes(image));
    } catch (IOException e) {
      throw new PoolException("%s: %s".formatted(image, e), e);
    }
  }

  /** Writes a definition to a file and registers it, as an administrator would. */
  public Result register(VocText definition) throws PoolException, InterruptedException {
    String file = "/root/%s.ad".formatted(definition.name());
    ap().write(file, definition.text(), "644");
    return ap().run("voc", "register", file);
  }

  /**
   * Submits jobs of a user.
   *
   * @return their cluster
   */
  public String submit(String user, PayloadJobs jobs) throws PoolException, InterruptedException {
    Result result = ap().as(user).input(jobs.text()).run("condor_submit", "-terse").orThrow();
    return result.stdout().strip().replaceFirst("\\..*", "");
  }

  /** How those jobs of a cluster ended that have. */
  public List<Ending> endings(String cluster) throws PoolException, InterruptedException {
    List<String> lines =
        ap().run(
                "condor_history",
                cluster,
                "-af:,",
                "ProcId",
                "JobStatus",
                "ifThenElse(isInteger(ExitCode), ExitCode, -1)",
                "ifThenElse(isInteger(JobCurrentStartExecutingDate), JobCurrentStartExecutingDate, 0)",
                "ifThenElse(isString(LastRemoteHost), LastRemoteHost, \"\")")
            .orThrow()
            .lines();
    return lines.stream()
        .map(line -> line.split(",", -1))
        .map(
            f ->
                new Ending(
                    cluster + "." + f[0].strip(),
                    Integer.parseInt(f[1].strip()),
                    Integer.parseInt(f[2].strip()),
                    Long.parseLong(f[3].strip()),
                    f[4].strip()))
        .toList();
  }

  /** Waits until each PAD host says that it holds an image. */
  public void awaitImage(String sha256) throws PoolException, InterruptedException {
    Await.until(
        "image %s… in the ads of all PAD hosts".formatted(sha256.substring(0, 12)),
        STAGING,
        () -> padSlots("Machine", "VocImages", "VocImageErrors"),
        slots -> !slots.isEmpty() && slots.stream().allMatch(slot -> slot.contains(sha256)));
  }

  /** Makes the PAD hosts take no more jobs, so that node jobs stay in the queue. */
  public void closeHosts() throws PoolException, InterruptedException {
    start(false);
  }

  /** Makes the PAD hosts take jobs again. */
  public void openHosts() throws PoolException, InterruptedException {
    start(true);
  }

  private void start(boolean jobs) throws PoolException, InterruptedException {
    for (Host host : pool.executeHosts()) {
      // Before the file in which our package adds its own condition.
      host.write("/etc/condor/config.d/80-start.conf", "START = %s\n".formatted(jobs), "644");
      host.run("condor_reconfig").orThrow();
    }
    Await.until(
        "START = %s on all PAD hosts".formatted(jobs),
        NEGOTIATION,
        () -> padSlots("Start", "Machine"),
        slots -> slots.stream().allMatch(slot -> slot.startsWith(jobs + ",")));
  }

  /** Attributes of the PAD hosts' partitionable slots, a line each. */
  public List<String> padSlots(String... attributes) throws PoolException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "condor_status", "-const", "VocDomain =?= \"PAD\" && PartitionableSlot", "-af:,"));
    command.addAll(List.of(attributes));
    return ap().run(command.toArray(String[]::new)).orThrow().lines();
  }

  /** Attributes of all ads, of any kind, that nodes sent, a line each. */
  public List<String> nodeAds(String... attributes) throws PoolException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of("condor_status", "-any", "-const", "VocDomain =?= \"VAD\"", "-af:,"));
    command.addAll(List.of(attributes));
    return ap().run(command.toArray(String[]::new)).orThrow().lines();
  }

  /** Attributes of jobs in the queue, a line each. */
  public List<String> jobs(String constraint, String... attributes)
      throws PoolException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of("condor_q", "-allusers", "-const", constraint, "-af:,"));
    command.addAll(List.of(attributes));
    return ap().run(command.toArray(String[]::new)).orThrow().lines();
  }

  /** Attributes of all node jobs in the queue. */
  public List<String> nodeJobs(String... attributes) throws PoolException, InterruptedException {
    return jobs("VocNodeJob =?= True", attributes);
  }

  /** The QEMU processes of a host that run nodes. */
  public static List<Host.HostProcess> virtualMachines(Host host)
      throws PoolException, InterruptedException {
    return host.processes().stream()
        .filter(process -> process.commandLine().contains(NodeMarks.CONFIG))
        .toList();
  }

  /**
   * What nodes left behind anywhere, in words; empty if nothing. Nodes that still live count too.
   */
  public List<String> leftovers() throws PoolException, InterruptedException {
    List<String> found = new ArrayList<>();
    for (Host host : pool.executeHosts()) {
      for (Host.HostProcess process : virtualMachines(host)) {
        found.add("%s: process %s".formatted(host.name(), process));
      }
      for (String line :
          host.root().sh("find /var/lib/condor/execute -mindepth 1").orThrow().lines()) {
        found.add("%s: file %s".formatted(host.name(), line));
      }
    }
    for (String ad : nodeAds("MyType", "Name")) {
      found.add("collector: ad " + ad);
    }
    for (String job : nodeJobs("ClusterId", "JobStatus", "VocNode", "HoldReason")) {
      found.add("queue: node job " + job);
    }
    for (String line :
        ap().root()
            .sh("find /var/spool/condor -mindepth 1 -name 'cluster*' ; find /tmp -user condor")
            .orThrow()
            .lines()) {
      found.add("access point: file " + line);
    }
    return found;
  }

  /** Waits until nothing of any node is left. */
  public void awaitNothingLeft(Duration bound) throws PoolException, InterruptedException {
    Await.until("nothing left of any node", bound, this::leftovers, List::isEmpty);
  }

  /** Waits for a job to reach a status of HTCondor's JobStatus (1 idle, 2 running, 5 held). */
  public void awaitStatus(String job, int status, Duration bound)
      throws PoolException, InterruptedException {
    Await.until(
        "job %s in status %d".formatted(job, status),
        bound,
        () -> jobs(idConstraint(job), "JobStatus", "HoldReason", "RemoteHost"),
        lines -> lines.stream().anyMatch(line -> line.startsWith(status + ",")));
  }

  /** Waits until the sizer's log says something, and returns the lines with it. */
  public String awaitInSizeLog(String text) throws PoolException, InterruptedException {
    return Await.until(
        "'%s' in %s".formatted(text, SIZE_LOG),
        SIZING,
        () -> ap().root().sh("grep -F '%s' %s || true".formatted(text, SIZE_LOG)).stdout(),
        lines -> !lines.isEmpty());
  }

  /** Waits until the negotiator has been asked at least once more. */
  public void awaitNegotiation() throws PoolException, InterruptedException {
    // The negotiator's ad is updated too seldom to ask it.
    String question = "grep -c 'Finished Negotiation Cycle' /var/log/condor/NegotiatorLog";
    String before = ap().root().sh(question).orThrow().stdout();
    Await.until(
        "another negotiation cycle",
        NEGOTIATION,
        () -> ap().root().sh(question).orThrow().stdout(),
        now -> !now.equals(before));
  }

  private static String idConstraint(String job) {
    int dot = job.indexOf('.');
    return dot < 0
        ? "ClusterId == " + job
        : "ClusterId == %s && ProcId == %s"
            .formatted(job.substring(0, dot), job.substring(dot + 1));
  }

  private static String roleInWords(Host host) {
    return switch (host.role()) {
      case CENTRAL_MANAGER -> "collector, negotiator, and the access point where users submit";
      case ACCESS_POINT -> "another access point where users submit";
      case EXECUTE -> "execution host of the physical cluster (PAD)";
    };
  }

  private static Path debianPackage(Path directory, String name) throws PoolException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(name + "_"))
          .findFirst()
          .orElseThrow(
              () ->
                  new PoolException(
                      "no package %s in %s: build them with mvn -Pdebs package"
                          .formatted(name, directory)));
    } catch (IOException e) {
      throw new PoolException("%s: %s".formatted(directory, e), e);
    }
  }
}
