package org.vocluster.explain;

import java.time.Instant;
import java.util.Optional;
import org.vocluster.ad.AdTime;
import org.vocluster.ad.CondorAttr;
import org.vocluster.ad.Universe;
import org.vocluster.classad.ClassAd;
import org.vocluster.condor.JobStatus;

/** What explanations read of ads besides plain text: of jobs, and times of other ads too. */
final class JobAd {
  private JobAd() {}

  /** {@code 12.0}. */
  static String id(ClassAd job) {
    return number(job, CondorAttr.CLUSTER_ID) + "." + number(job, CondorAttr.PROC_ID);
  }

  static JobStatus status(ClassAd job) {
    return JobStatus.of((int) number(job, CondorAttr.JOB_STATUS));
  }

  /** A job that does not say is a vanilla one, as for HTCondor's tools. */
  static int universe(ClassAd job) {
    return (int) job.integer(CondorAttr.JOB_UNIVERSE).orElse(Universe.VANILLA);
  }

  /** 0 if there is none. */
  static long number(ClassAd ad, String attribute) {
    return ad.integer(attribute).orElse(0);
  }

  /** A time in seconds since 1970; HTCondor writes 0 where it has none. */
  static Optional<Instant> time(ClassAd ad, String attribute) {
    long seconds = number(ad, attribute);
    return seconds > 0 ? Optional.of(AdTime.of(seconds)) : Optional.empty();
  }

  /** {@code slot1_2@pad1.site.test} is on {@code pad1.site.test}; empty if nothing is said. */
  static String host(ClassAd job, String attribute) {
    String slot = job.string(attribute).orElse("");
    return slot.substring(slot.indexOf('@') + 1);
  }
}
