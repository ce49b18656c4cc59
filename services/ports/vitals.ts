/** What this process knows about its own state, for the health checks. */
export interface Vitals {
  /** Seconds since the process began to serve. */
  uptimeSeconds(): number;
  /** Whether it is shutting down and wants no more traffic. */
  draining(): boolean;
  /** Seconds since the scheduler last looked at the ledger, or null before its first look. */
  secondsSinceTick(): number | null;
  /** Number of migrations that the code knows and the database lacks. */
  pendingMigrations(): Promise<number>;
}
