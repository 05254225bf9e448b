package org.vocluster.sizing.decision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.vocluster.sizing.decision.APool.NOW;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.vocluster.condor.Resources;
import org.vocluster.sizing.decision.NodeSupply.Stage;
import org.vocluster.sizing.demand.DemandGroup;
import org.vocluster.sizing.history.Breaker;
import org.vocluster.sizing.reading.NodeJob;

/** What holds of every decision, seen on random situations. The seeds are fixed. */
class SizingPropertiesTest {
  private static final int ROUNDS = 1500;

  @Test
  void neverAboveAMaximum() {
    Random random = new Random(1);
    int submitting = 0;
    for (int round = 0; round < ROUNDS; round++) {
      APool pool = pool(random);
      PoolSituation before = pool.build();
      PoolDecision decision = pool.decide();
      int all = APool.submitted(decision);
      submitting += all > 0 ? 1 : 0;
      assertTrue(all == 0 || before.counted() + all <= pool.limits.maxNodes(), "round " + round);
      for (VocSituation voc : before.vocs()) {
        int submit = APool.submitted(decision, voc.voc().value());
        assertTrue(
            submit == 0 || voc.counted() + submit <= voc.bounds().maxNodes(),
            () -> reason(decision, voc));
        int starting = (int) voc.nodes().stream().filter(NodeSupply::isStarting).count();
        int old = (int) voc.nodes().stream().filter(n -> n.isStarting() && !n.current()).count();
        assertTrue(
            submit == 0 || starting - old + submit <= voc.bounds().rampNodes(),
            () -> reason(decision, voc));
      }
    }
    assertTrue(submitting > ROUNDS / 4, "of " + ROUNDS + " only " + submitting + " submit");
  }

  @Test
  void neverMoreThanDemandPlusSpares() {
    Random random = new Random(2);
    for (int round = 0; round < ROUNDS; round++) {
      APool pool = pool(random);
      PoolDecision decision = pool.decide();
      for (VocSituation voc : pool.build().vocs()) {
        long jobs =
            pool.demand.stream()
                .filter(g -> g.candidates().stream().anyMatch(c -> c.voc().equals(voc.voc())))
                .mapToLong(DemandGroup::jobs)
                .sum();
        int keep = Math.max(voc.bounds().minNodes(), 0) + voc.bounds().spareNodes();
        assertTrue(
            APool.submitted(decision, voc.voc().value()) <= jobs + keep,
            () -> reason(decision, voc));
      }
      long placed =
          decision.placements().stream()
              .mapToLong(p -> p.free() + p.coming() + p.fresh() + p.waiting())
              .sum();
      assertEquals(pool.demand.stream().mapToLong(DemandGroup::jobs).sum(), placed);
    }
  }

  @Test
  void neverRemovesAClaimedNode() {
    Random random = new Random(3);
    int removing = 0;
    for (int round = 0; round < ROUNDS; round++) {
      APool pool = pool(random);
      PoolDecision decision = pool.decide();
      Set<String> touched = new HashSet<>();
      for (Action action : decision.actions()) {
        switch (action) {
          case Action.Remove remove -> {
            for (NodeJob job : remove.nodes()) {
              NodeSupply node = node(pool, job);
              assertTrue(
                  Set.of(Stage.QUEUED, Stage.HELD, Stage.OVERDUE, Stage.LOST)
                      .contains(node.stage()),
                  node.toString());
              assertTrue(touched.add(job.node().value()), "twice: " + node);
            }
          }
          case Action.Drain drain -> {
            for (NodeJob job : drain.nodes()) {
              NodeSupply node = node(pool, job);
              assertTrue(!node.claimed() && node.idleSince().isPresent(), node.toString());
              assertTrue(touched.add(job.node().value()), "twice: " + node);
            }
          }
          case Action.Submit submit -> {}
          case Action.Avoid avoid -> {}
        }
      }
      assertTrue(touched.size() <= pool.limits.maxRemovals(), "round " + round);
      removing += touched.isEmpty() ? 0 : 1;
    }
    assertTrue(removing > ROUNDS / 4, "of " + ROUNDS + " only " + removing + " remove");
  }

  @Test
  void whileSlotsAreUnknownNothingIsRemovedAndLittleSubmitted() {
    Random random = new Random(4);
    for (int round = 0; round < ROUNDS; round++) {
      APool pool = pool(random);
      pool.vocs.forEach(voc -> voc.slotsKnown = false);
      PoolDecision decision = pool.decide();
      assertEquals(List.of(), APool.removed(decision));
      assertEquals(List.of(), APool.drained(decision));
      for (VocSituation voc : pool.build().vocs()) {
        int submit = APool.submitted(decision, voc.voc().value());
        assertTrue(submit == 0 || voc.counted() + submit <= pool.limits.blindNodes());
      }
    }
  }

  @Test
  void reachesTheFixedPointAndStaysThere() {
    Random random = new Random(5);
    int most = 0;
    for (int round = 0; round < ROUNDS; round++) {
      APool pool = pool(random);
      int passes = 0;
      PoolDecision decision = pool.decide();
      List<String> story = new ArrayList<>();
      while (hasActions(decision)) {
        story.add(decision.actions().toString());
        pool.carryOut(decision);
        decision = pool.decide();
        passes++;
        int number = round;
        assertTrue(passes < 60, () -> "round " + number + "\n" + String.join("\n", story));
      }
      most = Math.max(most, passes);
      assertEquals(decision, pool.decide());
    }
    assertTrue(most > 1, "nothing took two passes");
  }

  private static boolean hasActions(PoolDecision decision) {
    return decision.actions().stream().anyMatch(action -> !(action instanceof Action.Avoid));
  }

  /** Where nodes differ in size, one large node may take the place of two small ones. */
  @Test
  void moreJobsNeverMeanFewerNodesOfOneSize() {
    Random random = new Random(6);
    for (int round = 0; round < ROUNDS / 4; round++) {
      APool pool = pool(random, true);
      checkMonotone(pool, random, round);
    }
  }

  private static void checkMonotone(APool pool, Random random, int round) {
    if (pool.demand.isEmpty()) {
      return;
    }
    DemandGroup group = pool.demand.remove(random.nextInt(pool.demand.size()));
    int last = nodesAfter(pool);
    for (long jobs = 1; jobs < 60; jobs += 1 + random.nextInt(3)) {
      pool.demand.add(new DemandGroup(group.vo(), jobs, group.example(), group.candidates()));
      int now = nodesAfter(pool);
      int before = last;
      long many = jobs;
      assertTrue(
          now >= last,
          () -> "round " + round + ": " + many + " jobs, " + now + " nodes, before " + before);
      last = now;
      pool.demand.removeLast();
    }
  }

  /** Nodes that there will be. */
  private static int nodesAfter(APool pool) {
    PoolDecision decision = pool.decide();
    return pool.build().counted()
        + APool.submitted(decision)
        - APool.removed(decision).size()
        - APool.drained(decision).size();
  }

  private static NodeSupply node(APool pool, NodeJob job) {
    List<NodeSupply> all = new ArrayList<>(pool.strays);
    pool.vocs.forEach(voc -> all.addAll(voc.nodes));
    return all.stream()
        .filter(n -> n.job().isPresent() && n.job().get().equals(job))
        .findFirst()
        .orElseThrow();
  }

  private static String reason(PoolDecision decision, VocSituation voc) {
    return Objects.requireNonNull(decision.vocs().get(voc.voc())).reason();
  }

  private static APool pool(Random random) {
    return pool(random, false);
  }

  /**
   * @param alike whether all nodes are of one size
   */
  private static APool pool(Random random, boolean alike) {
    APool pool = new APool();
    if (random.nextInt(4) == 0) {
      pool.limits = SizingLimits.DEFAULT.withMaxNodes(5 + random.nextInt(30));
    }
    if (random.nextInt(4) == 0) {
      pool.limits = pool.limits.withMaxRemovals(1 + random.nextInt(5));
    }
    List<String> kinds = new ArrayList<>();
    int vocs = 1 + random.nextInt(4);
    for (int v = 0; v < vocs; v++) {
      APool.Voc voc = pool.voc("voc" + v, random.nextBoolean() ? "image" + v : "image");
      int shapes = alike ? 1 : 1 + random.nextInt(2);
      for (int s = 0; s < shapes; s++) {
        int cpus = alike ? 4 : s == 0 ? 1 + random.nextInt(4) : 8;
        voc.shape("s" + s, new Resources(cpus, 1024L * cpus, 10_485_760, s == 0 ? 0 : 1));
        kinds.add("voc" + v + "/s" + s);
      }
      voc.limits(random.nextInt(3) == 0 ? random.nextInt(4) : 0, 4 + random.nextInt(25));
      voc.spare = random.nextInt(3) == 0 ? random.nextInt(4) : 0;
      voc.ramp = random.nextInt(3) == 0 ? 1 + random.nextInt(6) : voc.ramp;
      voc.leavesByItself = voc.min == 0 && voc.spare == 0 && random.nextBoolean();
      voc.idle = Duration.ofSeconds(random.nextInt(2000));
      if (random.nextInt(20) == 0) {
        voc.standby = Optional.of("standing by");
      }
      if (random.nextInt(20) == 0) {
        voc.obstacle = Optional.of("no key");
      }
      int nodes = random.nextInt(12);
      for (int i = 0; i < nodes; i++) {
        node(random, voc);
      }
      if (random.nextInt(6) == 0) {
        Breaker.Scope scope = random.nextBoolean() ? Breaker.Scope.IMAGE : Breaker.Scope.VOC;
        String key = scope == Breaker.Scope.IMAGE ? voc.image : voc.name;
        pool.breaker(scope, key, voc.name, 1 + random.nextInt(3), random.nextInt(60));
      }
    }
    int groups = random.nextInt(6);
    for (int g = 0; g < groups; g++) {
      List<String> takers =
          kinds.stream().filter(kind -> random.nextInt(2) == 0 || kinds.size() == 1).toList();
      Resources request =
          new Resources(1 + random.nextInt(2), 128L * (1 + random.nextInt(8)), 1024, 0);
      List<String> able =
          takers.stream().filter(kind -> offers(pool, kind).fits(request) > 0).toList();
      if (!able.isEmpty()) {
        pool.jobs(1 + random.nextInt(50), request, able.toArray(String[]::new));
      }
    }
    return pool;
  }

  private static Resources offers(APool pool, String kind) {
    for (APool.Voc voc : pool.vocs) {
      for (String shape : voc.shapes.keySet()) {
        if (kind.equals(voc.name + "/" + shape)) {
          return Objects.requireNonNull(voc.shapes.get(shape));
        }
      }
    }
    throw new AssertionError(kind);
  }

  private static void node(Random random, APool.Voc voc) {
    List<String> shapes = List.copyOf(voc.shapes.keySet());
    String shape = shapes.get(random.nextInt(shapes.size()));
    Resources whole = Objects.requireNonNull(voc.shapes.get(shape));
    boolean current = random.nextInt(6) != 0;
    Stage[] stages = Stage.values();
    Stage stage = stages[random.nextInt(stages.length)];
    boolean claimed = (stage == Stage.READY || stage == Stage.LEAVING) && random.nextInt(2) == 0;
    Resources free =
        claimed
            ? new Resources(
                random.nextInt(whole.cpus() + 1), whole.memoryMb() / 2, whole.diskKb() / 2, 0)
            : whole;
    if (stage == Stage.SUBMITTED || (stage == Stage.HELD && random.nextInt(3) != 0)) {
      stage = Stage.QUEUED;
    }
    voc.add(stage, shape, current, free, claimed, random.nextInt(2000));
    assertTrue(NOW.getEpochSecond() > 0);
  }
}
