import { deepStrictEqual as equal } from "node:assert/strict";

/** The house rules of docs/decisions.md, "Layers": who may import whom, and which file owns what could surprise a test. */

const ROOT = new URL("../../", import.meta.url).pathname;

/** What each layer may import: folders of the project, and packages. */
const LAYERS: { layer: string; folders: string[]; packages: RegExp }[] = [
  { layer: "services/math", folders: ["services/math"], packages: /^simple-statistics$/ },
  { layer: "services/adapters", folders: ["services", "db"], packages: /^(jose|zod|node:.*)$/ },
  { layer: "services", folders: ["services", "db"], packages: /^(@hono\/zod-openapi|zod|croner|node:crypto)$/ },
  { layer: "db", folders: ["db"], packages: /^(drizzle-orm|drizzle-orm\/pg-core|postgres|@electric-sql\/pglite)$/ },
  { layer: "routes", folders: ["routes", "services"], packages: /^(hono|hono\/.*|@hono\/zod-openapi|node:crypto)$/ },
  { layer: "jobs", folders: ["jobs", "services"], packages: /^$/ },
];

/** Rows and enum members are types that every layer may name. */
const SHARED = /^db\/(schema\/|client\.ts$)/;

/** The small composition roots: main.ts, and the commands of deno.json. They see everything. */
const COMPOSES = /^main\.ts$|cli\.ts$|^db\/demo\.ts$/;

/** What may stand in one file alone. */
const OWNED: [pattern: RegExp, owner: string][] = [
  [/\bDate\.now\(/, "services/adapters/system_clock.ts"],
  [/\bnew Date\(\)/, "services/adapters/system_clock.ts"],
  [/\bMath\.random\(/, "services/adapters/random_ids.ts"],
  [/\bDeno\.env\b/, "services/adapters/environment.ts"],
  [/\bDeno\.cron\b/, "jobs/scheduler.ts"],
  [/\bconsole\.\w+\(/, "services/adapters/terminal.ts"],
];

Deno.test("layers look down, and drizzle stays in db", () => {
  const wrong: string[] = [];
  for (const { path, text } of sources()) {
    const layer = LAYERS.find((each) => path.startsWith(`${each.layer}/`));
    if (layer === undefined || COMPOSES.test(path)) continue;
    for (const [, target = ""] of text.matchAll(/(?:^|\n)\s*(?:import|export)\b[^;]*?\bfrom\s+"([^"]+)"/g)) {
      const inside = target.startsWith(".");
      const to = inside ? new URL(target, `file://${ROOT}${path}`).pathname.slice(ROOT.length) : target;
      const fine = inside
        ? SHARED.test(to) || layer.folders.some((folder) => to.startsWith(`${folder}/`)) && !isAdapter(path, to)
        : layer.packages.test(to);
      if (!fine) wrong.push(`${path} imports ${to}`);
    }
  }
  equal(wrong, []);
});

Deno.test("what could surprise a test has one owner", () => {
  const wrong = sources().flatMap(({ path, text }) =>
    OWNED.filter(([pattern, owner]) => path !== owner && pattern.test(withoutComments(text)))
      .map(([pattern]) => `${path} uses ${pattern.source}`)
  );
  equal(wrong, []);
});

/** Adapters are for the composition roots and tests; of the rest only another adapter may see one. */
function isAdapter(from: string, to: string): boolean {
  return to.startsWith("services/adapters/") && !from.startsWith("services/adapters/");
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "");
}

function sources(folder = ""): { path: string; text: string }[] {
  return [...Deno.readDirSync(ROOT + folder)].flatMap(({ name, isDirectory }) => {
    const path = folder + name;
    if (isDirectory) return /^(node_modules|tests|\..*)$/.test(name) ? [] : sources(`${path}/`);
    return path.endsWith(".ts") ? [{ path, text: Deno.readTextFileSync(ROOT + path) }] : [];
  });
}
