package org.vocluster.vm.node;

/**
 * Where a PAD host keeps what belongs to nodes, as the package lays it out ({@code
 * packaging/debian}: voc-pad.install and voc-pad.postinst): for those who look there without having
 * been told, and for the defaults of those who are told by HTCondor's configuration. Constants of
 * text, so that naming one loads no class.
 */
public final class Paths {
  /** The executable of every node job. */
  public static final String VOC_NODE = "/usr/libexec/voc/voc-node";

  /** What holds images in the cache; {@code VOC_LEASE_DIR} unless configured otherwise. */
  public static final String LEASES = "/var/lib/voc/leases";

  /** The ends of consoles of nodes that ended; {@code VOC_CONSOLE_DIR}, as above. */
  public static final String CONSOLES = "/var/lib/voc/consoles";

  private Paths() {}
}
