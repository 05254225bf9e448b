package org.vocluster.vm.qemu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vocluster.vm.Golden;
import org.vocluster.vm.RealTools;
import org.vocluster.vm.definition.ContextForm;
import org.vocluster.vm.definition.DirectKernel;
import org.vocluster.vm.definition.KernelArguments;
import org.vocluster.vm.definition.MachineShape;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.definition.ShapeName;
import org.vocluster.vm.hypervisor.Accelerator;
import org.vocluster.vm.hypervisor.Boot;
import org.vocluster.vm.hypervisor.Machine;
import org.vocluster.vm.hypervisor.PciAddress;
import org.vocluster.vm.image.FileKind;
import org.vocluster.vm.image.Overlay;
import org.vocluster.vm.image.VerifiedImage;
import org.vocluster.vm.node.NodeFiles;
import org.vocluster.vm.os.Command;

class QemuArgumentsTest {
  private static final Path QEMU = Path.of("/usr/bin/qemu-system-x86_64");

  private static QemuArguments arguments(
      String padHost, String node, String scratch, Accelerator accelerator) {
    return new QemuArguments(
        QEMU,
        new Machine(
            new NodeId(node),
            padHost,
            hardware(4, 8192, 40960, accelerator, 128),
            new Boot.Bios(),
            ContextForm.FW_CFG,
            NodeFiles.in(Path.of(scratch)),
            false));
  }

  private static Machine.Hardware hardware(
      int cpus, long memoryMb, long diskMb, Accelerator accelerator, int tcgCacheMb) {
    return new Machine.Hardware(
        new MachineShape(ShapeName.DEFAULT, cpus, memoryMb, diskMb, 0),
        List.of(),
        accelerator,
        tcgCacheMb);
  }

  private static String value(List<String> words, String option) {
    return words.get(words.indexOf(option) + 1);
  }

  @Test
  void vectorUnderKvm() throws Exception {
    Golden.assertGolden(
        "qemu/qemu-kvm.args",
        String.join("\n", arguments("pad1", "cms-0a1b", "/scratch/dir_1", Accelerator.KVM).words())
            + "\n");
  }

  @Test
  void vectorUnderTcg() throws Exception {
    Golden.assertGolden(
        "qemu/qemu-tcg.args",
        String.join("\n", arguments("pad1", "cms-0a1b", "/scratch/dir_1", Accelerator.TCG).words())
            + "\n");
  }

  @Test
  void gpusOfTheHostAreHandedToTheGuest() {
    List<String> words =
        new QemuArguments(
                QEMU,
                new Machine(
                    new NodeId("n"),
                    "pad1",
                    new Machine.Hardware(
                        new MachineShape(ShapeName.DEFAULT, 1, 64, 16, 2),
                        List.of(new PciAddress("0000:3b:00.0"), new PciAddress("00ff:af:1f.7")),
                        Accelerator.KVM,
                        128),
                    new Boot.Bios(),
                    ContextForm.FW_CFG,
                    NodeFiles.in(Path.of("/s")),
                    false))
            .words();
    int first = words.indexOf("vfio-pci,host=0000:3b:00.0");
    assertEquals("-device", words.get(first - 1));
    assertEquals(
        List.of("-device", "vfio-pci,host=00ff:af:1f.7"), words.subList(first + 1, first + 3));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "GPU-9f86d081",
        "CUDA0",
        "0000:3b:00.8",
        "0000:3B:00.0",
        "0000:3b:00.0,x=y",
        "3b:00.0",
        "0000:3b:00.0 "
      })
  void whatIsNoPciAddressIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> new PciAddress(text));
  }

  @Test
  void commasInPathsOpenNoOption() {
    List<String> words = arguments("p", "n", "/s,readonly=on", Accelerator.TCG).words();
    assertTrue(
        words.contains("name=opt/org.vocluster/token,file=/s,,readonly=on/voc-token"),
        words.toString());
    assertTrue(words.contains("file,id=console0,append=on,path=/s,,readonly=on/voc-console.log"));
  }

  private static List<String> words(Boot boot, ContextForm context) {
    return new QemuArguments(
            QEMU,
            new Machine(
                new NodeId("n"),
                "pad1",
                hardware(1, 64, 16, Accelerator.TCG, 32),
                boot,
                context,
                NodeFiles.in(Path.of("/s,x")),
                false))
        .words();
  }

  private static List<String> added(List<String> words) {
    List<String> plain = words(new Boot.Bios(), ContextForm.FW_CFG);
    return words.stream().filter(word -> !plain.contains(word)).toList();
  }

  @Test
  void uefiHasTheHostsCodeReadOnlyAndVariablesOfTheNodesOwn() {
    List<String> words =
        words(
            new Boot.Uefi(Path.of("/usr/share/OVMF/a,b.fd"), Path.of("/s,x/voc-uefi-vars.fd")),
            ContextForm.FW_CFG);
    assertEquals(
        List.of(
            "q35,pflash0=uefi-code,pflash1=uefi-variables",
            "driver=raw,node-name=uefi-code,file.driver=file,file.filename=/usr/share/OVMF/a,,b.fd,read-only=on",
            "driver=raw,node-name=uefi-variables,file.driver=file,file.filename=/s,,x/voc-uefi-vars.fd,cache.no-flush=on"),
        added(words));
  }

  @Test
  void kernelIsStartedWithItsArgumentsAsOneWord() {
    KernelArguments arguments = new KernelArguments("root=/dev/vda1 console=ttyS0,115200");
    assertEquals(
        List.of(
            "-kernel",
            "/i/a,b.boot",
            "-initrd",
            "/i/c.boot",
            "-append",
            "root=/dev/vda1 console=ttyS0,115200"),
        added(
            words(
                new Boot.Kernel(
                    new DirectKernel<>(
                        Path.of("/i/a,b.boot"), Optional.of(Path.of("/i/c.boot")), arguments)),
                ContextForm.FW_CFG)));
    assertEquals(
        List.of("-kernel", "/i/a.boot", "-append", "root=/dev/vda1 console=ttyS0,115200"),
        added(
            words(
                new Boot.Kernel(
                    new DirectKernel<>(Path.of("/i/a.boot"), Optional.empty(), arguments)),
                ContextForm.FW_CFG)));
  }

  @Test
  void seedIsTheLastDeviceAndTheSerialNumberNamesIt() {
    List<String> words = words(new Boot.Bios(), ContextForm.CLOUD_INIT);
    assertEquals(
        List.of(
            "driver=raw,node-name=seed,file.driver=file,file.filename=/s,,x/voc-seed.img,read-only=on",
            "virtio-blk-pci,drive=seed",
            "-smbios",
            "type=1,serial=ds=nocloud"),
        added(words));
    assertEquals(
        words.lastIndexOf("-device"), words.indexOf("virtio-blk-pci,drive=seed") - 1, "last");
    assertTrue(words.contains("name=opt/org.vocluster/condor.conf,file=/s,,x/voc-condor.conf"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "  ", "a\nb", "a\rb", "a\"b", "a'b", "a\\b", "a$(b)", "a`b", "a\tb", "a#b", "aé"
      })
  void kernelArgumentsHoldNothingThatCouldEndAWordOfOurs(String text) {
    assertFalse(KernelArguments.isValid(text));
    assertThrows(IllegalArgumentException.class, () -> new KernelArguments(text));
  }

  @Test
  void kernelArgumentsHaveAGreatestLength() {
    assertTrue(KernelArguments.isValid("a".repeat(1024)));
    assertFalse(KernelArguments.isValid("a".repeat(1025)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/s\n-daemonize", "/s\r", "/s\u0085x", "relative"})
  void pathThatWouldBreakALineIsRefused(String scratch) {
    assertThrows(
        IllegalArgumentException.class, () -> arguments("p", "n", scratch, Accelerator.TCG));
  }

  @Test
  void identityComesFromHostAndNodeAlone() {
    List<String> one = arguments("pad1", "a", "/s", Accelerator.TCG).words();
    List<String> again = arguments("pad1", "a", "/other", Accelerator.KVM).words();
    List<String> otherNode = arguments("pad1", "b", "/s", Accelerator.TCG).words();
    List<String> otherHost = arguments("pad2", "a", "/s", Accelerator.TCG).words();
    assertEquals(value(one, "-uuid"), value(again, "-uuid"));
    assertNotEquals(value(one, "-uuid"), value(otherNode, "-uuid"));
    assertNotEquals(value(one, "-uuid"), value(otherHost, "-uuid"));
  }

  @Test
  void realQemuTakesTheVectorAndBootsFromTheDisk(@TempDir Path dir) throws Exception {
    Path scratch = Files.createDirectory(dir.resolve("dir,with=comma"));
    NodeFiles files = NodeFiles.in(scratch);
    Path raw = dir.resolve("boot.img");
    byte[] disk = new byte[1 << 20];
    byte[] sector = AcceleratorProbe.bootSector();
    System.arraycopy(sector, 0, disk, 0, sector.length);
    Files.write(raw, disk);
    Path image = dir.resolve("image.qcow2");
    RealTools.qemuImg("convert", "-f", "raw", "-O", "qcow2", raw.toString(), image.toString());
    Overlay.create(
        new VerifiedImage(RealTools.digest(image), image, FileKind.IMAGE, 1 << 20),
        files.overlay(),
        16);
    Files.writeString(files.config(), "X = 1\n");
    Files.writeString(files.token(), "a.b.c\n");
    Files.writeString(files.key(), "0a".repeat(32));
    List<String> words =
        new java.util.ArrayList<>(
            new QemuArguments(
                    RealTools.qemu(),
                    new Machine(
                        new NodeId("test-node"),
                        "pad",
                        hardware(2, 64, 16, Accelerator.TCG, 32),
                        new Boot.Bios(),
                        ContextForm.FW_CFG,
                        files,
                        false))
                .words());
    // What the probe's guest reports through; nodes have no such device.
    words.addAll(List.of("-device", "isa-debug-exit,iobase=0xf4,iosize=0x04"));
    Command.Outcome outcome = Command.of(Duration.ofSeconds(20), words).run();
    assertEquals(85, outcome.status(), outcome.stderr());
    assertFalse(outcome.stderr().contains("warning"), outcome.stderr());
  }
}
