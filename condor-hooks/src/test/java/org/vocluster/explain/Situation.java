package org.vocluster.explain;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.ClassAdSyntaxException;
import org.vocluster.classad.Expr;
import org.vocluster.classad.NewForm;
import org.vocluster.vm.definition.VocDefinition;

/**
 * Facts for tests: an idle job of alice's, who is in VO cms, two minutes old; and what is added.
 */
final class Situation {
  static final long NOW = 1_800_000_000L;
  static final String IMAGE = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

  private ClassAd job =
      ad(
          """
          [ ClusterId = 12; ProcId = 0; Owner = "alice"; VocVO = "cms"; JobStatus = 1;
            JobUniverse = 5; EnteredCurrentStatus = %d; RequestCpus = 1; RequestMemory = 500;
            RequestDisk = 1024;
            Requirements = (TARGET.VocVO =?= MY.VocVO) && (TARGET.OpSys == "LINUX") ]
          """
              .formatted(NOW - 120));
  private boolean past;
  private boolean nowhere;
  private final List<VocDefinition> definitions = new ArrayList<>();
  private final Map<String, List<String>> broken = new LinkedHashMap<>();
  private final List<ClassAd> vocAds = new ArrayList<>();
  private final List<ClassAd> nodeJobs = new ArrayList<>();
  private final List<ClassAd> nodeSlots = new ArrayList<>();
  private final List<ClassAd> padSlots = new ArrayList<>();
  private String collectorFault = "";
  private long heartbeat = NOW - 10;

  Situation job(String attribute, String expression) {
    job = job.with(attribute, expr(expression));
    return this;
  }

  Situation jobWithout(String attribute) {
    job = job.without(attribute);
    return this;
  }

  Situation past() {
    past = true;
    return this;
  }

  Situation nowhere() {
    nowhere = true;
    return this;
  }

  /** A definition of VO cms. */
  Situation definition(String name, int cpus) {
    String text =
        """
        [ Name = "%s"; VO = "cms"; Image = "https://images.example.org/cms.qcow2";
          ImageSha256 = "%s"; Cpus = %d; MemoryMb = 2048; DiskMb = 4096; MaxNodes = 5 ]
        """
            .formatted(name, IMAGE, cpus);
    switch (VocDefinition.parse(name + ".ad", text)) {
      case VocDefinition.Reading.Valid valid -> definitions.add(valid.definition());
      case VocDefinition.Reading.Invalid invalid -> throw new AssertionError(invalid.problems());
    }
    return this;
  }

  Situation broken(String name, String... problems) {
    broken.put(name, List.of(problems));
    return this;
  }

  /** What sizing last said about VOC cms, ten seconds ago. */
  Situation decided(String decision, String reason, int joined) {
    vocAds.add(
        ad(
            """
            [ MyType = "VOC"; Voc = "cms"; VocVO = "cms"; VocHeartbeat = %d; VocDecision = "%s";
              VocReason = "%s"; VocNodesJoined = %d ]
            """
                .formatted(NOW - 10, decision, reason, joined)));
    return this;
  }

  /** That nodes failed lately, in the VOC ad given last. */
  Situation breaker(String words) {
    vocAds.add(vocAds.removeLast().with("VocBreaker", words));
    return this;
  }

  Situation nodeJob(int cluster, int status, String more) {
    nodeJobs.add(nodeJobAd(cluster, status, more));
    return this;
  }

  static ClassAd nodeJobAd(int cluster, int status, String more) {
    return ad(
        """
        [ ClusterId = %d; ProcId = 0; Owner = "voc-cms"; VocVO = "cms"; Voc = "cms";
          VocNodeJob = true; VocNode = "cms-node%d"; JobStatus = %d; QDate = %d;
          EnteredCurrentStatus = %d; RequestCpus = 2; RequestMemory = 2304; RequestDisk = 4194304;
          VocImage = "%s"; VocAccelerator = "auto";
          Requirements = TARGET.VocDomain =?= "PAD" && stringListMember(MY.VocImage, TARGET.VocImages)
            && TARGET.Arch == "X86_64";
          %s ]
        """
            .formatted(cluster, cluster, status, NOW - 60, NOW - 60, IMAGE, more));
  }

  /** An empty PAD host of 8 cpus that holds the image, but for what is said otherwise. */
  Situation padHost(String name, String... otherwise) {
    padSlots.add(padSlot(name, otherwise));
    return this;
  }

  static ClassAd padSlot(String name, String... otherwise) {
    ClassAd slot =
        ad(
            """
            [ Name = "slot1@%s"; Machine = "%s"; PartitionableSlot = true; State = "Unclaimed";
              Arch = "X86_64"; Cpus = 8; Memory = 16384; Disk = 99999999; TotalSlotCpus = 8;
              TotalSlotMemory = 16384; TotalSlotDisk = 99999999; VocDomain = "PAD"; VocVOs = "*";
              VocImages = "%s"; VocAccelerator = "kvm"; Start = true; Requirements = Start ]
            """
                .formatted(name, name, IMAGE));
    for (int i = 0; i < otherwise.length; i += 2) {
      slot = slot.with(otherwise[i], expr(otherwise[i + 1]));
    }
    return slot;
  }

  /** A slot of a node that has joined. */
  Situation nodeSlot(String node, String state, int cpus) {
    nodeSlots.add(
        ad(
            """
            [ Name = "slot1@%s"; VocNode = "%s"; Voc = "cms"; VocVO = "cms"; VocPadHost = "pad1.test";
              State = "%s"; Cpus = %d; Memory = 1900; Disk = 3000000; OpSys = "LINUX";
              PartitionableSlot = true; TotalSlotCpus = 2; TotalSlotMemory = 1900;
              TotalSlotDisk = 3000000;
              Requirements = TARGET.VocVO =?= MY.VocVO && TARGET.RequestCpus <= MY.Cpus ]
            """
                .formatted(node, node, state, cpus)));
    return this;
  }

  Situation sizingHeardOf(long secondsAgo) {
    heartbeat = NOW - secondsAgo;
    vocAds.clear();
    return this;
  }

  Situation collectorFails(String why) {
    collectorFault = why;
    return this;
  }

  Facts facts() {
    return new Facts(
        Instant.ofEpochSecond(NOW),
        "ap.test",
        "/etc/voc/users.map",
        nowhere
            ? new JobReading.Nowhere("")
            : past ? new JobReading.InHistory(job) : new JobReading.InQueue(job),
        new Reading.Known<>(Facts.prototypes(definitions, nodeJobs, nodeSlots)),
        broken,
        fromCollector(vocAds),
        new Reading.Known<>(nodeJobs),
        fromCollector(nodeSlots),
        fromCollector(nodeSlots),
        fromCollector(padSlots),
        fromCollector(
            List.of(
                ad(
                    "[ MyType = \"Scheduler\"; VocSizerState = \"ok\"; VocHeartbeat = %d ]"
                        .formatted(heartbeat)))));
  }

  /** All that is said about it. */
  String inWords() {
    return new Words(Instant.ofEpochSecond(NOW), ZoneOffset.UTC)
        .of(Explainer.explain("12.0", facts()), false);
  }

  private Reading<List<ClassAd>> fromCollector(List<ClassAd> ads) {
    return collectorFault.isEmpty()
        ? new Reading.Known<>(List.copyOf(ads))
        : new Reading.Unknown<>(collectorFault);
  }

  private static ClassAd ad(String text) {
    try {
      return NewForm.parse(text);
    } catch (ClassAdSyntaxException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  private static Expr expr(String text) {
    try {
      return Expr.parse(text);
    } catch (ClassAdSyntaxException e) {
      throw new IllegalArgumentException(text, e);
    }
  }
}
