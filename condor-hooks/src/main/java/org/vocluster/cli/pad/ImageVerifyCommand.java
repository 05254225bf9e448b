package org.vocluster.cli.pad;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.vocluster.cli.frame.CliException;
import org.vocluster.cli.frame.ExitCode;
import org.vocluster.cli.frame.Site;
import org.vocluster.cli.frame.Subcommand;
import org.vocluster.cli.frame.Terminal;
import org.vocluster.vm.definition.ImageDigest;
import org.vocluster.vm.image.ImageStore;
import org.vocluster.vm.image.Progress;
import org.vocluster.vm.image.VerifiedImage;

/** {@code voc image verify}: reads images again and compares their digests. */
public final class ImageVerifyCommand implements Subcommand {
  private final PadCache cache;

  public ImageVerifyCommand(Site site) {
    this.cache = new PadCache(site);
  }

  @Override
  public String name() {
    return "image verify";
  }

  @Override
  public String operands() {
    return "[SHA256…]";
  }

  @Override
  public String summary() {
    return "read this PAD host's images again and compare their digests";
  }

  @Override
  public String help() {
    return """
        As root on a PAD host. Reads all images, or those named by their SHA-256 or its
        beginning, with every byte. One that is not what it was when it came is taken out
        of use at once; where a VOC needs it, the host fetches it anew.
        """;
  }

  @Override
  public ExitCode run(List<String> operands, Terminal terminal) throws CliException {
    cache.requireWritable();
    ImageStore store = cache.store();
    ExitCode code = ExitCode.OK;
    try {
      for (ImageDigest digest : chosen(store, operands)) {
        switch (store.verify(digest, cache.limits(List.of()), Progress.NONE)) {
          case ImageStore.Verification.Good good ->
              terminal.say(digest + ": good, " + good.bytes() + " bytes");
          case ImageStore.Verification.Bad bad -> {
            terminal.complain(
                "image "
                    + digest
                    + ": "
                    + bad.reason()
                    + "; out of use, it is fetched anew where a VOC needs it; look at this disk");
            code = ExitCode.PROBLEM;
          }
        }
      }
      return code;
    } catch (IOException e) {
      throw CliException.failed("image verify: " + store.directory() + ": " + e);
    }
  }

  /** All images, or those that operands name by the beginnings of their digests. */
  static List<ImageDigest> chosen(ImageStore store, List<String> operands)
      throws IOException, CliException {
    List<ImageDigest> known = new ArrayList<>();
    for (VerifiedImage image : store.images()) {
      known.add(image.digest());
    }
    known.addAll(store.untrusted());
    if (operands.isEmpty()) {
      return known;
    }
    List<ImageDigest> out = new ArrayList<>();
    for (String operand : operands) {
      List<ImageDigest> fitting =
          known.stream().filter(digest -> digest.value().startsWith(operand)).toList();
      if (operand.isEmpty() || fitting.size() != 1) {
        throw new CliException(
            ExitCode.PROBLEM,
            "image "
                + operand
                + ": "
                + (fitting.isEmpty() ? "none here" : "several begin so")
                + "; `voc image list --long` shows them");
      }
      out.addAll(fitting);
    }
    return out;
  }
}
