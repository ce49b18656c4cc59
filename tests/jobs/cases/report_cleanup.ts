import { deepStrictEqual as equal } from "node:assert/strict";
import type { App } from "../../support/app.ts";
import { hourly, rowsOf } from "../ledger.ts";

const asked = { report_type: "monthly", format: "json", parameters: { month: "2025-11" } };

const made = (t: App, name: string) =>
  t.json("POST", "/api/v1/reports/generate", 201, { body: { ...asked, name } }) as Promise<{ id: string }>;

/** A job that cleans up at each full hour, from now on. */
const cleaning = (t: App, older_than_days: number) =>
  hourly(
    t,
    { job_type: "custom", config: { handler: "report_cleanup", older_than_days } } as Parameters<typeof hourly>[1],
  );

/** The files of old reports, over the real ledger. */
export const reportCleanupCases: Record<string, (t: App) => Promise<void>> = {
  async "reports that are old enough lose their file as if somebody had deleted them"(t) {
    const old = await made(t, "Old");
    await t.setNow("2026-01-10T12:00:00Z");
    const young = await made(t, "Young");
    const job = await cleaning(t, 30);
    await t.setNow("2026-01-23T13:00:00Z"); // 30 days and an hour after the first
    await t.runner.tick();
    const [run] = await rowsOf(t, job.id);
    equal([run?.state, run?.result], ["succeeded", { deleted: 1 }]);
    await t.json("GET", `/api/v1/reports/${old.id}`, 404);
    await t.json("GET", `/api/v1/reports/${old.id}/download`, 410);
    await t.json("GET", `/api/v1/reports/${young.id}/download`, 200);
    equal(await t.db.query("select report_id from ops.report_files"), [{ report_id: young.id }]);
    const [tombstone] = await t.db.query("select content_sha256 is not null as kept from reports where id = $1", [
      old.id,
    ]);
    equal(tombstone, { kept: true });
  },

  async "what is not completed is left alone, and so is everything where nobody scheduled it"(t) {
    const { id } = await made(t, "Failed");
    await t.db.query("update reports set status = 'failed', error_code = 'internal' where id = $1", [id]);
    const other = await made(t, "Completed");
    await t.setNow("2027-01-01T00:30:00Z");
    await t.runner.tick();
    await t.json("GET", `/api/v1/reports/${other.id}`, 200);
    await cleaning(t, 30);
    await t.setNow("2027-01-01T01:00:00Z");
    await t.runner.tick();
    await t.json("GET", `/api/v1/reports/${id}`, 200);
    await t.json("GET", `/api/v1/reports/${other.id}`, 404);
  },

  async "many reports go in batches, and the count is of all of them"(t) {
    await t.db.exec(`
      with old as (
        insert into reports (name, report_type, format, created_by, status, generated_at, content_sha256, file_path)
        select 'Old ' || n, 'daily', 'json', ops.uuid7(), 'completed', '2025-01-01', repeat('0', 64), 'k' || n
        from generate_series(1, 230) n returning id, file_path)
      insert into ops.report_files (key, report_id, bytes) select file_path, id, '' from old`);
    const job = await cleaning(t, 1);
    await t.setNow("2025-12-24T13:00:00Z");
    await t.runner.tick();
    const [run] = await rowsOf(t, job.id);
    equal([run?.result, run?.progress], [{ deleted: 230 }, { deleted: 230 }]);
    equal(await t.db.query("select 1 from ops.report_files"), []);
  },
};
