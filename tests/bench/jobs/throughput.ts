import { atLeast, median, type Thresholds } from "../bar.ts";
import { spentMs, usage } from "../cpu.ts";
import { settle } from "../database.ts";
import type { Result } from "../table.ts";
import { type Contender, installYardsticks, ours } from "./contenders.ts";
import { line } from "./lateness.ts";
import { clear, type JobBar, type JobStage, pause, told } from "./stage.ts";

/** What so many runs cost: microseconds of CPU of the worker and of Postgres for each, and runs a second. */
type Turn = { worker_us: number; postgres_us: number; per_s: number };

/** As many as graphile-worker and pg-boss fetch at once. */
const PLACES = 500;

/** Claim and finish of runs that do nothing, one by one and batched, with history kept, beside two other queues. */
export const throughput: JobBar = {
  name: "throughput",
  async run(stage) {
    await clear(stage);
    const yardsticks = await installYardsticks(stage);
    if (yardsticks !== null) console.error(`        ${yardsticks.versions}`);
    const singles = [ours(stage, 1), ...yardsticks === null ? [] : [yardsticks.graphile("plain")]];
    const results = await compare(stage, singles, stage.quick ? 300 : 800, atLeast(1, 1));
    const batched = [
      ours(stage, PLACES),
      ...yardsticks === null ? [] : [yardsticks.graphile("batched"), yardsticks.boss()],
    ];
    return [...results, ...await compare(stage, batched, stage.quick ? 4_000 : 20_000, atLeast(1, 2))];
  },
};

/** Takes turns, each round begun by another one; what disturbs the machine disturbs all. */
async function compare(
  stage: JobStage,
  contenders: Contender[],
  runs: number,
  thresholds: Thresholds,
): Promise<Result[]> {
  const turns = new Map<Contender, Turn[]>(contenders.map((each) => [each, []]));
  for (let round = -1; round < stage.rounds; round++) { // the first round warms up
    const at = (round + contenders.length) % contenders.length;
    for (const contender of [...contenders.slice(at), ...contenders.slice(0, at)]) {
      const turn = await take(stage, contender, runs, round);
      if (round >= 0) turns.get(contender)?.push(turn);
    }
  }
  await Promise.all(contenders.map(({ talker }) => talker.child.stop()));
  const [us, ...others] = contenders;
  if (us === undefined) return [];
  const own = turns.get(us) ?? [];
  const none = line(`${us.name}: CPU per run; no yardstick installed`, said(own), [NaN], null, "");
  return others.length === 0 ? [none] : others.map((other): Result => {
    const theirs = turns.get(other) ?? [];
    const ratios = own.map((turn, i) => cpu(theirs[i]) / cpu(turn));
    const judged = other.name.startsWith("graphile") ? thresholds : null;
    return {
      bar: { name: `${us.name}, vs ${other.name}, per CPU`, unit: "", thresholds: judged },
      measured: { yardstick: said(theirs), ours: said(own), values: ratios },
    };
  });
}

const cpu = (turn: Turn | undefined) => turn === undefined ? NaN : turn.worker_us + turn.postgres_us;

function said(turns: Turn[]): string {
  const of = (figure: keyof Turn) => Math.round(median(turns.map((turn) => turn[figure])));
  return `${of("worker_us")} + ${of("postgres_us")} µs, ${of("per_s")} runs/s`;
}

async function take(stage: JobStage, { talker, left, tables }: Contender, runs: number, round: number): Promise<Turn> {
  const { db, cluster } = stage.database;
  await told(talker, `prepare ${runs}`);
  if (round < 0) await settle(db);
  else await db.exec(`vacuum analyze ${tables}`);
  await db.exec("checkpoint");
  const look = () => ({ worker: usage([talker.child.pid]), postgres: usage(cluster()) });
  const before = look();
  await talker.tell(`go ${runs}`);
  const { first = NaN, at } = await talker.hear(({ what }) => what === "done", 120_000);
  let ended = at;
  while ((await db.query<{ left: boolean }>(left))[0]?.left !== false) {
    await pause(5);
    ended = performance.timeOrigin + performance.now();
  }
  const after = look();
  await told(talker, "rest");
  return {
    worker_us: spentMs(before.worker, after.worker) * 1_000 / runs,
    postgres_us: spentMs(before.postgres, after.postgres) * 1_000 / runs,
    per_s: runs / (ended - first) * 1_000,
  };
}
