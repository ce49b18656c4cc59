import { join } from "node:path";
import { start } from "../bench/children.ts";
import type { NamedTest } from "./mutant.ts";

/** What became of some tests: those that passed, and those that failed, with the first line of why. */
export type Trial = { passed: ReadonlySet<string>; failed: ReadonlyMap<string, string>; said: string };

/** Where tests run: a copy of the tree, and a folder for what Deno compiles of it. */
export type Place = { root: string; denoDir: string };

/** No test takes as long, nor do all of them; one that hangs has caught nothing. */
const LIMIT_MS = 120_000;

/** The embedded engine's WebAssembly is compiled once and quickly: no test here runs long enough to repay a second time. */
const QUICKLY = "--v8-flags=--liftoff-only";

/** Runs these tests and no other, in a process of their own. */
export async function trial({ root, denoDir }: Place, tests: readonly NamedTest[]): Promise<Trial> {
  const files = [...new Set(tests.map(({ file }) => join(root, file)))];
  const filter = `/^(${[...new Set(tests.map(({ test }) => literal(test)))].join("|")})$/`;
  const log = await Deno.makeTempFile({ dir: denoDir });
  const child = start(Deno.execPath(), [
    ...["test", "--quiet", "--no-check", "--cached-only", "--allow-all", QUICKLY, "--config", join(root, "deno.json")],
    ...["--filter", filter, ...files],
  ], { stdout: "piped", log, env: { ...settings(), DENO_DIR: denoDir } });
  const late = setTimeout(() => child.stop(), LIMIT_MS);
  const said = await new Response(child.process.stdout).text();
  clearTimeout(late);
  await child.stop();
  return { ...judged(said), said: said + await Deno.readTextFile(log) };
}

/** Reads what `deno test` prints for people: a line for each test, and the errors at the end. */
export function judged(said: string): Pick<Trial, "passed" | "failed"> {
  const passed = new Set<string>();
  const failed = new Map<string, string>();
  const errors = said.slice(said.indexOf("\n ERRORS \n"));
  for (const [, test = "", how] of said.matchAll(/^(.+?) \.\.\. (ok|FAILED)(?: \(.*\))?$/gm)) {
    if (how === "ok") passed.add(test);
    else {
      const block = errors.slice(errors.indexOf(`\n${test} => `));
      failed.set(test, /^error: (.*)$/m.exec(block)?.[1] ?? "");
    }
  }
  return { passed, failed };
}

function settings(): Record<string, string> {
  const server = Deno.env.get("DATABASE_URL");
  return { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1", ...(server === undefined ? {} : { DATABASE_URL: server }) };
}

const literal = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
