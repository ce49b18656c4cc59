/**
 * Plays thousands of random histories against the ledger: `deno task chaos:sim [--seed N] [--runs M] [--parts P]`.
 * A failure prints what plays it again: `--seed N --path …`. It plays on `DATABASE_URL`, else on the embedded engine.
 */
import "../../support/idle_timer.ts";
import { embeddedFixture, postgresFixture } from "../../support/database.ts";
import { prepareSim } from "./effects.ts";
import { playMany, type Report } from "./part.ts";

type Options = { seed: number; runs: number; parts: number; path: string | null };

const options = read(Deno.args);
if (Deno.args.includes("--part")) console.log(JSON.stringify(await part(options)));
else Deno.exit(await whole(options));

function read(args: string[]): Options {
  const value = (name: string) => args.includes(name) ? args[args.indexOf(name) + 1] ?? null : null;
  const number = (name: string, fallback: number) => Number(value(name) ?? fallback);
  const path = value("--path");
  return {
    seed: number("--seed", crypto.getRandomValues(new Int32Array(1))[0] ?? 0),
    runs: path === null ? number("--runs", 10_000) : 1,
    parts: path === null ? number("--parts", 2) : 1,
    path,
  };
}

async function part({ seed, runs, path }: Options): Promise<Report> {
  const url = Deno.env.get("DATABASE_URL");
  const fixture = url === undefined
    ? await embeddedFixture()
    : await postgresFixture(url, `analytics_sim_${seed >>> 0}`);
  try {
    await prepareSim(fixture.db);
    return await playMany(fixture.db, { seed, runs, path });
  } finally {
    await fixture.close();
  }
}

/** Splits the work over processes with seeds of their own, tells what they came to, and answers the exit code. */
async function whole({ seed, runs, parts, path }: Options): Promise<number> {
  const began = performance.now();
  const reports = await Promise.all(Array.from({ length: parts }, async (_, i): Promise<Report> => {
    const own = ["--seed", String(seed + i), "--runs", String(Math.ceil(runs / parts))];
    const args = ["run", "--allow-all", "--no-check", import.meta.filename ?? "", "--part", ...own];
    if (path !== null) args.push("--path", path);
    const child = new Deno.Command(Deno.execPath(), { args, stdout: "piped", stderr: "inherit" }).spawn();
    const { code, stdout } = await child.output();
    if (code !== 0) throw new Error(`a part of the simulation ended with ${code}`);
    return JSON.parse(new TextDecoder().decode(stdout));
  }));
  const sum = (of: (report: Report) => number) => reports.reduce((total, report) => total + of(report), 0);
  const states = new Set(reports.flatMap((report) => Object.keys(report.runs)));
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  console.log(
    `seeds ${reports.map((report) => report.seed).join(" ")}: ${sum((r) => r.histories)} histories, ${
      sum((r) => r.events)
    } events`,
  );
  console.log(`runs: ${[...states].map((state) => `${sum((r) => r.runs[state] ?? 0)} ${state}`).join(", ")}`);
  const failed = reports.filter((report) => report.failure !== null);
  for (const { seed, failure } of failed) {
    console.log(
      `\nVIOLATION after ${failure?.after} histories; again with --seed ${seed} --path ${failure?.path}\n${failure?.message}`,
    );
    console.log(JSON.stringify(failure?.history));
  }
  console.log(`${failed.length === 0 ? "every invariant held" : "an invariant did not hold"}, ${seconds} s`);
  return failed.length === 0 ? 0 : 1;
}
