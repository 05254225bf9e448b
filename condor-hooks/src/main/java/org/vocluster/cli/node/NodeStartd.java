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
import org.vocluster.cli.frame.CliException;
import org.vocluster.cli.frame.ExitCode;
import org.vocluster.cli.frame.Knob;
import org.vocluster.cli.frame.Site;
import org.vocluster.condor.DrainResult;
import org.vocluster.condor.HtCondor;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.definition.VoName;
import org.vocluster.vm.os.CommandException;

/**
 * The startd of a node, which {@code voc drain} and {@code voc resume} tell whether to take jobs,
 * by the same way as sizing.
 */
final class NodeStartd {
  private final HtCondor condor;
  private final NodeId node;
  private final VoName vo;
  private final String address;

  private NodeStartd(HtCondor condor, NodeId node, VoName vo, String address) {
    this.condor = condor;
    this.node = node;
    this.vo = vo;
    this.address = address;
  }

  /**
   * The one that a subcommand's operands name.
   *
   * @throws CliException if they name none, it is not in the pool, or this account has no key of
   *     its VO
   */
  static NodeStartd find(String command, List<String> operands, Site site) throws CliException {
    if (operands.size() != 1 || !NodeId.isValid(operands.getFirst())) {
      throw CliException.usage(command + ": give one node's name; `voc status` shows them");
    }
    NodeId node = new NodeId(operands.getFirst());
    for (ClassAd ad :
        site.slots(Constraints.vad(node.value()), List.of(Attr.VO, CondorAttr.MY_ADDRESS))) {
      String vo = Ads.text(ad, Attr.VO);
      String address = Ads.text(ad, CondorAttr.MY_ADDRESS);
      if (VoName.isValid(vo) && !address.isEmpty()) {
        requireKey(new VoName(vo), site);
        return new NodeStartd(site.condor(), node, new VoName(vo), address);
      }
    }
    throw new CliException(
        ExitCode.PROBLEM, node + ": no such node is in the pool; `voc status` shows what there is");
  }

  private static void requireKey(VoName vo, Site site) throws CliException {
    Path key = site.path(Knob.KEYS).resolve(vo.account());
    if (!Files.isReadable(key)) {
      throw new CliException(
          ExitCode.NOT_PERMITTED,
          key
              + ": cannot be read; run this as root on the access point where VO "
              + vo
              + " was added");
    }
  }

  NodeId node() {
    return node;
  }

  /** Tells it to take no more jobs, unless it has one. */
  DrainResult drain() {
    return condor.drain(vo, node, address);
  }

  /** Takes that back. */
  void resume() throws CliException {
    try {
      condor.resume(vo, node, address);
    } catch (CommandException | IOException e) {
      throw CliException.failed(node + ": gave no answer: " + e.getMessage());
    }
  }
}
