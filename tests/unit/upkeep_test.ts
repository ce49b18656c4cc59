import { deepStrictEqual as equal } from "node:assert/strict";
import type { Db } from "../../db/client.ts";
import { tidy } from "../../services/upkeep/mod.ts";

/** A database that only knows its size and one setting, and counts how often it is vacuumed. */
function sized(bytes: number) {
  const state = { bytes, setting: null as string | null, vacuums: 0 };
  const db = {
    query: (text: string, params: string[] = []) => {
      if (text.includes("pg_relation_size")) return Promise.resolve([{ bytes: state.bytes }]);
      if (text.startsWith("select value")) {
        return Promise.resolve(state.setting === null ? [] : [{ value: state.setting }]);
      }
      state.setting = params[1] ?? null;
      return Promise.resolve([]);
    },
    exec: () => Promise.resolve(void state.vacuums++),
  } as unknown as Db; // the two calls that tidying makes
  return { state, db };
}

Deno.test("an embedded database is tidied when it has grown by a fifth, and left alone in between", async () => {
  const { state, db } = sized(10_000_000);
  const pass = () => tidy({ db, engine: "embedded" });
  equal([await pass(), await pass(), state.vacuums], [true, false, 1]);
  state.bytes = 12_200_000; // 10 MB × 1.2 + 256 KiB = 12,262,144
  equal(await pass(), false);
  state.bytes = 12_300_000;
  equal([await pass(), state.vacuums], [true, 2]);
});

Deno.test("an empty embedded database and every Postgres are left alone", async () => {
  const empty = sized(100_000);
  equal([await tidy({ db: empty.db, engine: "embedded" }), empty.state.vacuums], [false, 0]);
  const large = sized(1e12);
  equal([await tidy({ db: large.db, engine: "postgres" }), large.state.vacuums], [false, 0]);
});
