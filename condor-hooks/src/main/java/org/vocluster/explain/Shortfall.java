package org.vocluster.explain;

import java.util.ArrayList;
import java.util.List;
import org.vocluster.condor.Resources;

/**
 * A resource of which more is asked for than there is.
 *
 * @param asked in the resource's unit
 * @param offered in the same
 */
record Shortfall(Resource resource, long asked, long offered) {
  /** What slots consist of. */
  enum Resource {
    CPUS("cpus", "request_cpus"),
    MEMORY("MB memory", "request_memory"),
    DISK("MB disk", "request_disk"),
    GPUS("GPUs", "request_gpus");

    private final String unit;
    private final String submitCommand;

    Resource(String unit, String submitCommand) {
      this.unit = unit;
      this.submitCommand = submitCommand;
    }

    String unit() {
      return unit;
    }

    /** What asks for it in a submit file. */
    String submitCommand() {
      return submitCommand;
    }
  }

  /** Everything of which the request wants more; empty if it fits. */
  static List<Shortfall> between(Resources request, Resources offer) {
    List<Shortfall> result = new ArrayList<>();
    add(result, Resource.CPUS, request.cpus(), offer.cpus());
    add(result, Resource.MEMORY, request.memoryMb(), offer.memoryMb());
    add(
        result,
        Resource.DISK,
        Math.ceilDiv(request.diskKb(), Resources.KIB_PER_MIB),
        offer.diskKb() / Resources.KIB_PER_MIB);
    add(result, Resource.GPUS, request.gpus(), offer.gpus());
    return result;
  }

  private static void add(List<Shortfall> to, Resource resource, long asked, long offered) {
    if (asked > offered) {
      to.add(new Shortfall(resource, asked, offered));
    }
  }
}
