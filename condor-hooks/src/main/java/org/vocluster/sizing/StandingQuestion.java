package org.vocluster.sizing;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.vocluster.ad.Ads;
import org.vocluster.classad.ClassAdSyntaxException;
import org.vocluster.condor.HtCondor;
import org.vocluster.condor.InForce;
import org.vocluster.sizing.standing.CollectorSide;
import org.vocluster.sizing.standing.HostSide;
import org.vocluster.sizing.standing.Missing;
import org.vocluster.sizing.standing.NodeJobGroups;
import org.vocluster.sizing.standing.PadStanding;
import org.vocluster.sizing.standing.Standing;
import org.vocluster.sizing.standing.SubmitSide;
import org.vocluster.vm.os.CommandException;

/**
 * Asks the daemons themselves for the configuration that they have in force, and the collector for
 * what hosts show of theirs. {@link StandingWatch} asks aside, again and again; {@link DryRun} and
 * {@code voc status} once. Bounded in time, and nothing is changed by it.
 */
public final class StandingQuestion {
  /** What is asked, each by itself, so that one that does not answer hides no other. */
  enum Side {
    SCHEDD("the schedd", true),
    COLLECTOR("the collector", true),
    HOSTS("the PAD hosts' ads", false),
    GROUPS("the node jobs", false);

    private final String what;
    private final boolean needed;

    Side(String what, boolean needed) {
      this.what = what;
      this.needed = needed;
    }

    /** Whether nobody is served before it has answered once. */
    boolean isNeeded() {
      return needed;
    }

    String unknown(String why) {
      return what + " gives no answer (" + why + ")";
    }
  }

  /** What came of a question. */
  sealed interface Answer {
    record Known(List<Missing> missing) implements Answer {}

    record Unknown(String why) implements Answer {}
  }

  private interface Asking {
    List<Missing> ask() throws CommandException, ClassAdSyntaxException;
  }

  private final HtCondor condor;
  private final String schedd;
  private final String collector;
  private final String trustDomain;

  /**
   * @param schedd name of the access point's schedd
   * @param collector HTCondor's {@code $(COLLECTOR_HOST)}
   * @param trustDomain that nodes' tokens are of
   */
  public StandingQuestion(HtCondor condor, String schedd, String collector, String trustDomain) {
    this.condor = condor;
    this.schedd = schedd;
    this.collector = collector;
    this.trustDomain = trustDomain;
  }

  /** Asks for all of it once. */
  public Standing ask() {
    Map<Side, Answer> answers = ask(EnumSet.allOf(Side.class));
    List<Missing> missing = new ArrayList<>();
    List<String> unknown = new ArrayList<>();
    answers.forEach(
        (side, answer) -> {
          switch (answer) {
            case Answer.Known(List<Missing> found) -> missing.addAll(found);
            case Answer.Unknown(String why) -> {
              if (side.isNeeded()) {
                unknown.add(side.unknown(why));
              }
            }
          }
        });
    return new Standing(missing, unknown);
  }

  Map<Side, Answer> ask(Set<Side> sides) {
    Map<Side, Answer> answers = new EnumMap<>(Side.class);
    for (Side side : sides) {
      answers.put(side, answer(asking(side)));
    }
    return answers;
  }

  private Asking asking(Side side) {
    return switch (side) {
      case SCHEDD -> this::submitSide;
      case COLLECTOR -> this::collectorSide;
      case HOSTS -> this::hosts;
      case GROUPS -> this::groups;
    };
  }

  /**
   * Why the jobs of another schedd must not be served; empty if they may. Its users can say there
   * what that schedd lets them.
   *
   * @throws CommandException if it gives no answer
   */
  Optional<String> objection(String other) throws CommandException {
    return new Standing(
            SubmitSide.judge(other, condor.ofOtherSchedd(other, SubmitSide.knobs())), List.of())
        .obstacle();
  }

  private static Answer answer(Asking asking) {
    try {
      return new Answer.Known(List.copyOf(asking.ask()));
    } catch (CommandException | ClassAdSyntaxException e) {
      return new Answer.Unknown(String.valueOf(e.getMessage()));
    }
  }

  private List<Missing> submitSide() throws CommandException {
    return SubmitSide.judge(schedd, condor.ofSchedd(schedd, SubmitSide.knobs()));
  }

  /** With several collectors each that answers counts: a node may come by any. */
  private List<Missing> collectorSide() throws CommandException {
    List<Missing> missing = new ArrayList<>();
    CommandException silent = null;
    int answered = 0;
    for (String each : collector.split("[,\\s]+", -1)) {
      if (each.isEmpty()) {
        continue;
      }
      try {
        InForce inForce = condor.ofCollector(each, CollectorSide.knobs());
        missing.addAll(CollectorSide.judge(each, inForce, trustDomain));
        answered++;
      } catch (CommandException e) {
        silent = e;
      }
    }
    if (answered == 0 && silent != null) {
      throw silent;
    }
    return missing;
  }

  private List<Missing> hosts() throws CommandException, ClassAdSyntaxException {
    return HostSide.judge(
        Ads.inLongForm(condor.slots(PadStanding.slots(), PadStanding.ATTRIBUTES)));
  }

  private List<Missing> groups() throws CommandException, ClassAdSyntaxException {
    return NodeJobGroups.judge(
        schedd,
        Ads.inLongForm(condor.jobs(schedd, true, NodeJobGroups.JOBS, NodeJobGroups.ATTRIBUTES)));
  }
}
