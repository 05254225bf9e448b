package org.vocluster.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.vocluster.pool.Await;
import org.vocluster.pool.Host;
import org.vocluster.pool.PoolException;
import org.vocluster.pool.Session;
import org.vocluster.pool.Suite;
import org.vocluster.vocpool.CloudImage;
import org.vocluster.vocpool.Ending;
import org.vocluster.vocpool.VoImage;
import org.vocluster.vocpool.VocPool;
import org.vocluster.vocpool.VocText;

/**
 * Nodes that boot otherwise than from a disk with BIOS and voc-guest: each form runs a job, says
 * from inside that it is of that form, leaves when idle, and leaves nothing.
 */
@Tag("pool")
@EnabledIfSystemProperty(named = "voc.scenarios.all", matches = "true")
final class BootFormsTest {
  private static final Duration BOOT_AND_RUN = Duration.ofMinutes(15);
  private static final Duration LAUNCH = Duration.ofMinutes(3);

  /** Of the image with cloud-init, whose startd asks each file-transfer plugin what it can. */
  private static final Duration CLOUD_IDLE = Duration.ofMinutes(4);

  private static final Duration LEAVING = CLOUD_IDLE.plusMinutes(2);

  /**
   * A form, as its definition has it, and what only a node of that form answers.
   *
   * @param probe a shell command for the payload job
   * @param onHost what QEMU's command line has on the host
   */
  private record Form(VocText definition, String probe, String answer, String onHost) {}

  @ParameterizedTest
  @EnumSource(Suite.class)
  void everyFormRunsAJobAndLeavesNothing(Suite suite) throws PoolException, InterruptedException {
    try (PoolOf pool = PoolOf.suite("forms" + suite.debianName(), suite)) {
      pool.run(
          voc -> {
            List<Form> forms = new ArrayList<>(List.of(uefi(voc), kernel(voc)));
            // cloud-init takes minutes under emulation, and asks the host for nothing more.
            if (suite == Suite.TRIXIE) {
              forms.add(cloudInit(voc));
            }
            run(voc, forms);
          });
    }
  }

  private static Form uefi(VocPool voc) {
    return new Form(
        voc.definition("efi", "cms").with("Firmware", "\"uefi\""),
        "ls -d /sys/firmware/efi",
        "/sys/firmware/efi",
        "pflash0=uefi-code");
  }

  private static Form kernel(VocPool voc) throws PoolException {
    VoImage image = voc.image();
    String marker = "voc.form=kernel";
    return new Form(
        voc.definition("kernel", "cms")
            .with("Kernel", share(voc, image.kernel(), "vmlinuz"))
            .with("KernelSha256", quoted(sha256(image.kernel())))
            .with("Initrd", share(voc, image.initrd(), "initrd"))
            .with("InitrdSha256", quoted(sha256(image.initrd())))
            .with("KernelArguments", quoted(image.kernelArguments() + " " + marker)),
        "grep -o " + marker + " /proc/cmdline",
        marker,
        "-kernel");
  }

  private static Form cloudInit(VocPool voc) throws PoolException, InterruptedException {
    CloudImage image = CloudImage.of(Suite.TRIXIE);
    return new Form(
        VocText.of(
                "cloud", "cms", unquoted(share(voc, image.file(), "cloud.qcow2")), image.sha256())
            .with("IdleSeconds", Long.toString(CLOUD_IDLE.toSeconds()))
            .with("Context", "\"cloud-init\""),
        "dpkg -s voc-guest >/dev/null 2>&1 || cat /run/cloud-init/cloud-id",
        "nocloud",
        "serial=ds=nocloud");
  }

  private static void run(VocPool voc, List<Form> forms)
      throws PoolException, InterruptedException {
    Session alice = voc.ap().as("alice");
    Map<Form, String> clusters = new LinkedHashMap<>();
    for (Form form : forms) {
      voc.register(form.definition()).orThrow();
    }
    Instant begin = Instant.now();
    for (Form form : forms) {
      String name = form.definition().name();
      clusters.put(
          form,
          alice
              .input(
                  """
                  executable = /bin/sh
                  arguments = "-c '%s'"
                  transfer_executable = False
                  should_transfer_files = YES
                  output = %s.out
                  error = %s.err
                  request_memory = 64
                  request_disk = 1024
                  requirements = TARGET.Voc =?= "%s"
                  queue
                  """
                      .formatted(form.probe(), name, name, name))
              .run("condor_submit", "-terse")
              .orThrow()
              .stdout()
              .strip()
              .replaceFirst("\\..*", ""));
    }
    for (Form form : forms) {
      Await.until(
          "a machine of VOC " + form.definition().name(),
          LAUNCH,
          () -> machines(voc),
          lines -> lines.stream().anyMatch(line -> isOf(form, line)));
    }
    for (Map.Entry<Form, String> job : clusters.entrySet()) {
      String name = job.getKey().definition().name();
      List<Ending> endings =
          Await.until(
              "end of the job in VOC " + name,
              BOOT_AND_RUN,
              () -> voc.endings(job.getValue()),
              ended -> !ended.isEmpty());
      System.out.printf(
          "%s: submit to the job's start %d s%n",
          name, endings.getFirst().executingSince() - begin.getEpochSecond());
      String said = alice.sh("cat %s.out %s.err".formatted(name, name)).orThrow().stdout().strip();
      assertTrue(endings.getFirst().node().startsWith(name + "-"), endings.toString());
      assertEquals(job.getKey().answer(), said, "what the job saw in its node");
    }
    voc.awaitNothingLeft(LEAVING);
  }

  private static boolean isOf(Form form, String commandLine) {
    return commandLine.contains("guest=" + form.definition().name() + "-")
        && commandLine.contains(form.onHost());
  }

  private static List<String> machines(VocPool voc) throws PoolException, InterruptedException {
    List<String> out = new ArrayList<>();
    for (Host host : voc.pool().executeHosts()) {
      VocPool.virtualMachines(host).forEach(process -> out.add(process.commandLine()));
    }
    return out;
  }

  /** Puts a file where the hosts fetch from; its URL as a ClassAd string. */
  private static String share(VocPool voc, Path file, String name) throws PoolException {
    try {
      Path shared = voc.pool().share().resolve(name);
      if (!Files.exists(shared)) {
        Files.copy(file, shared);
      }
      return quoted(VocPool.SHARE_URL + name);
    } catch (IOException e) {
      throw new PoolException("%s: %s".formatted(file, e), e);
    }
  }

  private static String sha256(Path file) throws PoolException {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    } catch (IOException | NoSuchAlgorithmException e) {
      throw new PoolException("%s: %s".formatted(file, e), e);
    }
  }

  private static String quoted(String text) {
    return '"' + text + '"';
  }

  private static String unquoted(String text) {
    return text.substring(1, text.length() - 1);
  }
}
