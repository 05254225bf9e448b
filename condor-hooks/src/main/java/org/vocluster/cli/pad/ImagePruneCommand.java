package org.vocluster.cli.pad;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.vocluster.ad.Ads;
import org.vocluster.ad.Attr;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.ClassAdSyntaxException;
import org.vocluster.cli.frame.CliException;
import org.vocluster.cli.frame.ExitCode;
import org.vocluster.cli.frame.Site;
import org.vocluster.cli.frame.Subcommand;
import org.vocluster.cli.frame.Terminal;
import org.vocluster.vm.definition.ImageDigest;
import org.vocluster.vm.image.ImageCache;
import org.vocluster.vm.image.ImageStore;
import org.vocluster.vm.os.CommandException;

/** {@code voc image prune}: takes images away that nobody needs. */
public final class ImagePruneCommand implements Subcommand {
  private static final String DRY_RUN = "--dry-run";

  private final Site site;
  private final PadCache cache;

  public ImagePruneCommand(Site site) {
    this.site = site;
    this.cache = new PadCache(site);
  }

  @Override
  public String name() {
    return "image prune";
  }

  @Override
  public String operands() {
    return "[--dry-run] [SHA256…]";
  }

  @Override
  public String summary() {
    return "take away images that no VOC needs, or those named";
  }

  @Override
  public String help() {
    return """
        As root on a PAD host. Without operands: takes away every image that no registered
        VOC needs, that no node uses, and that was not put here by hand, and what is left
        of fetches that nobody goes on with. With the SHA-256 of images, or its beginning:
        those, even if a VOC needs them (then they are fetched again) or they were put here
        by hand. What a node uses stays in any case.

          --dry-run   only say what would go
        """;
  }

  @Override
  public ExitCode run(List<String> operands, Terminal terminal) throws CliException {
    List<String> named = new ArrayList<>(operands);
    boolean dry = named.removeIf(DRY_RUN::equals);
    for (String operand : named) {
      if (operand.startsWith("-")) {
        throw CliException.usage("image prune: takes no " + operand);
      }
    }
    if (!dry) {
      cache.requireWritable();
    }
    ImageStore store = cache.store();
    try {
      return named.isEmpty()
          ? unneeded(store, dry, terminal)
          : remove(ImageVerifyCommand.chosen(store, named), dry, terminal);
    } catch (IOException e) {
      throw CliException.failed("image prune: " + store.directory() + ": " + e);
    }
  }

  private ExitCode unneeded(ImageStore store, boolean dry, Terminal terminal)
      throws IOException, CliException {
    Set<String> needed = needed();
    List<ImageDigest> go = new ArrayList<>();
    Set<ImageDigest> used = cache.cache().inUse();
    for (ImageStore.Held held : store.held()) {
      ImageDigest digest = held.image().digest();
      if (!needed.contains(digest.value()) && !held.byHand() && !used.contains(digest)) {
        go.add(digest);
      }
    }
    for (ImageDigest digest : store.untrusted()) {
      if (!needed.contains(digest.value()) && !store.isByHand(digest)) {
        go.add(digest);
      }
    }
    ExitCode code = remove(go, dry, terminal);
    for (ImageStore.Part part : store.parts()) {
      if (!part.running()
          && !needed.contains(part.digest().value())
          && (dry || store.removePart(part.digest()))) {
        terminal.say(
            (dry ? "would remove what is here of " : "removed what was here of ") + part.digest());
      }
    }
    cache.giveToOwner();
    return code;
  }

  /** Unknown is not unneeded: without the collector's answer nothing goes. */
  private Set<String> needed() throws CliException {
    try {
      Set<String> out = new HashSet<>();
      for (ClassAd ad : Ads.inLongForm(site.condor().vocs())) {
        ad.string(Attr.IMAGE).ifPresent(out::add);
        ad.string(Attr.KERNEL).ifPresent(out::add);
        ad.string(Attr.INITRD).ifPresent(out::add);
      }
      return out;
    } catch (CommandException | ClassAdSyntaxException e) {
      throw CliException.failed(
          "image prune: the collector does not say which images VOCs need: "
              + e.getMessage()
              + "; name the images to remove instead");
    }
  }

  private ExitCode remove(List<ImageDigest> digests, boolean dry, Terminal terminal)
      throws IOException, CliException {
    ImageCache images = cache.cache();
    ImageStore store = cache.store();
    ExitCode code = ExitCode.OK;
    for (ImageDigest digest : digests) {
      if (images.inUse().contains(digest)) {
        terminal.complain(
            "image " + digest + ": a node uses it; `voc image list` shows when none does any more");
        code = ExitCode.PROBLEM;
      } else if (dry) {
        terminal.say("would remove " + digest);
      } else {
        long freed = images.remove(digest);
        boolean gone = store.find(digest) instanceof ImageStore.Lookup.Missing;
        terminal.say(gone ? "removed " + digest + ", " + freed + " bytes" : "kept " + digest);
      }
    }
    return code;
  }
}
