import { NOT_JSON } from "./explain.ts";

/** What a body holds: one row, or a batch of them. The rows are unknown until `ingestMetrics` checks them. */
export type SentRows = { kind: "one"; row: unknown } | { kind: "batch"; rows: unknown[] };

/**
 * Reads the text of a body: a JSON object is one row, a JSON array a batch, and so are lines of JSON.
 * @throws {SyntaxError} for a text that is not JSON; a bad line among others is a bad row instead
 */
export function readRows(text: string, format: "json" | "ndjson"): SentRows {
  if (format === "json") {
    const sent: unknown = JSON.parse(text);
    return Array.isArray(sent) ? { kind: "batch", rows: sent } : { kind: "one", row: sent };
  }
  const rows: unknown[] = [];
  for (const line of text.split("\n")) {
    if (line.trim() !== "") rows.push(readLine(line));
  }
  return { kind: "batch", rows };
}

function readLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return NOT_JSON; // told to the sender as the row's error
  }
}
