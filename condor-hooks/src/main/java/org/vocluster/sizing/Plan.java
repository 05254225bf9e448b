package org.vocluster.sizing;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.vocluster.sizing.history.Breaker;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.definition.VoName;
import org.vocluster.vm.definition.VocName;

/**
 * What sizing would do now, and why, for people: made by {@link DryRun}, put into sentences by
 * {@code explain.PlanWords}. It says what was decided and decides nothing.
 *
 * @param vocs each VOC with a valid definition
 * @param groups what becomes of the idle jobs that some VOC's nodes would take
 * @param withoutNode the idle jobs that get none
 * @param broken all problems of each definition with faults
 * @param breakers what failed lately and makes the next attempts wait
 * @param others what would be done about nodes that belong to no VOC
 * @param unknown what could not be read, in words; empty if everything could
 */
public record Plan(
    List<Voc> vocs,
    List<Group> groups,
    WithoutNode withoutNode,
    Map<String, List<String>> broken,
    List<Breaker> breakers,
    List<String> others,
    List<String> unknown) {
  public Plan {
    vocs = List.copyOf(vocs);
    groups = List.copyOf(groups);
    breakers = List.copyOf(breakers);
    others = List.copyOf(others);
    unknown = List.copyOf(unknown);
  }

  /** The same without the VOCs that are not named, and without what concerns no VOC. */
  public Plan only(Collection<String> names) {
    return new Plan(
        vocs.stream().filter(voc -> names.contains(voc.name().value())).toList(),
        groups,
        new WithoutNode(List.of(), List.of(), Map.of(), Map.of()),
        broken.entrySet().stream()
            .filter(each -> names.contains(each.getKey()))
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)),
        breakers,
        List.of(),
        unknown);
  }

  /**
   * A VOC.
   *
   * @param limits its least and greatest number of nodes and the like, in words
   * @param decision in a word, as in {@code VocDecision}
   * @param reason a sentence
   * @param nodes its nodes
   * @param actions what would be done, in words; empty if nothing
   */
  public record Voc(
      VocName name,
      VoName vo,
      String limits,
      String decision,
      String reason,
      List<Node> nodes,
      List<String> actions) {
    public Voc {
      nodes = List.copyOf(nodes);
      actions = List.copyOf(actions);
    }
  }

  /**
   * A node.
   *
   * @param shape empty if its VOC has one only
   * @param stage how far it has come, in a word
   * @param jobId its node job, empty if that is unknown
   * @param since when it entered that stage
   * @param free what it has left for jobs, in words
   */
  public record Node(
      NodeId name,
      String shape,
      String stage,
      String jobId,
      Optional<Instant> since,
      String free) {}

  /**
   * Idle jobs that are alike.
   *
   * @param example one of them
   * @param nodes where they could run, preferred first: VOC, or VOC and shape
   * @param request what each of them takes, in words
   */
  public record Group(
      VoName vo, List<String> nodes, String example, Shares shares, String request) {
    public Group {
      nodes = List.copyOf(nodes);
    }
  }

  /**
   * What becomes of idle jobs that are alike.
   *
   * @param free jobs that nodes in the pool have room for
   * @param coming jobs that nodes which boot or are queued will have room for
   * @param fresh jobs that new nodes are wanted for
   * @param waiting jobs that get no node for now
   * @param why what the waiting ones wait for, empty if none waits
   */
  public record Shares(long free, long coming, long fresh, long waiting, String why) {
    public long jobs() {
      return free + coming + fresh + waiting;
    }
  }

  /**
   * The idle jobs that no node is wanted for.
   *
   * @param unserved those that no node takes
   * @param probing those that wait for a node to show what its image has
   * @param elsewhere number of jobs of each VO that slots outside its VOCs would take
   * @param notRunnable number of jobs of each VO that the schedd does not run yet
   */
  public record WithoutNode(
      List<Unserved> unserved,
      List<Probing> probing,
      Map<String, Long> elsewhere,
      Map<String, Long> notRunnable) {
    public WithoutNode {
      unserved = List.copyOf(unserved);
      probing = List.copyOf(probing);
    }
  }

  /**
   * Idle jobs of which only a node can tell whether nodes take them.
   *
   * @param nodes VOC and shape
   * @param attributes what one node is to show
   */
  public record Probing(String nodes, long jobs, String example, List<String> attributes) {
    public Probing {
      attributes = List.copyOf(attributes);
    }
  }

  /**
   * Idle jobs that no node takes.
   *
   * @param vo as the jobs say
   * @param why in words
   */
  public record Unserved(String vo, long jobs, String example, String why) {}
}
