package org.vocluster.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.vocluster.cli.frame.CliException;
import org.vocluster.cli.frame.ExitCode;
import org.vocluster.cli.frame.Knob;
import org.vocluster.cli.frame.Site;
import org.vocluster.cli.frame.Subcommand;
import org.vocluster.cli.frame.Terminal;
import org.vocluster.vm.definition.Definitions;
import org.vocluster.vm.definition.VoName;
import org.vocluster.vm.definition.VoRealName;
import org.vocluster.vm.definition.VocDefinition;
import org.vocluster.vm.os.AtomicFile;

/** {@code voc register}: checks a definition and puts it where sizing reads it. */
final class RegisterCommand implements Subcommand {
  private final Site site;

  RegisterCommand(Site site) {
    this.site = site;
  }

  @Override
  public String name() {
    return "register";
  }

  @Override
  public String operands() {
    return "FILE";
  }

  @Override
  public String summary() {
    return "check a VOC definition and put it into service";
  }

  @Override
  public String help() {
    return """
        Checks the definition as `voc check` does, and if it has no fault copies it
        to NAME.ad in VOC_DEFINITIONS_DIR (/etc/voc/vocs.d), NAME being the
        definition's Name. Sizing sees it within seconds: queued nodes of an older
        definition of that name are replaced, running ones stay until they are idle.
        """;
  }

  @Override
  public ExitCode run(List<String> operands, Terminal terminal) throws CliException {
    if (operands.size() != 1) {
      throw CliException.usage("register: give one file; `voc register FILE`");
    }
    Path file = Path.of(operands.getFirst());
    VocDefinition.Reading reading = VocDefinition.read(file);
    CheckCommand.complain(reading, terminal);
    if (!(reading instanceof VocDefinition.Reading.Valid valid)) {
      return ExitCode.PROBLEM;
    }
    VocDefinition voc = valid.definition();
    Path place = site.path(Knob.DEFINITIONS).resolve(voc.name() + Definitions.SUFFIX);
    boolean before = Files.exists(place);
    try {
      AtomicFile.write(place, Files.readString(file, StandardCharsets.UTF_8), "rw-r--r--");
    } catch (AccessDeniedException e) {
      throw new CliException(
          ExitCode.NOT_PERMITTED, place + ": may not be written; run this as root");
    } catch (NoSuchFileException e) {
      throw CliException.failed(
          place
              + ": the directory does not exist; install voc-ap on this host, or set "
              + Knob.DEFINITIONS.macro());
    } catch (IOException e) {
      throw CliException.failed(place + ": cannot be written: " + e);
    }
    terminal.say((before ? "replaced " : "registered ") + place + ": " + CheckCommand.inWords(voc));
    if (!Files.exists(site.path(Knob.KEYS).resolve(voc.vo().account()))) {
      terminal.complain(
          "VO "
              + voc.vo()
              + ": no signing key in "
              + site.path(Knob.KEYS)
              + ", so no node can be submitted; run `voc vo add "
              + voc.vo()
              + voc.voRealName().map(real -> " --name=" + real).orElse("")
              + "` as root");
    }
    voc.voRealName().ifPresent(real -> checkName(voc.vo(), real, terminal));
    return ExitCode.OK;
  }

  /** Users claim a VO by its real name only if the access point's map has it. */
  private void checkName(VoName vo, VoRealName real, Terminal terminal) {
    Path file = site.path(Knob.VOS_MAP);
    try {
      Optional<String> known = VosMap.read(file).shortName(real);
      if (!known.equals(Optional.of(vo.value()))) {
        terminal.complain(
            "VO "
                + vo
                + ": in "
                + file
                + " "
                + real
                + (known.isEmpty() ? " is missing" : " is VO " + known.get())
                + ", so +VocVO = \""
                + real
                + "\" does not mean this one; "
                + (known.isEmpty()
                    ? "run `voc vo add " + vo + " --name=" + real + "` as root"
                    : "give the definition the same VO, or mend the file"));
      }
    } catch (IOException e) {
      terminal.complain(file + ": cannot be read: " + e);
    }
  }
}
