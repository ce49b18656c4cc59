import type { Db, Param } from "./client.ts";
import type { GoalEventKind } from "./goal_events.ts";

/** A point in the life of a goal: a reading, or something that happened to it. */
export type HistoryRow = {
  id: string;
  kind: "reading" | GoalEventKind;
  at: string;
  value: number;
  progress_percentage: number;
  /** Of a reading. */
  source: "manual" | "metrics" | null;
  recorded_by: string | null;
  /** Of an event. */
  target_value: number | null;
  alert_threshold: number | null;
};

/** Of which goal, and between which of its local days, both inclusive; null for no bound. */
export type HistoryFilter = {
  goal: { id: string; timezone: string };
  start_date: string | null;
  end_date: string | null;
};

const filterParams = ({ goal, start_date, end_date }: HistoryFilter): Param[] => [
  ...[goal.id, goal.timezone, start_date, end_date],
];

const within = (at: string) =>
  `($3::date is null or ${at} >= $3::date::timestamp at time zone $2::text)
    and ($4::date is null or ${at} < ($4::date + 1)::timestamp at time zone $2::text)`;
const READINGS = `ops.goal_readings where goal_id = $1 and ${within("recorded_at")}`;
const EVENTS = `ops.events where subject_id = $1 and kind like 'goal\\_%' and ${within("created_at")}`;

/** The latest $7 of one kind after a cursor: each index alone answers for its own. */
const latest = (columns: string, from: string, at: string) =>
  `(select ${columns} from ${from} and ($5::timestamptz is null or (${at}, id) < ($5::timestamptz, $6::uuid))
    order by ${at} desc, id desc limit $7::int)`;

const HISTORY = `select * from (
    ${
  latest(
    `id, 'reading' as kind, recorded_at as at, value, progress_percentage, source, recorded_by,
      null::float8 as target_value, null::float8 as alert_threshold`,
    READINGS,
    "recorded_at",
  )
}
    union all
    ${
  latest(
    `id, kind, created_at, (detail ->> 'current_value')::float8, (detail ->> 'progress_percentage')::float8,
      null, null, (detail ->> 'target_value')::float8, (detail ->> 'alert_threshold')::float8`,
    EVENTS,
    "created_at",
  )
}
  ) as history order by at desc, id desc limit $8::int offset $9::int`;

/** Readings and events of a goal, the latest first. */
export async function listGoalHistory(
  db: Db,
  filter: HistoryFilter,
  { limit, skip, after }: { limit: number; skip: number; after: readonly [at: string, id: string] | null },
): Promise<HistoryRow[]> {
  const place = [after?.[0] ?? null, after?.[1] ?? null, skip + limit, limit, skip];
  return await db.query<HistoryRow>(HISTORY, [...filterParams(filter), ...place]);
}

/** How many they are. */
export async function countGoalHistory(db: Db, filter: HistoryFilter): Promise<number> {
  const [row] = await db.query<{ n: number }>(
    `select ((select count(*) from ${READINGS}) + (select count(*) from ${EVENTS}))::int as n`,
    filterParams(filter),
  );
  return row?.n ?? 0;
}
