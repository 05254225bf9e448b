package org.vocluster.hook;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vocluster.vm.node.NodeContext;
import org.vocluster.vm.node.Paths;

/**
 * The options that a PAD host's configuration gives its hooks, in the order in which {@code
 * startd-config/pad/50-voc-pad.conf} and {@code make-aot-cache} have them, which a test compares.
 * What each means stands there, at the knob that it carries.
 */
enum PadOption {
  IMAGES("images", Hook.BOTH),
  STATE("state", Hook.BOTH),
  /** Without it prepare-job takes no leases; advertise looks where job-exit does. */
  LEASES("leases", "", Hook.BOTH),
  /** Without it no console is kept. */
  CONSOLES("consoles", "", Hook.BOTH),
  /** Without both of these the host has no UEFI. */
  OVMF_CODE("ovmf-code", "", Hook.BOTH),
  OVMF_VARS("ovmf-vars", "", Hook.BOTH),
  QEMU("qemu", Hook.BOTH),
  ACCELERATOR("accelerator", "auto", Hook.BOTH),
  VOS("vos", Hook.BOTH),

  OVERLAY_IN_RAM("overlay-in-ram", "False", Hook.PREPARE_JOB),
  TCG_CACHE_MB("tcg-cache-mb", "128", Hook.PREPARE_JOB),
  UPDATE_SECONDS("update-seconds", "" + NodeContext.UPDATE_SECONDS, Hook.PREPARE_JOB),
  CONDOR_HOST("condor-host", Hook.PREPARE_JOB),
  COLLECTOR("collector", Hook.PREPARE_JOB),
  PAD_HOST("pad-host", Hook.PREPARE_JOB),
  /** For tests: no configuration gives it. */
  VOC_NODE("voc-node", Paths.VOC_NODE, Hook.PREPARE_JOB),

  ALLOW_URLS("allow-urls", "", Hook.ADVERTISE),
  CONDOR_STATUS("condor-status", Hook.ADVERTISE),
  EXECUTE("execute", Hook.ADVERTISE),
  MAX_IMAGE_MB("max-image-mb", "65536", Hook.ADVERTISE),
  IN_PLACE("in-place", "", Hook.ADVERTISE),
  /** Without it no image server is told who asks. */
  CREDENTIALS("credentials", "", Hook.ADVERTISE),
  /** Without it there are no transfer plugins. */
  CONDOR_CONFIG_VAL("condor-config-val", "", Hook.ADVERTISE),
  CACHE_MB("cache-mb", "0", Hook.ADVERTISE),
  KEEP_FREE_MB("keep-free-mb", "0", Hook.ADVERTISE),
  KEEP_DAYS("keep-days", "7", Hook.ADVERTISE),
  PERIOD("period", "15", Hook.ADVERTISE);

  /** Who takes an option. */
  enum Hook {
    PREPARE_JOB,
    ADVERTISE,
    BOTH
  }

  private final String word;
  private final @Nullable String ifAbsent;
  private final Hook hook;

  PadOption(String word, Hook hook) {
    this(word, null, hook);
  }

  PadOption(String word, @Nullable String ifAbsent, Hook hook) {
    this.word = word;
    this.ifAbsent = ifAbsent;
    this.hook = hook;
  }

  /** Its name, without hyphens. */
  String word() {
    return word;
  }

  /** What holds without it, where an empty text means nothing; null if the hook needs it. */
  @Nullable String ifAbsent() {
    return ifAbsent;
  }

  /** Whether a hook takes it. */
  boolean isOf(Hook one) {
    return hook == one || hook == Hook.BOTH;
  }

  /** The names of the options that a hook takes. */
  static List<String> words(Hook one) {
    List<String> out = new ArrayList<>();
    for (PadOption option : values()) {
      if (option.isOf(one)) {
        out.add(option.word);
      }
    }
    return out;
  }
}
