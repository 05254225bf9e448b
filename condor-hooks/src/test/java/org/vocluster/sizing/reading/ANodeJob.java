package org.vocluster.sizing.reading;

import java.time.Instant;
import java.util.Optional;
import org.vocluster.condor.JobId;
import org.vocluster.condor.JobStatus;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.definition.ShapeName;
import org.vocluster.vm.definition.VoName;
import org.vocluster.vm.definition.VocName;

/** Node jobs for tests: {@code ANodeJob.of("cms", 7).running("pad1").build()}. */
public final class ANodeJob {
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
  public static ANodeJob of(String voc, int cluster) {
    return new ANodeJob(voc, cluster);
  }

  ANodeJob vo(String name) {
    vo = name;
    return this;
  }

  public ANodeJob node(String name) {
    node = name;
    return this;
  }

  public ANodeJob shape(String name) {
    shape = name;
    return this;
  }

  public ANodeJob definition(String digest) {
    definition = digest;
    return this;
  }

  /** With the image that tests call by that word, see {@link AnImage}. */
  public ANodeJob image(String word) {
    image = word;
    return this;
  }

  ANodeJob avoids(String hosts) {
    avoids = hosts;
    return this;
  }

  public ANodeJob status(JobStatus value) {
    status = value;
    return this;
  }

  public ANodeJob since(Instant time) {
    since = time.getEpochSecond();
    return this;
  }

  public ANodeJob running(String host) {
    status = JobStatus.RUNNING;
    run = new NodeJob.Run(host, 1, 0, "", "");
    return this;
  }

  public ANodeJob ran(NodeJob.Run lastRun) {
    run = lastRun;
    return this;
  }

  public ANodeJob held(String reason) {
    return held(34, reason);
  }

  public ANodeJob held(int code, String reason) {
    status = JobStatus.HELD;
    holdReason = reason;
    holdCode = code;
    return this;
  }

  public NodeJob build() {
    return new NodeJob(
        id,
        "",
        "voc-" + vo,
        new NodeJob.Spec(
            new VocShape(new VocName(voc), new ShapeName(shape)),
            new VoName(vo),
            new NodeId(node),
            definition,
            Optional.of(AnImage.of(image)),
            avoids),
        new NodeJob.State(status, since, holdReason, holdCode),
        run);
  }
}
