package org.vocluster.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

final class PoolPlanTest {
  private static final PoolPlan PLAN = PoolPlan.of(new PoolName("demo"), Suite.TRIXIE, 2);

  @Test
  void usualPoolHasACentralManagerAndNumberedExecuteHosts() {
    assertEquals(List.of("cm", "pad1", "pad2"), PLAN.hosts().stream().map(HostPlan::name).toList());
    assertEquals("10.77.0.1", PLAN.condorHost());
  }

  @Test
  void hostsFileNamesEveryHostWithItsFullNameFirst() {
    assertEquals(
        """
        127.0.0.1 localhost
        10.77.0.1 cm.site.test cm
        10.77.0.11 pad1.site.test pad1
        10.77.0.12 pad2.site.test pad2
        """,
        PLAN.hostsFile());
  }

  @Test
  void siteConfigurationStartsADaemonSetPerRole() {
    String manager = SiteConfig.text(PLAN, PLAN.hosts().get(0));
    String execute = SiteConfig.text(PLAN, PLAN.hosts().get(1));

    assertTrue(manager.contains("DAEMON_LIST = MASTER COLLECTOR NEGOTIATOR SCHEDD\n"), manager);
    assertTrue(execute.contains("DAEMON_LIST = MASTER STARTD\n"), execute);
    assertTrue(execute.contains("CONDOR_HOST = 10.77.0.1\n"), execute);
  }

  @Test
  void poolOwnsItsOwnNamespacesOnly() {
    PoolName name = new PoolName("demo");

    assertTrue(name.owns(name.switchNamespace()));
    assertTrue(name.owns(name.hostNamespace("cm")));
    assertFalse(name.owns(new PoolName("demo2").hostNamespace("cm")));
    assertFalse(name.owns("somebody-elses"));
  }

  @Test
  void namesThatDoNotFitFilesAndInterfacesAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new PoolName("../x"));
    assertThrows(IllegalArgumentException.class, () -> new PoolName("a.b"));
    assertThrows(
        IllegalArgumentException.class,
        () -> new HostPlan("a-long-host-name", HostPlan.Role.EXECUTE, "10.77.0.2"));
  }

  @Test
  void suiteIsKnownByNameAndByHtcondorVersion() {
    assertEquals(Suite.TRIXIE, Suite.parse("23"));
    assertEquals(Suite.SID, Suite.parse("sid"));
    assertThrows(IllegalArgumentException.class, () -> Suite.parse("24"));
  }
}
