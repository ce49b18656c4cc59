import type { Db } from "../../db/client.ts";
import { cases, CHECKS } from "./checks.ts";
import type { Outage } from "./cluster.ts";
import type { Controller } from "./controller.ts";
import { type Entry } from "./diary.ts";
import type { Blow } from "./fleet.ts";
import { attempts, type AttemptSeen, expectedOccurrences } from "./history.ts";
import { restarts } from "./restarts.ts";
import { LEASE_MS } from "./time.ts";

/** One line of the verdict; without a word on whether it holds, it informs only. */
export type Finding = { name: string; found: string; holds?: boolean };

/** What the chaos left behind, beside the database. */
export type Evidence = {
  entries: Entry[];
  blows: Blow[];
  outages: Outage[];
  died: string[];
  /** How long it took after the faults until no job was overdue. */
  caught_up_ms: number;
  /** When all processes but one were killed. */
  alone_at: number;
  seconds: number;
} & Pick<Controller, "jobs" | "triggers" | "deeds" | "surprises">;

/** Judges the whole history. */
export async function judge(watch: Db, evidence: Evidence): Promise<Finding[]> {
  const seen = await attempts(watch);
  return [
    ...await occurrences(watch),
    ...await Promise.all(CHECKS.map(async (check) => none(check.name, await cases(watch, check)))),
    ...await acknowledged(watch, evidence),
    ...await outside(watch, evidence.entries),
    ...zombies(seen, evidence),
    ...restartLatency(seen, evidence),
    none("processes that ended by themselves", evidence.died),
    none("answers that no caller should see", evidence.surprises),
    atMost("until no job was overdue after the faults", evidence.caught_up_ms, LEASE_MS + 5_000),
    ...summary(seen, evidence),
  ];
}

const none = (name: string, found: readonly string[]): Finding => ({
  name,
  found: found.length === 0 ? "0" : `${found.length}: ${found[0]}`,
  holds: found.length === 0,
});
const atMost = (name: string, ms: number, limit: number): Finding => ({
  name,
  found: `${Math.round(ms)} ms of ${Math.round(limit)}`,
  holds: ms <= limit,
});

async function occurrences(watch: Db): Promise<Finding[]> {
  const rows = await watch.query<{ job_id: string; n: number }>(
    `select j.id as job_id, (select coalesce(sum(occurrences), 0)::int from ops.job_runs where job_id = j.id) as n
     from scheduled_jobs j`,
  );
  const accounted = new Map(rows.map(({ job_id, n }) => [job_id, n]));
  const expected = await expectedOccurrences(watch);
  const wrong = expected.filter(({ job_id, least, most }) => {
    const n = accounted.get(job_id) ?? 0;
    return n < least || n > most;
  });
  const total = [...accounted.values()].reduce((sum, n) => sum + n, 0);
  const [least, most] = [expected.reduce((s, e) => s + e.least, 0), expected.reduce((s, e) => s + e.most, 0)];
  const shown = wrong.slice(0, 2).map(({ job_id, least, most }) =>
    `; job ${job_id}: ${least}–${most} expected, ${accounted.get(job_id)} accounted`
  );
  return [{
    name: "occurrences: expected by an independent count = accounted",
    found: `${least === most ? least : `${least}–${most}`} = ${total} in ${expected.length} jobs${shown.join("")}`,
    holds: wrong.length === 0 && expected.length === rows.length,
  }];
}

async function acknowledged(watch: Db, { jobs, triggers }: Evidence): Promise<Finding[]> {
  const rows = await watch.query<{ id: string }>("select id from ops.job_runs union all select id from scheduled_jobs");
  const stored = new Set(rows.map(({ id }) => id));
  const lost = [...jobs, ...[...triggers.values()].flatMap((runs) => [...runs])].filter((id) => !stored.has(id));
  const twice = [...triggers].filter(([, runs]) => runs.size > 1).map(([key]) => key);
  return [
    none("acknowledged jobs and triggers that are lost", lost),
    none("trigger keys that made two runs", twice),
  ];
}

/** Effects outside Postgres happen at least once for every success. */
async function outside(watch: Db, entries: Entry[]): Promise<Finding[]> {
  const done = new Set(entries.filter(({ what }) => what === "done").map(({ run, attempt }) => `${run} ${attempt}`));
  const rows = await watch.query<{ id: string; attempt: number }>(
    "select id, attempt from ops.job_runs where state = 'succeeded'",
  );
  const without = rows.filter(({ id, attempt }) => !done.has(`${id} ${attempt}`)).map(({ id }) => id);
  return [none("successes without their effect outside Postgres", without)];
}

/** A run without a refusal, or without a handler that outlived its lease, has not tested the fence. */
function zombies(seen: AttemptSeen[], { entries, seconds }: Evidence): Finding[] {
  const refused = entries.filter(({ what }) => what === "refused").length;
  const ends = new Map(seen.map(({ run, attempt, until }) => [`${run} ${attempt}`, until ?? Infinity]));
  const late =
    entries.filter(({ what, run, attempt, at }) =>
      what === "done" && at > (ends.get(`${run} ${attempt}`) ?? Infinity) + 20
    ).length;
  return [
    {
      name: "writes of attempts that had lost their lease, refused by the fence",
      found: String(refused),
      ...(seconds < 15 ? {} : { holds: refused > 0 }),
    },
    { name: "handlers that went on to their end after their lease was lost", found: String(late) },
  ];
}

/** In the chaos a run may wait for Postgres, or for locks of a frozen worker; at the end nothing else is broken. */
function restartLatency(seen: AttemptSeen[], { entries, blows, alone_at }: Evidence): Finding[] {
  const all = restarts(seen, entries, blows);
  const alone = all.filter(({ killed_at }) => killed_at >= alone_at);
  const late = alone.filter(({ ms }) => ms > LEASE_MS + 1_000);
  const spread = (of: typeof all) => {
    const leases = of.map(({ ms }) => ms / LEASE_MS).sort((a, b) => a - b).map((n) => n.toFixed(2));
    return `${leases[leases.length >> 1] ?? "–"} (${leases.at(-1) ?? "–"}), of ${leases.length}`;
  };
  return [
    { name: "restart after kill -9 in the chaos, in leases: median (longest)", found: spread(all) },
    {
      name: "restart by the last process left, at most a lease and a second",
      found: spread(alone) + (late[0] === undefined ? "" : `; ${late.length} too late, run ${late[0].run}`),
      holds: alone.length > 0 && late.length === 0,
    },
  ];
}

function summary(seen: AttemptSeen[], { blows, outages, entries, deeds, triggers }: Evidence): Finding[] {
  const gaps = seen.map(({ from }, i) => from - (seen[i - 1]?.from ?? from));
  const kinds = Map.groupBy(outages, ({ kind }) => kind);
  const number = (kind: Blow["kind"]) => blows.filter((blow) => blow.kind === kind).length;
  return [
    { name: "longest time without any claim", found: `${Math.round(Math.max(0, ...gaps))} ms` },
    { name: "attempts, handlers begun", found: `${seen.length}, ${entries.filter((e) => e.what === "began").length}` },
    { name: "jobs made, edited, paused, triggered, deleted", found: `${deeds} times, ${triggers.size} keys` },
    { name: "workers killed, frozen", found: `${number("killed")}, ${number("frozen")}` },
    {
      name: "Postgres",
      found: [...kinds].map(([kind, { length }]) => `${kind} ${length}`).join(", ") || "left alone",
    },
  ];
}

/** The verdict as a table. */
export function verdictTable(findings: Finding[]): string {
  const width = Math.max(...findings.map(({ name }) => name.length));
  const word = ({ holds }: Finding) => holds === undefined ? "  " : holds ? "ok" : "NO";
  return findings.map((finding) => `${word(finding)}  ${finding.name.padEnd(width)}  ${finding.found}`).join("\n");
}
