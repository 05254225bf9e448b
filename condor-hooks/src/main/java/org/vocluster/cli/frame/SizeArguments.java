package org.vocluster.cli.frame;

import java.util.Arrays;
import org.vocluster.hook.Size;
import org.vocluster.sizing.SizerConfig;

/**
 * The settings that this host's HTCondor gives to the size hook: what is said about sizing must
 * rest on the same.
 */
public final class SizeArguments {
  private SizeArguments() {}

  public static SizerConfig of(Site site) throws CliException {
    String arguments = site.text(Knob.SIZE_ARGUMENTS);
    if (arguments.isEmpty()) {
      throw CliException.failed(
          Knob.SIZE_ARGUMENTS.macro()
              + ": is not set; install voc-ap on this host, or ask on the access point");
    }
    try {
      return Size.configuration(Arrays.asList(arguments.strip().split("\\s+", -1)));
    } catch (IllegalArgumentException e) {
      throw CliException.failed(
          Knob.SIZE_ARGUMENTS.macro() + ": " + e.getMessage() + "; mend it in the configuration");
    }
  }
}
