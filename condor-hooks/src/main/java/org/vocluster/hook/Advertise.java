package org.vocluster.hook;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.LongForm;
import org.vocluster.hook.HookArguments.BadArgumentException;

/**
 * The STARTD_CRON job of a PAD host, run periodically as HTCondor's account: says in the host's
 * slot ads what it can run nodes with, stages the images that the VOC ads in the collector ask for,
 * and takes away those that nobody needs. {@link PadWatch} does it.
 *
 * <p>It never writes to standard error, which the startd would only pile up; what goes wrong stands
 * in the ad.
 */
public final class Advertise {
  private Advertise() {}

  public static void main(String[] args) {
    HookIo.end(run(HookIo.system(args)));
  }

  /** Runs once; the exit status is always 0, since the startd has no use for another. */
  static int run(HookIo io) {
    try {
      new PadWatch(io, AdvertiseHost.of(io.arguments())).run();
    } catch (BadArgumentException e) {
      publishFault(io, "advertise: " + e.getMessage());
    } catch (Throwable e) {
      publishFault(io, "advertise: internal fault: " + e);
    }
    return 0;
  }

  private static void publishFault(HookIo io, String fault) {
    publish(io, PadAd.ofFault(fault, io.clock().instant().getEpochSecond()), true);
  }

  /**
   * A line that begins with a hyphen makes the startd take what came before; with {@code
   * update:true} it tells the collector at once (from HTCondor 24 on), not at its next interval.
   */
  static void publish(HookIo io, ClassAd ad, boolean atOnce) {
    io.answer(LongForm.print(ad) + (atOnce ? "- update:true\n" : "-\n"));
  }

  /** This software's version, from the build. */
  static String version() {
    try (InputStream in = Advertise.class.getResourceAsStream("version.txt")) {
      return in == null
          ? "unknown"
          : new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip();
    } catch (IOException e) {
      return "unknown";
    }
  }
}
