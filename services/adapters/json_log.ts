import type { Config } from "../config.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log, RequestLine } from "../ports/log.ts";

const SEVERITY = { info: 0, warn: 1, error: 2, silent: 3 } as const;
const FLUSH_MS = 50;
const FLUSH_BYTES = 64 * 1024;

/**
 * JSON lines on standard error, written in batches: a system call per line would cost more than most requests.
 * `flush` writes what is left; call it before the process ends.
 */
export function jsonLog(level: Config["LOG_LEVEL"], clock: Clock): Log & { flush(): void } {
  const encoder = new TextEncoder();
  let lines = "";
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    const bytes = encoder.encode(lines);
    lines = "";
    for (let at = 0; at < bytes.length;) at += Deno.stderr.writeSync(bytes.subarray(at));
  };
  const keep = (line: string, at_once: boolean) => {
    lines += line + "\n";
    if (at_once || lines.length > FLUSH_BYTES) flush();
    else timer ??= setTimeout(flush, FLUSH_MS);
  };
  let [second, stamp] = [NaN, ""];
  const now = () => {
    const ms = clock.now();
    const own = Math.floor(ms / 1000);
    if (own !== second) [second, stamp] = [own, new Date(own * 1000).toISOString().slice(0, 20)]; // once a second
    return `${stamp}${String(ms - own * 1000).padStart(3, "0")}Z`;
  };
  const write = (severity: "info" | "warn" | "error") => (message: string, fields: Record<string, unknown> = {}) => {
    if (SEVERITY[severity] < SEVERITY[level]) return;
    keep(JSON.stringify({ at: now(), level: severity, message, ...fields }, legible), severity === "error");
  };
  const request = ({ method, path, status, ms, request_id }: RequestLine) => {
    if (SEVERITY.info < SEVERITY[level]) return;
    // By hand, because it is written for every request: what a caller chose is quoted, the rest needs no escape.
    const said = `"method":${JSON.stringify(method)},"path":${JSON.stringify(path)},"status":${status},"ms":${ms}`;
    keep(`{"at":"${now()}","level":"info","message":"request",${said},"request_id":"${request_id}"}`, false);
  };
  return { info: write("info"), warn: write("warn"), error: write("error"), request, flush };
}

/** Errors have no enumerable fields; what is wanted of them is name, message, stack and cause. */
function legible(_key: string, value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  const { name, message, stack, cause } = value;
  return { name, message, stack, ...(cause === undefined ? {} : { cause }) };
}
