package org.vocluster.hook;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.vocluster.classad.tool.ClassAdTool;
import org.vocluster.vm.ImageDigest;
import org.vocluster.vm.ImageStore;
import org.vocluster.vm.UrlPrefix;

/**
 * Runs each quick hook over samples, so that the JVM that made the class cache at installation (JEP
 * 514) has seen what the hooks load. Its own outcome does not matter, only what it touched: it
 * stands in a package that is installed before QEMU may be.
 */
final class Training {
  /** A qcow2 file of version 2 in clusters of 64 KiB: header, refcounts, and an L1 table. */
  static final byte[] IMAGE =
      ByteBuffer.allocate(4 << 16)
          .putInt(0x514649fb)
          .putInt(2)
          .putLong(0) // no backing file
          .putInt(0)
          .putInt(16)
          .putLong(1 << 20) // size of the disk
          .putInt(0) // not encrypted
          .putInt(1) // entries of the L1 table
          .putLong(3 << 16)
          .putLong(1 << 16)
          .putInt(1)
          .array();

  private static final String JOB =
      """
      ClusterId = 1
      ProcId = 0
      JobUniverse = 5
      Cmd = "/usr/libexec/voc/voc-node"
      TransferExecutable = false
      Owner = "voc-sample"
      Requirements = TARGET.VocDomain =?= "PAD" && stringListMember("@DIGEST@", TARGET.VocImages) && (TARGET.Disk >= RequestDisk) && (TARGET.Memory >= RequestMemory)
      RequestCpus = 1
      RequestMemory = 1280
      RequestDisk = 4194304
      VocNodeJob = true
      VocVO = "sample"
      Voc = "sample"
      VocNode = "sample-0123456789ab"
      VocImage = "@DIGEST@"
      VocCpus = 1
      VocMemoryMb = 1024
      VocDiskMb = 4096
      VocIdleSeconds = 300
      VocLifetimeSeconds = 86400
      VocAccelerator = "auto"
      """;

  private Training() {}

  public static void main(String[] args) throws IOException {
    Path directory = Files.createTempDirectory("voc-training");
    try {
      train(directory);
    } finally {
      try (var files = Files.walk(directory)) {
        for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
          File entry = file.toFile();
          if (!entry.delete()) {
            entry.deleteOnExit();
          }
        }
      }
    }
  }

  private static void train(Path directory) throws IOException {
    Path images = Files.createDirectory(directory.resolve("images"));
    Path scratch = Files.createDirectory(directory.resolve("scratch"));
    Path state = Files.createDirectory(directory.resolve("state"));
    Path leases = Files.createDirectory(directory.resolve("leases"));
    Path source = Files.write(directory.resolve("sample.qcow2"), IMAGE);
    Files.writeString(scratch.resolve("voc-token"), "c2Ft.cGxl.dG9rZW4\n");
    Files.writeString(scratch.resolve("voc-node-key"), "0".repeat(64));
    ImageDigest digest = new ImageDigest(sha256(IMAGE));
    var _ =
        new ImageStore(images)
            .stage(
                "file://" + source,
                digest,
                new ImageStore.Limits(
                    UrlPrefix.parseList("file://" + directory + "/"), 1 << 20, 1 << 30));
    String job = JOB.replace("@DIGEST@", digest.value());
    trainTool(job);
    String[] common = {
      "--images=" + images, "--state=" + state, "--qemu=/usr/bin/qemu-system-x86_64", "--vos=*"
    };
    var _ =
        PrepareJob.run(
            io(
                job,
                scratch,
                common,
                "--accelerator=auto",
                "--tcg-cache-mb=128",
                "--leases=" + leases,
                "--condor-host=192.0.2.1",
                "--collector=192.0.2.1",
                "--pad-host=pad.example.org"));
    var _ =
        JobExit.run(
            io(
                job,
                scratch,
                new String[0],
                "--condor-advertise=/bin/true",
                "--leases=" + leases,
                "remove"));
    var _ =
        Advertise.run(
            io(
                "",
                scratch,
                common,
                "--accelerator=tcg",
                "--allow-urls=https://images.example.org/",
                "--condor-status=/bin/true",
                "--execute=" + scratch,
                "--leases=" + leases,
                "--max-image-mb=1"));
  }

  /** What people pipe ads through. */
  private static void trainTool(String ad) {
    InputStream in = new ByteArrayInputStream(ad.getBytes(StandardCharsets.UTF_8));
    PrintStream nowhere = nowhere();
    String[] arguments = {"convert", "--to", "long", "--set", "Seen=true"};
    var _ = ClassAdTool.run(arguments, in, nowhere, nowhere);
  }

  private static PrintStream nowhere() {
    return new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
  }

  private static HookIo io(String stdin, Path scratch, String[] common, String... more) {
    InputStream in = new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8));
    PrintStream nowhere = nowhere();
    String[] arguments = Arrays.copyOf(common, common.length + more.length);
    System.arraycopy(more, 0, arguments, common.length, more.length);
    return new HookIo(
        in,
        nowhere,
        nowhere,
        Map.of("_CONDOR_SCRATCH_DIR", scratch.toString()),
        List.of(arguments),
        InstantSource.system());
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
