import { atLeast, atMost, type Bar, median, shared } from "./bar.ts";
import { mergePending } from "./database.ts";
import { request } from "./load_client.ts";
import { BATCH, batch, COPY_COLUMNS, copyText } from "./rows.ts";
import type { Server } from "./servers.ts";
import { alternate, type Cost, cost, METRICS, type Stage } from "./stage.ts";

const WRITERS = 4;
const BATCHES = 32; // a second or two for each turn

/** Ours against COPY in alternating turns, then the hand-written server for comparison. */
const measured = shared(async (stage: Stage) => {
  const batches = Math.max(WRITERS, Math.round(BATCHES * stage.scale / WRITERS) * WRITERS);
  const rate = (ms: number) => batches * BATCH / ms * 1_000;
  const turns = await alternate(
    stage,
    (round) => copy(stage, `copy${round}`, batches),
    (round) => post(stage, stage.ours, `ours${round}`, batches),
  );
  const byHand = await alternate(
    { ...stage, rounds: 3 },
    () => Promise.resolve(),
    (round) => post(stage, stage.handWritten, `hand${round}`, batches),
    1,
  );
  return {
    copied: turns.map(([ms]) => rate(ms)),
    posted: turns.map(([, { ms }]) => rate(ms)),
    cpu_ms: turns.map(([, { server_ms }]) => server_ms / batches),
    hand_posted: byHand.map(([, { ms }]) => rate(ms)),
    hand_cpu_ms: byHand.map(([, { server_ms }]) => server_ms / batches),
  };
});

const krows = (rates: number[]) => `${(median(rates) / 1_000).toFixed(1)} k rows/s`;

/** Rows a second through POST /metrics, against COPY of such rows by as many psql into the same table. */
export const bulkRate: Bar = {
  name: "bulk ingest, rows/s vs COPY",
  unit: "",
  thresholds: atLeast(0.80, 1.0),
  async run(stage) {
    const { copied, posted, hand_posted } = await measured(stage);
    return {
      yardstick: `${krows(copied)} (hand-written ${krows(hand_posted)})`,
      ours: krows(posted),
      values: posted.map((rate, i) => rate / (copied[i] ?? NaN)),
    };
  },
};

/** What the server's own process spends on 1,000 rows: parse, validate, pass on. */
export const bulkCpu: Bar = {
  name: "bulk ingest, server CPU per 1,000 rows",
  unit: "ms",
  thresholds: atMost(12, 7),
  async run(stage) {
    const { cpu_ms, hand_cpu_ms } = await measured(stage);
    const shown = (values: number[]) => `${median(values).toFixed(1)} ms`;
    return { yardstick: shown(hand_cpu_ms), ours: shown(cpu_ms), values: cpu_ms };
  },
};

/** Sends fresh batches, each in one request, over several connections. */
async function post(stage: Stage, server: Server, name: string, batches: number): Promise<Cost> {
  const headers = { ...stage.headers, "content-type": "application/json" };
  const requests = Array.from(
    { length: batches },
    (_, i) => request("POST", METRICS, headers, JSON.stringify(batch(`${name}-${i}`))),
  );
  await mergePending(stage.database.db);
  return await cost(stage, server, { connections: WRITERS, total: batches, requests });
}

/** Copies fresh batches, each in one statement and so in one transaction, by several psql; returns the milliseconds. */
async function copy({ database, scratch }: Stage, name: string, batches: number): Promise<number> {
  const scripts = Array.from({ length: WRITERS }, () => "");
  for (let i = 0; i < batches; i++) {
    const file = `${scratch}/${name}-${i}.tsv`;
    await Deno.writeTextFile(file, copyText(batch(`${name}-${i}`)));
    scripts[i % WRITERS] += `\\copy metrics (${COPY_COLUMNS}) from '${file}'\n`;
  }
  const paths = scripts.map((_, i) => `${scratch}/${name}-${i}.sql`);
  await Promise.all(paths.map((path, i) => Deno.writeTextFile(path, scripts[i] ?? "")));
  await mergePending(database.db);
  const began = performance.now();
  await Promise.all(paths.map((path) => database.psql(path)));
  return performance.now() - began;
}
