/**
 * `deno task mutants`: plants bugs in copies of the tree, one at a time, and holds that the test named for each fails.
 *   --only TEXT    the mutants whose name, file or test contains it
 * Prints a line for each, and a summary; ends with 1 if one survives, applies no more, or fails for another reason. The
 * server is that of `DATABASE_URL`, or a throw-away one. Two bugs are tried at a time, in a copy each.
 * @module
 */
import { parseArgs } from "node:util";
import { type OnEnd, onPostgres } from "../support/on_postgres.ts";
import { mutants } from "./all.ts";
import { type Fate, hunt, mustPass } from "./hunt.ts";
import { type Lane, shared } from "./lanes.ts";
import { copyTree, type Tree } from "./tree.ts";

const { values: { only } } = parseArgs({ options: { only: { type: "string", default: "" } } });
const chosen = mutants.filter(({ name, file, caughtBy }) => [name, file, caughtBy.test].join("\n").includes(only));

await onPostgres({ script: import.meta.filename ?? "", args: [`--only=${only}`], limit_s: 600 }, all);

/** @returns the exit code */
async function all(_serverUrl: string, onEnd: OnEnd): Promise<number> {
  if (chosen.length === 0) throw new Error(`No mutant is about ${JSON.stringify(only)}`);
  const home = await Deno.makeTempDir({ prefix: "mutants-" });
  onEnd(() => Deno.remove(home, { recursive: true }));
  let ending = false; // what is killed then has caught nothing, and nothing more may begin
  onEnd(() => void (ending = true));
  const denoDir = await ownDenoDir(home);
  const [onServer, other] = await Promise.all([copyTree(`${home}/a`), copyTree(`${home}/b`)]);
  await mustApply(onServer);
  const lanes = shared(chosen);
  await Promise.all([
    mustPass(onServer, denoDir, lanes.onServer.tests),
    mustPass(other, denoDir, lanes.other.tests),
  ]);
  const fates: Fate[] = [];
  const work = async (tree: Tree, lane: Lane) => {
    for (let task = lane.take(); task !== undefined; task = lane.take()) {
      const fate = await hunt(tree, denoDir, task.mutant, task.by);
      if (ending) return;
      fates.push(fate);
      console.log(line(fate));
    }
  };
  await Promise.all([work(onServer, lanes.onServer), work(other, lanes.other)]);
  return summary(fates);
}

/** @throws {Error} that names every mutant whose place is gone */
async function mustApply(tree: Tree): Promise<void> {
  const stale: string[] = [];
  for (const mutant of chosen) {
    await tree.plant(mutant).then((takeOut) => takeOut(), (error) => void stale.push(String(error)));
  }
  if (stale.length > 0) throw new Error(`\n${stale.join("\n")}`);
}

/** What Deno compiles of the copies goes away with them; the packages' registry answers are those of every day. */
async function ownDenoDir(home: string): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json"], stderr: "null" }).output();
  const known: { npmCache: string } = JSON.parse(new TextDecoder().decode(stdout)); // as `deno info` documents it
  const dir = `${home}/deno`;
  await Deno.mkdir(dir);
  await Deno.symlink(known.npmCache, `${dir}/npm`);
  return dir;
}

function line({ mutant, by: { file, test }, end, said, seconds }: Fate): string {
  const told = end === "caught" ? "" : `\n    ${said}`;
  return `${end.padEnd(9)} ${seconds.toFixed(1).padStart(5)} s  ${mutant.name} | ${file}: ${test}${told}`;
}

function summary(fates: readonly Fate[]): number {
  const count = (end: Fate["end"]) => fates.filter((fate) => fate.end === end).length;
  const broken = count("not tried");
  console.log(`${count("caught")} caught, ${count("survived")} survived${broken > 0 ? `, ${broken} not tried` : ""}`);
  return count("caught") === chosen.length ? 0 : 1;
}
