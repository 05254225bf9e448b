package org.vocluster.vm.node;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.vocluster.vm.definition.NodeId;

/**
 * What cloud-init in a node's guest is given in the place of the package voc-guest (NoCloud): a
 * small disk labelled cidata, whose user data is a boothook with that package's own files and the
 * node's context. cloud-init runs it before the network counts as online, hence before HTCondor.
 *
 * @param context the guest's HTCondor configuration
 * @param token as in {@link NodeToken}
 * @param key as in {@link NodeKey}
 */
public record CloudInitSeed(NodeId node, String context, String token, String key) {
  private static final String LABEL = "cidata";
  private static final String END = "VOC_END_OF_FILE";
  private static final String SEED = "/run/voc-seed";

  /** Never shows what it holds. */
  @Override
  public String toString() {
    return "CloudInitSeed of " + node;
  }

  /**
   * The disk.
   *
   * @throws IllegalArgumentException if a text cannot stand in it
   */
  public byte[] disk() {
    return FatVolume.of(
        LABEL,
        List.of(
            new FatVolume.Entry("meta-data", metaData()),
            new FatVolume.Entry("user-data", userData())));
  }

  String metaData() {
    return "instance-id: " + node + "\nlocal-hostname: " + node + "\n";
  }

  /** A shell script that shows in no process's arguments what it holds. */
  String userData() {
    StringBuilder out = new StringBuilder();
    out.append(
        """
        #cloud-boothook
        #!/bin/sh
        # Context of VOC node %s, written by prepare-job: the files of the package
        # voc-guest, then what that package would read from fw_cfg.
        set -eu
        if ! systemctl cat condor.service >/dev/null 2>&1; then
          echo "voc: no HTCondor (condor.service) in this image: powering off" >/dev/console
          exec systemctl poweroff --force --force
        fi
        put() {
          mkdir -p "${2%%/*}"
          cat >"$2"
          chmod "$1" "$2"
        }
        umask 022
        """
            .formatted(node));
    put(out, "755", "/usr/libexec/voc/voc-context", guestFile("voc-context"));
    put(out, "755", "/usr/libexec/voc/voc-node-ended", guestFile("voc-node-ended"));
    put(
        out,
        "644",
        "/etc/systemd/system/condor.service.d/voc-guest.conf",
        guestFile("voc-guest.conf"));
    put(out, "644", "/etc/condor/config.d/99-voc-guest.conf", guestFile("99-voc-guest.conf"));
    out.append("umask 077\n");
    put(out, "600", SEED + "/condor.conf/raw", context);
    put(out, "600", SEED + "/token/raw", token.endsWith("\n") ? token : token + "\n");
    out.append(
        """
        # Without a line's end; printf is the shell's own.
        mkdir %1$s/node-key
        printf %%s %2$s >%1$s/node-key/raw
        umask 022
        VOC_CONTEXT=%1$s /usr/libexec/voc/voc-context
        rm -r %1$s
        systemctl daemon-reload
        systemctl start --no-block condor.service
        """
            .formatted(SEED, key));
    return out.toString();
  }

  private static void put(StringBuilder out, String mode, String file, String text) {
    if (text.indexOf(END) >= 0 || text.indexOf('\r') >= 0 || !text.endsWith("\n")) {
      throw new IllegalArgumentException("text of " + file + " cannot stand in a shell script");
    }
    out.append("put ").append(mode).append(' ').append(file);
    out.append(" <<'" + END + "'\n").append(text).append(END + "\n");
  }

  /** From the build, as the package voc-guest has it. */
  private static String guestFile(String name) {
    try (InputStream in = CloudInitSeed.class.getResourceAsStream("guest/" + name)) {
      if (in == null) {
        throw new IllegalStateException("guest/" + name + " is not in the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("guest/" + name + " cannot be read from the jar", e);
    }
  }
}
