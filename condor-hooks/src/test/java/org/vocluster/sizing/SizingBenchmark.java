package org.vocluster.sizing;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.vocluster.classad.EvalContext;
import org.vocluster.sizing.collector.VadSlots;
import org.vocluster.sizing.demand.Demand;
import org.vocluster.sizing.demand.NodePrototype;
import org.vocluster.sizing.queue.JobQueueMirror;
import org.vocluster.sizing.queue.LogReading;
import org.vocluster.sizing.reading.SlotReading;
import org.vocluster.vm.definition.VocDefinition;

/**
 * How sizing bears large queues; {@code ./bench sizing} runs it, in a JVM with the size hook's
 * flags.
 *
 * <pre>
 * SizingBenchmark generate LOG JOBS GROUPS VOCS NODES
 * SizingBenchmark measure LOG VOCS NODES
 * </pre>
 *
 * The log is what a schedd of HTCondor 23.9.6 writes for ordinary submissions of up to 1,000 jobs,
 * about ten lines for a job and 66 for a submission; the nodes' jobs come last. One line of results
 * is printed: numbers with tabs between them, see {@code bench}.
 */
public final class SizingBenchmark {
  private static final int JOBS_OF_A_SUBMISSION = 1_000;
  private static final int NODES_OF_A_SUBMISSION = 100;
  private static final int SUBMITS = 50;
  private static final int DECISIONS = 20;
  private static final long NOW = 1_800_000_000L;

  private SizingBenchmark() {}

  /** Generates or measures. */
  public static void main(String[] args) throws IOException {
    Path log = Path.of(args[1]);
    switch (args[0]) {
      case "generate" ->
          generate(
              log,
              Integer.parseInt(args[2]),
              Integer.parseInt(args[3]),
              Integer.parseInt(args[4]),
              Integer.parseInt(args[5]));
      case "measure" ->
          System.out.println(measure(log, Integer.parseInt(args[2]), Integer.parseInt(args[3])));
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  private static void generate(Path log, int jobs, int groups, int vocs, int nodes)
      throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(log, StandardCharsets.UTF_8)) {
      out.write("107 1 CreationTimestamp 1795421091\n101 0.0 Job Machine\n");
      int perCluster = Math.max(1, Math.min(JOBS_OF_A_SUBMISSION, jobs / groups));
      int cluster = 0;
      for (int written = 0; written < jobs; written += perCluster) {
        int here = Math.min(perCluster, jobs - written);
        payload(out, ++cluster, cluster % groups, vocs, here);
      }
      for (int written = 0; written < nodes; written += NODES_OF_A_SUBMISSION) {
        nodes(out, ++cluster, written, Math.min(NODES_OF_A_SUBMISSION, nodes - written), vocs);
      }
    }
  }

  /** Two VOCs serve each VO. */
  private static int vos(int vocs) {
    return Math.max(1, vocs / 2);
  }

  private static void payload(Writer out, int cluster, int group, int vocs, int jobs)
      throws IOException {
    out.write("105 \n");
    out.write("103 0.0 NextClusterNum " + (cluster + 1) + "\n");
    String key = "0" + cluster + ".-1";
    out.write("101 " + key + " Job Machine\n");
    for (String line : CLUSTER.split("\n", -1)) {
      out.write("103 " + key + " " + line.replace("CLUSTER", Integer.toString(cluster)) + "\n");
    }
    int vo = group % vos(vocs);
    int kind = group / vos(vocs);
    out.write("103 " + key + " RequestCpus " + (1 + kind % 4) + "\n");
    out.write("103 " + key + " RequestMemory " + (500 + 10 * kind) + "\n");
    for (int proc = 0; proc < jobs; proc++) {
      String job = cluster + "." + proc;
      out.write("101 " + job + " Job Machine\n");
      out.write("103 " + job + " GlobalJobId \"ap.site.test#" + job + "#1795421108\"\n");
      out.write("103 " + job + " ProcId " + proc + "\n");
      out.write("103 " + job + " JobStatus 1\n");
      out.write("103 " + job + " Args \"run " + cluster * 1000L + proc + " --seed 4711\"\n");
      out.write("103 " + job + " Out \"out/" + proc + ".txt\"\n");
      out.write("103 " + job + " Err \"err/" + proc + ".txt\"\n");
      out.write("103 " + job + " LastRejMatchReason \"no match found \"\n");
      out.write("103 " + job + " LastRejMatchTime 1795421120\n");
      out.write("103 " + job + " VocVO \"vo" + vo + "\"\n");
    }
    out.write("103 " + key + " TotalSubmitProcs " + jobs + "\n106 \n");
  }

  private static void nodes(Writer out, int cluster, int first, int count, int vocs)
      throws IOException {
    int voc = first / NODES_OF_A_SUBMISSION % vocs;
    VocDefinition definition = definition(voc, vocs);
    String key = "0" + cluster + ".-1";
    out.write("105 \n101 " + key + " Job Machine\n");
    for (String line : CLUSTER.split("\n", -1)) {
      out.write("103 " + key + " " + line.replace("CLUSTER", Integer.toString(cluster)) + "\n");
    }
    out.write("103 " + key + " VocNodeJob true\n");
    out.write("103 " + key + " Owner \"voc-" + definition.vo() + "\"\n");
    out.write("103 " + key + " VocVO \"" + definition.vo() + "\"\n");
    out.write("103 " + key + " Voc \"" + definition.name() + "\"\n");
    out.write(
        "103 "
            + key
            + " VocDefinition \""
            + definition.nodeDigest(definition.shapes().getFirst()).value()
            + "\"\n");
    for (int proc = 0; proc < count; proc++) {
      String job = cluster + "." + proc;
      out.write("101 " + job + " Job Machine\n");
      out.write("103 " + job + " ProcId " + proc + "\n");
      out.write("103 " + job + " JobStatus 2\n");
      out.write("103 " + job + " EnteredCurrentStatus " + (NOW - 1000) + "\n");
      out.write("103 " + job + " RemoteHost \"slot1_1@pad" + (first + proc) / 4 + ".site.test\"\n");
      out.write("103 " + job + " VocNode \"" + node(first + proc) + "\"\n");
    }
    out.write("106 \n");
  }

  private static String node(int number) {
    return "node" + number;
  }

  private static VocDefinition definition(int voc, int vocs) {
    String text =
        """
        [ Name = "voc%d"; VO = "vo%d"; Image = "https://images.example.org/a.qcow2";
          ImageSha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
          Cpus = %d; MemoryMb = 16384; DiskMb = 40960; MaxNodes = 5000 ]
        """
            .formatted(voc, voc % vos(vocs), voc < vos(vocs) ? 4 : 8);
    return switch (VocDefinition.parse("bench.ad", text)) {
      case VocDefinition.Reading.Valid valid -> valid.definition();
      case VocDefinition.Reading.Invalid invalid ->
          throw new IllegalStateException(invalid.problems().toString());
    };
  }

  private static String measure(Path log, int vocs, int nodes) throws IOException {
    EvalContext context = EvalContext.DEFAULT.withClock(() -> NOW);
    List<NodePrototype> prototypes = new ArrayList<>();
    for (int voc = 0; voc < vocs; voc++) {
      VocDefinition definition = definition(voc, vocs);
      definition.shapes().forEach(s -> prototypes.add(NodePrototype.expected(definition, s)));
    }
    String collector = slots(nodes, vocs);
    try (JobQueueMirror mirror = new JobQueueMirror(log)) {
      mirror.tellApartBy(Demand.significance(prototypes, List.of()));
      long begin = System.nanoTime();
      expectAdvanced(mirror.poll());
      double cold = millis(begin);
      long residentRead = status("VmRSS:");

      begin = System.nanoTime();
      SlotReading slots = VadSlots.read(collector, Instant.ofEpochSecond(NOW));
      double reading = millis(begin);

      Demand demand = new Demand(prototypes, Set.of(), context);
      BenchDecision decision = new BenchDecision(prototypes, slots, Instant.ofEpochSecond(NOW));
      begin = System.nanoTime();
      long missing = decision.decide(mirror, demand);
      double first = millis(begin);

      // Judged anew, as happens once a minute; that is the dearest pass.
      double[] anew = new double[DECISIONS];
      for (int i = 0; i < DECISIONS; i++) {
        Demand again = new Demand(prototypes, Set.of(), context);
        begin = System.nanoTime();
        decision.decide(mirror, again);
        anew[i] = millis(begin);
      }
      double[] pass = new double[DECISIONS];
      for (int i = 0; i < DECISIONS; i++) {
        begin = System.nanoTime();
        decision.decide(mirror, demand);
        pass[i] = millis(begin);
      }
      double[] mirrored = new double[SUBMITS];
      double[] submit = new double[SUBMITS];
      for (int i = 0; i < SUBMITS; i++) {
        int cluster = 2_000_000 + i;
        try (BufferedWriter out =
            Files.newBufferedWriter(log, StandardCharsets.UTF_8, StandardOpenOption.APPEND)) {
          payload(out, cluster, i, vocs, 1);
        }
        begin = System.nanoTime();
        expectAdvanced(mirror.poll());
        mirrored[i] = millis(begin);
        decision.decide(mirror, demand);
        submit[i] = millis(begin);
      }
      return String.format(
          Locale.ROOT,
          "%d\t%d\t%d\t%.0f\t%.1f\t%.0f\t%.1f\t%.1f\t%.1f\t%.2f\t%.2f\t%.2f\t%d\t%d\t%d",
          mirror.size(),
          mirror.idlePayload().size(),
          Files.size(log) >> 20,
          cold,
          first,
          reading,
          median(anew),
          median(pass),
          Arrays.stream(pass).max().orElse(0),
          median(submit),
          Arrays.stream(submit).max().orElse(0),
          median(mirrored),
          residentRead >> 10,
          status("VmHWM:") >> 10,
          missing);
    }
  }

  private static void expectAdvanced(LogReading reading) {
    if (!(reading instanceof LogReading.Advanced)) {
      throw new IllegalStateException(reading.toString());
    }
  }

  /** What condor_status would print: partly free slots. */
  private static String slots(int nodes, int vocs) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < nodes; i++) {
      int voc = i / NODES_OF_A_SUBMISSION % vocs;
      text.append(
          """
          Activity = "Idle"
          Cpus = %d
          Disk = 30000000
          Memory = 8000
          PartitionableSlot = true
          State = "Unclaimed"
          TotalSlotCpus = %d
          TotalSlotDisk = 31457280
          TotalSlotMemory = 15800
          Voc = "voc%d"
          VocShape = "default"
          VocNode = "%s"
          VocDeathTime = %d

          """
              .formatted(i % 3, voc < vos(vocs) ? 4 : 8, voc, node(i), NOW + 80_000));
    }
    return text.toString();
  }

  private static double millis(long begin) {
    return (System.nanoTime() - begin) / 1e6;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  /** A value of this process in KiB. */
  private static long status(String name) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith(name)) {
        return Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }
    return 0;
  }

  /** What a submission's ad has besides; of a real log. */
  private static final String CLUSTER =
      """
      ClusterId CLUSTER
      In "/dev/null"
      Cmd "/bin/sleep"
      Err "/dev/null"
      Iwd "/home/alice"
      Out "/dev/null"
      Args "1000"
      Rank 0.0
      User "alice@ap.site.test"
      Owner "alice"
      QDate 1795421630
      MyType "Job"
      JobPrio 0
      MaxHosts 1
      MinHosts 1
      NumCkpts_RAW 0
      NumCkpts 0
      DiskUsage_RAW 43
      DiskUsage 45
      ImageSize_RAW 43
      ImageSize 45
      ExitStatus 0
      TargetType "Machine"
      TransferIn false
      Environment ""
      JobUniverse 5
      NumRestarts 0
      RequestDisk DiskUsage
      TransferErr false
      TransferOut false
      CurrentHosts 0
      ExitBySignal false
      NumJobStarts 0
      RemoteSysCpu 0.0
      Requirements (TARGET.VocVO =?= MY.VocVO) && ((TARGET.Arch == "X86_64") && (TARGET.OpSys == "LINUX") && (TARGET.Disk >= RequestDisk) && (TARGET.Memory >= RequestMemory) && ((TARGET.FileSystemDomain == MY.FileSystemDomain) || (TARGET.HasFileTransfer)))
      CommittedTime 0
      CondorVersion "$CondorVersion: 23.9.6 2026-07-12 PackageID: 23.9.6+dfsg-2.1+b10 $"
      JobSubmitFile "plain.sub"
      RemoteUserCpu 0.0
      CondorPlatform "$CondorPlatform: X86_64-Debian_13 $"
      ExecutableSize_RAW 43
      ExecutableSize 45
      NumSystemHolds 0
      JobNotification 0
      JobSubmitMethod 0
      LeaveJobInQueue false
      FileSystemDomain "ap.site.test"
      JobLeaseDuration 2400
      TotalSuspensions 0
      CommittedSlotTime 0
      NumJobCompletions 0
      CumulativeSlotTime 0
      LastSuspensionTime 0
      RemoteWallClockTime 0.0
      ShouldTransferFiles "IF_NEEDED"
      TransferInputSizeMB 0
      EnteredCurrentStatus 1795421630
      WhenToTransferOutput "ON_EXIT"
      CumulativeRemoteSysCpu 0.0
      CommittedSuspensionTime 0
      CumulativeRemoteUserCpu 0.0
      CumulativeSuspensionTime 0""";
}
