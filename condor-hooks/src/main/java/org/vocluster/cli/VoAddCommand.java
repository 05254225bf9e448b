package org.vocluster.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.vocluster.cli.frame.CliException;
import org.vocluster.cli.frame.ExitCode;
import org.vocluster.cli.frame.Knob;
import org.vocluster.cli.frame.Site;
import org.vocluster.cli.frame.Subcommand;
import org.vocluster.cli.frame.Terminal;
import org.vocluster.condor.HtCondor;
import org.vocluster.vm.definition.VoName;
import org.vocluster.vm.os.AtomicFile;

/** {@code voc vo add}: gives a VO its signing key and its submit token on this access point. */
final class VoAddCommand implements Subcommand {
  private static final int KEY_BYTES = 48;
  private static final String TOKEN_FILE = "submit";

  private final Site site;

  VoAddCommand(Site site) {
    this.site = site;
  }

  @Override
  public String name() {
    return "vo add";
  }

  @Override
  public String operands() {
    return "NAME";
  }

  @Override
  public String summary() {
    return "give a VO its key and token on this access point";
  }

  @Override
  public String help() {
    return """
        As root on the access point. The account voc-NAME must exist; node jobs run
        as it. Makes what is missing and leaves what is there:

          key    VOC_KEYS_DIR/voc-NAME signs the tokens with which the VO's nodes join
                 the pool; whoever deletes it everywhere revokes all of them
          key    the same in SEC_PASSWORD_DIRECTORY, for this host's daemons
          token  VOC_TOKENS_DIR/NAME/submit, with which sizing submits as voc-NAME

        Where the collector runs elsewhere, it says what to copy there, and gives sizing,
        which runs as HTCondor's account, a copy of this host's own tokens
        (VOC_TOKENS_DIR/.host) to talk to the collector with.
        """;
  }

  @Override
  public ExitCode run(List<String> operands, Terminal terminal) throws CliException {
    if (operands.size() != 1) {
      throw CliException.usage("vo add: give one VO's name; `voc vo add NAME`");
    }
    VoName vo;
    try {
      vo = new VoName(operands.getFirst());
    } catch (IllegalArgumentException e) {
      throw CliException.usage("vo add: " + e.getMessage());
    }
    if (!site.run(List.of("id", "-u")).strip().equals("0")) {
      throw new CliException(ExitCode.NOT_PERMITTED, "vo add: run this as root");
    }
    if (!site.succeeds(List.of("getent", "passwd", vo.account()))) {
      terminal.complain(
          "account "
              + vo.account()
              + ": does not exist on this host; make it, e.g. `useradd --system --user-group"
              + " --no-create-home --shell /usr/sbin/nologin "
              + vo.account()
              + "`");
      return ExitCode.PROBLEM;
    }
    try {
      return add(vo, terminal);
    } catch (IOException e) {
      throw CliException.failed("vo add: " + e);
    }
  }

  private ExitCode add(VoName vo, Terminal terminal) throws IOException, CliException {
    Path keys = site.path(Knob.KEYS);
    Path tokens = site.path(Knob.TOKENS);
    for (Path directory : List.of(keys, tokens)) {
      if (!Files.isDirectory(directory)) {
        throw CliException.failed(directory + ": is no directory; install voc-ap on this host");
      }
    }
    Path key = keys.resolve(vo.account());
    Path installed = site.path(Knob.PASSWORD_DIRECTORY).resolve(vo.account());
    if (!Files.exists(key)) {
      String text = Files.exists(installed) ? Files.readString(installed) : newKey();
      AtomicFile.write(key, text, "rw-------");
      terminal.say("made   key   " + key);
    } else {
      terminal.say("kept   key   " + key);
    }
    own(key, keys);
    String text = Files.readString(key, StandardCharsets.UTF_8);
    if (!Files.exists(installed) || !Files.readString(installed).equals(text)) {
      AtomicFile.write(installed, text, "rw-------");
      terminal.say("made   key   " + installed);
    } else {
      terminal.say("kept   key   " + installed);
    }
    Path directory = tokens.resolve(vo.value());
    Path token = directory.resolve(TOKEN_FILE);
    if (Files.exists(token)) {
      terminal.say("kept   token " + token);
    } else {
      makeToken(vo, tokens, directory, token);
      terminal.say("made   token " + token);
    }
    if (!site.succeeds(List.of(site.path(Knob.SBIN).resolve("condor_reconfig").toString()))) {
      terminal.complain("condor_reconfig: failed; HTCondor on this host knows the key once it ran");
    }
    if (!site.text(Knob.DAEMON_LIST).contains("COLLECTOR")) {
      copyHostTokens(tokens, terminal);
      terminal.say(
          "\nThe collector runs elsewhere ("
              + site.text(Knob.COLLECTOR_HOST)
              + "). Copy the key to it, owned by root with mode 0600:\n  "
              + installed
              + "\nto the same name in its SEC_PASSWORD_DIRECTORY, and run condor_reconfig there.");
    }
    terminal.say(
        "\nNext: users of "
            + vo
            + " into "
            + site.text(Knob.USERS_MAP)
            + " (`* alice "
            + vo
            + "`), condor_reconfig, then `voc register FILE`.");
    return ExitCode.OK;
  }

  private void copyHostTokens(Path tokens, Terminal terminal) throws IOException, CliException {
    Path own = site.path(Knob.TOKEN_DIRECTORY);
    List<Path> files = new ArrayList<>();
    if (Files.isDirectory(own)) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(own)) {
        entries.forEach(files::add);
      }
    }
    if (files.isEmpty()) {
      terminal.complain(
          own
              + ": has no token; unless sizing can reach the collector in another way (see VocSizeLog),"
              + " put one there for condor@"
              + site.text(Knob.TRUST_DOMAIN)
              + " and run this again");
      return;
    }
    Path directory = tokens.resolve(HtCondor.HOST_TOKENS);
    makePrivateDirectory(directory, tokens);
    for (Path file : files) {
      Path copy = directory.resolve(file.getFileName());
      AtomicFile.write(copy, Files.readString(file, StandardCharsets.UTF_8), "rw-------");
      own(copy, tokens);
      terminal.say("made   token " + copy);
    }
  }

  private static void makePrivateDirectory(Path directory, Path like) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectory(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    own(directory, like);
  }

  private void makeToken(VoName vo, Path tokens, Path directory, Path token)
      throws IOException, CliException {
    String text =
        site.run(
            List.of(
                site.path(Knob.BIN).resolve("condor_token_create").toString(),
                "-identity",
                vo.account() + "@" + site.text(Knob.TRUST_DOMAIN),
                "-key",
                vo.account(),
                "-authz",
                "READ",
                "-authz",
                "WRITE"));
    makePrivateDirectory(directory, tokens);
    AtomicFile.write(token, text, "rw-------");
    own(token, tokens);
  }

  /** HTCondor accepts a key or token only from a file of the account that reads it. */
  private static void own(Path file, Path like) throws IOException {
    UserPrincipal owner = Files.getOwner(like);
    FileOwnerAttributeView view = Files.getFileAttributeView(file, FileOwnerAttributeView.class);
    if (!view.getOwner().equals(owner)) {
      view.setOwner(owner);
    }
  }

  private static String newKey() {
    byte[] random = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(random);
    return Base64.getEncoder().encodeToString(random);
  }
}
