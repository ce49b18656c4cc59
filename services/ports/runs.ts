/** How a verb tells the runner of this process about runs that it committed. Losing a call costs only time. */
export interface Runs {
  /** There may be something to do: look now. */
  wake(): void;
  /**
   * Deals with one run here and now: executes it, or ends it if it was asked to end. Resolves when that attempt has
   * ended, or at once when somebody else has the run.
   * Never rejects because the run failed: the outcome is on the run.
   */
  execute(runId: string): Promise<void>;
}
