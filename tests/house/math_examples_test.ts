import { deepStrictEqual as equal, ok } from "node:assert/strict";
import * as math from "../../services/math/mod.ts";

/**
 * Every function of services/math shows an example, and every example is run: `expression; // value`, where the value
 * is compared to the digits that it shows.
 */

const FOLDER = new URL("../../services/math/", import.meta.url);
const files = sources(FOLDER);

Deno.test("every function of services/math shows an example", () => {
  const documented = files.flatMap((
    { text },
  ) => [...text.matchAll(/\/\*\*(?:(?!\*\/)[\s\S])*\*\/\nexport function\*? (\w+)/g)])
    .filter(([doc]) => doc.includes("@example")).map(([, name]) => name ?? "");
  const missing = Object.entries(math).filter(([name, value]) =>
    typeof value === "function" && !documented.includes(name)
  );
  equal(missing.map(([name]) => name), []);
});

for (const { name, text } of files) {
  const blocks = [...text.matchAll(/@example\n((?: \*.*\n)+?) \* ```\n/g)].map(([, block = ""]) =>
    block.split("\n").map((line) => line.replace(/^ \* ?/, "").replace(/\*\\\//g, "*/")).slice(1).join("\n")
  );
  for (const [i, block] of blocks.entries()) {
    Deno.test(`the ${blocks.length > 1 ? `${i + 1}. ` : ""}example of services/math/${name} is true`, async () => {
      const claims = await run(block);
      ok(claims.length > 0, `no line says "expression; // value":\n${block}`);
      for (const { expression, actual, expected, said } of claims) {
        compare(actual, expected, digitsOf(said), expression);
      }
    });
  }
}

type Claim = { expression: string; actual: unknown; expected: unknown; said: string };

/** Runs an example with every function of services/math in scope; what it claims is collected. */
async function run(block: string): Promise<Claim[]> {
  const lines = block.split("\n").filter((line) => !/^import\b/.test(line));
  const statements = lines.join("\n").split(/(?<=;(?: \/\/.*)?)\n/).filter((statement) => statement.trim() !== "");
  const code = statements.map((statement) => {
    const claim = /^([\s\S]*); \/\/ (.*)$/.exec(statement.trim());
    if (claim === null) return statement;
    const [, expression = "", said = ""] = claim;
    return `claims.push({ expression: ${JSON.stringify(expression)}, said: ${JSON.stringify(said)}, ` +
      `actual: (${expression}), expected: (${said}) });`;
  });
  const script = `export default ({ ${Object.keys(math).join(", ")} }, claims) => {\n${code.join("\n")}\n};`;
  const module = await import(`data:application/javascript,${encodeURIComponent(script)}`);
  const claims: Claim[] = [];
  module.default(math, claims);
  return claims;
}

/** For each number that is said, how far another may be from it: half a unit of its last digit. */
function digitsOf(said: string): number[] {
  return [...said.replace(/"[^"]*"/g, "").matchAll(/(?<![\w.])-?\d+(?:\.(\d+))?(?:e([+-]?\d+))?/g)].map(
    ([, decimals = "", exponent = "0"]) => 0.5000001 * 10 ** (Number(exponent) - decimals.length),
  );
}

function compare(actual: unknown, expected: unknown, slack: number[], where: string): void {
  if (typeof expected === "number") {
    const most = Number.isInteger(expected) && Math.abs(expected) < 1e9 ? 1e-9 : 0;
    const shown = slack.shift() ?? 0;
    const allowed = most > 0 && shown >= 0.5 ? most : shown;
    ok(typeof actual === "number" && Math.abs(actual - expected) <= allowed, `${where}: ${actual}, not ${expected}`);
  } else if (typeof expected === "object" && expected !== null && typeof actual === "object" && actual !== null) {
    const theirs = new Map(Object.entries(actual));
    equal([...theirs.keys()].sort(), Object.keys(expected).sort(), where);
    for (const [key, value] of Object.entries(expected)) compare(theirs.get(key), value, slack, `${where} ${key}`);
  } else equal(actual, expected, where);
}

function sources(folder: URL): { name: string; text: string }[] {
  return [...Deno.readDirSync(folder)].sort((a, b) => a.name < b.name ? -1 : 1).flatMap(({ name, isDirectory }) => {
    const url = new URL(isDirectory ? `${name}/` : name, folder);
    if (isDirectory) return sources(url).map((file) => ({ ...file, name: `${name}/${file.name}` }));
    return name.endsWith(".ts") ? [{ name, text: Deno.readTextFileSync(url) }] : [];
  });
}
