package org.vocluster.condor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.definition.VoName;
import org.vocluster.vm.os.CommandException;

class NodeAuthorityTest {
  private static final VoName CMS = new VoName("cms");
  private static final NodeId NODE = new NodeId("cms-0a1b2c3d");
  private static final String ADDRESS = "<10.0.2.15:9618?CCBID=10.77.0.1:9618%23&sock=startd_1>";

  /** What condor_drain of HTCondor 23.9.6 and 25.14.1 prints. */
  private static final String SENT_AND_FAILED =
      "Attempt to send DRAIN_JOBS to startd " + ADDRESS + " failed\n";

  private static final String CLAIMED =
      "Received failure from (null) in response to DRAIN_JOBS request: error code 10003:"
          + " Draining check expression is false on slot1_1@cms-0a1b2c3d.\n";
  private static final String ALREADY =
      "Received failure from (null) in response to DRAIN_JOBS request: error code 10001:"
          + " Draining already in progress.\n";

  @TempDir Path root;
  private NodeAuthority authority;

  @BeforeEach
  void prepare() throws IOException {
    for (String directory : List.of("bin", "keys", "tokens")) {
      Files.createDirectory(root.resolve(directory));
    }
    Files.writeString(root.resolve("keys/voc-cms"), "the VO's key");
    tool(
        "condor_token_create",
        """
        echo "$@" "$_CONDOR_TRUST_DOMAIN" >"$0.calls"
        cat "$_CONDOR_SEC_PASSWORD_DIRECTORY/voc-node" >"$0.key"
        stat -c %a "$_CONDOR_SEC_PASSWORD_DIRECTORY" "$_CONDOR_SEC_PASSWORD_DIRECTORY"/* >"$0.modes"
        echo head.body.signature
        """);
    tool("condor_status", "cat \"$0.answer\"");
    answer("exit 0");
    authority =
        new NodeAuthority(root.resolve("bin"), root.resolve("keys"), root.resolve("tokens"));
  }

  private void tool(String name, String script) throws IOException {
    Path file = root.resolve("bin").resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + script);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private void answer(String script) throws IOException {
    tool(
        "condor_drain",
        """
        printf '%s\\n' "$@" >"$0.calls"
        cat "$_CONDOR_SEC_TOKEN_DIRECTORY"/* >"$0.token"
        echo "$_CONDOR_SEC_CLIENT_AUTHENTICATION_METHODS" >"$0.methods"
        env | sed -n 's/^_CONDOR_SEC_CLIENT_//p' | sort >"$0.policy"
        ls "$_CONDOR_SEC_TOKEN_DIRECTORY" >"$0.tokens"
        """
            + script);
  }

  private void refusal(String words) throws IOException {
    Files.writeString(root.resolve("words"), SENT_AND_FAILED + words);
    answer("cat '" + root.resolve("words") + "' >&2; exit 1");
  }

  private String recorded(String file) throws IOException {
    return Files.readString(root.resolve("bin").resolve(file)).strip();
  }

  private DrainResult drain() {
    return authority.drain(CMS, NODE, ADDRESS);
  }

  @Test
  void startdChecksAndObeysInOneStepWithTheNodesOwnToken() throws Exception {
    assertInstanceOf(DrainResult.Drained.class, drain());
    assertEquals(
        List.of(
            "-reason",
            "voc-size: no longer wanted",
            "-check",
            "PartitionableSlot =?= True",
            ADDRESS),
        recorded("condor_drain.calls").lines().toList());
    assertEquals("head.body.signature", recorded("condor_drain.token"));
    assertEquals("IDTOKENS,FS", recorded("condor_drain.methods"));
    assertEquals(
        "-identity voc-size@cms-0a1b2c3d -key voc-node -authz ADMINISTRATOR -authz READ"
            + " -lifetime 300 cms-0a1b2c3d",
        recorded("condor_token_create.calls"));
    assertEquals(authority.key(CMS, NODE), recorded("condor_token_create.key"));
    assertEquals("700\n600", recorded("condor_token_create.modes"));
  }

  @Test
  void collectorOnTheWayLearnsWhoAsksOnlyIfItInsists() throws Exception {
    drain();
    assertEquals(
        """
        AUTHENTICATION=OPTIONAL
        AUTHENTICATION_METHODS=IDTOKENS,FS
        ENCRYPTION=OPTIONAL
        INTEGRITY=OPTIONAL""",
        recorded("condor_drain.policy"));
    assertEquals("node", recorded("condor_drain.tokens"));

    Path own = Files.createDirectory(root.resolve("tokens/.host"));
    Files.writeString(own.resolve("condor@pool"), "another.pool.token");
    drain();
    assertEquals("host-condor@pool\nnode", recorded("condor_drain.tokens"));
    assertEquals("IDTOKENS", recorded("condor_drain.methods"), "the collector is elsewhere");
    Files.delete(own.resolve("condor@pool"));
    Files.delete(own);
  }

  @Test
  void nothingSecretStaysBehind() throws Exception {
    drain();
    authority.resume(CMS, NODE, ADDRESS);
    refusal(CLAIMED);
    drain();
    assertThrows(CommandException.class, () -> authority.resume(CMS, NODE, ADDRESS));
    try (var left = Files.list(root.resolve("tokens"))) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void whatAKilledProcessLeftIsNoHindrance() throws Exception {
    Path old = Files.createDirectories(root.resolve("tokens/.node-1/keys")).getParent();
    Path inUse = Files.createDirectories(root.resolve("tokens/.node-2/keys")).getParent();
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minusSeconds(400)));
    assertInstanceOf(DrainResult.Drained.class, drain());
    assertFalse(Files.exists(old));
    assertTrue(Files.exists(inUse));
  }

  @Test
  void claimedNodeGoesOn() throws Exception {
    refusal(CLAIMED);
    var claimed = assertInstanceOf(DrainResult.Claimed.class, drain());
    assertTrue(claimed.why().contains("slot1_1@cms-0a1b2c3d"), claimed.why());
  }

  @Test
  void drainingNodeCountsAsDrainedOnlyIfNoSlotIsClaimed() throws Exception {
    refusal(ALREADY);
    Path slots = root.resolve("bin/condor_status.answer");
    Files.writeString(slots, "Drained slot1@cms-0a1b2c3d\n");
    assertInstanceOf(DrainResult.Drained.class, drain());
    Files.writeString(slots, "Drained slot1@cms-0a1b2c3d\nClaimed slot1_1@cms-0a1b2c3d\n");
    var claimed = assertInstanceOf(DrainResult.Claimed.class, drain());
    assertTrue(claimed.why().contains("Claimed slot1_1@"), claimed.why());
    Files.writeString(slots, "");
    assertInstanceOf(DrainResult.Unreachable.class, drain());
  }

  @Test
  void everythingElseIsUnreachableWithTheReason() throws Exception {
    refusal("Failed to start DRAIN_JOBS command to (null)\n");
    var unreachable = assertInstanceOf(DrainResult.Unreachable.class, drain());
    assertEquals("Failed to start DRAIN_JOBS command to (null)", unreachable.why());
    Files.delete(root.resolve("keys/voc-cms"));
    assertInstanceOf(DrainResult.Unreachable.class, drain());
    Files.delete(root.resolve("bin/condor_drain"));
    assertInstanceOf(DrainResult.Unreachable.class, drain());
  }

  @Test
  void resumeCancelsAndReportsFailure() throws Exception {
    authority.resume(CMS, NODE, ADDRESS);
    assertEquals(List.of("-cancel", ADDRESS), recorded("condor_drain.calls").lines().toList());
    refusal("Failed to start CANCEL_DRAIN_JOBS command to (null)\n");
    assertThrows(CommandException.class, () -> authority.resume(CMS, NODE, ADDRESS));
  }

  /** RFC 4231 has no such text; computed once with OpenSSL's HMAC. */
  @Test
  void keyDependsOnVoAndNodeAlone() {
    byte[] key = "the VO's key".getBytes(StandardCharsets.US_ASCII);
    assertEquals(
        "280d920e36cf07781b5875cb44800f03192a52d8216c488fd9dcdb0abc1da8e6",
        NodeAuthority.derive(key, NODE));
    assertNotEquals(
        NodeAuthority.derive(key, NODE), NodeAuthority.derive(key, new NodeId("cms-0a1b2c3e")));
    assertNotEquals(NodeAuthority.derive(key, NODE), NodeAuthority.derive(new byte[] {1}, NODE));
  }
}
