package org.vocluster.vm.definition;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.ClassAdSyntaxException;
import org.vocluster.classad.EvalContext;
import org.vocluster.classad.Expr;
import org.vocluster.classad.LongForm;
import org.vocluster.classad.NewForm;
import org.vocluster.classad.Value;
import org.vocluster.vm.os.Printable;

/**
 * What a definition says that its nodes' slots say of themselves: names and plain values, {@code
 * NodeAttributes} in the file. Sizing puts them into the slot that jobs are matched against before
 * there is a node, and {@code prepare-job} into the node's own configuration; both go by the rules
 * here, since a job's ad is anybody's word. No name can be one that sizing, the collector or a
 * node's identity rest on, and no text can mean anything to a submit description or to HTCondor's
 * configuration.
 *
 * <p>It is on the way of {@code prepare-job}: no lambda, no stream, no pattern switch.
 *
 * @param ad literals only
 */
public record NodeAttributes(ClassAd ad) {
  public static final NodeAttributes NONE = new NodeAttributes(ClassAd.EMPTY);

  static final int MOST = 64;
  static final int LONGEST_NAME = 64;
  static final int LONGEST_TEXT = 1024;
  static final int MOST_CHARACTERS = 8 * 1024;

  /** What an attribute may not be called, in lower case; beside all that begins with Voc. */
  private static final Set<String> RESERVED = reserved();

  /**
   * What is wrong with one attribute.
   *
   * @param name whose fault it is; empty if it is that of all together
   * @param fault as the end of a sentence that begins with the attribute
   * @param remedy what to do about it
   */
  public record Fault(String name, String fault, String remedy) {}

  /** Fails with {@link IllegalArgumentException} for an ad that has a {@link #fault}. */
  public NodeAttributes {
    Fault fault = faultOf(ad);
    if (fault != null) {
      throw new IllegalArgumentException(
          "NodeAttributes: " + fault.name() + " " + fault.fault() + "; " + fault.remedy());
    }
  }

  /** The first thing that is wrong with an ad as node attributes, if anything is. */
  public static Optional<Fault> fault(ClassAd ad) {
    return Optional.ofNullable(faultOf(ad));
  }

  /**
   * Those of a definition; empty if something is wrong with them, which then is among the problems.
   */
  static Optional<NodeAttributes> in(ClassAd definition, String file, List<Problem> problems) {
    String all = DefinitionAttribute.NODE_ATTRIBUTES.text();
    Expr written = definition.expr(all);
    if (written == null) {
      return Optional.of(NONE);
    }
    if (!(definition.evaluate(all) instanceof Value.AdValue nested)) {
      problems.add(
          new Problem(
              file,
              all,
              Printable.of(NewForm.print(written)),
              "is no list of attributes",
              "give " + DefinitionAttribute.NODE_ATTRIBUTES.example()));
      return Optional.empty();
    }
    Optional<Problem> problem = problem(file, all, nested.ad());
    problem.ifPresent(problems::add);
    return problem.isPresent() ? Optional.empty() : Optional.of(new NodeAttributes(nested.ad()));
  }

  private static Optional<Problem> problem(String file, String all, ClassAd ad) {
    Fault fault = faultOf(ad);
    if (fault == null) {
      return Optional.empty();
    }
    Expr value = fault.name().isEmpty() ? null : ad.expr(fault.name());
    return Optional.of(
        new Problem(
            file,
            fault.name().isEmpty() ? all : all + "." + Printable.of(fault.name()),
            value == null ? "" : Printable.of(NewForm.print(value), 80),
            fault.fault(),
            fault.remedy()));
  }

  private static @Nullable Fault faultOf(ClassAd ad) {
    if (ad.size() > MOST) {
      return new Fault("", "has " + ad.size() + " attributes", "give " + MOST + " at most");
    }
    int characters = 0;
    List<String> names = ad.names();
    for (int i = 0; i < names.size(); i++) {
      Fault fault = fault(names.get(i), Objects.requireNonNull(ad.expr(names.get(i))));
      if (fault != null) {
        return fault;
      }
      characters += names.get(i).length() + text(ad, names.get(i)).length();
    }
    return characters <= MOST_CHARACTERS
        ? null
        : new Fault(
            "",
            "has " + characters + " characters in all",
            "give " + MOST_CHARACTERS + " at most: what is long belongs into the image");
  }

  private static @Nullable Fault fault(String name, Expr expr) {
    if (!isName(name)) {
      return new Fault(
          name,
          "is no name for an attribute",
          "use letters, digits and _, first a letter, at most " + LONGEST_NAME + " characters");
    }
    if (isReserved(name)) {
      return new Fault(
          name,
          "is what HTCondor or VOC itself says of a node",
          "remove it: the machine's shape, its state and its name are told without it");
    }
    Value value = value(expr);
    if (value instanceof Value.Str text) {
      return isText(text.text())
          ? null
          : new Fault(
              name,
              "has a character with a meaning in HTCondor's configuration, or is too long",
              "use printable ASCII without \", \\ and $, at most " + LONGEST_TEXT + " characters");
    }
    boolean plain =
        value instanceof Value.Bool
            || value instanceof Value.Int
            || (value instanceof Value.Real real && Double.isFinite(real.value()));
    return plain
        ? null
        : new Fault(
            name,
            "is no plain value",
            "give a string, a number, true or false; what is worked out in the node belongs into"
                + " the image's own HTCondor configuration");
  }

  /** A literal, or a number with its sign. */
  private static @Nullable Value value(Expr expr) {
    Value literal = expr.literal();
    if (literal != null) {
      return literal;
    }
    String text = expr.toString();
    if (text.length() < 2 || text.charAt(0) != '-') {
      return null;
    }
    for (int i = 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && c != '.' && c != 'e' && c != 'E' && c != '+' && c != '-') {
        return null;
      }
    }
    return expr.evaluate(EvalContext.DEFAULT);
  }

  private static boolean isName(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (!letter && (i == 0 || ((c < '0' || c > '9') && c != '_'))) {
        return false;
      }
    }
    return !name.isEmpty() && name.length() <= LONGEST_NAME;
  }

  private static boolean isText(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c > '~' || c == '"' || c == '\\' || c == '$') {
        return false;
      }
    }
    return text.length() <= LONGEST_TEXT;
  }

  /** Whether a slot's attribute of that name is not a definition's to say. */
  public static boolean isReserved(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.startsWith("voc") || RESERVED.contains(lower);
  }

  public boolean isEmpty() {
    return ad.isEmpty();
  }

  /** The names, as they are spelt. */
  public List<String> names() {
    return ad.names();
  }

  /** One of the values, in HTCondor's old syntax: a single line without a dollar sign. */
  public String text(String name) {
    return text(ad, name);
  }

  private static String text(ClassAd ad, String name) {
    return LongForm.print(Objects.requireNonNull(ad.expr(name)));
  }

  /** All of them as one value, for an attribute of an ad. */
  public Expr asExpression() {
    try {
      return Expr.parse(NewForm.print(ad));
    } catch (ClassAdSyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** All of them in one order, whatever the file's: empty if there are none. */
  String canonical() {
    List<String> sorted = names().stream().sorted(String.CASE_INSENSITIVE_ORDER).toList();
    StringBuilder out = new StringBuilder();
    for (String name : sorted) {
      out.append(out.isEmpty() ? "[ " : "; ").append(name).append(" = ").append(text(name));
    }
    return out.isEmpty() ? "" : out.append(" ]").toString();
  }

  private static Set<String> reserved() {
    String[] words =
        (
            // What a node is, and where.
            "MyType TargetType Name Machine MyAddress AddressV1 StartdIpAddr PublicNetworkIpAddr"
                + " AuthenticatedIdentity AuthenticationMethod SlotID SlotType SlotTypeID"
                + " PartitionableSlot DynamicSlot ParentSlotId CcbId CondorVersion"
                + " CondorPlatform Arch OpSys UidDomain FileSystemDomain TrustDomain"
                // How much of it there is, and what it is worth.
                + " Cpus Memory Disk GPUs Swap VirtualMemory TotalCpus TotalMemory TotalDisk"
                + " TotalGPUs TotalSlotCpus TotalSlotMemory TotalSlotDisk TotalSlotGPUs"
                + " DetectedCpus DetectedMemory DetectedGPUs AssignedGPUs AvailableGPUs"
                + " MachineResources SlotWeight TotalSlots"
                // What it does, and how the collector knows.
                + " State Activity EnteredCurrentState EnteredCurrentActivity"
                + " EnteredCurrentStatus LastHeardFrom ClassAdLifetime UpdateSequenceNumber"
                + " DaemonStartTime MyCurrentTime Offline Absent Draining Healthy CpuBusy"
                + " LoadAvg CondorLoadAvg KeyboardIdle ConsoleIdle"
                // Whom it takes, and for how long: the image's own policy.
                + " Start Requirements WithinResourceLimits Rank CurrentRank Preempt Suspend"
                + " Continue Kill IsOwner MaxJobRetirementTime MachineMaxVacateTime"
                + " WantSuspend WantVacate WantHold Want_Suspend Want_Vacate Want_Hold"
                + " Want_Hold_Reason Want_Hold_Subcode Claim_Worklife Periodic_Checkpoint"
                + " RunBenchmarks Hibernate Unhibernate FetchWorkDelay ClaimId PublicClaimId"
                + " Capability ClaimIds ClaimIdList"
                // What follows SLOT_TYPE_1_ in HTCondor's own settings.
                + " Partitionable Consumption_Policy Num_Claims Name_Prefix Backfill Hidden"
                + " Slot_Weight Startd_Attrs Startd_Exprs Start_Backfill Evict_Backfill"
                // An attribute of such a name would go before the scope or the word it names.
                + " My Target Self Parent True False Undefined Error")
            .split(" ", -1);
    Set<String> reserved = new HashSet<>();
    for (String word : words) {
      reserved.add(word.toLowerCase(Locale.ROOT));
    }
    return reserved;
  }
}
