import type { Db } from "../../db/client.ts";
import { count } from "../jobs/sim/oracle/calendar.ts";

/** An attempt as the witness saw it: from its claim to the next turn of its run. Epoch milliseconds of real time. */
export type AttemptSeen = {
  run: string;
  attempt: number;
  worker: string;
  from: number;
  until: number | null;
  then: string | null;
};

/** Every attempt, in the order of their claims. */
export async function attempts(watch: Db): Promise<AttemptSeen[]> {
  return await watch.query<AttemptSeen>(
    `select run_id as run, attempt, worker, extract(epoch from from_at)::float8 * 1000 as from,
       extract(epoch from until_at)::float8 * 1000 as until, next_state as then
     from chaos.attempts order by from_at, run_id`,
  );
}

/** A stretch of time in which a job had certain terms. */
type Terms = {
  job_id: string;
  schedule: string;
  timezone: string;
  since: string;
  ended_after: string | null;
  ended_until: string | null;
};

/** How many occurrences a job should have answered for, by its calendar; a range where a deletion leaves it open. */
export type Expected = { job_id: string; least: number; most: number };

/**
 * What the calendar wants of every job, by the oracle of the simulation, which shares nothing with the service's own.
 * Each stretch counts up to the next edit, whether it was paused or not; the last one up to the deletion, or not at all,
 * because everything is paused at the end.
 */
export async function expectedOccurrences(watch: Db): Promise<Expected[]> {
  const all = await watch.query<Terms>("select * from chaos.terms order by job_id, seq");
  const jobs = Map.groupBy(all, ({ job_id }) => job_id);
  return [...jobs].map(([job_id, terms]) => {
    const sum = { job_id, least: 0, most: 0 };
    for (const [i, { schedule, timezone, since }] of terms.entries()) {
      const next = terms[i + 1];
      if (next === undefined) break;
      const until = (end: string | null) => count(schedule, timezone, Date.parse(since), Date.parse(end ?? next.since));
      sum.least += until(next.ended_after);
      sum.most += until(next.ended_until);
      if (next.ended_until !== null) break;
    }
    return sum;
  });
}
