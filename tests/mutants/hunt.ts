import type { Mutant, NamedTest } from "./mutant.ts";
import type { Tree } from "./tree.ts";
import { type Trial, trial } from "./trial.ts";

/** What became of a mutant, how long that took, and what its test said of it. */
export type Fate = {
  mutant: Mutant;
  by: NamedTest;
  end: "caught" | "survived" | "not tried";
  said: string;
  seconds: number;
};

/** Plants a bug, runs the test `by` that is named for it, and takes the bug out again. */
export async function hunt(tree: Tree, denoDir: string, mutant: Mutant, by: NamedTest): Promise<Fate> {
  const begun = performance.now();
  const takeOut = await tree.plant(mutant);
  try {
    const [end, said] = judge(await trial({ root: tree.root, denoDir }, [by]), by);
    return { mutant, by, end, said, seconds: (performance.now() - begun) / 1_000 };
  } finally {
    await takeOut();
  }
}

/**
 * What a test says where the bug is seen: an assertion of its own, or what the ledger and its constraints throw at it.
 * A mistake in what was planted, such as a name that is unknown to TypeScript or Postgres, says something else.
 */
const SEEN =
  /^(AssertionError|Error: Property failed|\w*LeaseLost|\w*DomainError|\w*RunFailure|(Postgres)?[eE]rror: .*\bviolates\b)/;

function judge({ passed, failed, said }: Trial, { test }: NamedTest): [Fate["end"], string] {
  const error = failed.get(test);
  if (error !== undefined) return [SEEN.test(error) ? "caught" : "not tried", error];
  return passed.has(test)
    ? ["survived", "its test passes"]
    : ["not tried", `its test did not end: ${said.slice(-1_000)}`];
}

/** Holds that tests pass on a tree without a bug. @throws {Error} with those that do not, and what was said */
export async function mustPass(tree: Tree, denoDir: string, tests: readonly NamedTest[]): Promise<void> {
  if (tests.length === 0) return;
  const { passed, failed, said } = await trial({ root: tree.root, denoDir }, tests);
  const wrong = tests.filter(({ test }) => !passed.has(test)).map(({ file, test }) =>
    `${file}: ${test}: ${failed.get(test) ?? "did not end"}`
  );
  if (wrong.length === 0) return;
  throw new Error(`Without a bug these do not pass:\n${[...new Set(wrong)].join("\n")}\n${said.slice(-2_000)}`);
}
