package org.vocluster.sizing.decision;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.vocluster.condor.JobId;
import org.vocluster.condor.Resources;
import org.vocluster.sizing.decision.NodeSupply.Stage;
import org.vocluster.sizing.demand.Candidate;
import org.vocluster.sizing.demand.DemandGroup;
import org.vocluster.sizing.history.Breaker;
import org.vocluster.sizing.reading.AKind;
import org.vocluster.sizing.reading.ANodeJob;
import org.vocluster.sizing.reading.AnImage;
import org.vocluster.sizing.reading.NodeJob;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.definition.ShapeName;
import org.vocluster.vm.definition.VoName;
import org.vocluster.vm.definition.VocDefinition;
import org.vocluster.vm.definition.VocName;

/** A situation of the pool for tests, and what becomes of it when decisions are carried out. */
final class APool {
  static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);
  static final Resources NODE = new Resources(4, 4096, 10_485_760, 0);
  static final JobId JOB = new JobId(1, 0);

  /** One VOC of it. */
  static final class Voc {
    final String name;
    final String image;
    final Map<String, Resources> shapes = new LinkedHashMap<>();
    int min;
    int max = 10;
    int spare;
    int ramp = VocDefinition.UNLIMITED_NODES;
    Duration idle = Duration.ofMinutes(5);
    Duration minimumLifetime = Duration.ZERO;
    boolean leavesByItself;
    final List<NodeSupply> nodes = new ArrayList<>();
    boolean slotsKnown = true;

    /** For how long nodes that are added take jobs. */
    long seconds = Long.MAX_VALUE;

    long longestJob = Long.MAX_VALUE;
    Optional<String> obstacle = Optional.empty();
    Optional<String> standby = Optional.empty();
    private int last;

    private Voc(String name, String image) {
      this.name = name;
      this.image = image;
    }

    Voc limits(int least, int most) {
      min = least;
      max = most;
      return this;
    }

    Voc shape(String shape, Resources offers) {
      shapes.put(shape, offers);
      return this;
    }

    Voc nodes(int count, Stage stage) {
      for (int i = 0; i < count; i++) {
        node(stage);
      }
      return this;
    }

    NodeSupply node(Stage stage) {
      return node(stage, shapes.keySet().iterator().next(), true);
    }

    NodeSupply node(Stage stage, String shape, boolean current) {
      return add(stage, shape, current, shapes.getOrDefault(shape, NODE), false, 1000);
    }

    /** A node that has joined and has this left. */
    NodeSupply busy(Resources free) {
      return add(Stage.READY, shapes.keySet().iterator().next(), true, free, true, 1000);
    }

    NodeSupply add(
        Stage stage,
        String shape,
        boolean current,
        Resources free,
        boolean claimed,
        long secondsAgo) {
      ANodeJob job =
          ANodeJob.of(name, ++last)
              .shape(shape)
              .image(image)
              .definition(current ? definition() : "older")
              .since(NOW.minusSeconds(secondsAgo));
      switch (stage) {
        case QUEUED, SUBMITTED -> {}
        case HELD -> job.held("image digest differs");
        case READY, BOOTING, LEAVING, OVERDUE, LOST -> job.running("pad" + last);
      }
      NodeSupply node =
          new NodeSupply(
              new NodeId(name + "-" + last),
              new ShapeName(shape),
              stage,
              current,
              claimed,
              new NodeSupply.Room(free, seconds),
              (stage == Stage.READY || stage == Stage.LEAVING) && !claimed
                  ? Optional.of(NOW.minusSeconds(secondsAgo))
                  : Optional.empty(),
              stage == Stage.SUBMITTED ? Optional.empty() : Optional.of(job.build()));
      nodes.add(node);
      return node;
    }

    /** A node that ran and came back into the queue a second ago. */
    NodeSupply returned() {
      String shape = shapes.keySet().iterator().next();
      NodeJob job =
          ANodeJob.of(name, ++last)
              .shape(shape)
              .image(image)
              .definition(definition())
              .since(NOW.minusSeconds(1))
              .ran(new NodeJob.Run("pad" + last, 1, 0, "", ""))
              .build();
      NodeSupply node =
          new NodeSupply(
              new NodeId(name + "-" + last),
              new ShapeName(shape),
              Stage.QUEUED,
              true,
              false,
              new NodeSupply.Room(shapes.getOrDefault(shape, NODE)),
              Optional.empty(),
              Optional.of(job));
      nodes.add(node);
      return node;
    }

    String definition() {
      return "definition of " + name;
    }

    int count(Stage stage) {
      return (int) nodes.stream().filter(node -> node.stage() == stage).count();
    }

    VocSituation build() {
      Map<ShapeName, Resources> offers = new LinkedHashMap<>();
      shapes.forEach((shape, free) -> offers.put(new ShapeName(shape), free));
      return new VocSituation(
          new VocName(name),
          new VocSituation.Make(
              AnImage.of(image), Set.of(definition()), offers, longestJob, new VoName("vo")),
          new VocSituation.Bounds(min, max, spare, ramp, idle, minimumLifetime, leavesByItself),
          nodes,
          slotsKnown,
          obstacle,
          standby);
    }
  }

  ScheddRoom schedd = ScheddRoom.UNLIMITED;

  /** How long jobs that are added say they are. */
  long jobSeconds;

  final List<Voc> vocs = new ArrayList<>();
  final List<DemandGroup> demand = new ArrayList<>();
  final List<NodeSupply> strays = new ArrayList<>();
  final List<NodeJob> doubles = new ArrayList<>();
  final List<Breaker> breakers = new ArrayList<>();
  String queuesUnknown = "";
  SizingLimits limits = SizingLimits.DEFAULT;

  /** A VOC with one shape of four cpus and 4 GB, and an image of its own. */
  Voc voc(String name) {
    return voc(name, "image of " + name).shape("default", NODE);
  }

  Voc voc(String name, String image) {
    Voc voc = new Voc(name, image);
    vocs.add(voc);
    return voc;
  }

  /** One-cpu jobs for the default shape of a VOC. */
  APool jobs(String voc, long jobs) {
    return jobs(jobs, new Resources(1, 128, 1024, 0), voc + "/default");
  }

  /**
   * Jobs.
   *
   * @param kinds nodes that take them, preferred first: {@code voc/shape}
   */
  APool jobs(long jobs, Resources request, String... kinds) {
    List<Candidate> candidates = new ArrayList<>();
    for (String kind : kinds) {
      candidates.add(new Candidate(AKind.of(kind), request, jobSeconds));
    }
    demand.add(new DemandGroup(new VoName("vo"), jobs, JOB, candidates));
    return this;
  }

  APool breaker(Breaker.Scope scope, String key, String voc, int times, long secondsAgo) {
    breakers.add(
        new Breaker(
            new Breaker.Cause(scope, keyText(scope, key), Breaker.Failure.NEVER_JOINED),
            new VocName(voc),
            "definition of " + voc,
            times,
            NOW.minusSeconds(secondsAgo),
            "nodes failed"));
    return this;
  }

  /** What a breaker has for the image, the host or the VOC that tests call so. */
  static String keyText(Breaker.Scope scope, String key) {
    return scope == Breaker.Scope.IMAGE ? AnImage.of(key).value() : key;
  }

  PoolSituation build() {
    return new PoolSituation(
        vocs.stream().map(Voc::build).toList(),
        new DemandReading(demand, queuesUnknown, schedd),
        strays,
        doubles,
        breakers,
        limits,
        NOW);
  }

  PoolDecision decide() {
    return Sizing.decide(build());
  }

  /** The same pool once everything decided has happened: node jobs queued, removed and drained. */
  void carryOut(PoolDecision decision) {
    for (Action action : decision.actions()) {
      switch (action) {
        case Action.Submit submit -> {
          Voc voc =
              vocs.stream()
                  .filter(v -> v.name.equals(submit.voc().value()))
                  .findFirst()
                  .orElseThrow();
          for (int i = 0; i < submit.nodes(); i++) {
            voc.node(Stage.QUEUED, submit.kind().shape().value(), true);
          }
        }
        case Action.Remove remove -> forget(remove.nodes());
        case Action.Drain drain -> forget(drain.nodes());
        case Action.Avoid avoid -> {}
      }
    }
  }

  private void forget(List<NodeJob> gone) {
    vocs.forEach(
        voc -> voc.nodes.removeIf(n -> n.job().isPresent() && gone.contains(n.job().get())));
    strays.removeIf(n -> n.job().isPresent() && gone.contains(n.job().get()));
    doubles.removeAll(gone);
  }

  static int submitted(PoolDecision decision, String voc) {
    return decision.actions().stream()
        .mapToInt(a -> a instanceof Action.Submit s && s.voc().value().equals(voc) ? s.nodes() : 0)
        .sum();
  }

  static int submitted(PoolDecision decision) {
    return decision.actions().stream()
        .mapToInt(a -> a instanceof Action.Submit s ? s.nodes() : 0)
        .sum();
  }

  static List<String> removed(PoolDecision decision) {
    return decision.actions().stream()
        .flatMap(a -> a instanceof Action.Remove r ? r.nodes().stream() : null)
        .map(job -> job.node().value())
        .toList();
  }

  static List<String> drained(PoolDecision decision) {
    return decision.actions().stream()
        .flatMap(a -> a instanceof Action.Drain d ? d.nodes().stream() : null)
        .map(job -> job.node().value())
        .toList();
  }
}
