package org.vocluster.condor;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.vocluster.ad.CondorAttr;
import org.vocluster.ad.Constraints;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.ClassAdSyntaxException;
import org.vocluster.classad.Expr;
import org.vocluster.classad.LongForm;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.os.Command;
import org.vocluster.vm.os.CommandException;

/**
 * Takes the ads of nodes out of the collector, with {@code condor_advertise} and a token that may
 * advertise for the nodes' VO.
 *
 * @param condorAdvertise the program
 * @param collector HTCondor's {@code COLLECTOR_HOST}; empty for the one of this host's
 *     configuration
 * @param tokens a directory that holds this one token: HTCondor's tools offer every one they find
 * @param bound of each of the two calls, which run beside each other
 */
public record Invalidation(String condorAdvertise, String collector, Path tokens, Duration bound) {
  /** Which ads: all that a node has sent. */
  public static String ofNode(NodeId node) {
    return Constraints.vad(node.value());
  }

  /**
   * The queries that take away slots, and the startd's own daemon ad. They have no Name: with one,
   * the collector would look for a single ad under that key instead of evaluating Requirements in
   * each ad ({@code process_invalidation}).
   *
   * @param which an expression that is true in the ads that are to go
   */
  public static String startds(String which) throws ClassAdSyntaxException {
    return query("Machine", which) + "\n" + query("StartD", which);
  }

  /** The query that takes away masters' ads. */
  public static String masters(String which) throws ClassAdSyntaxException {
    return query("DaemonMaster", which);
  }

  private static String query(String targetType, String which) throws ClassAdSyntaxException {
    return LongForm.print(
        ClassAd.builder()
            .set(CondorAttr.MY_TYPE, "Query")
            .set(CondorAttr.TARGET_TYPE, targetType)
            .set(CondorAttr.REQUIREMENTS, Expr.parse(which))
            .build());
  }

  /**
   * Sends the queries in two files, masters' beside startds', so that a slow collector costs its
   * time only once.
   *
   * @throws CommandException if one of them could not be sent
   */
  public void send(Path startds, Path masters) throws CommandException {
    Sending other = new Sending(command("INVALIDATE_MASTER_ADS", masters));
    other.start();
    try {
      command("INVALIDATE_STARTD_ADS", startds).output();
    } finally {
      other.await(bound.plusSeconds(2));
    }
    other.requireSent();
  }

  private Command command(String what, Path queries) {
    List<String> argv = new ArrayList<>();
    argv.add(condorAdvertise);
    if (!collector.isEmpty()) {
      argv.add("-pool");
      argv.add(collector);
    }
    argv.add("-multiple");
    argv.add(what);
    argv.add(queries.toString());
    return new Command(
        argv,
        Map.of(
            "_CONDOR_SEC_CLIENT_AUTHENTICATION_METHODS",
            "IDTOKENS",
            "_CONDOR_SEC_TOKEN_DIRECTORY",
            tokens.toString()),
        bound);
  }

  private static final class Sending extends Thread {
    private final Command command;
    private volatile @Nullable CommandException failure;

    Sending(Command command) {
      super("invalidate-master");
      this.command = command;
      setDaemon(true);
    }

    @Override
    public void run() {
      try {
        command.output();
      } catch (CommandException e) {
        failure = e;
      }
    }

    void await(Duration bound) {
      try {
        join(bound.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    void requireSent() throws CommandException {
      CommandException thrown = failure;
      if (thrown != null) {
        throw thrown;
      }
    }
  }
}
