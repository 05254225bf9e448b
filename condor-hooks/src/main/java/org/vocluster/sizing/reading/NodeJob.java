package org.vocluster.sizing.reading;

import java.util.Optional;
import org.vocluster.condor.JobId;
import org.vocluster.condor.JobStatus;
import org.vocluster.vm.definition.ImageDigest;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.definition.ShapeName;
import org.vocluster.vm.definition.VoName;
import org.vocluster.vm.definition.VocName;

/**
 * A node job in the queue, as the sizer's own mirror or another schedd shows it.
 *
 * @param schedd name of the schedd whose queue it is in; empty for the sizer's own
 * @param owner the account it belongs to; a job that merely claims to be a node job has another one
 * @param spec what it was submitted for
 * @param run where it runs or ran last
 */
public record NodeJob(JobId id, String schedd, String owner, Spec spec, State state, Run run) {

  /**
   * What a node job was submitted for. Only {@code avoids} changes afterwards.
   *
   * @param kind of what VOC and of what shape of it the node is
   * @param vo that VOC's VO
   * @param node the node's unique id
   * @param definition digest of what the node is made of, see {@link
   *     org.vocluster.vm.definition.VocDefinition#nodeDigest}
   * @param image SHA-256 of its image; empty if the job does not say
   * @param avoids hosts that its Requirements refuse, with commas
   */
  public record Spec(
      VocShape kind,
      VoName vo,
      NodeId node,
      String definition,
      Optional<ImageDigest> image,
      String avoids) {}

  /**
   * The state of a job in the queue.
   *
   * @param since when it entered that state, in seconds since 1970
   * @param holdReason empty unless held
   * @param holdCode HTCondor's HoldReasonCode, 0 unless held
   */
  public record State(JobStatus status, long since, String holdReason, int holdCode) {
    /** One that is not on hold. */
    public State(JobStatus status, long since) {
      this(status, since, "", 0);
    }
  }

  /**
   * Where a job runs, or ran before it returned to the queue.
   *
   * @param host the machine; empty if it never ran
   * @param starts how often HTCondor has tried to start it (NumShadowStarts)
   * @param vacateCode HTCondor's VacateReasonCode of the last time it returned to the queue, 0 if
   *     it gave none
   * @param vacateReason the same in words
   * @param removeReason why it is being removed (RemoveReason); empty if it is not
   * @param submitted when the job was submitted, in seconds since 1970; 0 if unknown
   * @param launched when its last start began, in seconds since 1970; 0 if there was none
   */
  public record Run(
      String host,
      int starts,
      int vacateCode,
      String vacateReason,
      String removeReason,
      long submitted,
      long launched) {
    public static final Run NEVER = new Run("", 0, 0, "", "");

    /** One of which no times are known. */
    public Run(String host, int starts, int vacateCode, String vacateReason, String removeReason) {
      this(host, starts, vacateCode, vacateReason, removeReason, 0, 0);
    }
  }

  public VocShape kind() {
    return spec.kind;
  }

  public VocName voc() {
    return spec.kind.voc();
  }

  public VoName vo() {
    return spec.vo;
  }

  public ShapeName shape() {
    return spec.kind.shape();
  }

  public NodeId node() {
    return spec.node;
  }

  public String definition() {
    return spec.definition;
  }

  public Optional<ImageDigest> image() {
    return spec.image;
  }

  public String avoids() {
    return spec.avoids;
  }

  public JobStatus status() {
    return state.status;
  }

  public long since() {
    return state.since;
  }

  public String holdReason() {
    return state.holdReason;
  }

  public boolean isGenuine() {
    return owner.equals(spec.vo.account());
  }

  /**
   * How far its node has come.
   *
   * @param inPool whether the collector knows a slot of it
   */
  public NodePhase phase(boolean inPool) {
    return NodePhase.of(state.status, state.holdCode, inPool);
  }

  /** Waiting for a PAD slot, or about to. */
  public boolean isQueued() {
    return phase(false) == NodePhase.QUEUED;
  }

  /** Waiting for its input files: queued, but a schedd never starts it before it has them. */
  public boolean isSpooling() {
    return state.status == JobStatus.HELD && isQueued();
  }

  public boolean isRunning() {
    return phase(false).runs();
  }

  public boolean isHeld() {
    return phase(false) == NodePhase.HELD;
  }

  public boolean isOwn() {
    return schedd.isEmpty();
  }
}
