package org.vocluster.cli.frame;

import org.vocluster.vm.node.Paths;

/** The settings of HTCondor's configuration that {@code voc} uses, with what holds without them. */
public enum Knob {
  DEFINITIONS("VOC_DEFINITIONS_DIR", "/etc/voc/vocs.d"),
  KEYS("VOC_KEYS_DIR", "/var/lib/voc/keys"),
  TOKENS("VOC_TOKENS_DIR", "/var/lib/voc/tokens"),
  USERS_MAP("VOC_USERS_MAP", "/etc/voc/users.map"),
  VOS_MAP("VOC_VOS_MAP", "/etc/voc/vos.map"),
  IMAGES("VOC_IMAGE_DIR", "/var/lib/voc/images"),
  IMAGE_MAX_MB("VOC_IMAGE_MAX_MB", "65536"),
  IMAGE_URLS("VOC_IMAGE_URLS", ""),
  IMAGE_CREDENTIALS("VOC_IMAGE_CREDENTIALS", "/etc/voc/image-credentials"),
  IMAGE_CACHE_MB("VOC_IMAGE_CACHE_MB", "0"),
  LEASES("VOC_LEASE_DIR", Paths.LEASES),
  STATE("VOC_STATE_DIR", "/var/lib/voc/state"),
  CONSOLES("VOC_CONSOLE_DIR", Paths.CONSOLES),
  EXECUTE("EXECUTE", "/var/lib/condor/execute"),
  BIN("BIN", "/usr/bin"),
  SBIN("SBIN", "/usr/sbin"),
  COLLECTOR_HOST("COLLECTOR_HOST", ""),
  TRUST_DOMAIN("TRUST_DOMAIN", ""),
  PASSWORD_DIRECTORY("SEC_PASSWORD_DIRECTORY", "/etc/condor/passwords.d"),
  TOKEN_DIRECTORY("SEC_TOKEN_SYSTEM_DIRECTORY", "/etc/condor/tokens.d"),
  DAEMON_LIST("DAEMON_LIST", ""),
  FULL_HOSTNAME("FULL_HOSTNAME", ""),
  SIZE_ARGUMENTS("SCHEDD_CRON_VOC_SIZE_ARGS", "");

  private final String macro;
  private final String otherwise;

  Knob(String macro, String otherwise) {
    this.macro = macro;
    this.otherwise = otherwise;
  }

  public String macro() {
    return macro;
  }

  public String otherwise() {
    return otherwise;
  }
}
