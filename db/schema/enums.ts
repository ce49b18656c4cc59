/** The members of every enum, once. The database types, the zod schemas and the documents all read these. */
export const SERVICE_NAMES = ["auth", "content", "partners_crm", "projects", "social_media", "notification"] as const;
export const METRIC_TYPES = [
  "donation",
  "partner",
  "project",
  "beneficiary",
  "social_post",
  "notification",
  "engagement",
  "conversion",
  "revenue",
] as const;
export const DASHBOARD_TYPES = ["executive", "partner", "project", "social_media", "notification", "custom"] as const;
export const SYNC_TYPES = ["full", "incremental", "manual"] as const;
export const SYNC_STATUSES = ["pending", "running", "completed", "failed"] as const;
export const REPORT_TYPES = ["daily", "weekly", "monthly", "annual", "custom"] as const;
export const REPORT_FORMATS = ["pdf", "excel", "csv", "json"] as const;
export const REPORT_STATUSES = ["pending", "generating", "completed", "failed"] as const;
export const GOAL_STATUSES = ["active", "achieved", "failed", "cancelled"] as const;
export const JOB_TYPES = ["data_sync", "report_generation", "goal_update", "custom"] as const;
/** Runs that a process may have many of at once, and those that hold pages of a feed or a whole report in memory. */
export const JOB_LANES = {
  light: ["goal_update", "custom"],
  heavy: ["data_sync", "report_generation"],
} as const satisfies Record<string, readonly (typeof JOB_TYPES[number])[]>;
export const JOB_STATUSES = ["success", "failed", "running", "pending"] as const;

export type ServiceName = typeof SERVICE_NAMES[number];
export type MetricType = typeof METRIC_TYPES[number];
export type DashboardType = typeof DASHBOARD_TYPES[number];
export type SyncType = typeof SYNC_TYPES[number];
export type SyncStatus = typeof SYNC_STATUSES[number];
export type ReportType = typeof REPORT_TYPES[number];
export type ReportFormat = typeof REPORT_FORMATS[number];
export type ReportStatus = typeof REPORT_STATUSES[number];
export type GoalStatus = typeof GOAL_STATUSES[number];
export type JobType = typeof JOB_TYPES[number];
export type JobLane = keyof typeof JOB_LANES;
export type JobStatus = typeof JOB_STATUSES[number];
