package org.vocluster.ad;

/**
 * Every attribute that VOC's Java writes or reads in an ad: the one table. Type and meaning of each
 * stand in docs/attributes.md, which a test compares with this class. Configuration and scripts
 * write some more, which that test knows too.
 */
public final class Attr {
  // PAD slots
  public static final String DOMAIN = "VocDomain";
  public static final String HYPERVISOR = "VocHypervisor";
  public static final String HYPERVISOR_VERSION = "VocHypervisorVersion";
  public static final String ACCELERATOR = "VocAccelerator";
  public static final String ACCELERATOR_REASON = "VocAcceleratorReason";
  public static final String VOS = "VocVOs";
  public static final String FIRMWARES = "VocFirmwares";
  public static final String IMAGES = "VocImages";
  public static final String BOOT_FILES = "VocBootFiles";
  public static final String IMAGES_MB = "VocImagesMb";
  public static final String IMAGE_PROGRESS = "VocImageProgress";
  public static final String IMAGE_ERRORS = "VocImageErrors";
  public static final String NODES = "VocNodes";
  public static final String LEFTOVERS = "VocLeftovers";
  public static final String FAULT = "VocFault";
  public static final String HEARTBEAT = "VocHeartbeat";
  public static final String VERSION = "VocVersion";
  public static final String NODE = "VocNode";
  public static final String BUSY_NODES = "VocBusyNodes";

  // VAD slots and masters, written by a node
  public static final String VO = "VocVO";
  public static final String VOC = "Voc";
  public static final String SHAPE = "VocShape";
  public static final String PAD_HOST = "VocPadHost";
  public static final String SCHEDD = "VocSchedd";
  public static final String IMAGE = "VocImage";
  public static final String DEATH_TIME = "VocDeathTime";
  public static final String IMAGE_START = "VocImageStart";
  public static final String EXEC_TIME = "VocExecTime";
  public static final String KERNEL_TIME = "VocKernelTime";
  public static final String BOOT_SECONDS = "VocBootSeconds";

  // Payload jobs, written by the access point's transform
  public static final String VO_CLAIMED = "VocVOClaimed";

  // Node jobs
  public static final String NODE_JOB = "VocNodeJob";
  public static final String ACCT_GROUP = "VocAcctGroup";
  public static final String CPUS = "VocCpus";
  public static final String MEMORY_MB = "VocMemoryMb";
  public static final String DISK_MB = "VocDiskMb";
  public static final String GPUS = "VocGpus";
  public static final String AVOID_HOSTS = "VocAvoidHosts";
  public static final String IDLE_SECONDS = "VocIdleSeconds";
  public static final String LIFETIME_SECONDS = "VocLifetimeSeconds";
  public static final String FIRMWARE = "VocFirmware";
  public static final String CONTEXT = "VocContext";
  public static final String KERNEL = "VocKernel";
  public static final String INITRD = "VocInitrd";
  public static final String KERNEL_ARGUMENTS = "VocKernelArguments";
  public static final String DEFINITION = "VocDefinition";
  public static final String NODE_ATTRIBUTES = "VocNodeAttributes";
  public static final String PREPARE_MS = "VocPrepareMs";

  // Payload jobs, written by the access point's transform
  public static final String RUN_SECONDS = "VocRunSeconds";

  // VOC ads
  public static final String VO_NAME = "VocVoName";
  public static final String ACCESS_POINT = "VocAccessPoint";
  public static final String IMAGE_URL = "VocImageUrl";
  public static final String KERNEL_URL = "VocKernelUrl";
  public static final String INITRD_URL = "VocInitrdUrl";
  public static final String SHAPES = "VocShapes";
  public static final String MIN_NODES = "VocMinNodes";
  public static final String MAX_NODES = "VocMaxNodes";
  public static final String SPARE_NODES = "VocSpareNodes";
  public static final String SCHEDDS = "VocSchedds";
  public static final String DEMAND_JOBS = "VocDemandJobs";
  public static final String WANTED_NODES = "VocWantedNodes";
  public static final String NODES_IDLE = "VocNodesIdle";
  public static final String NODES_RUNNING = "VocNodesRunning";
  public static final String NODES_BOOTING = "VocNodesBooting";
  public static final String NODES_JOINED = "VocNodesJoined";
  public static final String NODES_CLAIMED = "VocNodesClaimed";
  public static final String NODES_LEAVING = "VocNodesLeaving";
  public static final String NODES_HELD = "VocNodesHeld";
  public static final String BREAKER = "VocBreaker";
  public static final String BREAKERS = "VocBreakers";
  public static final String SHOWN = "VocShown";
  public static final String DECISION = "VocDecision";
  public static final String REASON = "VocReason";

  // The schedd's ad, written by
  public static final String SIZER_STATE = "VocSizerState";
  public static final String SIZER_REASON = "VocSizerReason";
  public static final String MISSING = "VocMissing";
  public static final String SIZER_VOCS = "VocSizerVocs";
  public static final String SIZER_BROKEN_VOCS = "VocSizerBrokenVocs";
  public static final String SIZER_JOBS = "VocSizerJobs";
  public static final String UNSERVED_JOBS = "VocUnservedJobs";
  public static final String GHOSTS = "VocGhosts";
  public static final String GHOST_FAULT = "VocGhostFault";
  public static final String REAPER_FAULT = "VocReaperFault";
  public static final String SIZER_PID = "VocSizerPid";
  public static final String SIZER_RSS_KB = "VocSizerRssKb";

  private Attr() {}
}
