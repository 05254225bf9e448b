package org.vocluster.condor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.vocluster.ad.Attr;
import org.vocluster.ad.CondorAttr;
import org.vocluster.ad.Constraints;
import org.vocluster.classad.ClassAdSyntaxException;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.definition.VoName;
import org.vocluster.vm.node.ConsoleText;
import org.vocluster.vm.node.NodeFiles;
import org.vocluster.vm.os.Command;
import org.vocluster.vm.os.CommandException;

/**
 * HTCondor's own tools, as the size hook uses them: each call is one bounded process.
 *
 * <p>The hook's account can usually not read the host's tokens. Where the collector is another
 * host, {@code voc vo add} has put a copy for this account into {@link #HOST_TOKENS}.
 */
public final class HtCondor {
  /** Directory among the VOs' submit tokens that holds the host's own; no VO has such a name. */
  public static final String HOST_TOKENS = ".host";

  private static final Duration QUICK = Duration.ofSeconds(20);
  private static final Duration SUBMIT = Duration.ofSeconds(60);

  /** No VO's name starts with a dot, so this is nobody's token directory. */
  private static final String REAP = ".reap-";

  private static final String KNOWN_TO_ALL = "TRUST_DOMAIN";

  private static final Duration REAP_TOKEN_LIFETIME = Duration.ofMinutes(5);

  private final Path bin;
  private final Path sbin;
  private final String collector;
  private final Path keys;
  private final Path tokens;
  private final NodeAuthority authority;

  /**
   * @param bin HTCondor's {@code $(BIN)}
   * @param sbin HTCondor's {@code $(SBIN)}
   * @param collector HTCondor's {@code $(COLLECTOR_HOST)}
   * @param keys directory of the VOs' signing keys
   * @param tokens directory with one directory of submit tokens for each VO
   */
  public HtCondor(Path bin, Path sbin, String collector, Path keys, Path tokens) {
    this.bin = bin;
    this.sbin = sbin;
    this.collector = collector;
    this.keys = keys;
    this.tokens = tokens;
    this.authority = new NodeAuthority(bin, keys, tokens);
  }

  /**
   * A token with which one node can join the pool and nothing else.
   *
   * @param identity the VO's identity, {@code voc-cms@trust.domain}
   * @param key name of the VO's signing key
   */
  public String nodeToken(String identity, String key, Duration lifetime) throws CommandException {
    return new Command(
            List.of(
                tool("condor_token_create"),
                "-identity",
                identity,
                "-key",
                key,
                "-authz",
                "ADVERTISE_STARTD",
                "-authz",
                "ADVERTISE_MASTER",
                "-authz",
                "READ",
                "-lifetime",
                Long.toString(lifetime.toSeconds())),
            Map.of("_CONDOR_SEC_PASSWORD_DIRECTORY", keys.toString()),
            QUICK)
        .output();
  }

  /**
   * Submits as the VO's account.
   *
   * @return the ids of the jobs, as {@code condor_submit -terse} prints them
   */
  public String submit(VoName vo, Path description) throws CommandException {
    return new Command(
            List.of(tool("condor_submit"), "-terse", "-spool", description.toString()),
            asVo(vo),
            SUBMIT)
        .output();
  }

  /**
   * Removes jobs as the VO's account, which owns them.
   *
   * @param why kept by HTCondor as RemoveReason
   */
  public void remove(VoName vo, List<JobId> jobs, String why) throws CommandException {
    List<String> argv = new ArrayList<>(List.of(tool("condor_rm"), "-reason", why));
    jobs.forEach(job -> argv.add(job.toString()));
    new Command(argv, asVo(vo), QUICK).output();
  }

  /**
   * The end of the console of a node whose job runs, as the guest wrote it, by way of the starter.
   * {@code prepare-job} has told that that {@code condor_tail} may have this file.
   */
  public String console(VoName vo, JobId job, Duration bound) throws CommandException {
    return new Command(
            List.of(
                tool("condor_tail"),
                "-no-stdout",
                "-maxbytes",
                Integer.toString(ConsoleText.TAIL_BYTES),
                job.toString(),
                NodeFiles.CONSOLE),
            asVo(vo),
            bound)
        .output();
  }

  /**
   * Tells a node's startd to take no more jobs, unless it has one. The startd checks and obeys in
   * one step, so a claim either comes before and is found, or comes after and is refused.
   *
   * @param address the {@code MyAddress} of the node's slots
   */
  public DrainResult drain(VoName vo, NodeId node, String address) {
    return authority.drain(vo, node, address);
  }

  /**
   * Lets a drained node take jobs again; nothing happens to one that is not drained.
   *
   * @param address the {@code MyAddress} of the node's slots
   * @throws CommandException if no answer came
   * @throws IOException if the call cannot be prepared
   */
  public void resume(VoName vo, NodeId node, String address) throws CommandException, IOException {
    authority.resume(vo, node, address);
  }

  /**
   * The signing key of a node, which its job brings along.
   *
   * @throws IOException if the VO's own key cannot be read
   */
  public String nodeKey(VoName vo, NodeId node) throws IOException {
    return authority.key(vo, node);
  }

  /**
   * Sets an attribute of jobs as the VO's account, which owns them.
   *
   * @param value an expression in old ClassAd syntax
   */
  public void edit(VoName vo, List<JobId> jobs, String attribute, String value)
      throws CommandException {
    String ids = jobs.stream().map(JobId::toString).collect(Collectors.joining(","));
    new Command(List.of(tool("condor_qedit"), "-jobids", ids, attribute, value), asVo(vo), QUICK)
        .output();
  }

  /**
   * Keeps running jobs from being started again on the claims that they have lost, as HTCondor's
   * own account, which may edit any job.
   *
   * @param until in seconds since 1970
   */
  public void coolDown(List<JobId> jobs, long until) throws CommandException {
    String ids = jobs.stream().map(JobId::toString).collect(Collectors.joining(","));
    edit(List.of("-jobids", ids), until);
  }

  /**
   * The same for all idle jobs of some users, unless they are cooled down for longer.
   *
   * @param owners names without anything that would have to be escaped
   */
  public void coolDownIdle(Collection<String> owners, long until) throws CommandException {
    edit(List.of("-constraint", Constraints.idleOf(owners, until)), until);
  }

  /**
   * Has the schedd look anew at which jobs can run, and the negotiator at the schedd. Before 25 a
   * schedd that has looked while a job cooled down does not look again until something changes: the
   * priority does, by nothing.
   */
  public void lookAgain(List<JobId> jobs) throws CommandException {
    List<String> argv = new ArrayList<>(List.of(tool("condor_prio"), "+0"));
    jobs.forEach(job -> argv.add(job.toString()));
    Command.of(QUICK, argv).output();
    reschedule();
  }

  private void edit(List<String> which, long until) throws CommandException {
    List<String> argv = new ArrayList<>(List.of(tool("condor_qedit")));
    argv.addAll(which);
    argv.addAll(List.of(CondorAttr.JOB_COOL_DOWN_EXPIRATION, Long.toString(until)));
    Command.of(QUICK, argv).output();
  }

  /** Publishes generic ads, in long form with an empty line between two. */
  public void publish(Path ads) throws CommandException {
    advertise("UPDATE_AD_GENERIC", ads, List.of("-multiple"));
  }

  /** Takes a generic ad back; the file holds the query for it. */
  public void withdraw(Path query) throws CommandException {
    advertise("INVALIDATE_ADS_GENERIC", query, List.of());
  }

  private void advertise(String command, Path file, List<String> options) throws CommandException {
    List<String> argv = new ArrayList<>();
    argv.add(sbin.resolve("condor_advertise").toString());
    argv.addAll(List.of("-pool", collector));
    argv.addAll(options);
    argv.addAll(List.of(command, file.toString()));
    new Command(argv, asHost(), QUICK).output();
  }

  /** Ads of any kind that nodes sent, in long form, with what tells a dead node's from others. */
  public String nodeAds(String constraint) throws CommandException {
    return status(
        List.of("-any"),
        constraint,
        List.of(
            Attr.NODE,
            Attr.VOC,
            Attr.VO,
            Attr.SCHEDD,
            CondorAttr.LAST_HEARD_FROM,
            CondorAttr.DAEMON_START_TIME,
            CondorAttr.CLASS_AD_LIFETIME));
  }

  /**
   * Takes ads of a VO's nodes out of the collector, as the VO.
   *
   * @param which expressions, each true in some of the ads that are to go
   * @throws CommandException if one of HTCondor's tools fails
   * @throws IOException if the call cannot be prepared
   */
  public void invalidate(VoName vo, String trustDomain, List<String> which)
      throws CommandException, IOException, ClassAdSyntaxException {
    List<String> startds = new ArrayList<>();
    List<String> masters = new ArrayList<>();
    for (String condition : which) {
      startds.add(Invalidation.startds(condition));
      masters.add(Invalidation.masters(condition));
    }
    try (SecretDirectory directory = SecretDirectory.in(tokens, REAP, REAP_TOKEN_LIFETIME)) {
      Path own = directory.directory("tokens");
      SecretDirectory.write(
          own.resolve("vo"),
          nodeToken(vo.account() + "@" + trustDomain, vo.account(), REAP_TOKEN_LIFETIME));
      new Invalidation(sbin.resolve("condor_advertise").toString(), collector, own, QUICK)
          .send(
              Files.writeString(directory.path().resolve("startds"), String.join("\n", startds)),
              Files.writeString(directory.path().resolve("masters"), String.join("\n", masters)));
    }
  }

  /** Asks for a negotiation soon. */
  public void reschedule() throws CommandException {
    Command.of(QUICK, List.of(tool("condor_reschedule"))).output();
  }

  /**
   * Ads of slots in long form.
   *
   * @param constraint which
   * @param attributes what of them
   */
  public String slots(String constraint, List<String> attributes) throws CommandException {
    return status(List.of(), constraint, attributes);
  }

  /** The ads that size hooks publish, in long form. */
  public String vocs() throws CommandException {
    return status(List.of("-any"), Constraints.vocs(), List.of());
  }

  /** What size hooks say of themselves in their schedds' ads, in long form. */
  public String sizers() throws CommandException {
    return status(
        List.of("-schedd"),
        Attr.HEARTBEAT + " =!= undefined",
        List.of(CondorAttr.NAME, Attr.HEARTBEAT, Attr.MISSING));
  }

  /** What a schedd says of how much it runs, in long form; nothing if the collector knows none. */
  public String schedd(String name) throws CommandException {
    return status(
        List.of("-schedd"),
        Constraints.is(CondorAttr.NAME, name),
        List.of(CondorAttr.MAX_JOBS_RUNNING, CondorAttr.TOTAL_RUNNING_JOBS));
  }

  /** Names of the schedds that the collector knows, one a line. */
  public String schedds() throws CommandException {
    List<String> argv =
        List.of(
            tool("condor_status"), "-pool", collector, "-schedd", "-autoformat", CondorAttr.NAME);
    return new Command(argv, asReader(), QUICK).output();
  }

  /**
   * Ads from another schedd's queue in long form.
   *
   * @param grouped whether jobs that agree in the attributes are one ad, with {@code JobCount} and
   *     {@code JobIds}; the schedd then does the grouping
   * @param attributes what of the jobs; where they are grouped, these have to have all that the
   *     constraint names
   */
  public String jobs(String schedd, boolean grouped, String constraint, List<String> attributes)
      throws CommandException {
    List<String> argv =
        new ArrayList<>(
            List.of(tool("condor_q"), "-pool", collector, "-name", schedd, "-allusers"));
    if (grouped) {
      argv.add("-group-by");
    }
    argv.addAll(
        List.of("-constraint", constraint, "-attributes", String.join(",", attributes), "-long"));
    return new Command(argv, asReader(), QUICK).output();
  }

  /**
   * What a schedd has in force, by its own word: its files may be newer.
   *
   * @param schedd its name
   * @param knobs what it is asked for
   */
  public InForce ofSchedd(String schedd, List<String> knobs) throws CommandException {
    return inForce(List.of("-name", schedd, "-schedd"), asReader(), knobs);
  }

  /** The same of a schedd that the collector knows. */
  public InForce ofOtherSchedd(String schedd, List<String> knobs) throws CommandException {
    return inForce(List.of("-pool", collector, "-name", schedd, "-schedd"), asReader(), knobs);
  }

  /**
   * What a collector has in force.
   *
   * @param host one of {@code $(COLLECTOR_HOST)}
   * @param knobs what it is asked for
   */
  public InForce ofCollector(String host, List<String> knobs) throws CommandException {
    Map<String, String> environment = new HashMap<>(asReader());
    // With -pool the tool wants a -name, which has to be the very same and may have no port.
    environment.put("_CONDOR_COLLECTOR_HOST", host);
    return inForce(List.of("-collector"), environment, knobs);
  }

  /** Of a daemon that answers, {@link #KNOWN_TO_ALL} is never missing. */
  private InForce inForce(List<String> daemon, Map<String, String> environment, List<String> knobs)
      throws CommandException {
    List<String> argv = new ArrayList<>(List.of(tool("condor_config_val"), "-v"));
    argv.addAll(daemon);
    argv.add(KNOWN_TO_ALL);
    argv.addAll(knobs);
    // Its status is 1 as soon as the daemon lacks one of the settings.
    Command.Outcome outcome = new Command(argv, environment, QUICK).run();
    List<String> asked = new ArrayList<>(knobs);
    asked.add(KNOWN_TO_ALL);
    InForce inForce = InForce.read(outcome.stdout(), asked);
    if (inForce.of(KNOWN_TO_ALL).isEmpty() || isTrouble(outcome)) {
      throw new CommandException(
          argv, "brought no answer of the daemon's", outcome.stderr() + outcome.stdout());
    }
    return inForce;
  }

  /** A question that failed in between leaves settings out which the daemon may well have. */
  private static boolean isTrouble(Command.Outcome outcome) {
    return (outcome.stdout() + "\n" + outcome.stderr())
        .lines()
        .anyMatch(line -> line.startsWith("Can't ") || line.startsWith("ERROR"));
  }

  private Map<String, String> asReader() {
    Map<String, String> environment = new HashMap<>(asHost());
    environment.putAll(ClientPolicy.AUTHENTICATE_IF_ASKED);
    return environment;
  }

  private String status(List<String> kind, String constraint, List<String> attributes)
      throws CommandException {
    List<String> argv = new ArrayList<>(List.of(tool("condor_status"), "-pool", collector));
    argv.addAll(kind);
    argv.addAll(List.of("-constraint", constraint, "-long"));
    if (!attributes.isEmpty()) {
      argv.addAll(List.of("-attributes", String.join(",", attributes)));
    }
    return new Command(argv, asReader(), QUICK).output();
  }

  private Map<String, String> asHost() {
    Path own = tokens.resolve(HOST_TOKENS);
    return Files.isDirectory(own)
        ? Map.of("_CONDOR_SEC_TOKEN_DIRECTORY", own.toString())
        : Map.of();
  }

  private Map<String, String> asVo(VoName vo) {
    return Map.of(
        "_CONDOR_SEC_CLIENT_AUTHENTICATION_METHODS",
        "IDTOKENS",
        "_CONDOR_SEC_TOKEN_DIRECTORY",
        tokens.resolve(vo.value()).toString());
  }

  private String tool(String name) {
    return bin.resolve(name).toString();
  }
}
