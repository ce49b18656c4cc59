import { deepStrictEqual as equal } from "node:assert/strict";

const ENTRY = new URL("./cron_entry.ts", import.meta.url).pathname;

Deno.test("a job's own Deno.cron wakes a runner that has no clock, and an edit replaces it by one under a new name", async () => {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-check", "--allow-env", "--allow-read", ENTRY],
    // Every registration then fires so many milliseconds after it is made, and after each end of its handler.
    env: { DENO_CRON_TEST_SCHEDULE_OFFSET: "100" },
  }).output();
  equal(code, 0, new TextDecoder().decode(stderr));
  const { names, before, first, last, doubled, lines } = JSON.parse(new TextDecoder().decode(stdout));
  equal(names, ["job-ID-r1-0", "job-ID-r2-1"]);
  equal(before, []); // it woke the runner, and nothing was due
  const run = (at: string) => ({ fire_key: `s:${Date.parse(at) / 1000}`, state: "succeeded" });
  equal(first, [run("2025-12-24T12:01:00Z")]);
  equal(last, [run("2025-12-24T12:01:00Z"), run("2025-12-24T12:02:00Z")]);
  equal([doubled, lines], [0, []]);
});
