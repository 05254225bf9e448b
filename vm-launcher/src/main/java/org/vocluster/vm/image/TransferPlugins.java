package org.vocluster.vm.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.ClassAdSyntaxException;
import org.vocluster.classad.Language;
import org.vocluster.classad.LongForm;
import org.vocluster.classad.NewForm;
import org.vocluster.vm.definition.ImageUrl;
import org.vocluster.vm.os.Command;
import org.vocluster.vm.os.CommandException;
import org.vocluster.vm.os.FileTree;
import org.vocluster.vm.os.Printable;

/**
 * The file-transfer plugins of this host's HTCondor ({@code FILETRANSFER_PLUGINS}), run as HTCondor
 * runs them (its docs/apis/file-transfer-plugins): {@code -classad} tells a plugin's methods; one
 * of protocol 2 and later gets an ad with URL and file name in {@code -infile} and answers into a
 * preallocated {@code -outfile}; one of protocol 1 gets URL and file name as arguments.
 *
 * <p>HTCondor's configuration is asked only when an image needs a plugin.
 */
public final class TransferPlugins {
  /** No plugin. */
  public static final TransferPlugins NONE = new TransferPlugins(null);

  private static final Duration QUERY = Duration.ofSeconds(20);
  private static final Duration LOOK = Duration.ofMillis(500);

  /** Of MAX_FILE_TRANSFER_PLUGIN_LIFETIME. */
  private static final long DEFAULT_LIFETIME_SECONDS = 72_000;

  /** Room is asked for in such steps while a plugin writes, since it does not say how much. */
  private static final long AHEAD = 16 << 20;

  private static final int PREALLOCATED = 16 * 1024;
  private static final int MAX_ERROR = 400;
  private static final Path PRLIMIT = Path.of("/usr/bin/prlimit");

  private final @Nullable Path condorConfigVal;
  private @Nullable Map<String, Plugin> byMethod;
  private Duration lifetime = Duration.ofSeconds(DEFAULT_LIFETIME_SECONDS);

  private TransferPlugins(@Nullable Path condorConfigVal) {
    this.condorConfigVal = condorConfigVal;
  }

  /** Those that HTCondor's configuration names. */
  public static TransferPlugins of(Path condorConfigVal) {
    return new TransferPlugins(condorConfigVal);
  }

  /**
   * @param multiple whether it speaks protocol 2 or later
   */
  private record Plugin(Path program, boolean multiple) {}

  /** The plugin could not do it; the message continues a sentence that begins with the URL. */
  static final class PluginException extends Exception {
    private static final long serialVersionUID = 1L;

    PluginException(String message) {
      super(message);
    }
  }

  /** Finds room for what a plugin writes, or ends it. */
  @FunctionalInterface
  interface Room {
    void make(long bytes) throws IOException, PartFile.UnfitException;
  }

  /**
   * Has a plugin fetch the image. It is killed when this process dies or there is no more room, and
   * cannot write more than allowed.
   *
   * @param directory its own, which holds nothing else
   * @param room asked while the plugin writes
   * @return the file that it wrote, in that directory
   */
  Path fetch(ImageUrl url, Path directory, long maxBytes, Progress progress, Room room)
      throws PluginException, IOException, PartFile.UnfitException {
    Plugin plugin = pluginFor(url);
    remove(directory);
    Files.createDirectory(
        directory,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Path image = directory.resolve("image");
    Path answer = directory.resolve("answer");
    List<String> argv = new ArrayList<>();
    if (Files.isExecutable(PRLIMIT)) {
      argv.addAll(List.of(PRLIMIT.toString(), "--fsize=" + (maxBytes + 1), "--"));
    }
    argv.add(plugin.program().toString());
    if (plugin.multiple()) {
      ClassAd question =
          ClassAd.builder()
              .set("LocalFileName", image.toString())
              .set("Url", url.uri().toString())
              .build();
      Path in = directory.resolve("question");
      Files.writeString(in, NewForm.print(question) + "\n", StandardCharsets.UTF_8);
      Files.writeString(answer, " ".repeat(PREALLOCATED), StandardCharsets.US_ASCII);
      argv.addAll(List.of("-infile", in.toString(), "-outfile", answer.toString()));
    } else {
      argv.addAll(List.of(url.uri().toString(), image.toString()));
    }
    Command.Outcome outcome =
        new Running(Command.of(lifetime, Command.endingWithUs(argv)))
            .watch(directory, progress, room);
    String error = plugin.multiple() ? errorIn(answer) : "";
    if (outcome.status() != 0 || !error.isEmpty()) {
      String words = error.isEmpty() ? (outcome.stderr() + " " + outcome.stdout()).strip() : error;
      throw new PluginException(
          "was not fetched by "
              + plugin.program()
              + " (status "
              + outcome.status()
              + "): "
              + Printable.of(ImageUrl.masked(words), MAX_ERROR));
    }
    if (!Files.isRegularFile(image, LinkOption.NOFOLLOW_LINKS)) {
      throw new PluginException("was not written by " + plugin.program() + ", which says it was");
    }
    return image;
  }

  /** What the plugin says went wrong, or an empty text. */
  private static String errorIn(Path answer) {
    try {
      List<ClassAd> ads =
          NewForm.parseAll(Files.readString(answer, StandardCharsets.UTF_8), Language.CONDOR_23_9);
      if (!ads.isEmpty()) {
        ClassAd ad = ads.getFirst();
        return ad.bool("TransferSuccess").orElse(false)
            ? ""
            : ad.string("TransferError").orElse("it gave no reason");
      }
      return "it gave no answer";
    } catch (IOException | ClassAdSyntaxException e) {
      return "its answer cannot be read: " + e.getMessage();
    }
  }

  private Plugin pluginFor(ImageUrl url) throws PluginException {
    String method = String.valueOf(url.uri().getScheme());
    Plugin plugin = methods().get(method);
    if (plugin == null) {
      throw new PluginException(
          "needs a file-transfer plugin for "
              + method
              + ", which this host's HTCondor has none of (FILETRANSFER_PLUGINS)");
    }
    return plugin;
  }

  /** Of several plugins for one method HTCondor takes the last. */
  private synchronized Map<String, Plugin> methods() throws PluginException {
    Map<String, Plugin> known = byMethod;
    if (known == null) {
      known = new HashMap<>();
      if (condorConfigVal != null) {
        for (String program : configured("FILETRANSFER_PLUGINS").split("[,\\s]+", -1)) {
          if (program.startsWith("/")) {
            ask(Path.of(program), known);
          }
        }
        try {
          lifetime =
              Duration.ofSeconds(
                  Long.parseLong(configured("MAX_FILE_TRANSFER_PLUGIN_LIFETIME").strip()));
        } catch (NumberFormatException e) {
          lifetime = Duration.ofSeconds(DEFAULT_LIFETIME_SECONDS);
        }
      }
      byMethod = known;
    }
    return known;
  }

  private String configured(String knob) throws PluginException {
    try {
      Command.Outcome outcome =
          Command.of(QUERY, List.of(String.valueOf(condorConfigVal), knob)).run();
      return outcome.status() == 0 ? outcome.stdout() : "";
    } catch (CommandException e) {
      throw new PluginException("needs a plugin, but " + e.getMessage());
    }
  }

  /** A plugin that does not answer has no methods, as for HTCondor. */
  private static void ask(Path program, Map<String, Plugin> into) {
    try {
      ClassAd ad =
          LongForm.parse(
              Command.of(QUERY, List.of(program.toString(), "-classad")).output(),
              Language.CONDOR_23_9);
      if (ad.string("PluginType").orElse("").equals("FileTransfer")) {
        Plugin plugin = new Plugin(program, ad.bool("MultipleFileSupport").orElse(false));
        for (String method : ad.string("SupportedMethods").orElse("").split("[,\\s]+", -1)) {
          into.put(method.toLowerCase(Locale.ROOT), plugin);
        }
      }
    } catch (CommandException | ClassAdSyntaxException e) {
      // Its methods have no plugin then, which is what the image's error says.
    }
  }

  static void remove(Path directory) throws IOException {
    if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      FileTree.delete(directory);
    } else {
      Files.deleteIfExists(directory);
    }
  }

  /** Runs the plugin beside a look at what it has written. */
  private static final class Running extends Thread {
    private final Command command;
    private volatile Command.@Nullable Outcome outcome;
    private volatile String failure = "";

    Running(Command command) {
      super("transfer-plugin");
      this.command = command;
      setDaemon(true);
    }

    @Override
    public void run() {
      try {
        outcome = command.run();
      } catch (CommandException e) {
        failure = String.valueOf(e.getMessage());
      }
    }

    Command.Outcome watch(Path directory, Progress progress, Room room)
        throws PluginException, IOException, PartFile.UnfitException {
      long roomy = FileTree.extent(directory).bytes();
      start();
      try {
        while (!join(LOOK)) {
          long written = FileTree.extent(directory).bytes();
          progress.at(written, -1);
          if (written > roomy) {
            roomy = written + AHEAD;
            room.make(roomy);
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        end();
      }
      Command.Outcome ended = outcome;
      if (ended == null) {
        throw new PluginException(
            "was not fetched: " + Printable.of(ImageUrl.masked(failure), MAX_ERROR));
      }
      return ended;
    }

    /** Kills the plugin if it still runs. */
    private void end() {
      interrupt();
      try {
        boolean _ = join(LOOK);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
