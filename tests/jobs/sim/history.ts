import type { Terms } from "./terms.ts";

/** A history: who is there, and what happens to them one after the other. Numbers that choose are taken modulo. */

/** How an attempt goes. Those that hang wait for a release, their time to be up, or the end of their process. */
export const BEHAVIOURS = [
  "ok",
  "no_effect",
  "checkpoint",
  "nothing_to_do",
  "fail",
  "fail_for_good",
  "throw",
  "commit_breaks",
  "hang",
  "hang_deaf",
] as const;
export type Behaviour = typeof BEHAVIOURS[number];

/** Where the database's clock goes; `slip_ms` is added to the instant that is aimed at. */
export type Aim = {
  at: "later" | "occurrence" | "lease" | "attempt" | "change" | "timeout";
  pick: number;
  slip_ms: number;
};

export type Event =
  | { kind: "advance"; to: Aim; timers: "fire" | "lag"; looks: number }
  | { kind: "back"; ms: number }
  | { kind: "look"; looks: number }
  | {
    kind: "fault";
    slot: number;
    fault: "crash" | "freeze" | "stall";
    when: "before" | "after";
    statement: number;
    looks: number;
  }
  | { kind: "release"; pick: number; looks: number }
  | { kind: "crash" | "freeze" | "thaw" | "stop"; slot: number }
  | { kind: "unstall" }
  | { kind: "create"; terms: Terms; script: Behaviour[] }
  | { kind: "edit"; job: number; changes: Partial<Terms> }
  | { kind: "pause" | "resume" | "remove"; job: number }
  | { kind: "trigger"; job: number; key: "a" | "b" | null; config: "own" | "override" }
  | { kind: "backfill"; job: number; ago_ms: number; length_ms: number }
  | { kind: "cancel"; pick: number; slot: number };

export type History = {
  /** Epoch milliseconds. */
  start: number;
  /** Each instance's own clock is off by so much. */
  skews_ms: number[];
  /** Runs that a job which wants one for each missed occurrence may have to catch up. */
  backlog: number;
  /** Seeds what instances draw for jitter and backoff. */
  luck: number;
  job: { terms: Terms; script: Behaviour[] };
  events: Event[];
};
