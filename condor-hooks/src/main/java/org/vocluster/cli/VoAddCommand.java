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
import java.util.Optional;
import org.vocluster.cli.frame.CliException;
import org.vocluster.cli.frame.ExitCode;
import org.vocluster.cli.frame.Knob;
import org.vocluster.cli.frame.Site;
import org.vocluster.cli.frame.Subcommand;
import org.vocluster.cli.frame.Terminal;
import org.vocluster.condor.HtCondor;
import org.vocluster.condor.TrustDomains;
import org.vocluster.vm.definition.VoName;
import org.vocluster.vm.definition.VoRealName;
import org.vocluster.vm.os.AtomicFile;

/** {@code voc vo add}: gives a VO its signing key and its submit token on this access point. */
final class VoAddCommand implements Subcommand {
  private static final int KEY_BYTES = 48;
  private static final String TOKEN_FILE = "submit";
  private static final String NAME = "--name=";

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
    return "NAME [--name=REAL-NAME]";
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
          name   with --name, a line in VOC_VOS_MAP: the VO's real name, as
                 vo.cta.example.eu, by which users may claim it (+VocVO) and people
                 are told of it. NAME is short, for accounts and files: a lower-case
                 letter, then letters, digits and hyphens, 28 characters at most.
                 Where NAME is a real one, the short one is made of it, without a
                 leading vo. and with hyphens for its points

        Real names are lower-case, and each is that of one VO alone.

        Where the collector runs elsewhere, it says what to copy there, and gives sizing,
        which runs as HTCondor's account, a copy of this host's own tokens
        (VOC_TOKENS_DIR/.host) to talk to the collector with.
        """;
  }

  @Override
  public ExitCode run(List<String> operands, Terminal terminal) throws CliException {
    Names names = Names.of(operands);
    VoName vo = names.vo;
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
      Optional<String> fault = fault(names).or(this::trustFault);
      if (fault.isPresent()) {
        terminal.complain(fault.get());
        return ExitCode.PROBLEM;
      }
      return add(names, terminal);
    } catch (IOException e) {
      throw CliException.failed("vo add: " + e);
    }
  }

  /** What a VO is to be called: by accounts and files, and perhaps otherwise elsewhere. */
  private record Names(VoName vo, Optional<VoRealName> real) {
    static Names of(List<String> operands) throws CliException {
      List<String> plain = operands.stream().filter(text -> !text.startsWith(NAME)).toList();
      List<String> named = operands.stream().filter(text -> text.startsWith(NAME)).toList();
      if (plain.size() != 1 || named.size() > 1 || plain.getFirst().startsWith("-")) {
        throw CliException.usage(
            "vo add: give one VO's name; `voc vo add NAME` or `voc vo add NAME --name=REAL-NAME`");
      }
      String text = plain.getFirst();
      try {
        if (!named.isEmpty()) {
          VoName vo = new VoName(text);
          VoRealName real = new VoRealName(named.getFirst().substring(NAME.length()));
          return new Names(vo, real.value().equals(text) ? Optional.empty() : Optional.of(real));
        }
        if (VoName.isValid(text) || !VoRealName.isValid(text)) {
          return new Names(new VoName(text), Optional.empty());
        }
      } catch (IllegalArgumentException e) {
        throw CliException.usage("vo add: " + e.getMessage());
      }
      VoRealName real = new VoRealName(text);
      VoName vo =
          real.shortName()
              .orElseThrow(
                  () ->
                      CliException.usage(
                          "vo add: "
                              + real
                              + " makes no short name for accounts; choose one: `voc vo add SHORT"
                              + " --name="
                              + real
                              + "`"));
      return new Names(vo, Optional.of(real));
    }
  }

  /** Why the VO cannot be called so. */
  private Optional<String> fault(Names names) throws IOException {
    VosMap map = VosMap.read(site.path(Knob.VOS_MAP));
    Path keys = site.path(Knob.KEYS);
    if (names.real.isEmpty()) {
      return map.taken(names.vo).map(other -> faultInWords(names.vo, other));
    }
    return map.fault(
            names.vo,
            names.real.get(),
            name -> VoName.isValid(name) && Files.exists(keys.resolve(new VoName(name).account())))
        .map(other -> faultInWords(names.vo, other));
  }

  private String faultInWords(VoName vo, String fault) {
    return "VO " + vo + ": " + fault + "; choose another name, or mend " + site.text(Knob.VOS_MAP);
  }

  /** Why no token that is made here would be any use. */
  private Optional<String> trustFault() {
    return isCollectorHere()
        ? Optional.empty()
        : TrustDomains.ofCollector(site.tools())
            .flatMap(theirs -> TrustDomains.fault(site.text(Knob.TRUST_DOMAIN), theirs));
  }

  private boolean isCollectorHere() {
    return site.text(Knob.DAEMON_LIST).contains("COLLECTOR");
  }

  private ExitCode add(Names names, Terminal terminal) throws IOException, CliException {
    VoName vo = names.vo;
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
    if (Files.exists(token) && isOurs(token)) {
      terminal.say("kept   token " + token);
    } else {
      makeToken(vo, tokens, directory, token);
      terminal.say("made   token " + token);
    }
    if (names.real.isPresent()) {
      addName(vo, names.real.get(), terminal);
    }
    if (!site.succeeds(List.of(site.path(Knob.SBIN).resolve("condor_reconfig").toString()))) {
      terminal.complain("condor_reconfig: failed; HTCondor on this host knows the key once it ran");
    }
    if (!isCollectorHere()) {
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

  private void addName(VoName vo, VoRealName real, Terminal terminal) throws IOException {
    Path file = site.path(Knob.VOS_MAP);
    VosMap map = VosMap.read(file);
    if (map.shortName(real).isPresent()) {
      terminal.say("kept   name  " + real + " in " + file);
    } else {
      AtomicFile.write(file, map.with(vo, real), "rw-r--r--");
      terminal.say("made   name  " + real + " in " + file + ", of VO " + vo);
    }
  }

  /** Tokens of another TRUST_DOMAIN, which it was before, are shown to nobody any more. */
  private boolean isOurs(Path token) throws IOException {
    String own = site.text(Knob.TRUST_DOMAIN);
    return TrustDomains.issuer(Files.readString(token, StandardCharsets.UTF_8))
        .map(issuer -> TrustDomains.agree(own, issuer))
        .orElse(true);
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
