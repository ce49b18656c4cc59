import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { gift, post, startService } from "./service.ts";

Deno.test("a first start offers the demo, serves, ends with 0 when asked to, and keeps its data through a kill", async () => {
  const DATA_DIR = await Deno.makeTempDir({ prefix: "analytics-process-" });
  try {
    const first = await startService({ DATA_DIR });
    match(first.said(), /It is empty\..*deno task demo/);
    const stored = await post(first.origin, "/api/v1/metrics", gift("g-1"));
    equal(stored.status, 201);
    const job = { name: "Sync", job_type: "data_sync", schedule: "@yearly", config: { services: ["all"] } };
    const { id } = (await post(first.origin, "/api/v1/jobs", job)).body;
    const triggered = await fetch(`${first.origin}/api/v1/jobs/${id}/trigger`, { method: "POST" }); // no body at all
    equal([triggered.status, (await triggered.json()).job_id], [202, id]);
    first.kill("SIGTERM");
    equal(await first.ended, 0);

    const second = await startService({ DATA_DIR });
    ok(!second.said().includes("It is empty"));
    equal((await post(second.origin, "/api/v1/metrics", gift("g-2"))).status, 201);
    second.kill("SIGKILL"); // in the middle of whatever it does
    equal(await second.ended, -1);

    const third = await startService({ DATA_DIR });
    const list = await (await fetch(`${third.origin}/api/v1/metrics`)).json();
    equal(list.items.map((item: { external_id: string }) => item.external_id).sort(), ["g-1", "g-2"]);
    equal((await post(third.origin, "/api/v1/metrics", gift("g-1"))).body.id, stored.body.id);
    const ipv6 = await fetch(third.origin.replace("localhost", "[::1]") + "/api/v1/health").catch(() => null);
    ok(ipv6 === null || ipv6.ok, "the other family, where this machine has it");
    await ipv6?.body?.cancel();
    third.kill("SIGINT");
    equal(await third.ended, 0);
  } finally {
    await Deno.remove(DATA_DIR, { recursive: true });
  }
});

Deno.test("an insecure or wrong configuration does not start, and says why in one line", async () => {
  const start = (env: Record<string, string>) =>
    startService(env).then((service) => (service.kill("SIGKILL"), "started"), (error: Error) => error.message);
  match(await start({ HOST: "0.0.0.0", AUTH_MODE: "open" }), /ended with 1/);
  match(await start({ ORG_TIMEZONE: "Mars/Olympus" }), /ended with 1/);
});
