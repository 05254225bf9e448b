package org.vocluster.sizing.reading;

import com.google.common.collect.ImmutableMap;
import org.vocluster.ad.CondorAttr;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.ClassAdSyntaxException;
import org.vocluster.classad.Language;
import org.vocluster.classad.LongForm;
import org.vocluster.classad.Value;
import org.vocluster.condor.JobId;

/**
 * Idle payload jobs that no slot can tell apart.
 *
 * @param attributes what slots can see of them: name to expression in old ClassAd syntax
 * @param idle how many there are, with those that would be materialised if the others started
 * @param example one of them, for messages
 * @param unclear why it cannot be told which nodes would take them; empty if it can
 */
public record JobGroup(
    ImmutableMap<String, String> attributes, int idle, JobId example, String unclear) {
  public JobGroup(ImmutableMap<String, String> attributes, int idle, JobId example) {
    this(attributes, idle, example, "");
  }

  /** An ad of these attributes, as slots see it. */
  public ClassAd ad() {
    ClassAd.Builder ad =
        ClassAd.builder()
            .set(CondorAttr.MY_TYPE, "Job")
            .set(CondorAttr.TARGET_TYPE, CondorAttr.MACHINE);
    attributes.forEach(
        (name, text) -> {
          try {
            ad.set(name, LongForm.parseExpr(text, Language.CONDOR_23_9));
          } catch (ClassAdSyntaxException e) {
            // The schedd accepted it, so it is newer than this parser: unknown, hence error.
            ad.set(name, Value.ERROR);
          }
        });
    return ad.build();
  }
}
