import type { Needs } from "../context.ts";
import type { HandlerOutcome, RunContext } from "../ports/handlers.ts";
import type { Outbound } from "../ports/outbound.ts";
import { sendWebhook } from "../webhooks/mod.ts";
import type { GoalAlertConfig } from "./alert_schema.ts";

/**
 * Tells the outside what happened to a goal, where the configuration names somebody who wants to hear it. The message
 * carries the id of the event, the same in every attempt, as `webhook-id` and as `run_id`.
 *
 * At least once: a crash between the receiver's answer and the end of the run sends it once more.
 * @throws {RunFailure} whose code says what the receiver did
 */
export async function tellGoalEvent(
  ctx: Needs<"db" | "clock" | "config">,
  outbound: Outbound,
  run: RunContext,
  { handler: _, ...told }: GoalAlertConfig,
): Promise<HandlerOutcome> {
  const url = ctx.config.ALERT_WEBHOOK_URL;
  if (url === undefined) return { result: { channel: "none" } };
  const result = await sendWebhook(ctx, outbound, run, { url, body: told, named_by: "configuration" });
  return { result: { channel: "webhook", ...result } };
}
