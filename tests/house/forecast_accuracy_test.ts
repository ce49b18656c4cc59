import { deepStrictEqual as equal, ok } from "node:assert/strict";

/** The engine on public series, where they lie beside the project; docs/forecasting.md has the whole table. */

const ROOT = new URL("../../", import.meta.url).pathname;
const EVALUATOR = new URL("../../../shared/forecast/evaluate.ts", import.meta.url).pathname;
const ignore = !exists(EVALUATOR);
const where = ignore ? " (left out: ../shared/forecast is not there)" : "";

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

async function evaluate(args: string[]): Promise<string> {
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", EVALUATOR, "--module", `${ROOT}tests/bench/forecast_adapter.ts`, ...args],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).output();
  return new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
}

Deno.test({
  name: `forecasts of public series are as accurate as documented, and their intervals hold${where}`,
  ignore,
  async fn() {
    const report = await evaluate(["--name", "ours"]);
    // n, sMAPE, MASE, OWA, share held by 95 %, MSIS, share held by 80 %.
    const rows = [...report.matchAll(/^== (\w+) .*\n.*\n {2}ours +(.*?)\| <== you/gm)].map(
      ([, group = "", numbers = ""]) => {
        const [, , , owa = NaN, cov95 = NaN, , cov80 = NaN] = numbers.trim().split(/\s+/).map(Number);
        return { group, owa, cov95, cov80 };
      },
    );
    const most: Record<string, number> = { yearly: 0.9, quarterly: 0.905, monthly: 0.865, weekly: 0.88, daily: 0.81 };
    equal(rows.map(({ group }) => group).slice(0, 5), Object.keys(most), report);
    for (const { group, owa, cov95, cov80 } of rows.filter(({ group }) => group in most)) {
      ok(owa <= (most[group] ?? 0), `${group}: OWA ${owa}`);
      ok(cov95 >= 0.91 && cov95 <= 0.98, `${group}: 95 % holds ${cov95}`);
      ok(cov80 >= 0.76 && cov80 <= 0.87, `${group}: 80 % holds ${cov80}`);
    }
    ok(/errors 0, non-finite\/short 0, bounds crossing the mean 0, wider at lower level 0/.test(report), report);
  },
});

Deno.test({
  name: `the edge cases of the public measurement are all answered${where}`,
  ignore,
  async fn() {
    ok(/^\d+ passed, 0 failed$/m.test(await evaluate(["--robust"])));
  },
});
