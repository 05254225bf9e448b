package org.vocluster.condor;

import java.util.Map;

/** Environments that tell HTCondor's tools what security to insist on. */
public final class ClientPolicy {
  /**
   * Of a tool that authenticates itself only to who insists. Hooks run as HTCondor's account, which
   * cannot read the pool's tokens (docs/decisions/0003).
   */
  public static final Map<String, String> AUTHENTICATE_IF_ASKED =
      Map.of(
          "_CONDOR_SEC_CLIENT_AUTHENTICATION", "OPTIONAL",
          "_CONDOR_SEC_CLIENT_ENCRYPTION", "OPTIONAL",
          "_CONDOR_SEC_CLIENT_INTEGRITY", "OPTIONAL");

  private ClientPolicy() {}
}
