package org.vocluster.sizing;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What sizing would do now, and why, for people.
 *
 * @param vocs each VOC with a valid definition
 * @param groups what becomes of the idle jobs that some VOC's nodes would take
 * @param unserved idle jobs that no node takes
 * @param elsewhere number of jobs of each VO that slots outside its VOCs would take
 * @param notRunnable number of jobs of each VO that the schedd does not run yet
 * @param broken all problems of each definition with faults
 * @param breakers what failed lately and makes the next attempts wait
 * @param others what would be done about nodes that belong to no VOC
 * @param unknown what could not be read, in words; empty if everything could
 */
public record Plan(
    List<Voc> vocs,
    List<Group> groups,
    List<Unserved> unserved,
    Map<String, Long> elsewhere,
    Map<String, Long> notRunnable,
    Map<String, List<String>> broken,
    List<Failure> breakers,
    List<String> others,
    List<String> unknown) {
  public Plan {
    vocs = List.copyOf(vocs);
    groups = List.copyOf(groups);
    unserved = List.copyOf(unserved);
    breakers = List.copyOf(breakers);
    others = List.copyOf(others);
    unknown = List.copyOf(unknown);
  }

  /** The same without the VOCs that are not named, and without what concerns no VOC. */
  public Plan only(Collection<String> names) {
    return new Plan(
        vocs.stream().filter(voc -> names.contains(voc.name())).toList(),
        groups,
        List.of(),
        Map.of(),
        Map.of(),
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
      String name,
      String vo,
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
   * @param stage how far it has come, in a word
   * @param jobId its node job, empty if that is unknown
   * @param since when it entered that stage
   * @param free what it has left for jobs, in words
   */
  public record Node(
      String name,
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
   * @param free jobs that nodes in the pool have room for
   * @param coming jobs that nodes which boot or are queued will have room for
   * @param fresh jobs that new nodes are wanted for
   * @param waiting jobs that get no node for now
   * @param why what the waiting ones wait for, empty if none waits
   */
  public record Group(
      String vo,
      String example,
      List<String> nodes,
      String request,
      long free,
      long coming,
      long fresh,
      long waiting,
      String why) {
    public Group {
      nodes = List.copyOf(nodes);
    }

    public long jobs() {
      return free + coming + fresh + waiting;
    }
  }

  /**
   * Idle jobs that no node takes.
   *
   * @param why in words
   */
  public record Unserved(String vo, long jobs, String example, String why) {}

  /**
   * What failed lately.
   *
   * @param of {@code image}, {@code host} or {@code voc}
   * @param key which one
   * @param what happened, with the remedy
   * @param until when one node is tried again
   */
  public record Failure(
      String of, String key, int times, Instant since, Instant until, String what) {}
}
