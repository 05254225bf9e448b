package org.vocluster.sizing.demand;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.vocluster.ad.Attr;
import org.vocluster.ad.CondorAttr;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.ClassAdSyntaxException;
import org.vocluster.classad.Expr;
import org.vocluster.classad.Language;
import org.vocluster.classad.LongForm;
import org.vocluster.classad.Mentions;

/**
 * Which attributes of a job decide whether slots take it, and what it takes of them: those that its
 * Requirements and the slots' Requirements name, and those that these name in turn, on either side.
 * Two jobs that agree in all of them are alike to every slot. Attributes that an expression can
 * reach without spelling them, as {@code eval()} does, cannot be found; then all are significant.
 * Rank is not followed: it chooses among slots that take the job.
 *
 * <p>This is what HTCondor's {@code SIGNIFICANT_ATTRIBUTES} are for the negotiator, found for each
 * job by itself: an attribute that only one job's Requirements name does not divide the others. The
 * queue tells its jobs apart by it; {@link Demand} trusts that it left nothing out.
 */
public final class Significance {
  /**
   * Where every search begins: what a job asks for, whose it is, from when on and how long the
   * schedd would run it ({@code Runnable()} in {@code qmgmt.cpp}).
   */
  public static final List<String> ALWAYS =
      List.of(
          CondorAttr.REQUIREMENTS,
          Attr.VO,
          CondorAttr.REQUEST_CPUS,
          CondorAttr.REQUEST_MEMORY,
          CondorAttr.REQUEST_DISK,
          CondorAttr.REQUEST_GPUS,
          CondorAttr.JOB_COOL_DOWN_EXPIRATION,
          CondorAttr.DEFERRAL_TIME,
          Attr.RUN_SECONDS,
          CondorAttr.ALLOWED_EXECUTE_DURATION,
          CondorAttr.ALLOWED_JOB_DURATION,
          // An attribute of such a name would go before the scope it names.
          "MY",
          "TARGET",
          "SELF");

  /**
   * What Requirements and requests look at that condor_submit writes. Kept from the start, so that
   * a log is read once.
   */
  public static final List<String> LIKELY =
      List.of(
          CondorAttr.DISK_USAGE,
          "ImageSize",
          "MemoryUsage",
          "ResidentSetSize",
          CondorAttr.FILE_SYSTEM_DOMAIN,
          CondorAttr.ARCH,
          CondorAttr.OP_SYS,
          CondorAttr.OP_SYS_AND_VER,
          CondorAttr.OP_SYS_MAJOR_VER,
          CondorAttr.CPUS,
          CondorAttr.MEMORY,
          CondorAttr.DISK,
          "HasFileTransfer",
          CondorAttr.SCHEDD_INTERVAL,
          CondorAttr.DEFERRAL_PREP_TIME,
          CondorAttr.DEFERRAL_WINDOW);

  private static final int MOST_KNOWN_TEXTS = 50_000;
  private static final Mentions NOTHING = new Mentions(Set.of(), Set.of(), Set.of(), false);

  /** What the slots' attributes name, those of all slots together; lower-case names. */
  private final Map<String, Mentions> slots;

  private final Map<String, Mentions> known = new HashMap<>();

  /**
   * What matters of one job.
   *
   * @param names lower-case names of the attributes, whether the job has them or not
   * @param unknown those of {@code names} whose values could not be looked at
   * @param all whether every attribute matters, because names are computed
   */
  public record Reach(List<String> names, List<String> unknown, boolean all) {}

  public Significance(Collection<ClassAd> slots) {
    this.slots = new TreeMap<>();
    for (ClassAd slot : slots) {
      for (String name : slot.names()) {
        Expr expr = slot.expr(name);
        if (expr != null && expr.literal() == null) {
          Mentions mentions = expr.mentions();
          if (!mentions.equals(NOTHING)) {
            this.slots.merge(name.toLowerCase(Locale.ROOT), mentions, Significance::union);
          }
        }
      }
    }
  }

  /**
   * What matters of a job.
   *
   * @param value an attribute's expression in old ClassAd syntax, null if the job has none
   * @param isKnown whether {@code value} can tell; asked with lower-case names
   */
  public Reach of(Function<String, @Nullable String> value, Predicate<String> isKnown) {
    Search search = new Search(value, isKnown);
    ALWAYS.forEach(search::job);
    search.slot(CondorAttr.REQUIREMENTS);
    search.run();
    return new Reach(search.names, search.unknown, search.all);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Significance s && s.slots.equals(slots);
  }

  @Override
  public int hashCode() {
    return slots.hashCode();
  }

  private Mentions mentions(String text) {
    if (isPlain(text)) {
      return NOTHING;
    }
    if (known.size() > MOST_KNOWN_TEXTS) {
      known.clear();
    }
    return known.computeIfAbsent(text, Significance::read);
  }

  private static Mentions read(String text) {
    try {
      return LongForm.parseExpr(text, Language.CONDOR_23_9).mentions();
    } catch (ClassAdSyntaxException e) {
      // To the matching, too, such an attribute is an error, whatever it names.
      return NOTHING;
    }
  }

  /** A number or a string without escapes: most values. */
  private static boolean isPlain(String text) {
    if (text.length() >= 2 && text.charAt(0) == '"') {
      return text.indexOf('"', 1) == text.length() - 1;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && c != '.') {
        return false;
      }
    }
    return true;
  }

  private static Mentions union(Mentions a, Mentions b) {
    return a.equals(b)
        ? a
        : new Mentions(
            union(a.own(), b.own()),
            union(a.target(), b.target()),
            union(a.free(), b.free()),
            a.computed() || b.computed());
  }

  private static Set<String> union(Set<String> a, Set<String> b) {
    Set<String> both = new HashSet<>(a);
    both.addAll(b);
    return both;
  }

  private final class Search {
    private final Function<String, @Nullable String> value;
    private final Predicate<String> isKnown;
    private final List<String> names = new ArrayList<>();
    private final List<String> unknown = new ArrayList<>();
    private final Set<String> jobSeen = new HashSet<>();
    private final Set<String> slotSeen = new HashSet<>();
    private final Deque<String> jobOpen = new ArrayDeque<>();
    private final Deque<String> slotOpen = new ArrayDeque<>();
    private boolean all;

    Search(Function<String, @Nullable String> value, Predicate<String> isKnown) {
      this.value = value;
      this.isKnown = isKnown;
    }

    void job(String name) {
      String lower = name.toLowerCase(Locale.ROOT);
      if (jobSeen.add(lower)) {
        jobOpen.add(lower);
      }
    }

    void slot(String name) {
      String lower = name.toLowerCase(Locale.ROOT);
      if (slotSeen.add(lower)) {
        slotOpen.add(lower);
      }
    }

    void run() {
      while (!jobOpen.isEmpty() || !slotOpen.isEmpty()) {
        while (!jobOpen.isEmpty()) {
          String name = jobOpen.remove();
          names.add(name);
          if (!isKnown.test(name)) {
            unknown.add(name);
            continue;
          }
          String text = value.apply(name);
          if (text != null) {
            Mentions mentions = mentions(text);
            mentions.own().forEach(this::job);
            mentions.target().forEach(this::slot);
            follow(mentions);
          }
        }
        while (!slotOpen.isEmpty()) {
          Mentions mentions = slots.get(slotOpen.remove());
          if (mentions != null) {
            mentions.own().forEach(this::slot);
            mentions.target().forEach(this::job);
            follow(mentions);
          }
        }
      }
    }

    private void follow(Mentions mentions) {
      mentions.free().forEach(this::job);
      mentions.free().forEach(this::slot);
      all |= mentions.computed();
    }
  }
}
