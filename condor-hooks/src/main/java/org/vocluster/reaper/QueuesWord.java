package org.vocluster.reaper;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.vocluster.ad.Ads;
import org.vocluster.ad.Attr;
import org.vocluster.ad.CondorAttr;
import org.vocluster.ad.Constraints;
import org.vocluster.classad.ClassAd;
import org.vocluster.condor.ClientPolicy;
import org.vocluster.condor.JobId;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.definition.VoName;
import org.vocluster.vm.os.Command;
import org.vocluster.vm.os.CommandException;

/**
 * What this host's schedd says of jobs, by HTCondor's own tools: those in its queue and those that
 * have left it. Nobody else is asked, and nothing is remembered.
 *
 * @param bin HTCondor's {@code $(BIN)}
 */
record QueuesWord(Path bin) {
  private static final Duration BOUND = Duration.ofSeconds(20);

  /**
   * What has left the queue a moment ago is at the end of the history, which is read from there.
   */
  private static final int MOST_HISTORY = 100_000;

  /** Of a payload job. */
  private static final List<String> PAYLOAD =
      List.of(
          CondorAttr.CLUSTER_ID,
          CondorAttr.PROC_ID,
          CondorAttr.JOB_STATUS,
          CondorAttr.JOB_UNIVERSE,
          CondorAttr.REMOTE_HOST,
          CondorAttr.SHADOW_BDAY,
          Attr.VO,
          Attr.NODE_JOB);

  /** Of a node job. */
  private static final List<String> NODE =
      List.of(CondorAttr.OWNER, CondorAttr.JOB_STATUS, CondorAttr.REMOTE_HOST, Attr.VO, Attr.NODE);

  /** Those of the jobs that are in the queue. */
  Map<JobId, ClassAd> jobs(Collection<JobId> ids) throws CommandException {
    String which =
        ids.stream()
            .map(id -> Constraints.job(id.cluster(), id.proc()))
            .collect(Collectors.joining(" || "));
    Map<JobId, ClassAd> out = new HashMap<>();
    for (ClassAd ad : queue(which, PAYLOAD)) {
      out.put(
          new JobId(
              (int) ad.integer(CondorAttr.CLUSTER_ID).orElse(0),
              (int) ad.integer(CondorAttr.PROC_ID).orElse(0)),
          ad);
    }
    return out;
  }

  /** Node jobs in the queue that say they are these nodes. */
  List<ClassAd> nodeJobs(Collection<NodeId> nodes) throws CommandException {
    return queue(areNodes(nodes), NODE);
  }

  /** Those of the nodes whose jobs were that VO's and are not in the queue any more. */
  Set<NodeId> past(Map<NodeId, VoName> nodes) throws CommandException {
    List<String> argv =
        new ArrayList<>(
            List.of(
                bin.resolve("condor_history").toString(),
                "-constraint",
                areNodes(nodes.keySet()),
                "-limit",
                Integer.toString(nodes.size()),
                "-scanlimit",
                Integer.toString(MOST_HISTORY)));
    Set<NodeId> out = new HashSet<>();
    for (ClassAd ad : run(argv, NODE)) {
      Optional<NodeId> node = ad.string(Attr.NODE).filter(NodeId::isValid).map(NodeId::new);
      if (node.isPresent()) {
        VoName vo = nodes.get(node.get());
        if (vo != null && Judgement.isOf(vo, ad)) {
          out.add(node.get());
        }
      }
    }
    return out;
  }

  private static String areNodes(Collection<NodeId> nodes) {
    return Constraints.nodeJobs()
        + " && "
        + Constraints.isAmong(Attr.NODE, nodes.stream().map(NodeId::value).toList());
  }

  private List<ClassAd> queue(String which, List<String> attributes) throws CommandException {
    return run(
        new ArrayList<>(
            List.of(bin.resolve("condor_q").toString(), "-allusers", "-constraint", which)),
        attributes);
  }

  private static List<ClassAd> run(List<String> argv, List<String> attributes)
      throws CommandException {
    argv.addAll(List.of("-attributes", String.join(",", attributes), "-long"));
    Map<String, String> environment = new HashMap<>(ClientPolicy.AUTHENTICATE_IF_ASKED);
    // This host's own schedd, whatever another knob would have tools ask.
    environment.put("_CONDOR_SCHEDD_HOST", "");
    return Ads.goodInLongForm(new Command(argv, environment, BOUND).output());
  }
}
