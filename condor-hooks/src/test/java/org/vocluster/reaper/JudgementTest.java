package org.vocluster.reaper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vocluster.ad.Ads;
import org.vocluster.classad.ClassAd;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.definition.VoName;

class JudgementTest {
  private static final String PAYLOAD =
      "VocVO = \"cms\"; JobStatus = 2; JobUniverse = 5; RemoteHost = \"slot1_2@cms-a\"; ShadowBday ="
          + " 100";
  private static final String NODE =
      "Owner = \"voc-cms\"; VocVO = \"cms\"; VocNode = \"cms-a\"; JobStatus = ";
  private static final NodeId A = new NodeId("cms-a");

  @Test
  void jobThatRunsInANodeIsPayload() {
    Judgement.Payload expected = new Judgement.Payload(new VoName("cms"), A, 100);
    assertEquals(Optional.of(expected), Judgement.payload(ad(PAYLOAD)));
    assertEquals(
        Optional.of(expected), Judgement.payload(ad(PAYLOAD + "; VocNodeJob = undefined")));
  }

  /** Its shadow waits for the lease in each of these states. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 6, 7})
  void jobThatWasRemovedOrHeldWhileItsShadowWaitsIsPayload(int status) {
    assertTrue(Judgement.payload(ad(PAYLOAD + "; JobStatus = " + status)).isPresent());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "VocVO = undefined",
        "VocVO = 7",
        "VocVO = \"no VO\"",
        "VocNodeJob = true",
        "VocNodeJob = ifThenElse(isUndefined(TARGET.MyType), true, undefined)",
        "VocNodeJob = 1",
        "JobUniverse = 7",
        "JobUniverse = 12",
        "JobStatus = 4",
        "JobStatus = undefined",
        "RemoteHost = \"slot1@pad1.example.org\"",
        "RemoteHost = undefined",
        "RemoteHost = \"\"",
        "ShadowBday = undefined",
        "ShadowBday = \"100\""
      })
  void whatIsNoRunningPayloadIsNone(String line) {
    ClassAd job = ad(PAYLOAD + "; " + line);
    assertEquals(Optional.empty(), Judgement.payload(job));
    assertTrue(!Judgement.noPayload(job).isEmpty());
  }

  @ParameterizedTest
  @CsvSource({
    // A node job's state, whether a shadow looks after it, whether it counts as ended.
    "1, false, true",
    "1, true, false",
    "2, true, false",
    "2, false, false",
    "3, true, false",
    "3, false, true",
    "4, true, true",
    "4, false, true",
    "5, true, false",
    "5, false, true",
    "6, true, false",
    "7, true, false",
    "0, false, false"
  })
  void nodeHasEndedIfNoShadowLooksAfterItsJob(int status, boolean watched, boolean ended) {
    String job = NODE + status + (watched ? "; RemoteHost = \"slot1_1@pad1\"" : "");
    assertEquals(ended, isLost(Set.of(), ad(job)));
    // That another job was that node before changes nothing.
    assertEquals(ended, isLost(Set.of(A), ad(job)));
  }

  @Test
  void nodeWhoseJobHasLeftTheQueueHasEnded() {
    assertTrue(isLost(Set.of(A)));
  }

  @Test
  void nodeThatThisScheddNeverHadMayLiveElsewhere() {
    assertEquals(
        new Judgement.Refused("node cms-a was never a job of this schedd"),
        Judgement.of(payload(), List.of(), Set.of(new NodeId("cms-b"))));
  }

  @Test
  void oneLivingJobOfTheNodeIsEnough() {
    assertEquals(
        new Judgement.Refused("node cms-a has not ended"),
        Judgement.of(payload(), List.of(ad(NODE + 4), ad(NODE + 2)), Set.of(A)));
  }

  @Test
  void nodeOfAnotherVoSaysNothing() {
    assertEquals(
        new Judgement.Refused("node cms-a is not of its VO"),
        Judgement.of(payload(), List.of(ad(NODE + 4 + "; Owner = \"alice\"")), Set.of(A)));
    assertEquals(
        new Judgement.Refused("node cms-a is not of its VO"),
        Judgement.of(
            payload(),
            List.of(ad(NODE + 4 + "; Owner = \"voc-atlas\"; VocVO = \"atlas\"")),
            Set.of()));
  }

  private static Judgement.Payload payload() {
    return Judgement.payload(ad(PAYLOAD)).orElseThrow();
  }

  private static boolean isLost(Set<NodeId> past, ClassAd... nodeJobs) {
    return Judgement.of(payload(), Arrays.asList(nodeJobs), past)
        .equals(new Judgement.Lost(payload()));
  }

  /** Of lines with semicolons between; of two for an attribute the later counts. */
  static ClassAd ad(String lines) {
    return Ads.goodInLongForm(lines.replace("; ", "\n") + "\n").getFirst();
  }
}
