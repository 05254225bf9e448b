package org.vocluster.sizing;

import java.util.List;
import org.vocluster.ad.Ads;
import org.vocluster.ad.Attr;
import org.vocluster.sizing.queue.JobQueueMirror;
import org.vocluster.sizing.reading.JobGroup;
import org.vocluster.sizing.reading.RunningPayload;
import org.vocluster.sizing.submit.LostJobs;

/** What the own queue has of payload jobs that run, for {@link LostJobs}. */
record RunningPayloads(JobQueueMirror mirror) implements LostJobs.Queue {
  @Override
  public List<String> hosts() {
    return mirror.hosts();
  }

  @Override
  public List<RunningPayload> payloadOn(String host) {
    return mirror.payloadOn(host);
  }

  @Override
  public int idle(String vo) {
    return mirror.idlePayload().stream()
        .filter(group -> Ads.text(group.ad(), Attr.VO).equals(vo))
        .mapToInt(JobGroup::idle)
        .sum();
  }
}
