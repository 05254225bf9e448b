package org.vocluster.explain;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.vocluster.ad.Ads;
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
  private ClassAd sizer = ad("[ MyType = \"Scheduler\"; VocSizerState = \"ok\" ]");
  private String collectorFault = "";
  private long heartbeat = NOW - 10;

  /**
   * As a file describes it, a line for each thing that is added.
   *
   * <pre>
   * left the queue                       the job is in the history
   * unknown                              the job is nowhere
   * job NAME = EXPRESSION                an attribute of the job
   * job without NAME
   * definition NAME CPUS                 of VO cms
   * broken definition NAME PROBLEM
   * decided WORD JOINED REASON           what sizing said of VOC cms ten seconds ago
   * breaker WORDS                        nodes failed lately: in the VOC ad given last
   * node job CLUSTER STATE ATTRIBUTES    submitted a minute ago
   * node slot NAME STATE CPUS            of a node that has joined
   * pad host NAME ATTRIBUTES             empty, 8 cpus, holds the image, but for what is said;
   *                                      Without = "NAME" takes an attribute away
   * shown NODE ATTRIBUTES                what a node of the definition has shown, in the last VOC ad
   * sizing heard of SECONDS              ago, and no VOC ad
   * sizer ATTRIBUTES                     what sizing says of itself
   * collector fails WORDS
   * </pre>
   *
   * {@code NOW} is the time of the question.
   */
  static Situation of(String description) {
    Situation situation = new Situation();
    for (String line : description.replaceAll("\\bNOW\\b", "" + NOW).split("\n", -1)) {
      situation.add(line.strip());
    }
    return situation;
  }

  private void add(String line) {
    if (line.equals("left the queue")) {
      past = true;
    } else if (line.equals("unknown")) {
      nowhere = true;
    } else if (!(said(line, "job without (\\w+)", w -> job = job.without(w[1]))
        || said(line, "job (\\w+) = (.+)", w -> job = job.with(w[1], expr(w[2])))
        || said(line, "definition (\\w+) (\\d+)", w -> define(w[1], w[2]))
        || said(line, "broken definition (\\w+) (.+)", w -> broken.put(w[1], List.of(w[2])))
        || said(line, "decided (\\w+) (\\d+) (.+)", w -> decided(w[1], w[2], w[3]))
        || said(line, "breaker (.+)", w -> breaker(w[1]))
        || said(line, "shown (\\S+) (.+)", w -> shown(w[1], w[2]))
        || said(line, "node job (\\d+) (\\w+)(.*)", w -> nodeJob(w[1], w[2], w[3]))
        || said(line, "node slot (\\S+) (\\w+) (\\d+)", w -> nodeSlot(w[1], w[2], w[3]))
        || said(line, "pad host (\\S+)(.*)", w -> padHost(w[1], w[2]))
        || said(line, "sizing heard of (\\d+)", w -> heardOf(w[1]))
        || said(line, "sizer (.+)", w -> sizer = sizer.overlay(ad("[" + w[1] + "]")))
        || said(line, "collector fails (.+)", w -> collectorFault = w[1]))) {
      throw new IllegalArgumentException(line);
    }
  }

  private static boolean said(String line, String pattern, Consumer<String[]> add) {
    Matcher matcher = Pattern.compile(pattern).matcher(line);
    if (!matcher.matches()) {
      return false;
    }
    String[] words = new String[matcher.groupCount() + 1];
    for (int i = 0; i < words.length; i++) {
      words[i] = matcher.group(i);
    }
    add.accept(words);
    return true;
  }

  private void define(String name, String cpus) {
    String text =
        """
        [ Name = "%s"; VO = "cms"; Image = "https://images.example.org/cms.qcow2";
          ImageSha256 = "%s"; Cpus = %s; MemoryMb = 2048; DiskMb = 4096; MaxNodes = 5 ]
        """
            .formatted(name, IMAGE, cpus);
    switch (VocDefinition.parse(name + ".ad", text)) {
      case VocDefinition.Reading.Valid valid -> definitions.add(valid.definition());
      case VocDefinition.Reading.Invalid invalid -> throw new AssertionError(invalid.problems());
    }
  }

  private void decided(String decision, String joined, String reason) {
    vocAds.add(
        ad(
            """
            [ MyType = "VOC"; Voc = "cms"; VocVO = "cms"; VocHeartbeat = %d; VocDecision = "%s";
              VocReason = "%s"; VocNodesJoined = %s ]
            """
                .formatted(NOW - 10, decision, reason, joined)));
  }

  private void breaker(String words) {
    vocAds.add(vocAds.removeLast().with("VocBreaker", words));
  }

  private void shown(String node, String attributes) {
    vocAds.add(
        vocAds
            .removeLast()
            .with(
                "VocShown",
                expr(
                    """
                    { [ Voc = "cms"; VocShape = "default"; VocImage = "%s"; VocNode = "%s";
                        VocCpus = 2; VocMemoryMb = 2048; VocDiskMb = 4096; VocGpus = 0;
                        Cpus = 2; Memory = 1900; Disk = 3000000; GPUs = 0; VocShown = [ %s ] ] }
                    """
                        .formatted(IMAGE, node, attributes))));
  }

  private void nodeJob(String cluster, String state, String more) {
    ClassAd job =
        ad(
            """
            [ ClusterId = %s; ProcId = 0; Owner = "voc-cms"; VocVO = "cms"; Voc = "cms";
              VocNodeJob = true; VocNode = "cms-node%s"; JobStatus = %d; QDate = %d;
              EnteredCurrentStatus = %d; RequestCpus = 2; RequestMemory = 2304;
              RequestDisk = 4194304; VocImage = "%s"; VocAccelerator = "auto";
              Requirements = TARGET.VocDomain =?= "PAD"
                && stringListMember(MY.VocImage, TARGET.VocImages) && TARGET.Arch == "X86_64" ]
            """
                .formatted(cluster, cluster, status(state), NOW - 60, NOW - 60, IMAGE));
    nodeJobs.add(job.overlay(ad("[" + more + "]")));
  }

  private static int status(String state) {
    return switch (state) {
      case "idle" -> 1;
      case "running" -> 2;
      case "removed" -> 3;
      case "held" -> 5;
      default -> throw new IllegalArgumentException(state);
    };
  }

  private void padHost(String name, String otherwise) {
    ClassAd slot =
        ad(
            """
            [ Name = "slot1@%s"; Machine = "%s"; PartitionableSlot = true; State = "Unclaimed";
              Arch = "X86_64"; Cpus = 8; Memory = 16384; Disk = 99999999; TotalSlotCpus = 8;
              TotalSlotMemory = 16384; TotalSlotDisk = 99999999; VocDomain = "PAD"; VocVOs = "*";
              VocImages = "%s"; VocAccelerator = "kvm"; VocHeartbeat = %d; VocBusyNodes = "";
              Start = TARGET.VocNodeJob =!= True || TARGET.Owner == strcat("voc-", TARGET.VocVO);
              Requirements = Start ]
            """
                .formatted(name, name, IMAGE, NOW - 15));
    ClassAd said = ad("[" + otherwise + "]");
    if (said.has("Without")) {
      slot = slot.without(Ads.text(said, "Without"));
    }
    padSlots.add(slot.overlay(said));
  }

  private void nodeSlot(String node, String state, String cpus) {
    nodeSlots.add(
        ad(
            """
            [ Name = "slot1@%s"; VocNode = "%s"; Voc = "cms"; VocVO = "cms"; VocPadHost = "pad1.test";
              State = "%s"; Cpus = %s; Memory = 1900; Disk = 3000000; OpSys = "LINUX";
              PartitionableSlot = true; TotalSlotCpus = 2; TotalSlotMemory = 1900;
              TotalSlotDisk = 3000000;
              Requirements = TARGET.VocVO =?= MY.VocVO && TARGET.RequestCpus <= MY.Cpus ]
            """
                .formatted(node, node, state, cpus)));
  }

  private void heardOf(String secondsAgo) {
    heartbeat = NOW - Long.parseLong(secondsAgo);
    vocAds.clear();
  }

  private JobReading reading() {
    if (nowhere) {
      return new JobReading.Nowhere("");
    }
    return past ? new JobReading.InHistory(job) : new JobReading.InQueue(job);
  }

  private PoolFacts pool() {
    return new PoolFacts(
        Instant.ofEpochSecond(NOW),
        "ap.test",
        "/etc/voc/users.map",
        new Reading.Known<>(PoolFacts.prototypes(definitions, nodeJobs, nodeSlots, vocAds)),
        broken,
        new PoolFacts.Sizing(
            fromCollector(vocAds), fromCollector(List.of(sizer.with("VocHeartbeat", heartbeat)))),
        new PoolFacts.Nodes(
            new Reading.Known<>(nodeJobs),
            fromCollector(nodeSlots),
            fromCollector(nodeSlots),
            fromCollector(padSlots)));
  }

  /** All that is said about it. */
  String inWords() {
    return new Words(Instant.ofEpochSecond(NOW), ZoneOffset.UTC)
        .of(Explainer.explain("12.0", reading(), pool()), false);
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
