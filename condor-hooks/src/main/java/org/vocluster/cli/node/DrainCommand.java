package org.vocluster.cli.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.vocluster.ad.Ads;
import org.vocluster.ad.Attr;
import org.vocluster.ad.CondorAttr;
import org.vocluster.ad.Constraints;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.ClassAdSyntaxException;
import org.vocluster.cli.frame.CliException;
import org.vocluster.cli.frame.ExitCode;
import org.vocluster.cli.frame.Knob;
import org.vocluster.cli.frame.Site;
import org.vocluster.cli.frame.Subcommand;
import org.vocluster.cli.frame.Terminal;
import org.vocluster.condor.DrainResult;
import org.vocluster.condor.HtCondor;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.definition.VoName;
import org.vocluster.vm.os.CommandException;

/**
 * {@code voc drain} and {@code voc resume}: whether a node takes jobs, by the same way as sizing.
 */
public final class DrainCommand implements Subcommand {
  private final String name;
  private final Site site;

  public DrainCommand(String name, Site site) {
    this.name = name;
    this.site = site;
  }

  private boolean resumes() {
    return name.equals("resume");
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String operands() {
    return "NODE";
  }

  @Override
  public String summary() {
    return resumes()
        ? "let a drained node take jobs again"
        : "tell a node without a job to take none";
  }

  @Override
  public String help() {
    return resumes()
        ? "Takes `voc drain` back. Run it as root on the access point of the node's VOC.\n"
        : """
        Tells the node's startd to take no more jobs, unless it has one: then nothing
        is changed, and the status is 1. No job is lost either way. Sizing removes
        the node job of a drained node within seconds; before that, `voc resume NODE`
        takes it back. `voc nodes` lists the nodes.
        Run it as root on the access point of the node's VOC.
        """;
  }

  /** Where a node's startd is, and whose node it is. */
  private record Place(VoName vo, String address) {}

  @Override
  public ExitCode run(List<String> operands, Terminal terminal) throws CliException {
    if (operands.size() != 1 || !NodeId.isValid(operands.getFirst())) {
      throw CliException.usage(name + ": give one node's name; `voc status` shows them");
    }
    NodeId node = new NodeId(operands.getFirst());
    HtCondor condor = site.condor();
    Place place = place(condor, node);
    Path key = site.path(Knob.KEYS).resolve(place.vo().account());
    if (!Files.isReadable(key)) {
      throw new CliException(
          ExitCode.NOT_PERMITTED,
          key
              + ": cannot be read; run this as root on the access point where VO "
              + place.vo()
              + " was added");
    }
    return resumes() ? resume(condor, node, place, terminal) : drain(condor, node, place, terminal);
  }

  private Place place(HtCondor condor, NodeId node) throws CliException {
    String answer;
    try {
      answer = condor.slots(Constraints.vad(node.value()), List.of(Attr.VO, CondorAttr.MY_ADDRESS));
      for (ClassAd ad : Ads.inLongForm(answer)) {
        String vo = Ads.text(ad, Attr.VO);
        String address = Ads.text(ad, CondorAttr.MY_ADDRESS);
        if (VoName.isValid(vo) && !address.isEmpty()) {
          return new Place(new VoName(vo), address);
        }
      }
    } catch (CommandException | ClassAdSyntaxException e) {
      throw CliException.failed(
          "the collector "
              + site.text(Knob.COLLECTOR_HOST)
              + " gave no answer: "
              + e.getMessage()
              + "; try `condor_status -any`");
    }
    throw new CliException(
        ExitCode.PROBLEM, node + ": no such node is in the pool; `voc status` shows what there is");
  }

  private static ExitCode drain(HtCondor condor, NodeId node, Place place, Terminal terminal)
      throws CliException {
    return switch (condor.drain(place.vo(), node, place.address())) {
      case DrainResult.Drained() -> {
        terminal.say(node + ": drained, takes no more jobs");
        yield ExitCode.OK;
      }
      case DrainResult.Claimed(String why) -> {
        terminal.complain(node + ": has a job and goes on as before: " + why);
        yield ExitCode.PROBLEM;
      }
      case DrainResult.Unreachable(String why) ->
          throw CliException.failed(
              node + ": gave no answer: " + why + "; `voc status` shows whether it is drained");
    };
  }

  private static ExitCode resume(HtCondor condor, NodeId node, Place place, Terminal terminal)
      throws CliException {
    try {
      condor.resume(place.vo(), node, place.address());
    } catch (CommandException | IOException e) {
      throw CliException.failed(node + ": gave no answer: " + e.getMessage());
    }
    terminal.say(node + ": takes jobs");
    return ExitCode.OK;
  }
}
