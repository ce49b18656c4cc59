/** How a verb tells the runner of this process about runs that it committed. Losing a call costs only time. */
export interface Runs {
  /** There may be something to do: look now. */
  wake(): void;
  /**
   * Executes one run here and now, if nobody has it; resolves when that attempt has ended.
   * Somebody else may have been faster, on this instance or another: then it resolves when that one is done, or when
   * patience ends; at once where there is no patience.
   * Never rejects because the run failed: the outcome is on the run.
   */
  execute(runId: string, patience?: AbortSignal): Promise<void>;
  /** Ends a run that waits and was asked to end; tells our own attempt at it, if there is one. */
  cancel(runId: string): Promise<void>;
}
