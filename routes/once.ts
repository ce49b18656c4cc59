import type { TypedResponse } from "hono";
import type { JSONParsed } from "hono/utils/types";
import type { Ctx } from "../services/context.ts";
import { DomainError } from "../services/errors.ts";
import { atMostOnce } from "../services/idempotency/mod.ts";
import type { C } from "./kit.ts";

/** What an effect leaves behind: its answer, or the resource that `finish` renders after the commit. */
export type Outcome<Body, Status extends number> =
  & { status: Status; location?: string }
  & ({ body: Body } | { resource: string });

/**
 * Answers a POST whose effect happens at most once per `Idempotency-Key` and caller (`services/idempotency`).
 * Without a key the effect simply runs.
 * @param effect runs on the context that it is given, whose database is the transaction
 * @param finish renders an answer that only exists after the commit, now and on every replay
 */
export async function once<Body, Status extends 200 | 201 | 202>(
  c: C,
  ctx: Ctx,
  effect: (ctx: Ctx) => Promise<Outcome<Body, Status>>,
  finish?: (resource: string) => Promise<Body>,
): Promise<TypedResponse<JSONParsed<Body>, Status, "json">> {
  const key = c.req.header("idempotency-key");
  if (key !== undefined && !/^[\x21-\x7e]{1,255}$/.test(key)) {
    const errors = [{ pointer: "/header/idempotency-key", detail: "must be 1 to 255 visible ASCII characters" }];
    throw new DomainError("invalid", "The request is not valid", { errors });
  }
  const kept = async (ctx: Ctx) => {
    const done = await effect(ctx);
    const [resource, body] = "resource" in done ? [done.resource, null] : [null, JSON.stringify(done.body)];
    return { status: done.status, resource, location: done.location ?? null, body };
  };
  const owner = c.env.caller.kind === "token" ? c.env.caller.id : c.env.caller.kind;
  const answer = key === undefined
    ? { ...await kept(ctx), replayed: false }
    : await atMostOnce(ctx, { owner, key, request: await fingerprint(c) }, kept);
  const { resource } = answer;
  const body = resource !== null && finish !== undefined
    ? JSON.stringify(await finish(resource))
    : answer.body ?? "null";
  c.header("content-type", "application/json");
  c.header("cache-control", "no-store");
  if (answer.location !== null) c.header("location", answer.location);
  if (answer.replayed) c.header("idempotency-replayed", "true");
  // The body is text already, so that a replay is the same to the byte; its type is what was serialised.
  return c.body(body, answer.status as Status) as unknown as TypedResponse<JSONParsed<Body>, Status, "json">;
}

/** SHA-256 of method, path, query and body, in hexadecimal. */
async function fingerprint(c: C): Promise<string> {
  const { pathname, search } = new URL(c.req.url);
  const text = `${c.req.method} ${pathname}${search}\n${c.env.body ?? ""}`;
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(digest).toHex();
}
