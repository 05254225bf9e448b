package org.vocluster.sizing.demand;

import java.util.List;
import org.vocluster.ad.CondorAttr;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.EvalContext;
import org.vocluster.classad.Value;
import org.vocluster.condor.Resources;

/** What a job takes of a node's slot, for {@link Fit} and {@link SlotRequest}. Pure. */
final class JobRequest {
  /** The requests of what every slot has. */
  static final List<String> AMOUNTS =
      List.of(
          CondorAttr.REQUEST_CPUS,
          CondorAttr.REQUEST_MEMORY,
          CondorAttr.REQUEST_DISK,
          CondorAttr.REQUEST_GPUS);

  /** What the name of a request begins with; what is asked for follows. */
  private static final String PREFIX = "Request";

  private JobRequest() {}

  /**
   * What a job takes of a slot, as carved from it. Of a custom resource it takes processors in
   * proportion, so that no more such jobs are counted for a node than it has of the resource.
   *
   * @param whole what an empty node offers
   */
  static Resources of(ClassAd job, ClassAd slot, Resources whole, EvalContext context) {
    Resources request = Resources.requested(job, slot, context).asCarvedFromSlot();
    int cpus = request.cpus();
    for (String name : job.names()) {
      if (isCustom(name)) {
        double asked = number(job.evaluate(name, slot, context));
        double has = slot.number(name.substring(PREFIX.length())).orElse(0);
        if (asked > 0 && has >= asked) {
          int jobs = (int) Math.max(1, Math.min(has / asked, Integer.MAX_VALUE));
          cpus = Math.max(cpus, Math.ceilDiv(whole.cpus(), jobs));
        }
      }
    }
    return new Resources(cpus, request.memoryMb(), request.diskKb(), request.gpus());
  }

  private static boolean isCustom(String name) {
    return name.length() > PREFIX.length()
        && name.regionMatches(true, 0, PREFIX, 0, PREFIX.length())
        && AMOUNTS.stream().noneMatch(name::equalsIgnoreCase);
  }

  private static double number(Value value) {
    return value instanceof Value.Int i ? i.value() : value instanceof Value.Real r ? r.value() : 0;
  }
}
