package org.vocluster.vocpool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.vocluster.pool.Await;
import org.vocluster.pool.Host;
import org.vocluster.pool.PoolException;
import org.vocluster.pool.SiteConfig;

/**
 * Node jobs submitted by hand, as sizing submits them, for what sizing must have no opinion about:
 * it stands still meanwhile. All have one token and one key.
 */
public final class NodesByHand {
  /** Short, so that nobody waits long for a host that is lost. */
  public static final int LEASE_SECONDS = 120;

  private static final String ACCOUNT = "voc-cms";
  private static final String DIRECTORY = "/home/voc-cms/node";
  private static final int QEMU_MEMORY_MB = 256;
  private static final int MEMORY_MB = 64;
  private static final int DISK_MB = 16;
  private static final Duration SIZING = Duration.ofMinutes(1);

  private final VocPool voc;

  private NodesByHand(VocPool voc) {
    this.voc = voc;
  }

  /**
   * A node to be.
   *
   * @param voc a VOC's name; none of that name has to be registered
   * @param host the PAD host that is to run it
   */
  public record Order(String voc, String node, SleepingImage image, Host host) {}

  /** Makes sizing stand still, and makes the token and the key. */
  public static NodesByHand of(VocPool voc) throws PoolException, InterruptedException {
    signalSizer(voc, "STOP");
    voc.ap()
        .root()
        .sh(
            """
            set -e
            install -d -m 700 %2$s
            condor_token_create -identity %1$s@%3$s -key %1$s \
              -authz ADVERTISE_STARTD -authz ADVERTISE_MASTER -authz READ -lifetime 86400 >%2$s/voc-token
            od -An -vtx1 -N32 /dev/urandom | tr -d ' \\n' >%2$s/voc-node-key
            chmod 600 %2$s/*
            chown -R %1$s:%1$s %2$s
            """
                .formatted(ACCOUNT, DIRECTORY, SiteConfig.DOMAIN))
        .orThrow();
    return new NodesByHand(voc);
  }

  /** Ends the sizer that stands still; the schedd starts another. */
  public void endSizingsRest() throws PoolException, InterruptedException {
    signalSizer(voc, "KILL");
  }

  private static void signalSizer(VocPool voc, String signal)
      throws PoolException, InterruptedException {
    List<Host.HostProcess> sizers =
        Await.until("a size hook", SIZING, () -> sizers(voc), found -> !found.isEmpty());
    List<String> command = new ArrayList<>(List.of("kill", "-" + signal));
    sizers.forEach(sizer -> command.add(Long.toString(sizer.pid())));
    voc.ap().run(command.toArray(String[]::new)).orThrow();
  }

  private static List<Host.HostProcess> sizers(VocPool voc)
      throws PoolException, InterruptedException {
    return voc.ap().processes().stream()
        .filter(
            process ->
                process.commandLine().matches("\\S*/java .*org[.]vocluster[.]hook[.]Size .*"))
        .toList();
  }

  /**
   * Submits a node job.
   *
   * @return its cluster
   */
  public String submit(Order order) throws PoolException, InterruptedException {
    String description =
        """
        universe = vanilla
        executable = /usr/libexec/voc/voc-node
        transfer_executable = false
        should_transfer_files = YES
        when_to_transfer_output = ON_EXIT
        transfer_input_files = %1$s/voc-token, %1$s/voc-node-key
        transfer_output_files = ""
        kill_sig = SIGKILL
        notification = never
        job_lease_duration = %9$d
        request_cpus = 1
        request_memory = %2$d
        request_disk = %3$dMB
        accounting_group = group_voc.cms
        accounting_group_user = voc-cms
        requirements = TARGET.VocDomain =?= "PAD" && TARGET.Machine =?= "%4$s" && stringListMember("%5$s", TARGET.VocImages)
        My.HookKeyword = "VOC"
        My.VocNodeJob = true
        My.VocVO = "cms"
        My.Voc = "%6$s"
        My.VocShape = "default"
        My.VocNode = "%7$s"
        My.VocImage = "%5$s"
        My.VocCpus = 1
        My.VocMemoryMb = %8$d
        My.VocDiskMb = %3$d
        My.VocGpus = 0
        My.VocIdleSeconds = 600
        My.VocLifetimeSeconds = 86400
        My.VocAccelerator = "auto"
        My.VocAvoidHosts = ""
        queue
        """
            .formatted(
                DIRECTORY,
                MEMORY_MB + QEMU_MEMORY_MB,
                DISK_MB,
                order.host().fullName(),
                order.image().sha256(),
                order.voc(),
                order.node(),
                MEMORY_MB,
                LEASE_SECONDS);
    return voc.ap()
        .as(ACCOUNT)
        .input(description)
        .run("condor_submit", "-terse")
        .orThrow()
        .stdout()
        .strip()
        .replaceFirst("\\..*", "");
  }
}
