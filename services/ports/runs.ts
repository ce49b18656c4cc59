/** How a verb tells the runner of this process about runs that it committed. Losing a call costs only time. */
export interface Runs {
  /** There may be something to do: look now. */
  wake(): void;
  /**
   * Tries to execute one run here and now; resolves when its attempt has ended, or at once when somebody else has it.
   * Never rejects because the run failed: the outcome is on the run.
   */
  execute(runId: string): Promise<void>;
}
