import type { Db } from "../../db/client.ts";
import type { Entry } from "./diary.ts";
import type { Finding } from "./verdict.ts";

const ID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/;

/** What happened to the run that each broken finding names, in the order in which it happened. */
export async function stories(watch: Db, findings: readonly Finding[], entries: readonly Entry[]): Promise<string[]> {
  const ids = findings.filter(({ holds }) => holds === false).map(({ found }) => ID.exec(found)?.[0]);
  const told: string[] = [];
  for (const id of new Set(ids)) if (id !== undefined) told.push(...await story(watch, id, entries));
  return told;
}

async function story(watch: Db, id: string, entries: readonly Entry[]): Promise<string[]> {
  const rows = await watch.query<{ at: number; text: string }>(
    `select extract(epoch from at)::float8 * 1000 as at,
       concat_ws(' ', state, reason, 'attempt ' || attempt, 'of', worker, 'due', run_at) as text
     from chaos.turns where run_id = $1
     union all select extract(epoch from at)::float8 * 1000, concat_ws(' ', '  effect', kind, step, 'of', attempt)
     from chaos.effects where run_id = $1`,
    [id],
  );
  const said = entries.filter(({ run }) => run === id).map(({ at, what, attempt, process }) => ({
    at,
    text: `  ${process} ${what} ${attempt}`,
  }));
  const [run] = await watch.query<{ text: string }>(
    `select concat_ws(' ', j.name, r.job_type, r.fire_key, r.state, r.reason, r.overlap) as text
     from (select r.*, case when exclusive then 'exclusive' end as overlap from ops.job_runs r) r
     left join scheduled_jobs j on j.id = r.job_id where r.id = $1`,
    [id],
  );
  const lines = [...rows, ...said].sort((a, b) => a.at - b.at);
  return [`\n${id}: ${run?.text ?? "no run"}`, ...lines.map(({ at, text }) => `${new Date(at).toISOString()} ${text}`)];
}

/** A blow or an outage, in a line that sorts by time. */
export function trouble(one: { kind: string; from: number; until: number; process?: string }): string {
  const ms = Math.round(one.until - one.from);
  return `${new Date(one.from).toISOString()} ${one.kind} ${one.process ?? "Postgres"}, ${ms} ms`;
}

/** What the workers logged most. */
export async function lastWords(dir: string): Promise<string> {
  const seen = new Map<string, number>();
  for await (const { name } of Deno.readDir(dir)) {
    if (!name.endsWith(".log")) continue;
    for (const line of (await Deno.readTextFile(`${dir}/${name}`)).split("\n")) {
      const said = /"message":"([^"]+)".*?"cause":\{"name":"(\w+)","message":"([^"]+)"/.exec(line);
      const text = said === null ? line.slice(0, 200) : `${said[1]}: ${said[2]}: ${said[3]}`;
      if (text !== "") seen.set(text, (seen.get(text) ?? 0) + 1);
    }
  }
  const most = [...seen].sort(([, a], [, b]) => b - a).slice(0, 12);
  return ["The workers' logs:", ...most.map(([text, n]) => `${String(n).padStart(6)}  ${text}`)].join("\n");
}
