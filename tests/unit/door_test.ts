import { deepStrictEqual as equal } from "node:assert/strict";
import { createDoor } from "../../routes/door.ts";
import { router } from "../../routes/kit.ts";
import { readConfig } from "../../services/config.ts";
import { DomainError } from "../../services/errors.ts";
import { countingIds, memoryLog, stillClock } from "../support/app.ts";

const peer = { remoteAddr: { hostname: "127.0.0.1" } };

Deno.test("more requests than may be under way are told to come back at once, liveness is not", async () => {
  const config = readConfig({ MAX_CONCURRENT_REQUESTS: "1" });
  const app = router();
  const slow = Promise.withResolvers<void>();
  app.get("/slow", async (c) => (await slow.promise, c.text("done")));
  app.get("/api/v1/health", (c) => c.text("alive"));
  const ctx = { config, clock: stillClock(), ids: countingIds(), log: memoryLog([]) };
  const door = createDoor(app, ctx, () => ({ kind: "local" }));
  const first = door(new Request("http://localhost/slow"), peer);
  const second = await door(new Request("http://localhost/slow"), peer);
  equal([second.status, second.headers.get("retry-after")], [503, "1"]);
  equal((await door(new Request("http://localhost/api/v1/health"), peer)).status, 200);
  slow.resolve();
  equal((await first).status, 200);
  equal((await door(new Request("http://localhost/slow"), peer)).status, 200);
});

Deno.test("a token that is not good uses up the allowance of its address", async () => {
  const config = readConfig({ AUTH_MODE: "token", ANONYMOUS_RATE_LIMIT_PER_MINUTE: "2" });

  const ctx = { config, clock: stillClock(), ids: countingIds(), log: memoryLog([]) };
  const door = createDoor(router(), ctx, () => Promise.reject(new DomainError("unauthenticated", "no")));
  const guess = async () => (await door(new Request("http://localhost/"), peer)).status;
  equal([await guess(), await guess(), await guess()], [401, 401, 429]);
});
