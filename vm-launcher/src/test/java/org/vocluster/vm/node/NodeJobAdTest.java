package org.vocluster.vm.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vocluster.ad.Attr;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.Expr;
import org.vocluster.classad.LongForm;
import org.vocluster.vm.definition.AcceleratorMode;
import org.vocluster.vm.definition.ContextForm;
import org.vocluster.vm.definition.DefinitionAttribute;
import org.vocluster.vm.definition.DefinitionDigest;
import org.vocluster.vm.definition.DirectKernel;
import org.vocluster.vm.definition.Firmware;
import org.vocluster.vm.definition.ImageDigest;
import org.vocluster.vm.definition.KernelArguments;
import org.vocluster.vm.definition.MachineShape;
import org.vocluster.vm.definition.NodeAttributes;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.definition.ShapeName;
import org.vocluster.vm.definition.VoName;
import org.vocluster.vm.definition.VocName;

class NodeJobAdTest {
  private static final DefinitionDigest DEFINITION = new DefinitionDigest("ef".repeat(32));

  private static final DirectKernel<ImageDigest> KERNEL =
      new DirectKernel<>(
          new ImageDigest("bb".repeat(32)),
          Optional.of(new ImageDigest("cc".repeat(32))),
          new KernelArguments("root=/dev/vda1 console=ttyS0"));

  private static NodeJobAd job(NodeJobAd.Start start) {
    return new NodeJobAd(
        new NodeId("cms-0123456789ab"),
        new NodeJobAd.Origin(new VoName("cms"), new VocName("cms-large"), "ap@example.org"),
        new ImageDigest("aa".repeat(32)),
        new MachineShape(new ShapeName("big"), 2, 512, 1024, 1),
        new NodeJobAd.Stay(300, 86_400),
        AcceleratorMode.KVM,
        start);
  }

  private static ClassAd ad(NodeJobAd.Start start) {
    return job(start).ad(List.of("pad1.example.org", "pad2.example.org"), DEFINITION);
  }

  private static final NodeJobAd.Start WITH_KERNEL =
      new NodeJobAd.Start(Firmware.BIOS, Optional.of(KERNEL), ContextForm.CLOUD_INIT, attributes());

  private static NodeAttributes attributes() {
    return new NodeAttributes(
        ClassAd.builder().set("HasContainer", true).set("OpSysAndVer", "AlmaLinux9").build());
  }

  @Test
  void whatIsWrittenIsReadBackEqual() throws Exception {
    for (NodeJobAd.Start start :
        List.of(
            WITH_KERNEL,
            new NodeJobAd.Start(
                Firmware.BIOS,
                Optional.of(
                    new DirectKernel<>(KERNEL.image(), Optional.empty(), KERNEL.arguments())),
                ContextForm.FW_CFG,
                NodeAttributes.NONE),
            new NodeJobAd.Start(
                Firmware.UEFI, Optional.empty(), ContextForm.FW_CFG, NodeAttributes.NONE))) {
      ClassAd sent = LongForm.parse(LongForm.print(ad(start)));
      assertEquals(new NodeJobAd.Reading.WellFormed(job(start)), NodeJobAd.read(sent));
    }
  }

  @Test
  void attributesAreThoseOfAJobThatHasEverything() {
    assertEquals(NodeJobAd.attributes(), ad(WITH_KERNEL).names());
  }

  /** Without what an ad of an earlier version lacks, and what the reader leaves to sizing. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        Attr.VO,
        Attr.VOC,
        Attr.NODE,
        Attr.IMAGE,
        Attr.CPUS,
        Attr.MEMORY_MB,
        Attr.DISK_MB,
        Attr.IDLE_SECONDS,
        Attr.LIFETIME_SECONDS
      })
  void whatEveryNodeNeedsIsMissed(String attribute) {
    assertEquals(
        new NodeJobAd.Reading.Malformed(List.of(attribute + " is missing")),
        NodeJobAd.read(ad(WITH_KERNEL).without(attribute)));
  }

  @Test
  void allFaultsAreToldAtOnce() {
    assertEquals(
        new NodeJobAd.Reading.Malformed(
            List.of(
                "VocMemoryMb = 0 is not valid",
                "VocShape = \"Big\" is not valid",
                "VocGpus = 65 is not valid",
                "VocSchedd = \"\" is not valid",
                "VocKernelArguments is missing",
                "VocContext = \"floppy\" is not valid")),
        NodeJobAd.read(
            ad(WITH_KERNEL)
                .with(Attr.MEMORY_MB, 0)
                .with(Attr.SHAPE, "Big")
                .with(Attr.GPUS, 65)
                .with(Attr.SCHEDD, "")
                .without(Attr.KERNEL_ARGUMENTS)
                .with(Attr.CONTEXT, "floppy")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "7",
        "\"HasX\"",
        "[ START = true ]",
        "[ HasX = \"$(HOME)\" ]",
        "[ HasX = time() ]",
        "[ VocVO = \"atlas\" ]"
      })
  void nobodySaysOfANodeWhatADefinitionMayNot(String attributes) throws Exception {
    NodeJobAd.Reading reading =
        NodeJobAd.read(ad(WITH_KERNEL).with(Attr.NODE_ATTRIBUTES, Expr.parse(attributes)));
    NodeJobAd.Reading.Malformed bad =
        assertInstanceOf(NodeJobAd.Reading.Malformed.class, reading, attributes);
    assertEquals(1, bad.faults().size());
    assertTrue(bad.faults().getFirst().startsWith("VocNodeAttributes = "), bad.faults().toString());
  }

  @Test
  void noDefinitionAsksForMoreThanAnAdMaySay() {
    assertEquals(DefinitionAttribute.CPUS.max(), NodeJobAd.MOST_CPUS);
    assertEquals(DefinitionAttribute.MEMORY_MB.max(), NodeJobAd.MOST_MEMORY_MB);
    assertEquals(DefinitionAttribute.DISK_MB.max(), NodeJobAd.MOST_DISK_MB);
    assertEquals(DefinitionAttribute.GPUS.max(), NodeJobAd.MOST_GPUS);
    assertEquals(DefinitionAttribute.LIFETIME_SECONDS.max(), NodeJobAd.LONGEST_SECONDS);
  }

  @Test
  void pageHasExactlyTheseAttributesAndWhatPrepareJobAnswers() throws Exception {
    String page = Files.readString(Path.of("../docs/attributes.md"));
    int begin = page.indexOf("## Node jobs");
    String table = page.substring(begin, page.indexOf("\n## ", begin));
    Set<String> said = new TreeSet<>();
    for (String row : table.split("\n", -1)) {
      Matcher name = Pattern.compile("`(Voc\\w*)`").matcher(row.split(" \\| ", -1)[0]);
      while (row.startsWith("| `") && name.find()) {
        said.add(name.group(1));
      }
    }
    Set<String> all = new TreeSet<>(NodeJobAd.attributes());
    all.addAll(List.of(Attr.PREPARE_MS, Attr.DEATH_TIME, Attr.PAD_HOST));
    assertEquals(all, said);
  }
}
