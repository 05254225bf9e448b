package org.vocluster.hook;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.LongForm;
import org.vocluster.vm.definition.AcceleratorMode;
import org.vocluster.vm.definition.ContextForm;
import org.vocluster.vm.definition.DefinitionDigest;
import org.vocluster.vm.definition.Firmware;
import org.vocluster.vm.definition.ImageDigest;
import org.vocluster.vm.definition.ImageUrl;
import org.vocluster.vm.definition.MachineShape;
import org.vocluster.vm.definition.NodeAttributes;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.definition.ShapeName;
import org.vocluster.vm.definition.VoName;
import org.vocluster.vm.definition.VocName;
import org.vocluster.vm.image.ImageStore;
import org.vocluster.vm.image.StagingLimits;
import org.vocluster.vm.image.UrlPrefix;
import org.vocluster.vm.node.NodeJobAd;
import org.vocluster.vm.node.NodeKey;
import org.vocluster.vm.node.NodeToken;
import org.vocluster.vm.node.Paths;
import org.vocluster.vm.os.Sha256;

/**
 * Writes a node job's ad, its scratch directory and an image store that holds its image:
 * make-aot-cache lets every hook run over them once, so that the JVM sees what it loads.
 */
final class Samples {
  private static final int CLUSTER = 1 << 16;

  /**
   * An empty qcow2 image, version 2, of four clusters: header, table of reference counts, reference
   * counts, table of addresses.
   */
  private static final byte[] IMAGE =
      ByteBuffer.allocate(4 * CLUSTER)
          .putInt(0x514649fb)
          .putInt(2)
          .putLong(0) // no backing file
          .putInt(0)
          .putInt(16) // bits of a cluster's size
          .putLong(1 << 20) // size of the disk
          .putInt(0) // not encrypted
          .putInt(1) // addresses
          .putLong(3 * CLUSTER)
          .putLong(CLUSTER)
          .putInt(1) // clusters of the table of reference counts
          .putLong(CLUSTER, 2 * CLUSTER)
          .putLong(2 * CLUSTER, 0x0001_0001_0001_0001L)
          .array();

  private static final String JOB =
      """
      ClusterId = 1
      ProcId = 0
      JobUniverse = 5
      Cmd = "@VOC_NODE@"
      TransferExecutable = false
      Owner = "voc-sample"
      Requirements = TARGET.VocDomain =?= "PAD" && stringListMember("@DIGEST@", TARGET.VocImages) && (TARGET.Disk >= RequestDisk) && (TARGET.Memory >= RequestMemory)
      RequestCpus = 1
      RequestMemory = 1280
      RequestDisk = 4194304
      """;

  /** What sizing writes of a node, but for its image. */
  private static ClassAd node(ImageDigest image) {
    return new NodeJobAd(
            new NodeId("sample-0123456789ab"),
            new NodeJobAd.Origin(new VoName("sample"), new VocName("sample"), "ap.example.org"),
            image,
            new MachineShape(ShapeName.DEFAULT, 1, 1024, 4096, 0),
            new NodeJobAd.Stay(300, 86_400),
            AcceleratorMode.AUTO,
            new NodeJobAd.Start(
                Firmware.BIOS, Optional.empty(), ContextForm.FW_CFG, NodeAttributes.NONE))
        .ad(List.of(), new DefinitionDigest(image.value()));
  }

  private Samples() {}

  /** Writes the samples into the directory given. */
  public static void main(String[] args) throws IOException {
    write(Path.of(args[0]));
  }

  static void write(Path directory) throws IOException {
    Path images = Files.createDirectory(directory.resolve("images"));
    Path scratch = Files.createDirectory(directory.resolve("scratch"));
    Path source = Files.write(directory.resolve("sample.qcow2"), IMAGE);
    Files.createDirectory(directory.resolve("state"));
    Files.createDirectory(directory.resolve("leases"));
    Files.writeString(scratch.resolve(NodeToken.FILE), "c2Ft.cGxl.dG9rZW4\n");
    Files.writeString(scratch.resolve(NodeKey.FILE), "0".repeat(64));
    ImageDigest digest = new ImageDigest(Sha256.of(IMAGE));
    var _ =
        new ImageStore(images)
            .stage(
                ImageUrl.of("file://" + source),
                digest,
                new StagingLimits(
                    UrlPrefix.parseList("file://" + directory + "/"), 1 << 20, 1 << 30));
    Files.writeString(
        directory.resolve("job.ad"),
        JOB.replace("@VOC_NODE@", Paths.VOC_NODE).replace("@DIGEST@", digest.value())
            + LongForm.print(node(digest)));
  }
}
