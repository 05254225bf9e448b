package org.vocluster.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each situation a job can be in, and the whole of what its owner is told. */
class ExplainerTest {
  private static final String IDLE =
      "job 12.0 of alice, VO cms, VOC cms: idle since 01/15 07:58:00 (2 min ago)\n";
  private static final String SERVED_BY_NOBODY = IDLE.replace(", VOC cms", "");

  @ParameterizedTest
  @MethodSource
  void everySituationIsSaidInWords(Situation situation, String words) {
    assertEquals(words, situation.inWords());
  }

  static Stream<Arguments> everySituationIsSaidInWords() {
    return Stream.of(
        argumentSet(
            "no such job",
            new Situation().nowhere(),
            """
            job 12.0: not found
              it is neither in the queue of ap.test nor in its history
                -> check the number; `condor_q -allusers` on the access point it was submitted to lists what is queued there
            """),
        argumentSet(
            "completed",
            new Situation()
                .past()
                .job("JobStatus", "4")
                .job("EnteredCurrentStatus", "" + (Situation.NOW - 5))
                .job("CompletionDate", "" + (Situation.NOW - 5))
                .job("ExitCode", "3")
                .job("LastRemoteHost", "\"slot1_1@cms-node7\""),
            """
            job 12.0 of alice, VO cms: completed since 01/15 07:59:55 (5 s ago)
              it ran to its end at 01/15 07:59:55 (5 s ago) with exit status 3, last on cms-node7
            """),
        argumentSet(
            "removed",
            new Situation()
                .past()
                .job("JobStatus", "3")
                .job("RemoveReason", "\"via condor_rm (by user alice)\""),
            """
            job 12.0 of alice, VO cms: removed since 01/15 07:58:00 (2 min ago)
              it was removed at 01/15 07:58:00 (2 min ago): via condor_rm (by user alice)
            """),
        argumentSet(
            "a node job that never joined",
            new Situation()
                .past()
                .job("JobStatus", "3")
                .job("VocNodeJob", "true")
                .job("VocNode", "\"cms-node7\"")
                .job("LastRemoteHost", "\"slot1_1@pad1.test\"")
                .job("RemoveReason", "\"voc-size: never joined the pool\""),
            """
            job 12.0 of alice, VO cms: removed since 01/15 07:58:00 (2 min ago)
              it was removed at 01/15 07:58:00 (2 min ago): voc-size: never joined the pool
              the end of its node's console is in pad1.test:/var/lib/voc/consoles/cms-node7.log, if it is one of the last there, and of a node that never joined in voc-consoles beside the SchedLog here
            """),
        argumentSet(
            "held",
            new Situation().job("JobStatus", "5").job("HoldReason", "\"no such file: x\""),
            """
            job 12.0 of alice, VO cms: held since 01/15 07:58:00 (2 min ago)
              it is on hold: no such file: x
                -> mend that, then `condor_release` it, or `condor_rm` it
            """),
        argumentSet(
            "spooling",
            new Situation().job("JobStatus", "5").job("HoldReasonCode", "16"),
            """
            job 12.0 of alice, VO cms: held since 01/15 07:58:00 (2 min ago)
              its input files are still being sent to the access point
            """),
        argumentSet(
            "running in a node",
            new Situation()
                .job("JobStatus", "2")
                .job("RemoteHost", "\"slot1@cms-node7\"")
                .job("JobCurrentStartDate", "" + (Situation.NOW - 30))
                .nodeSlot("cms-node7", "Unclaimed", 0),
            """
            job 12.0 of alice, VO cms: running since 01/15 07:58:00 (2 min ago)
              it runs in node cms-node7 of VOC cms on PAD host pad1.test since 01/15 07:59:30 (30 s ago)
            """),
        argumentSet(
            "user of no VO",
            new Situation().jobWithout("VocVO"),
            """
            job 12.0 of alice: idle since 01/15 07:58:00 (2 min ago)
              it is not a VO's job: user alice was in no VO of this access point when it was submitted, so no VOC node will run it
                -> ask the administrator to add the user to /etc/voc/users.map (a line `* alice VO`) and condor_reconfig, then submit it anew; for ordinary machines ask `condor_q -better-analyze`
            """),
        argumentSet(
            "another universe",
            new Situation().job("JobUniverse", "9"),
            SERVED_BY_NOBODY
                + """
                  it is of universe 9, and VOC nodes run vanilla jobs (5) only
                    -> submit it with `universe = vanilla`
                """),
        argumentSet(
            "a deferred start",
            new Situation()
                .definition("cms", 2)
                .job("DeferralTime", (Situation.NOW + 3600) + " + 60")
                .job("DeferralPrepTime", "60")
                .job("ScheddInterval", "300"),
            SERVED_BY_NOBODY
                + """
                  it is not to run before 01/15 08:55:00: its start is deferred
                """),
        argumentSet(
            "cooling down",
            new Situation()
                .definition("cms", 2)
                .job("JobCoolDownExpiration", "" + (Situation.NOW + 9)),
            SERVED_BY_NOBODY
                + """
                  it is not to run before 01/15 08:00:10: it cools down after a start that failed
                """),
        argumentSet(
            "cooling down, and deferred for longer",
            new Situation()
                .definition("cms", 2)
                .job("JobCoolDownExpiration", "" + (Situation.NOW + 9))
                .job("DeferralTime", "" + (Situation.NOW + 3600)),
            SERVED_BY_NOBODY
                + """
                  it is not to run before 01/15 09:00:00: its start is deferred
                """),
        argumentSet(
            "cooling down for longer than it is deferred",
            new Situation()
                .definition("cms", 2)
                .job("JobCoolDownExpiration", "" + (Situation.NOW + 9))
                .job("DeferralTime", "" + (Situation.NOW + 5)),
            SERVED_BY_NOBODY
                + """
                  it is not to run before 01/15 08:00:10: it cools down after a start that failed
                """),
        argumentSet(
            "no definition, and one with faults",
            new Situation().broken("night", "voc: night.ad: Cpus is missing; add it"),
            SERVED_BY_NOBODY
                + """
                  no valid VOC definition is registered for VO cms
                    -> ask the administrator for one (`voc register`)
                  definition night has faults and serves nobody; whether it is for this VO cannot be told
                      voc: night.ad: Cpus is missing; add it
                    -> ask the administrator to mend and register it anew (`voc check` names all faults)
                """),
        argumentSet(
            "larger than every node",
            new Situation().definition("cms", 2).job("RequestCpus", "4"),
            SERVED_BY_NOBODY
                + """
                  it asks for more than a node of VOC cms offers: 4 cpus asked, 2 offered
                    -> lower request_cpus, or ask the administrator for a larger node
                """),
        argumentSet(
            "Requirements that refuse the nodes",
            new Situation()
                .definition("cms", 2)
                .job(
                    "Requirements",
                    "TARGET.VocVO =?= MY.VocVO && TARGET.OpSys == \"WINDOWS\" && HasSquid"),
            SERVED_BY_NOBODY
                + """
                  its Requirements refuse every node of VOC cms:
                      TARGET.OpSys == "WINDOWS" is false where the slot's OpSys is "LINUX"
                      HasSquid is undefined where neither job nor slot has HasSquid
                    -> mend `requirements` in the submit file, or Requirements of the queued job with `condor_qedit`
                """),
        argumentSet(
            "a node with room that the negotiator refuses for now",
            new Situation()
                .definition("cms", 2)
                .nodeSlot("cms-node7", "Unclaimed", 2)
                .decided("enough", "enough for all", 1)
                .job("LastRejMatchTime", "" + (Situation.NOW - 7))
                .job("LastRejMatchReason", "\"submitter limit exceeded \""),
            IDLE
                + """
                  node cms-node7 has room for it: the negotiator has to match them, which it refused 7 s ago ("submitter limit exceeded")
                    -> others are served first: see `condor_userprio -allusers` for priorities and quotas
                """),
        argumentSet(
            "a booting node",
            new Situation()
                .definition("cms", 2)
                .nodeJob(
                    13,
                    2,
                    "RemoteHost = \"slot1_1@pad1.test\"; JobCurrentStartDate = "
                        + (Situation.NOW - 40))
                .decided("enough", "enough for all", 0),
            IDLE
                + """
                  1 node boots and will take jobs when in the pool
                      cms-node13 on pad1.test since 01/15 07:59:20 (40 s ago), node job 13.0
                    -> a node that never comes: its console is in pad1.test:/var/lib/voc/consoles/running while it runs, and its end above that when it has ended
                """),
        argumentSet(
            "a node that boots after others failed",
            new Situation()
                .definition("cms", 2)
                .nodeJob(
                    13,
                    2,
                    "RemoteHost = \"slot1_1@pad1.test\"; JobCurrentStartDate = "
                        + (Situation.NOW - 40))
                .decided("enough", "enough for all", 0)
                .breaker("voc cms half-open: node x failed; its console ends with 'panic'"),
            IDLE
                + """
                  1 node boots and will take jobs when in the pool
                      cms-node13 on pad1.test since 01/15 07:59:20 (40 s ago), node job 13.0
                    -> a node that never comes: its console is in pad1.test:/var/lib/voc/consoles/running while it runs, and its end above that when it has ended
                  nodes of VOC cms failed lately: voc cms half-open: node x failed; its console ends with 'panic'
                    -> the administrator finds out why nodes fail: `voc log` and voc-consoles beside the SchedLog on the access point, StarterLog and /var/lib/voc/consoles on the PAD host
                """),
        argumentSet(
            "an image that no host holds",
            new Situation()
                .definition("cms", 2)
                .nodeJob(13, 1, "")
                .padHost("pad1.test", "VocImages", "\"\"", "VocImageErrors", "\"no space left\"")
                .padHost("pad2.test", "VocImages", "\"\"")
                .decided("enough", "enough for all", 0),
            IDLE
                + """
                  1 node job of VOC cms waits for a PAD slot; none of 2 PAD hosts can run it
                      node job 13.0 (node cms-node13), queued since 01/15 07:59:00 (60 s ago)
                      pad1.test: does not hold image 9f86d081884c…: no space left
                      pad2.test: does not hold image 9f86d081884c… yet
                    -> the administrator checks the definition's Image and the hosts' VOC_IMAGE_URLS, or places it with `voc image add`
                """),
        argumentSet(
            "hosts that each have another reason",
            new Situation()
                .definition("cms", 2)
                .nodeJob(13, 1, "VocAccelerator = \"kvm\"; VocAvoidHosts = \"bad.test,worse.test\"")
                .padHost("bad.test")
                .nodeJob(14, 1, "")
                .padHost("small.test", "TotalSlotCpus", "1")
                .padHost(
                    "slow.test", "VocAccelerator", "\"tcg\"", "VocAcceleratorReason", "\"none\"")
                .padHost("full1.test", "Cpus", "0", "ChildRemoteUser", "{ \"bob@x\", \"bob@x\" }")
                .padHost("full2.test", "Cpus", "0", "ChildRemoteUser", "{ \"bob@x\" }")
                .padHost("fetches.test", "VocImages", "\"\"", "VocImageProgress", "\"40 %\"")
                .padHost("other.test", "VocVOs", "\"atlas\"")
                .padHost("shut.test", "Start", "TARGET.Owner == \"root\"")
                .decided("maximum", "9 idle jobs, but MaxNodes is 5", 3),
            IDLE
                + """
                  2 node jobs of VOC cms wait for a PAD slot; other jobs fill the 2 of 8 PAD hosts that could run it
                      the oldest: node job 13.0 (node cms-node13), queued since 01/15 07:59:00 (60 s ago)
                      bad.test: is avoided, because nodes failed there lately
                      fetches.test: does not hold image 9f86d081884c… yet, and fetches: 40 %
                      full1.test, full2.test: is full of jobs of bob@x: 2 cpus asked, 0 left
                      other.test: takes no nodes of this VO (VOC_VOS is atlas)
                      shut.test: TARGET.Owner == "root" is false where the job's Owner is "voc-cms"
                      slow.test: the VOC demands KVM, which does not work there: none
                      small.test: is too small: 2 cpus asked, 1 there
                  sizing of VOC cms says maximum (10 s ago): 9 idle jobs, but MaxNodes is 5
                    -> wait until a node has room, or ask the administrator for a higher MaxNodes
                """),
        argumentSet(
            "hosts without UEFI, or without the VOC's kernel",
            new Situation()
                .definition("cms", 2)
                .nodeJob(
                    13,
                    1,
                    "Requirements = TARGET.VocDomain =?= \"PAD\""
                        + " && stringListMember(MY.VocImage, TARGET.VocImages)"
                        + " && stringListMember(\"uefi\", TARGET.VocFirmwares)"
                        + " && stringListMember(\"ab12\", TARGET.VocBootFiles)")
                .padHost("bios.test", "VocFirmwares", "\"bios\"", "VocBootFiles", "\"ab12\"")
                .padHost("late.test", "VocFirmwares", "\"bios,uefi\"", "VocBootFiles", "\"\""),
            IDLE
                + """
                  1 node job of VOC cms waits for a PAD slot; none of 2 PAD hosts can run it
                      node job 13.0 (node cms-node13), queued since 01/15 07:59:00 (60 s ago)
                      bios.test: stringListMember("uefi",TARGET.VocFirmwares) is false where the slot's VocFirmwares is "bios"
                      late.test: stringListMember("ab12",TARGET.VocBootFiles) is false where the slot's VocBootFiles is ""
                    -> ask `condor_q -better-analyze` about the node job
                """),
        argumentSet(
            "a host that would take it, if the negotiator let it",
            new Situation()
                .definition("cms", 2)
                .nodeJob(
                    13,
                    1,
                    "LastRejMatchTime = "
                        + (Situation.NOW - 3)
                        + "; LastRejMatchReason = \"insufficient priority\"")
                .padHost("pad1.test")
                .padHost("pad2.test", "Cpus", "1"),
            IDLE
                + """
                  1 node job of VOC cms waits for a PAD slot; 1 of 2 PAD hosts would take it now: the negotiator has to match them, which it refused 3 s ago ("insufficient priority")
                      node job 13.0 (node cms-node13), queued since 01/15 07:59:00 (60 s ago)
                      pad1.test: would take it
                      pad2.test: is full: 2 cpus asked, 1 left
                    -> others are served first: see `condor_userprio -allusers` for priorities and quotas
                """),
        argumentSet(
            "no PAD host at all",
            new Situation().definition("cms", 2).nodeJob(13, 1, ""),
            IDLE
                + """
                  1 node job of VOC cms waits for a PAD slot; no PAD host is in the pool
                      node job 13.0 (node cms-node13), queued since 01/15 07:59:00 (60 s ago)
                    -> the administrator installs voc-pad on execution hosts and looks at `condor_status -constraint 'VocDomain == "PAD"'`
                """),
        argumentSet(
            "node jobs on hold",
            new Situation()
                .definition("cms", 2)
                .nodeJob(13, 5, "HoldReason = \"voc: definition cms: raise DiskMb\"")
                .decided("held", "1 idle job, but 1 node job is on hold", 0),
            IDLE
                + """
                  1 node job of VOC cms is on hold (13.0): voc: definition cms: raise DiskMb
                    -> the administrator has to mend that, then `condor_release 13.0`
                """),
        argumentSet(
            "another sizer that leads",
            new Situation()
                .definition("cms", 2)
                .decided("standby", "standing by: the sizer of ap2 serves this VOC", 0)
                .decided("paused", "1 idle job, but image beef failed", 0),
            IDLE
                + """
                  sizing of VOC cms says paused (10 s ago): 1 idle job, but image beef failed
                    -> the administrator finds out why nodes fail: `voc log` and voc-consoles beside the SchedLog on the access point, StarterLog and /var/lib/voc/consoles on the PAD host
                """),
        argumentSet(
            "a VOC at its limit",
            new Situation()
                .definition("cms", 2)
                .nodeSlot("cms-node7", "Unclaimed", 0)
                .nodeJob(7, 2, "")
                .decided("maximum", "9 idle jobs, 1 node, 4 missing, but MaxNodes is 1", 1),
            IDLE
                + """
                  sizing of VOC cms says maximum (10 s ago): 9 idle jobs, 1 node, 4 missing, but MaxNodes is 1
                    -> wait until a node has room, or ask the administrator for a higher MaxNodes
                """),
        argumentSet(
            "nodes that are all busy, and enough by sizing's count",
            new Situation()
                .definition("cms", 2)
                .nodeSlot("cms-node7", "Unclaimed", 0)
                .nodeJob(7, 2, "")
                .decided("enough", "enough for all", 1),
            IDLE
                + """
                  1 node of VOC cms is in the pool and has no room for it now; sizing counts on one of them
                """),
        argumentSet(
            "sizing that does not run",
            new Situation().definition("cms", 2).sizingHeardOf(600),
            IDLE
                + """
                  sizing does not run on ap.test: it was last heard of at 01/15 07:50:00 (10 min ago), so no node is asked for
                    -> the administrator looks whether the size hook runs (SCHEDD_CRON VOC_SIZE; VocSizeLog beside the SchedLog); a schedd reads its cron jobs only at its start
                """),
        argumentSet(
            "a job that sizing has not seen yet",
            new Situation()
                .definition("cms", 2)
                .job("EnteredCurrentStatus", "" + Situation.NOW)
                .decided("enough", "no idle job", 1),
            """
            job 12.0 of alice, VO cms, VOC cms: idle since 01/15 08:00:00 (0 s ago)
              sizing has not said anything about it yet; it looks at the queue several times a second, so ask again
            """),
        argumentSet(
            "a collector that does not answer",
            new Situation()
                .definition("cms", 2)
                .nodeJob(13, 1, "")
                .collectorFails("`condor_status` failed with status 1: cannot connect"),
            IDLE
                + """
                  1 node job of VOC cms waits for a PAD slot
                      node job 13.0 (node cms-node13), queued since 01/15 07:59:00 (60 s ago)
                  not known, so this may not be all: the VOCs' ads: `condor_status` failed with status 1: cannot connect
                """));
  }
}
