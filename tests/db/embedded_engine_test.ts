import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { openEmbedded } from "../../db/embedded.ts";
import { calm } from "../support/database.ts";

const snapshot = () => Deno.readFile(new URL("../../db/snapshot.tgz", import.meta.url));
const WRITER = new URL("../support/writer.ts", import.meta.url).pathname;

async function inDirectory(test: (dir: string) => Promise<void>): Promise<void> {
  const dir = await Deno.makeTempDir({ prefix: "analytics-embedded-" });
  try {
    await test(dir);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

/** Lets another process write until it has acknowledged `count` numbers, kills it, and returns the last acknowledged. */
async function writeAndKill(dir: string, first: number, count: number): Promise<number> {
  const args = ["run", "--allow-read", "--allow-write", "--allow-env", "--allow-sys", WRITER, dir, String(first)];
  const writer = new Deno.Command(Deno.execPath(), { args, stdout: "piped", stderr: "inherit" }).spawn();
  let said = "";
  const reader = writer.stdout.pipeThrough(new TextDecoderStream()).getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    said += next.value;
    if (said.split("\n").length > count) writer.kill("SIGKILL");
  }
  await writer.status;
  const last = said.split("\n").filter((line, i, all) => line !== "" && i < all.length - 1).at(-1);
  if (last === undefined) throw new Error("The writer wrote nothing");
  return Number(last);
}

Deno.test("a process that is killed while it writes loses nothing that it acknowledged", () =>
  inDirectory(async (dir) => {
    const first = await writeAndKill(dir, 1, 25);
    const second = await writeAndKill(dir, first + 2, 25); // one more than acknowledged may have been committed
    const db = await openEmbedded(dir, snapshot, calm);
    try {
      const rows = await db.query<{ n: number }>("select n from said order by n");
      const stored = new Set(rows.map(({ n }) => n));
      for (let n = 1; n <= second; n++) if (n !== first + 1) ok(stored.has(n), `${n} was acknowledged and is gone`);
      ok(stored.size <= second + 1);
    } finally {
      await db.close();
    }
  }));

Deno.test("a directory that is open refuses a second process, and says what to do", () =>
  inDirectory(async (dir) => {
    const db = await openEmbedded(dir, snapshot, calm);
    try {
      const args = ["run", "--allow-read", "--allow-write", "--allow-env", "--allow-sys", WRITER, dir];
      const second = await new Deno.Command(Deno.execPath(), { args, stdout: "null", stderr: "piped" }).output();
      equal(second.success, false);
      ok(new TextDecoder().decode(second.stderr).includes("Another process has the embedded database"));
    } finally {
      await db.close();
    }
  }));

Deno.test("a first start that was cut off begins afresh", () =>
  inDirectory(async (dir) => {
    await Deno.mkdir(`${dir}/db`);
    await Deno.writeTextFile(`${dir}/db/PG_VERSION`, "18"); // as far as it came
    const db = await openEmbedded(dir, snapshot, calm);
    try {
      equal(await db.query("select count(*)::int as n from metrics"), [{ n: 0 }]);
    } finally {
      await db.close();
    }
  }));
