/** A process that writes to an embedded database and says each number once it is committed, until it is killed. */
import { openEmbedded } from "../../db/embedded.ts";
import { calm } from "./database.ts";

const [dir = "", first = "1"] = Deno.args;
const db = await openEmbedded(dir, () => Deno.readFile(new URL("../../db/snapshot.tgz", import.meta.url)), calm);
await db.exec("create table if not exists said (n int primary key)");
const encoder = new TextEncoder();
for (let n = Number(first);; n++) {
  await db.query("insert into said values ($1)", [n]);
  Deno.stdout.writeSync(encoder.encode(`${n}\n`));
}
