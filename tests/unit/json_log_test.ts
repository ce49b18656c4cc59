import { deepStrictEqual as equal } from "node:assert/strict";
import { jsonLog } from "../../services/adapters/json_log.ts";
import { stillClock } from "../support/app.ts";

/** What a log writes, with standard error replaced. */
function written(level: "info" | "warn", use: (log: ReturnType<typeof jsonLog>) => void): unknown[] {
  const chunks: Uint8Array[] = [];
  const own = Deno.stderr.writeSync;
  Deno.stderr.writeSync = (bytes) => (chunks.push(bytes.slice()), bytes.length);
  try {
    const log = jsonLog(level, stillClock());
    use(log);
    log.flush();
  } finally {
    Deno.stderr.writeSync = own;
  }
  const text = chunks.map((chunk) => new TextDecoder().decode(chunk)).join("");
  return text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
}

const at = "2025-12-24T12:00:00.000Z"; // where the still clock stands

Deno.test("a line is one JSON object, and what a caller chose cannot break out of it", () => {
  const line = { method: "GET", path: '/a"b\n\u2028', status: 200, ms: 1.5, request_id: "r-1" };
  equal(written("info", (log) => log.request(line)), [{ at, level: "info", message: "request", ...line }]);
});

Deno.test("an error shows its message and its cause", () => {
  const cause = new Error("outer", { cause: new Error("inner") });
  const [line] = written("info", (log) => log.error("failed", { cause })) as {
    cause: { message: string; cause: { message: string } };
  }[];
  equal([line?.cause.message, line?.cause.cause.message], ["outer", "inner"]);
});

Deno.test("a level leaves out what is less severe", () => {
  const levels = written("warn", (log) => {
    log.info("a");
    log.request({ method: "GET", path: "/", status: 200, ms: 1, request_id: "r" });
    log.warn("b");
    log.error("c");
  });
  equal(levels.map((line) => (line as { message: string }).message), ["b", "c"]);
});
