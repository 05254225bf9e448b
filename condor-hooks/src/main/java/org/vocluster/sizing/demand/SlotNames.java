package org.vocluster.sizing.demand;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.Expr;
import org.vocluster.classad.Mentions;

/**
 * Which attributes of a slot an expression of a job's looks at: those that it names, and those that
 * the attributes which it names look at in turn, on either side. For those who ask on what a
 * judgement rests; {@link Significance} asks the same of jobs. Pure.
 */
final class SlotNames {
  /** A job's ad may be anybody's work: names beyond this are not followed. */
  private static final int MOST = 2000;

  private final ClassAd job;
  private final ClassAd slot;
  private final Set<String> found = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
  private final Set<String> jobSeen = new HashSet<>();
  private final Deque<String> jobOpen = new ArrayDeque<>();
  private final Deque<String> slotOpen = new ArrayDeque<>();

  private SlotNames(ClassAd job, ClassAd slot) {
    this.job = job;
    this.slot = slot;
  }

  /** The names, as they are spelt where they were met first; their case does not matter. */
  static Set<String> of(Expr ofJob, ClassAd job, ClassAd slot) {
    SlotNames search = new SlotNames(job, slot);
    search.inJob(ofJob.mentions());
    while (!search.jobOpen.isEmpty() || !search.slotOpen.isEmpty()) {
      if (!search.jobOpen.isEmpty()) {
        Expr expr = job.expr(search.jobOpen.remove());
        if (expr != null && expr.literal() == null) {
          search.inJob(expr.mentions());
        }
      } else {
        Expr expr = slot.expr(search.slotOpen.remove());
        if (expr != null && expr.literal() == null) {
          search.inSlot(expr.mentions());
        }
      }
    }
    return search.found;
  }

  private void inJob(Mentions mentions) {
    mentions.own().forEach(this::ofJob);
    mentions.target().forEach(this::ofSlot);
    mentions
        .free()
        .forEach(
            name -> {
              if (job.has(name)) {
                ofJob(name);
              } else {
                ofSlot(name);
              }
            });
  }

  private void inSlot(Mentions mentions) {
    mentions.own().forEach(this::ofSlot);
    mentions.target().forEach(this::ofJob);
    mentions
        .free()
        .forEach(
            name -> {
              if (slot.has(name)) {
                ofSlot(name);
              } else {
                ofJob(name);
              }
            });
  }

  private void ofJob(String name) {
    if (jobSeen.size() < MOST && jobSeen.add(name.toLowerCase(Locale.ROOT))) {
      jobOpen.add(name);
    }
  }

  private void ofSlot(String name) {
    if (found.size() < MOST && found.add(name)) {
      slotOpen.add(name);
    }
  }
}
