package org.vocluster.sizing.submit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vocluster.ad.Ads;
import org.vocluster.ad.Attr;
import org.vocluster.ad.CondorAttr;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.LongForm;
import org.vocluster.sizing.demand.DemandTest;
import org.vocluster.sizing.history.Removal;
import org.vocluster.vm.definition.MachineShape;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.definition.VocDefinition;
import org.vocluster.vm.node.NodeJobAd;

class NodeSubmissionTest {
  @Test
  void submitDescriptionIsAsRecorded() throws IOException {
    VocDefinition cms = DemandTest.definition("cms", "cms", 2);
    assertGolden(
        "nodes.sub",
        NodeSubmission.describe(
            cms,
            cms.shapes().getFirst(),
            List.of(new NodeId("cms-aaaaaaaa"), new NodeId("cms-bbbbbbbb")),
            List.of("pad3.example.org", "pad4.example.org"),
            "ap.example.org",
            new NodeJobs("/usr/libexec/voc/voc-node", 1200)));
  }

  @Test
  void definitionThatInsistsOnKvmGoesOnlyToHostsThatHaveIt() {
    VocDefinition.Reading reading =
        VocDefinition.parse(
            "kvm.ad",
            """
            [ Name = "k"; VO = "cms"; Image = "https://images.example.org/cms.qcow2";
              ImageSha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
              Cpus = 1; MemoryMb = 1024; DiskMb = 1024; Accelerator = "kvm" ]
            """);
    VocDefinition kvm = ((VocDefinition.Reading.Valid) reading).definition();
    String text =
        NodeSubmission.describe(
            kvm,
            kvm.shapes().getFirst(),
            List.of(new NodeId("k-1")),
            List.of(),
            "ap.example.org",
            new NodeJobs("/x", 600));
    assertTrue(text.contains(" && TARGET.VocAccelerator =?= \"kvm\"\n"), text);
  }

  private static VocDefinition definition(String more) {
    VocDefinition.Reading reading =
        VocDefinition.parse(
            "boot.ad",
            """
            [ Name = "k"; VO = "cms"; Image = "https://images.example.org/cms.qcow2";
              ImageSha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
              Cpus = 1; MemoryMb = 1024; DiskMb = 1024; %s ]
            """
                .formatted(more));
    return ((VocDefinition.Reading.Valid) reading).definition();
  }

  private static String described(String more) {
    VocDefinition voc = definition(more);
    return NodeSubmission.describe(
        voc,
        voc.shapes().getFirst(),
        List.of(new NodeId("k-1")),
        List.of(),
        "ap.example.org",
        new NodeJobs("/x", 600));
  }

  @Test
  void nodeThatNeedsUefiGoesOnlyToHostsThatHaveIt() {
    String text = described("Firmware = \"uefi\"; Context = \"cloud-init\"");
    assertTrue(text.contains(" && stringListMember(\"uefi\", TARGET.VocFirmwares)\n"), text);
    assertTrue(text.contains("\nMy.VocFirmware = \"uefi\"\n"), text);
    assertTrue(text.contains("\nMy.VocContext = \"cloud-init\"\n"), text);
  }

  @Test
  void nodeWithItsOwnKernelGoesOnlyWhereItsFilesAre() {
    String kernel = "ab".repeat(32);
    String initrd = "cd".repeat(32);
    String text =
        described(
            """
            Kernel = "file:/srv/vmlinuz"; KernelSha256 = "%s"; Initrd = "file:/srv/initrd";
            InitrdSha256 = "%s"; KernelArguments = "root=/dev/vda1 console=ttyS0"
            """
                .formatted(kernel, initrd));
    for (String digest : List.of(kernel, initrd)) {
      assertTrue(
          text.contains(" && stringListMember(\"" + digest + "\", TARGET.VocBootFiles)"), text);
    }
    assertTrue(text.contains("\nMy.VocKernel = \"" + kernel + "\"\n"), text);
    assertTrue(text.contains("\nMy.VocInitrd = \"" + initrd + "\"\n"), text);
    assertTrue(text.contains("\nMy.VocKernelArguments = \"root=/dev/vda1 console=ttyS0\"\n"), text);
  }

  @Test
  void shapeWithGpusRequestsThemFromTheHost() {
    VocDefinition.Reading reading =
        VocDefinition.parse(
            "gpu.ad",
            """
            [ Name = "k"; VO = "cms"; Image = "https://images.example.org/cms.qcow2";
              ImageSha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
              Shapes = { [ Name = "gpu"; Cpus = 1; MemoryMb = 1024; DiskMb = 1024; Gpus = 2 ] } ]
            """);
    VocDefinition voc = ((VocDefinition.Reading.Valid) reading).definition();
    String text =
        NodeSubmission.describe(
            voc,
            voc.shapes().getFirst(),
            List.of(new NodeId("k-1")),
            List.of(),
            "ap.example.org",
            new NodeJobs("/x", 600));
    assertTrue(text.contains("\nrequest_gpus = 2\n"), text);
    assertTrue(text.contains("\nMy.VocGpus = 2\n"), text);
    assertTrue(text.contains("\nMy.VocShape = \"gpu\"\n"), text);
  }

  /** The job's ad, as condor_submit and the schedd make it of a description. */
  private static ClassAd submitted(String description, String node) throws Exception {
    StringBuilder ad = new StringBuilder();
    for (String line : description.split("\n", -1)) {
      if (line.startsWith("My.")) {
        ad.append(line.substring("My.".length()).replace("$(Node)", node)).append('\n');
      }
    }
    return LongForm.parse(ad.toString());
  }

  @Test
  void reasonOfItsOwnRemovalIsWhatSizingKnows() throws Exception {
    VocDefinition voc = definition("");
    String text =
        NodeSubmission.describe(
            voc,
            voc.shapes().getFirst(),
            List.of(new NodeId("k-1")),
            List.of(),
            "ap@example.org",
            new NodeJobs("/x", 600));
    ClassAd ad = submitted(text, "k-1").with("RequestDisk", 1000).with("DiskUsage", 1000);
    assertEquals(
        Removal.WAITED_TOO_LONG,
        ad.with("JobStatus", 1).string(CondorAttr.PERIODIC_REMOVE_REASON).orElseThrow());
    ClassAd running = ad.with("JobStatus", 2);
    assertEquals(
        Removal.LIVED_TOO_LONG, running.string(CondorAttr.PERIODIC_REMOVE_REASON).orElseThrow());
    assertEquals(
        "it fills the disk of its host beyond what it asked for",
        running
            .with("DiskUsage", 9_999_999)
            .string(CondorAttr.PERIODIC_REMOVE_REASON)
            .orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Firmware = \"uefi\"; Context = \"cloud-init\"; Accelerator = \"kvm\"",
        "Kernel = \"file:/k\"; KernelSha256 = \"%1$s\"; KernelArguments = \"ro quiet\"",
        "Kernel = \"file:/k\"; KernelSha256 = \"%1$s\"; KernelArguments = \"root=/dev/vda1\";"
            + " Initrd = \"file:/i\"; InitrdSha256 = \"%1$s\"; SpareNodes = 3"
      })
  void nodeThatPrepareJobReadsIsTheOneThatIsSubmitted(String more) throws Exception {
    VocDefinition voc = definition(more.formatted("ab".repeat(32)));
    MachineShape shape = voc.shapes().getFirst();
    List<NodeId> nodes = List.of(new NodeId("k-1"), new NodeId("k-2"));
    String text =
        NodeSubmission.describe(
            voc,
            shape,
            nodes,
            List.of("pad1.example.org"),
            "ap@example.org",
            new NodeJobs("/x", 600));
    for (NodeId node : nodes) {
      ClassAd ad = submitted(text, node.value());
      assertEquals(
          new NodeJobAd.Reading.WellFormed(
              NodeSubmission.nodeJob(voc, shape, node, "ap@example.org")),
          NodeJobAd.read(ad));
      assertEquals(voc.nodeDigest(shape).value(), Ads.text(ad, Attr.DEFINITION));
      assertEquals("pad1.example.org", Ads.text(ad, Attr.AVOID_HOSTS));
      assertTrue(
          NodeJobAd.attributes()
              .containsAll(
                  ad.without("HookKeyword").without(CondorAttr.PERIODIC_REMOVE_REASON).names()),
          ad.toString());
    }
  }

  /** On a mismatch the new text is under target/golden, for a look and perhaps a copy. */
  private static void assertGolden(String name, String text) throws IOException {
    try (InputStream in = NodeSubmissionTest.class.getResourceAsStream(name)) {
      String golden =
          new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
      if (!golden.equals(text)) {
        Path written = Path.of("target", "golden", name);
        Files.createDirectories(written.getParent());
        Files.writeString(written, text);
        assertEquals(golden, text, "the new text is in " + written);
      }
    }
  }
}
