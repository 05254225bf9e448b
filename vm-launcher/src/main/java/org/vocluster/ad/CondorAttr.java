package org.vocluster.ad;

/**
 * HTCondor's own attributes, as far as they are read or written here. Their meaning is in
 * HTCondor's manual, appendix "ClassAd Attributes".
 */
public final class CondorAttr {
  public static final String ACCOUNTING_GROUP = "AccountingGroup";
  public static final String ACTIVITY = "Activity";
  public static final String ARCH = "Arch";
  public static final String CLASS_AD_LIFETIME = "ClassAdLifetime";
  public static final String CLUSTER_ID = "ClusterId";
  public static final String CMD = "Cmd";
  public static final String COMPLETION_DATE = "CompletionDate";
  public static final String CPUS = "Cpus";
  public static final String DAEMON_START_TIME = "DaemonStartTime";
  public static final String DEFERRAL_PREP_TIME = "DeferralPrepTime";
  public static final String DEFERRAL_TIME = "DeferralTime";
  public static final String DEFERRAL_WINDOW = "DeferralWindow";
  public static final String DETECTED_CPUS = "DetectedCpus";
  public static final String DETECTED_MEMORY = "DetectedMemory";
  public static final String DISK = "Disk";
  public static final String DISK_USAGE = "DiskUsage";
  public static final String DYNAMIC_SLOT = "DynamicSlot";
  public static final String ENTERED_CURRENT_STATE = "EnteredCurrentState";
  public static final String ENTERED_CURRENT_STATUS = "EnteredCurrentStatus";
  public static final String EXIT_BY_SIGNAL = "ExitBySignal";
  public static final String EXIT_CODE = "ExitCode";
  public static final String EXIT_SIGNAL = "ExitSignal";
  public static final String FILE_SYSTEM_DOMAIN = "FileSystemDomain";
  public static final String GPUS = "GPUs";
  public static final String HOLD_REASON = "HoldReason";
  public static final String HOLD_REASON_CODE = "HoldReasonCode";
  public static final String HOLD_REASON_SUB_CODE = "HoldReasonSubCode";
  public static final String HOOK_KEYWORD = "HookKeyword";
  public static final String HOOK_STATUS_CODE = "HookStatusCode";
  public static final String HOOK_STATUS_MESSAGE = "HookStatusMessage";
  public static final String IS_NOOP_JOB = "IsNoopJob";
  public static final String JOB_COOL_DOWN_EXPIRATION = "JobCoolDownExpiration";
  public static final String JOB_COUNT = "JobCount";
  public static final String JOB_CURRENT_START_DATE = "JobCurrentStartDate";
  public static final String JOB_CURRENT_START_EXECUTING_DATE = "JobCurrentStartExecutingDate";
  public static final String JOB_IDS = "JobIds";
  public static final String JOB_MATERIALIZE_DIGEST_FILE = "JobMaterializeDigestFile";
  public static final String JOB_MATERIALIZE_LIMIT = "JobMaterializeLimit";
  public static final String JOB_MATERIALIZE_MAX_IDLE = "JobMaterializeMaxIdle";
  public static final String JOB_MATERIALIZE_NEXT_PROC_ID = "JobMaterializeNextProcId";
  public static final String JOB_MATERIALIZE_PAUSED = "JobMaterializePaused";
  public static final String JOB_START_DATE = "JobStartDate";
  public static final String JOB_STATUS = "JobStatus";
  public static final String JOB_UNIVERSE = "JobUniverse";
  public static final String LAST_HEARD_FROM = "LastHeardFrom";
  public static final String LAST_MATCH_TIME = "LastMatchTime";
  public static final String LAST_REJ_MATCH_REASON = "LastRejMatchReason";
  public static final String LAST_REJ_MATCH_TIME = "LastRejMatchTime";
  public static final String LAST_REMOTE_HOST = "LastRemoteHost";
  public static final String MACHINE = "Machine";
  public static final String MEMORY = "Memory";
  public static final String MY_ADDRESS = "MyAddress";
  public static final String MY_TYPE = "MyType";
  public static final String NAME = "Name";
  public static final String NUM_SHADOW_STARTS = "NumShadowStarts";
  public static final String OP_SYS = "OpSys";
  public static final String OP_SYS_AND_VER = "OpSysAndVer";
  public static final String OP_SYS_MAJOR_VER = "OpSysMajorVer";
  public static final String OWNER = "Owner";
  public static final String PARTITIONABLE_SLOT = "PartitionableSlot";
  public static final String PROC_ID = "ProcId";
  public static final String Q_DATE = "QDate";
  public static final String REMOTE_HOST = "RemoteHost";
  public static final String REMOTE_USER = "RemoteUser";
  public static final String REMOTE_WALL_CLOCK_TIME = "RemoteWallClockTime";
  public static final String REMOVE_REASON = "RemoveReason";
  public static final String REQUEST_CPUS = "RequestCpus";
  public static final String REQUEST_DISK = "RequestDisk";
  public static final String REQUEST_GPUS = "RequestGPUs";
  public static final String REQUEST_MEMORY = "RequestMemory";
  public static final String REQUIREMENTS = "Requirements";
  public static final String SCHEDD_INTERVAL = "ScheddInterval";
  public static final String SLOT_TYPE = "SlotType";
  public static final String STATE = "State";
  public static final String TARGET_TYPE = "TargetType";
  public static final String TOTAL_CPUS = "TotalCpus";
  public static final String TOTAL_DISK = "TotalDisk";
  public static final String TOTAL_GPUS = "TotalGPUs";
  public static final String TOTAL_MEMORY = "TotalMemory";
  public static final String TOTAL_SLOT_CPUS = "TotalSlotCpus";
  public static final String TOTAL_SLOT_DISK = "TotalSlotDisk";
  public static final String TOTAL_SLOT_GPUS = "TotalSlotGPUs";
  public static final String TOTAL_SLOT_MEMORY = "TotalSlotMemory";
  public static final String TOTAL_SUBMIT_PROCS = "TotalSubmitProcs";
  public static final String TRANSFER_EXECUTABLE = "TransferExecutable";
  public static final String TRANSFER_OUTPUT = "TransferOutput";
  public static final String UID_DOMAIN = "UidDomain";
  public static final String VACATE_REASON = "VacateReason";
  public static final String VACATE_REASON_CODE = "VacateReasonCode";

  private CondorAttr() {}
}
