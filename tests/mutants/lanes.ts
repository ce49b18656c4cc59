import { type Mutant, type NamedTest, needsServer } from "./mutant.ts";

/** A mutant on its way to the test that should catch it. */
export type Task = { mutant: Mutant; by: NamedTest };

/** One of two that work side by side. Only one has the server, because the databases of its tests have fixed names. */
export type Lane = {
  /** Every test that it may run, without a bug. */
  tests: NamedTest[];
  /** Takes the next task, until nothing is left. */
  take(): Task | undefined;
};

/** Shares mutants among two lanes, each of which takes what only it does well first. */
export function shared(mutants: readonly Mutant[]): { onServer: Lane; other: Lane } {
  const cost = ({ caughtBy }: Mutant) => needsServer(caughtBy) ? 0 : caughtBy.onServer !== undefined ? 1 : 2;
  const line = [...mutants].sort((a, b) => cost(a) - cost(b));
  const onServer = ({ caughtBy }: Mutant) => caughtBy.onServer ?? caughtBy;
  const other = ({ caughtBy }: Mutant) => caughtBy;
  const task = (mutant: Mutant | undefined, by: (mutant: Mutant) => NamedTest) =>
    mutant === undefined ? undefined : { mutant, by: by(mutant) };
  return {
    onServer: { tests: line.map(onServer), take: () => task(line.shift(), onServer) },
    other: {
      tests: line.map(other).filter((test) => !needsServer(test)),
      take() {
        const last = line.at(-1);
        return last === undefined || needsServer(last.caughtBy) ? undefined : task(line.pop(), other);
      },
    },
  };
}
