package org.vocluster.cli.pad;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vocluster.cli.frame.CliException;
import org.vocluster.cli.frame.ExitCode;
import org.vocluster.cli.frame.Knob;
import org.vocluster.cli.frame.Site;
import org.vocluster.cli.frame.Subcommand;
import org.vocluster.cli.frame.Terminal;
import org.vocluster.vm.definition.ImageDigest;
import org.vocluster.vm.definition.ImageUrl;
import org.vocluster.vm.image.FileKind;
import org.vocluster.vm.image.ImageStore;
import org.vocluster.vm.image.Progress;
import org.vocluster.vm.image.StageResult;
import org.vocluster.vm.image.Staging;
import org.vocluster.vm.image.TransferPlugins;
import org.vocluster.vm.image.UrlPrefix;
import org.vocluster.vm.os.Sha256;

/** {@code voc image add}: puts an image into this PAD host's store by hand. */
public final class ImageAddCommand implements Subcommand {
  private static final String SHA256 = "--sha256=";
  private static final String BOOT_FILE = "--boot-file";

  private final Site site;
  private final PadCache cache;

  public ImageAddCommand(Site site) {
    this.site = site;
    this.cache = new PadCache(site);
  }

  @Override
  public String name() {
    return "image add";
  }

  @Override
  public String operands() {
    return "[--boot-file] [--sha256=HEX] FILE|URL";
  }

  @Override
  public String summary() {
    return "put a machine image into this PAD host's store";
  }

  @Override
  public String help() {
    return """
        As root on a PAD host. Copies the image (qcow2 without a backing file) into
        VOC_IMAGE_DIR, checking its SHA-256 on the way, and prints that digest: it is
        what a definition's ImageSha256 names. PAD hosts fetch the images of registered
        definitions by themselves where VOC_IMAGE_URLS allows their URL; this is for
        images that cannot be fetched, and for not waiting until a failed fetch is tried
        again. An image that came this way stays until `voc image prune` is told to
        take it away.

          --boot-file    it is no image but a kernel or an initrd (a definition's Kernel or
                         Initrd)
          --sha256=HEX   what the digest must be; required for a URL
        """;
  }

  @Override
  public ExitCode run(List<String> operands, Terminal terminal) throws CliException {
    List<String> sources = new ArrayList<>(operands);
    boolean bootFile = sources.removeIf(BOOT_FILE::equals);
    @Nullable String sha = null;
    for (String operand : operands) {
      if (operand.startsWith(SHA256)) {
        sha = operand.substring(SHA256.length());
        sources.remove(operand);
      }
    }
    if (sources.size() != 1 || sources.getFirst().startsWith("-")) {
      throw CliException.usage("image add: give one file or URL; `voc image add FILE|URL`");
    }
    String source = sources.getFirst();
    boolean remote = source.contains("://") && !source.startsWith("file:");
    if (sha == null && remote) {
      throw CliException.usage("image add: a URL needs --sha256=HEX");
    }
    if (sha != null && !ImageDigest.isValid(sha)) {
      throw CliException.usage(
          "image add: " + sha + " is no SHA-256; give 64 lower-case hex digits");
    }
    try {
      String url = remote ? source : fileUrl(source);
      return switch (ImageUrl.parse(url)) {
        case ImageUrl.Parsed.Ok ok ->
            stage(
                ok.url(),
                sha != null ? new ImageDigest(sha) : digestOf(Path.of(ok.url().uri())),
                bootFile,
                terminal);
        case ImageUrl.Parsed.Refused refused ->
            throw new CliException(
                ExitCode.PROBLEM, "image add: " + ImageUrl.shown(source) + ": " + refused.reason());
      };
    } catch (IOException e) {
      throw CliException.failed("image add: " + source + ": " + e);
    }
  }

  private ExitCode stage(ImageUrl url, ImageDigest digest, boolean bootFile, Terminal terminal)
      throws IOException, CliException {
    cache.requireWritable();
    // Whoever may run this may fetch from anywhere: the prefixes bind the unattended hook.
    Staging staging =
        new Staging(
            cache
                .limits(List.of(UrlPrefix.of(url)))
                .of(bootFile ? FileKind.BOOT_FILE : FileKind.IMAGE),
            TransferPlugins.of(site.path(Knob.BIN).resolve("condor_config_val")),
            cache.credentials(),
            Staging.Room.UNLIMITED,
            Progress.NONE,
            true);
    ImageStore store = cache.store();
    StageResult result = store.stage(url, digest, staging);
    if (result instanceof StageResult.Staged) {
      store.markByHand(digest);
    }
    cache.giveToOwner();
    return switch (result) {
      case StageResult.Staged staged -> {
        terminal.say((staged.fetched() ? "added " : "was there already: ") + staged.image().file());
        terminal.say(bootFile ? "SHA-256: " + digest : "ImageSha256 = \"" + digest + "\"");
        yield ExitCode.OK;
      }
      case StageResult.Failed failed -> {
        terminal.complain(failed.reason());
        yield ExitCode.PROBLEM;
      }
      case StageResult.Busy busy -> {
        terminal.complain("image " + digest + ": is being fetched by another thread");
        yield ExitCode.PROBLEM;
      }
    };
  }

  private static String fileUrl(String source) throws IOException {
    return source.startsWith("file:") ? source : Path.of(source).toRealPath().toUri().toString();
  }

  private static ImageDigest digestOf(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      Sha256 sha = new Sha256();
      byte[] buffer = new byte[1 << 20];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        sha.add(buffer, n);
      }
      return new ImageDigest(sha.text());
    }
  }
}
