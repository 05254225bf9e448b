package org.vocluster.vm.node;

import org.vocluster.ad.Attr;
import org.vocluster.ad.CondorAttr;
import org.vocluster.ad.Constraints;
import org.vocluster.vm.definition.ImageDigest;
import org.vocluster.vm.definition.NodeAttributes;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.definition.ShapeName;
import org.vocluster.vm.definition.VoName;
import org.vocluster.vm.definition.VocName;
import org.vocluster.vm.os.Printable;

/**
 * What a node must know to join its pool: the HTCondor configuration that its guest reads from
 * fw_cfg.
 *
 * <p>The settings follow what a guest behind user-mode networking needs: CCB for callers, a network
 * name and a host name of its own so that no two nodes are taken for one, no IPv6, no benchmarks
 * (they delay the first job and the idle shutdown). What the image's own configuration says of
 * policy stays in force beside that.
 *
 * @param condorHost CONDOR_HOST as the PAD host has it
 * @param collector COLLECTOR_HOST as the PAD host has it
 * @param padHost full host name of the PAD host
 * @param schedd schedd whose sizing submitted the node, or empty
 * @param updateSeconds how often its daemons update the collector. The startd looks at
 *     STARTD_NOCLAIM_SHUTDOWN only then ({@code ResMgr::update_all}): a node stays idle up to this
 *     much longer than it should
 * @param idleSeconds how long the node's startd stays without a claim
 * @param deathTime Unix time after which the node takes no more jobs
 * @param attributes what its definition has its slots say
 */
public record NodeContext(
    NodeId node,
    VoName vo,
    VocName voc,
    ShapeName shape,
    ImageDigest image,
    String condorHost,
    String collector,
    String padHost,
    String schedd,
    int updateSeconds,
    int idleSeconds,
    long deathTime,
    NodeAttributes attributes) {
  /** Name under which the guest finds the configuration. */
  public static final String CONFIG_FW_CFG = "opt/org.vocluster/condor.conf";

  /** Name under which the guest finds its token. */
  public static final String TOKEN_FW_CFG = "opt/org.vocluster/token";

  /** Name under which the guest finds its signing key. */
  public static final String KEY_FW_CFG = "opt/org.vocluster/node-key";

  /** Where the guest package puts the token (root only). */
  private static final String GUEST_TOKENS = "/run/voc/tokens.d";

  /** Where the guest package puts the node's signing key (root only). */
  private static final String GUEST_KEYS = "/run/voc/keys.d";

  /** What the settings of our slots' type begin with. */
  private static final String SLOT_TYPE = "SLOT_TYPE_1_";

  /** A year, in seconds: longer than any node lives. */
  private static final String LONG = "31536000";

  /** How often a node's daemons update the collector, unless the host says otherwise. */
  public static final int UPDATE_SECONDS = 10;

  /**
   * Ads that miss so many updates in a row are of a dead node, for sizing and for the collector.
   */
  private static final int UPDATES_MISSED = 4;

  private static final String ADDRESS_CHARACTERS = ".:_-[]<>?=&,+%/#@ ";

  /**
   * Fails with {@link IllegalArgumentException} for an address that has characters with a meaning
   * in HTCondor's configuration, or that a guest could not reach.
   */
  public NodeContext {
    requireAddress("condor-host", condorHost);
    requireAddress("collector", collector);
    requireAddress("pad-host", padHost);
    if (!schedd.isEmpty()) {
      requireAddress("schedd", schedd);
    }
    requireReachable("condor-host", condorHost);
    requireReachable("collector", collector);
    if (idleSeconds < 1) {
      throw new IllegalArgumentException("idle seconds must be positive, not " + idleSeconds);
    }
  }

  private static void requireAddress(String name, String value) {
    if (value.isBlank() || value.length() > 1024) {
      throw new IllegalArgumentException(name + " is empty or longer than 1024 characters");
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (!plain && ADDRESS_CHARACTERS.indexOf(c) < 0) {
        throw new IllegalArgumentException(
            name + " \"" + Printable.of(value) + "\" has a character that no host address has");
      }
    }
  }

  private static void requireReachable(String name, String value) {
    String host = value.startsWith("<") ? value.substring(1) : value;
    if (host.startsWith("127.") || host.startsWith("localhost") || host.startsWith("[::1]")) {
      throw new IllegalArgumentException(
          name + " \"" + Printable.of(value) + "\" is a loopback address, which no node can reach");
    }
  }

  /** The text of the guest's configuration file. */
  public String text() {
    StringBuilder out = new StringBuilder();
    out.append("# Context of VOC node ").append(node).append(", written by prepare-job.\n");
    line(out, "CONDOR_HOST", condorHost);
    line(out, "COLLECTOR_HOST", collector);
    line(out, "DAEMON_LIST", "MASTER, STARTD");
    line(out, "SEC_TOKEN_SYSTEM_DIRECTORY", GUEST_TOKENS);
    // Tokens of the node's own key, and of no other, are obeyed, and only by the startd.
    line(out, "TRUST_DOMAIN", node.value());
    line(out, "SEC_PASSWORD_DIRECTORY", GUEST_KEYS);
    line(
        out,
        "ALLOW_ADMINISTRATOR_STARTD",
        "$(ALLOW_ADMINISTRATOR) " + NodeKey.USER + "@" + node.value());
    line(out, "CCB_ADDRESS", "$(COLLECTOR_HOST)");
    line(out, "NETWORK_HOSTNAME", node.value());
    line(out, "PRIVATE_NETWORK_NAME", node.value());
    line(out, "ENABLE_IPV6", "False");
    line(out, "UPDATE_INTERVAL", Integer.toString(updateSeconds));
    line(out, "MASTER_UPDATE_INTERVAL", Integer.toString(updateSeconds));
    line(out, CondorAttr.CLASS_AD_LIFETIME, Integer.toString(UPDATES_MISSED * updateSeconds));
    line(out, "RunBenchmarks", "False");
    line(out, "STARTD_NOCLAIM_SHUTDOWN", Integer.toString(idleSeconds));
    // A claim may arrive while the startd is already being shut down: its job is then left to end,
    // unless the image's own configuration, which is read before this, wants otherwise.
    unlessImageSays(out, "MAXJOBRETIREMENTTIME", LONG);
    unlessImageSays(out, "SHUTDOWN_GRACEFUL_TIMEOUT", LONG);
    line(out, "NUM_SLOTS", "1");
    line(out, "NUM_SLOTS_TYPE_1", "1");
    line(out, "SLOT_TYPE_1", "100%");
    line(out, SLOT_TYPE + "PARTITIONABLE", "True");
    string(out, Attr.DOMAIN, Constraints.VAD);
    string(out, Attr.VO, vo.value());
    string(out, Attr.VOC, voc.value());
    string(out, Attr.SHAPE, shape.value());
    string(out, Attr.NODE, node.value());
    string(out, Attr.PAD_HOST, padHost);
    string(out, Attr.IMAGE, image.value());
    line(out, Attr.DEATH_TIME, Long.toString(deathTime));
    String names =
        String.join(
            " ",
            Attr.DOMAIN,
            Attr.VO,
            Attr.VOC,
            Attr.SHAPE,
            Attr.NODE,
            Attr.PAD_HOST,
            Attr.IMAGE,
            Attr.DEATH_TIME,
            CondorAttr.CLASS_AD_LIFETIME);
    if (!schedd.isEmpty()) {
      string(out, Attr.SCHEDD, schedd);
      names += " " + Attr.SCHEDD;
    }
    policy(out, names);
    return out.toString();
  }

  /** What the daemons say of themselves, and whom the slots take. */
  private void policy(StringBuilder out, String names) {
    line(out, "MASTER_ATTRS", "$(MASTER_ATTRS) " + names);
    line(out, "STARTD_ATTRS", "$(STARTD_ATTRS) " + names + " " + Attr.IMAGE_START + slots(out));
    // START stays the image's own, which our slots' START, of a text that never changes, names: a
    // slot type's goes before it.
    line(out, Attr.IMAGE_START, "$(START:True)");
    line(out, SLOT_TYPE + "START", Constraints.NODE_START);
  }

  /**
   * What the definition has the slots say, as settings of their type: no name of an attribute can
   * be one of the daemons' own settings then. Returns the names.
   */
  private String slots(StringBuilder out) {
    StringBuilder names = new StringBuilder();
    for (String name : attributes.names()) {
      line(out, SLOT_TYPE + name, attributes.text(name));
      names.append(' ').append(name);
    }
    return names.toString();
  }

  private static void unlessImageSays(StringBuilder out, String name, String value) {
    line(out, name, "$(" + name + ":" + value + ")");
  }

  private static void line(StringBuilder out, String name, String value) {
    out.append(name).append(" = ").append(value).append('\n');
  }

  /**
   * The addresses' and names' alphabets have neither quote nor backslash, so quoting needs no
   * escape.
   */
  private static void string(StringBuilder out, String name, String value) {
    line(out, name, '"' + value + '"');
  }
}
