/** A text that stands in a file once, and what a bug makes of it. Both count with their blanks and line ends. */
export type Plant = { file: string; find: string; replace: string };

/** A test, by the file that registers it and its whole name. */
export type NamedTest = { file: string; test: string };

/** The test that catches a bug; with `onServer`, the same on Postgres. */
export type Catcher = NamedTest & { onServer?: NamedTest };

/** A bug of the scheduling core that somebody might make, and the test that must fail because of it. */
export type Mutant = Plant & {
  /** What the code does wrong then. */
  name: string;
  /** Further places, where the same rule is said more than once. */
  also?: readonly Plant[];
  caughtBy: Catcher;
};

/** A case of the ledger on Postgres, whose tests apply the migrations: the embedded ones begin with a snapshot of them. */
export const postgres = (test: string): Catcher => ({
  file: "tests/jobs/postgres_test.ts",
  test: `${test} (postgres)`,
});

/** A case that needs several connections. */
export const workers = (test: string): Catcher => ({
  file: "tests/jobs/postgres_test.ts",
  test: `${test} (postgres, two workers)`,
});

/** A case of the ledger, on the embedded engine or on Postgres. */
export const ledger = (test: string): Catcher => ({
  file: "tests/jobs/embedded_test.ts",
  test: `${test} (embedded)`,
  onServer: postgres(test),
});

/** A test without a database: `unit("cron", …)` is in tests/unit/cron_test.ts. */
export const unit = (file: string, test: string): Catcher => ({ file: `tests/unit/${file}_test.ts`, test });

/** Whether a catcher needs the server, whose databases have fixed names: one at a time. */
export const needsServer = ({ file }: NamedTest): boolean => file.endsWith("postgres_test.ts");
