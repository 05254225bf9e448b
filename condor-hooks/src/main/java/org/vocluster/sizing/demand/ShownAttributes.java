package org.vocluster.sizing.demand;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.vocluster.ad.Attr;
import org.vocluster.ad.CondorAttr;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.ClassAdSyntaxException;
import org.vocluster.classad.EvalContext;
import org.vocluster.classad.Expr;
import org.vocluster.classad.Mentions;
import org.vocluster.classad.NewForm;
import org.vocluster.classad.Value;
import org.vocluster.condor.Resources;
import org.vocluster.vm.definition.NodeId;

/**
 * What of a node's slot ad holds for all nodes of its kind: everything but what is that one node's
 * own, such as names, addresses, times, state and load. A node's root is a VO's: of its ad only
 * plain values are taken, lists and ads of such, and one expression, the image's START, if jobs can
 * be told apart by it; all of it is bounded. Pure.
 */
final class ShownAttributes {
  static final int MOST = 400;
  static final int MOST_CHARACTERS = 32 * 1024;
  private static final int LONGEST = 4096;
  private static final int MOST_ELEMENTS = 128;
  private static final int DEEPEST = 2;
  private static final Pattern SIGNED = Pattern.compile("-[0-9.]+([eE][-+]?[0-9]+)?");
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  /** Attributes of jobs that an image's START may look at: each divides the queue's groups. */
  private static final int MOST_LOOKED_AT = 32;

  private static final String OF_SLOT = "TotalSlot";
  private static final String AVAILABLE = "Available";

  /** What is one node's own, in lower case. */
  private static final Set<String> OWN =
      words(
          "Name Machine MyType TargetType MyAddress MyCurrentTime LoadAvg KeyboardIdle"
              + " ConsoleIdle StartdIpAddr AddressV1 HardwareAddress SubnetMask"
              + " UtsnameNodename StartdName PrivateNetworkName CCBAddress AuthenticatedIdentity"
              + " AuthenticationMethod State Activity SlotID SlotType SlotTypeID"
              + " PartitionableSlot DynamicSlot UpdateSequenceNumber CurrentTime ClassAdLifetime"
              + " Requirements Start WithinResourceLimits Rank CurrentRank Cpus Memory Disk GPUs"
              + " Swap VirtualMemory TotalVirtualMemory TotalCpus TotalMemory TotalDisk TotalGPUs"
              + " TotalSlots TotalSlotCpus TotalSlotMemory TotalSlotDisk TotalSlotGPUs"
              + " DetectedCpus DetectedMemory CpuBusy IsOwner Draining Offline Absent"
              + " RetirementTimeRemaining NextFetchWorkDelay Arch OpSys AssignedGPUs"
              + " AccountingGroup GlobalJobId Capability");

  /** Beginnings of HTCondor's own names of such; a VO's own must not be taken for one. */
  private static final Set<String> OWN_BEGINNINGS =
      words(
          "Entered LastHeardFrom LastFetch LastBenchmark LastDrain Recent JobId JobStart JobUniverse"
              + " JobPreemptions JobRankPreemptions JobUserPrioPreemptions JobBusyTime JobDuration"
              + " MonitorSelf Updates Child ClockMin ClockDay RemoteOwner RemoteUser RemoteGroup"
              + " RemoteNegotiatingGroup RemoteScheddName ClientMachine ClaimId PublicClaimId"
              + " DaemonStart DaemonLast DaemonCore ExpectedMachine Preempting NumPids NumClaims"
              + " NumDynamicSlots TimeToLive ConcurrencyLimit TotalTime TotalJob TotalPreempt"
              + " TotalClaim CpuBusyTime CondorLoadAvg TotalLoadAvg TotalCondorLoadAvg");

  private ShownAttributes() {}

  /** What a slot that can be split shows of the others of its kind. */
  static ClassAd of(ClassAd slot, NodeId node) {
    ClassAd.Builder kept = ClassAd.builder();
    // Its memory and disk are never quite the whole: what is free of them goes up and down.
    Resources left = Resources.offered(slot);
    Resources all = Resources.whole(slot);
    boolean whole = left.cpus() == all.cpus() && left.gpus() == all.gpus();
    for (String name : slot.names()) {
      String lower = name.toLowerCase(Locale.ROOT);
      if (isOwn(lower) || lower.startsWith("voc")) {
        continue;
      }
      // What is left of a resource is not what an empty node has.
      boolean ofRest = lower.startsWith(AVAILABLE.toLowerCase(Locale.ROOT));
      Expr value = whole || !ofRest ? plain(slot, name, node) : null;
      if (value != null) {
        kept.set(name, value);
      }
    }
    for (String name : slot.names()) {
      if (name.regionMatches(true, 0, OF_SLOT, 0, OF_SLOT.length())
          && !OWN.contains(name.toLowerCase(Locale.ROOT))
          && slot.evaluate(name) instanceof Value.Int amount) {
        kept.set(name.substring(OF_SLOT.length()), amount);
      }
    }
    return withStart(slot, kept.build());
  }

  /** The same of what was kept before: it is believed no more than a node is. */
  static ClassAd kept(ClassAd shown, NodeId node) {
    ClassAd.Builder kept = ClassAd.builder();
    for (String name : shown.names()) {
      String lower = name.toLowerCase(Locale.ROOT);
      Expr value = isOwn(lower) || lower.startsWith("voc") ? null : plain(shown, name, node);
      if (value != null) {
        kept.set(name, value);
      }
    }
    return withStart(shown, kept.build());
  }

  private static ClassAd withStart(ClassAd slot, ClassAd kept) {
    return bounded(
        imageStart(slot, kept).map(start -> kept.with(Attr.IMAGE_START, start)).orElse(kept));
  }

  /** The first of them, by their names, that are not too many. */
  static ClassAd bounded(ClassAd attributes) {
    List<String> names = attributes.names().stream().sorted(String.CASE_INSENSITIVE_ORDER).toList();
    ClassAd.Builder bounded = ClassAd.builder();
    int characters = 0;
    int count = 0;
    for (String name : names) {
      Expr value = attributes.expr(name);
      int length = value == null ? 0 : name.length() + NewForm.print(value).length();
      if (value != null && count < MOST && characters + length <= MOST_CHARACTERS) {
        bounded.set(name, value);
        characters += length;
        count++;
      }
    }
    return bounded.build();
  }

  private static boolean isOwn(String lower) {
    return OWN.contains(lower) || OWN_BEGINNINGS.stream().anyMatch(lower::startsWith);
  }

  /** The value as a literal, if it is one or is made of such, and says nothing of this one node. */
  private static @Nullable Expr plain(ClassAd ad, String name, NodeId node) {
    Expr expr = ad.expr(name);
    if (expr == null || name.length() > LONGEST) {
      return null;
    }
    if (expr.literal() != null) {
      return isPlain(expr.literal(), node) ? expr : null;
    }
    String value = written(expr, ad, node, 0);
    return value == null || value.length() > LONGEST ? null : parsed(value);
  }

  private static boolean isPlain(Value value, NodeId node) {
    return switch (value) {
      case Value.Bool bool -> true;
      case Value.Int number -> true;
      case Value.Real number -> Double.isFinite(number.value());
      case Value.Str text -> text.text().length() <= LONGEST && !text.text().contains(node.value());
      default -> false;
    };
  }

  /** A value in new syntax; null if it is none to keep. No function is called for it. */
  private static @Nullable String written(Expr expr, ClassAd ad, NodeId node, int level) {
    Value literal = expr.literal();
    if (literal != null) {
      return isPlain(literal, node) ? literal.toString() : null;
    }
    if (level > DEEPEST) {
      return null;
    }
    String text = expr.toString();
    if (isOneBracket(text)) {
      // A list or an ad that is spelt out: to evaluate it evaluates nothing in it.
      return switch (expr.evaluate(ad, EvalContext.DEFAULT)) {
        case Value.ListValue list -> written(list.expressions(), ad, node, level);
        case Value.AdValue nested -> written(nested.ad(), node);
        default -> null;
      };
    }
    if (SIGNED.matcher(text).matches()) {
      return text;
    }
    // As HTCondor publishes GPUs: a list of names, each with an ad.
    Expr named = NAME.matcher(text).matches() ? ad.expr(text) : null;
    return named == null ? null : written(named, ad, node, level + 1);
  }

  /** Whether what a bracket at the beginning opens ends with the text and not before. */
  private static boolean isOneBracket(String text) {
    if (!text.startsWith("{") && !text.startsWith("[")) {
      return false;
    }
    int depth = 0;
    char quote = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quote != 0) {
        if (c == '\\') {
          i++;
        } else if (c == quote) {
          quote = 0;
        }
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if ("{[(".indexOf(c) >= 0) {
        depth++;
      } else if ("}])".indexOf(c) >= 0) {
        depth--;
        if (depth == 0) {
          return i == text.length() - 1;
        }
      }
    }
    return false;
  }

  private static @Nullable String written(List<Expr> elements, ClassAd ad, NodeId node, int level) {
    if (elements.size() > MOST_ELEMENTS) {
      return null;
    }
    StringBuilder out = new StringBuilder();
    for (Expr element : elements) {
      String text = written(element, ad, node, level + 1);
      if (text == null || out.length() > LONGEST) {
        return null;
      }
      out.append(out.isEmpty() ? "{ " : ", ").append(text);
    }
    return out.isEmpty() ? "{ }" : out.append(" }").toString();
  }

  /** An ad's plain values; the rest of it is left out. */
  private static String written(ClassAd nested, NodeId node) {
    StringBuilder out = new StringBuilder();
    List<String> names = nested.names();
    for (String name : names.subList(0, Math.min(MOST_ELEMENTS, names.size()))) {
      Expr expr = nested.expr(name);
      Value literal = expr == null ? null : expr.literal();
      if (literal != null && isPlain(literal, node)) {
        out.append(out.isEmpty() ? "[ " : "; ")
            .append(NewForm.print(Expr.attribute(name)))
            .append(" = ")
            .append(literal);
      }
    }
    return out.isEmpty() ? "[ ]" : out.append(" ]").toString();
  }

  private static @Nullable Expr parsed(String text) {
    try {
      return Expr.parse(text);
    } catch (ClassAdSyntaxException e) {
      return null;
    }
  }

  /**
   * The image's START, as far as it can be judged of a node that does not exist; else it is taken
   * that it lets jobs start.
   */
  private static Optional<Expr> imageStart(ClassAd slot, ClassAd kept) {
    Expr start = slot.expr(Attr.IMAGE_START);
    if (start == null || NewForm.print(start).length() > LONGEST) {
      return Optional.empty();
    }
    Mentions mentions = start.mentions();
    boolean judged =
        !mentions.computed() && mentions.target().size() + mentions.free().size() <= MOST_LOOKED_AT;
    Set<String> ofSlot = new HashSet<>(mentions.own());
    ofSlot.addAll(mentions.free());
    for (String name : ofSlot) {
      judged &= !slot.has(name) || kept.has(name) || isAmount(name);
    }
    return judged ? Optional.of(start) : Optional.empty();
  }

  /** What a prototype has of itself. */
  private static boolean isAmount(String name) {
    return List.of(
            CondorAttr.CPUS,
            CondorAttr.MEMORY,
            CondorAttr.DISK,
            CondorAttr.GPUS,
            CondorAttr.TOTAL_CPUS,
            CondorAttr.TOTAL_MEMORY,
            CondorAttr.TOTAL_DISK,
            CondorAttr.TOTAL_GPUS,
            CondorAttr.TOTAL_SLOT_CPUS,
            CondorAttr.TOTAL_SLOT_MEMORY,
            CondorAttr.TOTAL_SLOT_DISK,
            CondorAttr.TOTAL_SLOT_GPUS,
            CondorAttr.DETECTED_CPUS,
            CondorAttr.DETECTED_MEMORY,
            CondorAttr.PARTITIONABLE_SLOT,
            CondorAttr.STATE,
            CondorAttr.ACTIVITY,
            Attr.VO,
            Attr.DEATH_TIME)
        .stream()
        .anyMatch(name::equalsIgnoreCase);
  }

  private static Set<String> words(String words) {
    Set<String> all = new HashSet<>();
    for (String word : words.split(" ", -1)) {
      all.add(word.toLowerCase(Locale.ROOT));
    }
    return all;
  }
}
