package org.vocluster.condor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.vocluster.ad.CondorAttr;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.definition.VoName;
import org.vocluster.vm.node.NodeKey;
import org.vocluster.vm.os.Command;
import org.vocluster.vm.os.CommandException;

/**
 * The power to tell single nodes to take no more jobs.
 *
 * <p>Each node has a signing key of its own, made of the VO's key and the node's name: nothing has
 * to be remembered, the key of one node says nothing about the VO's or another's, and a node's
 * startd obeys only tokens made with the node's key. HTCondor's tools read keys and tokens from
 * files; these exist only while a tool runs.
 */
final class NodeAuthority {
  /** True for every slot exactly if the node's startd has no claim: dynamic slots are claims. */
  static final String UNCLAIMED = "PartitionableSlot =?= True";

  private static final String PERMIT = ".node-";

  private static final String ALGORITHM = "HmacSHA256";
  private static final Duration TOKEN_LIFETIME = Duration.ofMinutes(5);
  private static final Duration MAKE_TOKEN = Duration.ofSeconds(20);

  /** HTCondor's tool itself gives a connection 20 seconds. */
  private static final Duration CALL = Duration.ofSeconds(25);

  /** HTCondor's {@code condor_error_codes.h}. */
  private static final String ALREADY_DRAINING = "error code 10001";

  private static final String CHECK_FAILED = "error code 10003";

  private final Path bin;
  private final Path keys;
  private final Path tokens;

  /**
   * @param bin HTCondor's {@code $(BIN)}
   * @param keys directory of the VOs' signing keys, each named like the VO's account
   * @param tokens directory of this process's account only, for what the tools have to read
   */
  NodeAuthority(Path bin, Path keys, Path tokens) {
    this.bin = bin;
    this.keys = keys;
    this.tokens = tokens;
  }

  /**
   * The key of a node, as the text of its file.
   *
   * @throws IOException if the VO's key cannot be read
   */
  String key(VoName vo, NodeId node) throws IOException {
    return derive(Files.readAllBytes(keys.resolve(vo.account())), node);
  }

  static String derive(byte[] vosKey, NodeId node) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(vosKey, ALGORITHM));
      byte[] text = ("voc node key " + node).getBytes(StandardCharsets.US_ASCII);
      return HexFormat.of().formatHex(mac.doFinal(text));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    }
  }

  /**
   * Tells a node to take no more jobs unless it is claimed; startd checks and obeys in one step.
   *
   * @param address the startd's {@code MyAddress}
   */
  DrainResult drain(VoName vo, NodeId node, String address) {
    try (Permit permit = permit(vo, node)) {
      Map<String, String> environment = permit.environment();
      Command.Outcome outcome =
          call(
              environment,
              "condor_drain",
              List.of("-reason", "voc-size: no longer wanted", "-check", UNCLAIMED, address));
      if (outcome.status() == 0) {
        return new DrainResult.Drained();
      }
      if (outcome.stderr().contains(CHECK_FAILED)) {
        return new DrainResult.Claimed(lastLine(outcome.stderr()));
      }
      return outcome.stderr().contains(ALREADY_DRAINING)
          ? alreadyDraining(environment, address)
          : new DrainResult.Unreachable(lastLine(outcome.stderr()));
    } catch (CommandException | IOException e) {
      return new DrainResult.Unreachable(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Somebody has drained it before, perhaps without the check: the slots themselves tell whether a
   * claim is left.
   */
  private DrainResult alreadyDraining(Map<String, String> environment, String address)
      throws CommandException {
    Command.Outcome slots =
        call(
            environment,
            "condor_status",
            List.of("-direct", address, "-af", CondorAttr.STATE, CondorAttr.NAME));
    String states = slots.stdout().strip();
    if (slots.status() != 0 || states.isEmpty()) {
      return new DrainResult.Unreachable(lastLine(slots.stderr()));
    }
    return states
        .lines()
        .filter(line -> !line.startsWith("Drained "))
        .findFirst()
        .<DrainResult>map(line -> new DrainResult.Claimed("already draining, but slot is " + line))
        .orElseGet(DrainResult.Drained::new);
  }

  /**
   * Takes {@link #drain} back: the node takes jobs again. Does no harm to a node that is not
   * draining.
   *
   * @throws CommandException if no answer came
   * @throws IOException if the call cannot be prepared
   */
  void resume(VoName vo, NodeId node, String address) throws CommandException, IOException {
    try (Permit permit = permit(vo, node)) {
      new Command(List.of(tool("condor_drain"), "-cancel", address), permit.environment(), CALL)
          .output();
    }
  }

  private Command.Outcome call(Map<String, String> environment, String tool, List<String> arguments)
      throws CommandException {
    List<String> argv = Stream.concat(Stream.of(tool(tool)), arguments.stream()).toList();
    return new Command(argv, environment, CALL).run();
  }

  /** Files of key and token, for as long as a tool needs them. */
  private record Permit(SecretDirectory directory, Path tokens, boolean asHost)
      implements AutoCloseable {
    /**
     * In which a tool shows the node this token. On the way there the collector is asked for the
     * connection (CCB); it is told who asks only if it insists: by the host's own tokens, or, where
     * there are none for this account, as one who is on the same host.
     */
    Map<String, String> environment() {
      Map<String, String> environment = new HashMap<>(ClientPolicy.AUTHENTICATE_IF_ASKED);
      environment.put(
          "_CONDOR_SEC_CLIENT_AUTHENTICATION_METHODS", asHost ? "IDTOKENS" : "IDTOKENS,FS");
      environment.put("_CONDOR_SEC_TOKEN_DIRECTORY", tokens.toString());
      return environment;
    }

    @Override
    public void close() throws IOException {
      directory.close();
    }
  }

  private Permit permit(VoName vo, NodeId node) throws IOException, CommandException {
    // No VO's name starts with a dot, so this is nobody's token directory.
    SecretDirectory directory = SecretDirectory.in(tokens, PERMIT, TOKEN_LIFETIME);
    try {
      Path key = directory.directory("keys");
      Path shown = directory.directory("tokens");
      SecretDirectory.write(key.resolve(NodeKey.NAME), key(vo, node));
      SecretDirectory.write(shown.resolve("node"), token(node, key));
      return new Permit(directory, shown, copyHostTokens(shown));
    } catch (IOException | CommandException e) {
      directory.close();
      throw e;
    }
  }

  /** Whether there were any. */
  private boolean copyHostTokens(Path into) throws IOException {
    Path own = tokens.resolve(HtCondor.HOST_TOKENS);
    boolean any = false;
    if (Files.isDirectory(own)) {
      try (DirectoryStream<Path> all = Files.newDirectoryStream(own)) {
        for (Path token : all) {
          SecretDirectory.write(
              into.resolve("host-" + token.getFileName()), Files.readString(token));
          any = true;
        }
      }
    }
    return any;
  }

  private String token(NodeId node, Path key) throws CommandException {
    return new Command(
            List.of(
                tool("condor_token_create"),
                "-identity",
                NodeKey.USER + "@" + node,
                "-key",
                NodeKey.NAME,
                "-authz",
                "ADMINISTRATOR",
                "-authz",
                "READ",
                "-lifetime",
                Long.toString(TOKEN_LIFETIME.toSeconds())),
            Map.of(
                "_CONDOR_SEC_PASSWORD_DIRECTORY", key.toString(),
                "_CONDOR_TRUST_DOMAIN", node.value()),
            MAKE_TOKEN)
        .output();
  }

  private String tool(String name) {
    return bin.resolve(name).toString();
  }

  private static String lastLine(String text) {
    return text.strip().lines().reduce("", (before, line) -> line.isBlank() ? before : line);
  }
}
