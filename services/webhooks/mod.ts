import { domainNow } from "../../db/scheduled_jobs.ts";
import type { Needs } from "../context.ts";
import { type RunContext, RunFailure } from "../ports/handlers.ts";
import { type Outbound, type OutboundAnswer, OutboundFailure, type OutboundRequest } from "../ports/outbound.ts";
import { VERSION } from "../version.ts";
import type { WebhookConfig } from "./schema.ts";
import { signed } from "./signature.ts";

/** What is read of an answer, and what is kept of it, in characters. */
const ANSWER_BYTES = 64 * 1024;
const ANSWER_KEPT = 1_000;

/** Answers that another attempt may change, beside 5xx: timeout, too early, too many. */
const PASSING = new Set([408, 425, 429]);

/** Whether another attempt may help, by why there was no answer. */
const FAILURES: Record<OutboundFailure["code"], { code: string; retry: "again" | "never" }> = {
  url_not_allowed: { code: "url_not_allowed", retry: "never" },
  redirected: { code: "webhook_redirected", retry: "never" },
  timeout: { code: "webhook_timeout", retry: "again" },
  unreachable: { code: "webhook_unreachable", retry: "again" },
};

/** What is sent, where, and who says so. */
type Message = Omit<WebhookConfig, "handler"> & Pick<OutboundRequest, "named_by">;

/** What the receiver answered, and how long it took. */
type Delivery = { status: number; answer: string; duration_ms: number };

/**
 * Sends what a run is, with the configured body, to a URL, signed. A crash between the answer and the finish sends it
 * once more, so it arrives at least once, always under the id of its run, by which the receiver tells it again.
 * @throws {RunFailure} whose code says what the receiver did, or what is not configured
 */
export async function sendWebhook(
  ctx: Needs<"db" | "clock" | "config">,
  outbound: Outbound,
  run: RunContext,
  config: Message,
): Promise<Delivery> {
  const secret = ctx.config.WEBHOOK_SECRET;
  if (secret === undefined) {
    throw new RunFailure("webhook_not_configured", "Webhooks are signed: set WEBHOOK_SECRET", { retry: "never" });
  }
  const body = message(run, config);
  // The database's time, because receivers refuse what seems old, and the clock of an instance may be off.
  const timestamp_s = Math.floor(Date.parse(await domainNow(ctx.db)) / 1000);
  const began = ctx.clock.monotonic();
  const answer = await answerTo(outbound, new URL(config.url), {
    method: config.method ?? "POST",
    headers: { "content-type": "application/json", "user-agent": `analytics/${VERSION}` },
    secrets: { ...config.headers, ...signed(secret, { id: run.id, timestamp_s, body }) },
    ...{ body, most_bytes: ANSWER_BYTES, signal: run.signal, named_by: config.named_by ?? "user" },
  });
  const duration_ms = Math.round(ctx.clock.monotonic() - began);
  run.log(`The receiver answered ${answer.status} after ${duration_ms} ms`);
  return { ...accepted(answer), duration_ms };
}

function message({ id, job_id, scheduled_for, window, occurrences, attempt }: RunContext, config: Message) {
  const body = config.body ?? null;
  return JSON.stringify({ run_id: id, job_id, scheduled_for, window, occurrences, attempt, body });
}

async function answerTo(outbound: Outbound, url: URL, request: OutboundRequest): Promise<OutboundAnswer> {
  try {
    return await outbound(url, request);
  } catch (cause) {
    if (!(cause instanceof OutboundFailure)) throw cause;
    const { code, retry } = FAILURES[cause.code];
    throw new RunFailure(code, `The receiver ${cause.message}`, { retry, cause });
  }
}

/** What is kept of a good answer. @throws {RunFailure} for any other */
function accepted({ status, body }: OutboundAnswer): { status: number; answer: string } {
  const said = { status, answer: new TextDecoder().decode(body, { stream: true }).slice(0, ANSWER_KEPT) };
  if (status >= 200 && status < 300) return said;
  const passes = PASSING.has(status) || status >= 500;
  throw new RunFailure(passes ? "webhook_unavailable" : "webhook_refused", `The receiver answered ${status}`, {
    ...{ retry: passes ? "again" : "never", detail: said },
  });
}
