/** `deno task golden`: renews what is committed and derived. Read the difference before you commit it. */
import { makeSnapshot, openEmbedded } from "../../db/embedded.ts";
import { schemaText } from "../../db/introspect.ts";
import { loadMigrations, migrateUp, migrationStatus } from "../../db/migrate.ts";
import { openApiDocument } from "../../routes/openapi.ts";
import { envExample } from "../../services/config.ts";
import { documentedApp } from "./app.ts";
import { calm } from "./database.ts";

const ROOT = new URL("../../", import.meta.url);
const SNAPSHOT = new URL("db/snapshot.tgz", ROOT);

/** Path and text of every golden file that needs no database. */
export function goldenTexts(): Record<string, string> {
  const document = JSON.parse(openApiDocument(documentedApp()));
  const readme = Deno.readTextFileSync(new URL("README.md", ROOT));
  return {
    ".env.example": envExample(),
    "tests/golden/openapi.json": JSON.stringify(document, null, 2) + "\n",
    "README.md": readme.replace(
      /(<!-- endpoints -->\n)[\s\S]*(<!-- \/endpoints -->)/,
      (_, start, end) => `${start}${endpointTable(document)}${end}`,
    ),
  };
}

type Operation = { summary: string; tags: string[]; security?: unknown[] };

/** The endpoints of the document as a table, in the document's order, laid out as `deno fmt` does. */
function endpointTable(document: { paths: Record<string, Record<string, Operation>> }): string {
  const rows = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { summary, security }]) => [
      `\`${method.toUpperCase()} ${path.replace("/api/v1", "")}\``,
      summary,
      security?.length === 1 ? "yes" : "",
    ])
  );
  const all = [["endpoint", "", "token"], ...rows];
  const widths = [0, 1, 2].map((i) => Math.max(...all.map((row) => row[i]?.length ?? 0)));
  const line = (row: string[]) => `| ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(" | ")} |`;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return `\nBelow \`/api/v1\`:\n\n${[line(all[0] ?? []), rule, ...rows.map(line)].join("\n")}\n\n`;
}

/** Whether the committed snapshot was made by this PGlite and holds every migration. */
export async function snapshotIsFresh(): Promise<boolean> {
  const db = await openEmbedded(null, () => Deno.readFile(SNAPSHOT), calm);
  try {
    const [row] = await db.query<{ version: string }>("select version() as version");
    const states = await migrationStatus(db, await loadMigrations());
    return states.every(({ state }) => state === "applied") &&
      row?.version.includes(`PGlite ${pgliteVersion()}`) === true;
  } finally {
    await db.close();
  }
}

/** The version of PGlite in the import map. */
export function pgliteVersion(): string {
  const { imports } = JSON.parse(Deno.readTextFileSync(new URL("deno.json", ROOT)));
  return /@([\d.]+)$/.exec(imports["@electric-sql/pglite"])?.[1] ?? "";
}

async function renewSnapshot(): Promise<void> {
  try {
    if (await snapshotIsFresh()) return; // its bytes differ each time it is made, so it is made only when it must be
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  const migrations = await loadMigrations();
  const bytes = await makeSnapshot(async (db) => {
    await migrateUp(db, migrations);
    await Deno.writeTextFile(new URL("tests/golden/schema.sql", ROOT), await schemaText(db));
  }, calm);
  await Deno.writeFile(SNAPSHOT, bytes);
}

if (import.meta.main) {
  for (const [path, text] of Object.entries(goldenTexts())) await Deno.writeTextFile(new URL(path, ROOT), text);
  await renewSnapshot();
}
