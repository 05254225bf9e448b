package org.vocluster.sizing.standing;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.vocluster.ad.Attr;
import org.vocluster.ad.CondorAttr;
import org.vocluster.ad.Constraints;
import org.vocluster.ad.Universe;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.EvalContext;
import org.vocluster.classad.Expr;
import org.vocluster.classad.LongForm;
import org.vocluster.classad.Value;

/**
 * What a PAD host's slot shows of the configuration in force there. A host whose site file assigns
 * a list that ours add to is a PAD host by name only. Pure.
 */
public final class PadStanding {
  /** What of a slot's ad is looked at. */
  public static final List<String> ATTRIBUTES =
      List.of(
          CondorAttr.MACHINE,
          Attr.DOMAIN,
          Attr.HEARTBEAT,
          Attr.BUSY_NODES,
          CondorAttr.START,
          CondorAttr.MY_CURRENT_TIME,
          CondorAttr.DAEMON_START_TIME);

  /**
   * A slot's ad may be so old, in seconds, before it has what a program of the startd's said: its
   * UPDATE_INTERVAL, and some.
   */
  private static final long ROUND_SECONDS = 400;

  /** A program that says something every 15 s, and has said nothing for so long, hangs. */
  private static final long SILENT_SECONDS = 900;

  /** Somebody's who would run a node under an account that is no VO's. */
  private static final ClassAd FALSE_NODE_JOB =
      ClassAd.builder()
          .set(CondorAttr.OWNER, "nobody")
          .set(CondorAttr.JOB_UNIVERSE, Universe.VANILLA)
          .set(Attr.VO, "vo")
          .set(Attr.NODE_JOB, true)
          .build();

  private PadStanding() {}

  /** What is not in force on a host. */
  public enum Fault {
    /** {@code advertise} does not run, so that nothing is known of images there. */
    NO_ADVERTISING("STARTD_CRON_JOBLIST", "VOC_PAD"),
    /** {@code node-states} does not run, so that preemption cannot tell idle nodes from busy. */
    NO_NODE_STATES("STARTD_CRON_JOBLIST", "VOC_NODES"),
    /** Its START is not bounded by ours. */
    OPEN_START("START", "VOC_PAD_START");

    private final String knob;
    private final String member;

    Fault(String knob, String member) {
      this.knob = knob;
      this.member = member;
    }

    /** The setting of HTCondor's that lacks something. */
    public String knob() {
      return knob;
    }

    /** What it lacks. */
    public String member() {
      return member;
    }

    /** Where to look on that host, for whoever mends it. */
    public String look(String host) {
      return "`condor_config_val -name " + host + " -startd -v " + knob + "`";
    }
  }

  /** What is not in force on the host of this slot of a PAD host, as far as its ad shows it. */
  public static Set<Fault> faults(ClassAd slot, EvalContext context) {
    Set<Fault> faults = EnumSet.noneOf(Fault.class);
    if (!advertises(slot)) {
      faults.add(Fault.NO_ADVERTISING);
    }
    if (!slot.has(Attr.BUSY_NODES)) {
      faults.add(Fault.NO_NODE_STATES);
    }
    if (isOpen(slot, context)) {
      faults.add(Fault.OPEN_START);
    }
    return faults;
  }

  /** Whether {@code advertise} has said something there lately, all times by that host's clock. */
  public static boolean advertises(ClassAd slot) {
    long now = slot.integer(CondorAttr.MY_CURRENT_TIME).orElse(0);
    return slot.has(Attr.HEARTBEAT)
        && (now == 0 || now - slot.integer(Attr.HEARTBEAT).orElse(now) < SILENT_SECONDS);
  }

  /** Whether the ad may be of a time before the startd's programs had said anything. */
  public static boolean isYoung(ClassAd slot) {
    long started = slot.integer(CondorAttr.DAEMON_START_TIME).orElse(0);
    return started > 0
        && slot.integer(CondorAttr.MY_CURRENT_TIME).orElse(Long.MAX_VALUE) - started
            < ROUND_SECONDS;
  }

  /** Our part names what tells node jobs; a START that does not, or that lets any in, lacks it. */
  private static boolean isOpen(ClassAd slot, EvalContext context) {
    Expr start = slot.expr(CondorAttr.START);
    if (start == null) {
      return false;
    }
    boolean named =
        LongForm.print(start)
            .toLowerCase(Locale.ROOT)
            .contains(Attr.NODE_JOB.toLowerCase(Locale.ROOT));
    return !named
        || slot.evaluate(CondorAttr.START, FALSE_NODE_JOB, context).equals(Value.Bool.TRUE);
  }

  /** Slots that {@link #faults} is about; of a host that has lost its domain by a list, too. */
  public static String slots() {
    return "("
        + Constraints.pads()
        + " || ("
        + Attr.DOMAIN
        + " =?= undefined && "
        + Attr.HEARTBEAT
        + " =!= undefined)) && "
        + CondorAttr.SLOT_TYPE
        + " =!= \"Dynamic\"";
  }
}
