package org.vocluster.sizing;

import java.time.Instant;

/** Node jobs for tests: {@code ANodeJob.of("cms", 7).running("pad1").build()}. */
final class ANodeJob {
  private final String voc;
  private JobId id;
  private String vo;
  private String shape = "default";
  private String node;
  private String definition = "d";
  private String image = "i";
  private String avoids = "";
  private JobStatus status = JobStatus.IDLE;
  private long since;
  private NodeJob.Run run = NodeJob.Run.NEVER;
  private String holdReason = "";
  private int holdCode;

  private ANodeJob(String voc, int cluster) {
    this.voc = voc;
    this.vo = voc;
    this.id = new JobId(cluster, 0);
    this.node = voc + "-" + cluster;
  }

  /** An idle one in that cluster, named after the VOC and the cluster. */
  static ANodeJob of(String voc, int cluster) {
    return new ANodeJob(voc, cluster);
  }

  ANodeJob vo(String name) {
    vo = name;
    return this;
  }

  ANodeJob node(String name) {
    node = name;
    return this;
  }

  ANodeJob shape(String name) {
    shape = name;
    return this;
  }

  ANodeJob definition(String digest) {
    definition = digest;
    return this;
  }

  ANodeJob image(String digest) {
    image = digest;
    return this;
  }

  ANodeJob avoids(String hosts) {
    avoids = hosts;
    return this;
  }

  ANodeJob status(JobStatus value) {
    status = value;
    return this;
  }

  ANodeJob since(Instant time) {
    since = time.getEpochSecond();
    return this;
  }

  ANodeJob running(String host) {
    status = JobStatus.RUNNING;
    run = new NodeJob.Run(host, 1, 0, "", "");
    return this;
  }

  ANodeJob ran(NodeJob.Run lastRun) {
    run = lastRun;
    return this;
  }

  ANodeJob held(String reason) {
    status = JobStatus.HELD;
    holdReason = reason;
    holdCode = 34;
    return this;
  }

  NodeJob build() {
    return new NodeJob(
        id,
        "",
        voc,
        vo,
        shape,
        node,
        "voc-" + vo,
        definition,
        image,
        avoids,
        status,
        since,
        run,
        holdReason,
        holdCode);
  }
}
