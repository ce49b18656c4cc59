import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { anonymous, type App, bearer } from "../../support/app.ts";

const AUTHOR = "123e4567-e89b-12d3-a456-426614174000";
const december = {
  name: "Monthly Metrics Report",
  report_type: "monthly",
  format: "json",
  parameters: { month: "2025-12" },
  created_by: AUTHOR,
};

/** Gifts of 10, 20 and 30 USD in December 2025 and one of 40 in November: 60 in all, 50 % more than before. */
async function gifts(t: App): Promise<void> {
  for (const [day, value] of [["2025-12-01", 10], ["2025-12-01", 20], ["2025-12-10", 30], ["2025-11-15", 40]]) {
    await t.db.query(
      `insert into metrics (service_name, metric_type, metric_name, metric_value, metric_unit, "timestamp", date, dimensions)
       values ('partners_crm', 'donation', 'donation_received', $2, 'USD', $1::date + time '12:00', $1::date,
         '{"partner_id":"p-1"}')`,
      [day as string, value as number],
    );
  }
}

/** Reports: what was asked, what was made of it, and what a caller may see. */
export const reportsCases: Record<string, (t: App) => Promise<void>> = {
  async "a monthly report holds the figures of its month, compared with the month before"(t) {
    await gifts(t);
    await t.setNow("2026-01-05T00:00:00Z");
    const made = await t.request("POST", "/api/v1/reports/generate", { body: december });
    equal(made.status, 201);
    const report = await made.json();
    equal(made.headers.get("location"), `/api/v1/reports/${report.id}`);
    equal([report.status, report.period_start, report.period_end], ["completed", "2025-12-01", "2025-12-31"]);
    equal([report.created_by, report.error_code, report.scheduled], [AUTHOR, null, false]);

    const document = await t.json("GET", `/api/v1/reports/${report.id}/download`, 200);
    const [metrics, daily] = document.sections[0].tables;
    equal(document.sections.length, 1);
    equal([metrics.rows.length, metrics.rows[0].total, metrics.rows[0].count, metrics.rows[0].average], [1, 60, 3, 20]);
    equal([metrics.rows[0].minimum, metrics.rows[0].maximum], [10, 30]);
    equal([metrics.rows[0].previous_total, metrics.rows[0].change], [40, 0.5]); // (60 − 40) / 40
    equal(daily.rows[0], { date: "2025-12-01", value: 30, count: 2 });
    equal(document.summary, ["donation_received: 60 USD in 3 records, 50% more than before."]);
    equal(document.period.complete, true);
    equal([document.receipt.row_count, document.receipt.data_version], [report.row_count, report.data_version]);
  },
  async "the same metrics give the same bytes, and the checksum is theirs"(t) {
    await gifts(t);
    const first = await t.json("POST", "/api/v1/reports/generate", 201, { body: december });
    const second = await t.json("POST", "/api/v1/reports/generate", 201, { body: december });
    equal(first.content_sha256, second.content_sha256);
    const response = await t.request("GET", `/api/v1/reports/${first.id}/download`);
    const bytes = await response.arrayBuffer();
    const sha256 = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
    equal([first.content_sha256, first.file_size], [sha256, bytes.byteLength]);
    equal(response.headers.get("etag"), `"${sha256}"`);
    match(
      response.headers.get("content-disposition") ?? "",
      /^attachment; filename="Monthly Metrics Report 2025-12-01/,
    );
  },
  async "a report on nothing is completed and says so"(t) {
    const report = await t.json("POST", "/api/v1/reports/generate", 201, { body: december });
    equal([report.status, report.row_count], ["completed", 0]);
    const document = await t.json("GET", `/api/v1/reports/${report.id}/download`, 200);
    equal([document.sections, document.data_through], [[], null]);
    match(document.notes[0], /No metrics are stored for 2025-12-01 to 2025-12-31/);
  },
  async "a running month is compared with as many days of the month before"(t) {
    await gifts(t);
    await t.setNow("2025-12-10T18:00:00Z");
    const { id } = await t.json("POST", "/api/v1/reports/generate", 201, { body: december });
    const document = await t.json("GET", `/api/v1/reports/${id}/download`, 200);
    equal(document.period.complete, false);
    equal(document.compared_with, { start: "2025-11-01", end: "2025-11-10" }); // ten days, without the gift of the 15th
    equal(document.sections[0].tables[0].rows[0].previous_total, null);
    match(document.notes[0], /not over/);
  },
  async "a caller who will not wait finds the report pending, and completed after the next pass"(t) {
    await gifts(t);
    const headers = { prefer: "wait=0" };
    const response = await t.request("POST", "/api/v1/reports/generate", { body: december, headers });
    const { id } = await response.json();
    equal(response.headers.get("preference-applied"), "wait=0");
    await t.runner.tick();
    equal((await t.json("GET", `/api/v1/reports/${id}`, 200)).status, "completed");
  },
  async "a report filters by service"(t) {
    await gifts(t);
    const body = { ...december, parameters: { month: "2025-12", services: ["projects"] } };
    equal((await t.json("POST", "/api/v1/reports/generate", 201, { body })).row_count, 0);
  },
  async "parameters are strict for each type, and the refusal names the field"(t) {
    const refused = async (change: Record<string, unknown>) => {
      const answer = await t.json("POST", "/api/v1/reports/generate", 422, { body: { ...december, ...change } });
      return answer.errors.map((error: { pointer: string }) => error.pointer);
    };
    equal(await refused({ parameters: { month: "2025-13" } }), ["/parameters/month"]);
    equal(await refused({ parameters: { mnth: "2025-12" } }), ["/parameters/month", "/parameters/mnth"]);
    equal(await refused({ report_type: "weekly", parameters: { week: "2025-W53" } }), ["/parameters"]);
    equal(await refused({ report_type: "fortnightly" }), ["/report_type"]);
    equal(await refused({ format: "pdf" }), ["/format"]);
    equal(await refused({ status: "completed" }), ["/status"]);
    equal(await refused({ name: "a\u0000b" }), ["/name"]);
    equal((await t.db.query("select 1 from reports")).length, 0);
  },
  async "writing needs a token with the scope, and a token writes its owner down"(t) {
    await t.json("POST", "/api/v1/reports/generate", 401, { body: december, as: anonymous });
    await t.json("POST", "/api/v1/reports/generate", 403, { body: december, as: bearer() }); // names somebody else
    const own = await t.json("POST", "/api/v1/reports/generate", 201, {
      body: { ...december, created_by: undefined },
      as: bearer("aaaaaaaa-0000-4000-8000-000000000009"),
    });
    equal(own.created_by, "aaaaaaaa-0000-4000-8000-000000000009");
  },
  async "the public sees a report without its author and storage key"(t) {
    const made = await t.json("POST", "/api/v1/reports/generate", 201, { body: december });
    ok(made.file_path.startsWith("reports/"));
    const seen = await t.json("GET", `/api/v1/reports/${made.id}`, 200, { as: anonymous });
    equal([seen.created_by, seen.file_path, seen.status], [null, null, "completed"]);
  },
  async "a held copy of a report is not sent again until it changes"(t) {
    const { id } = await t.json("POST", "/api/v1/reports/generate", 201, { body: december });
    const first = await t.request("GET", `/api/v1/reports/${id}`);
    const tag = first.headers.get("etag") ?? "";
    equal((await t.request("GET", `/api/v1/reports/${id}`, { headers: { "if-none-match": tag } })).status, 304);
    const other = await t.request("GET", `/api/v1/reports/${id}`, { headers: { "if-none-match": tag }, as: anonymous });
    equal(other.status, 200); // another projection is another answer
  },
  async "the list filters, and a cursor goes on where a page ended"(t) {
    const names = ["first", "second", "third"];
    for (const name of names) {
      await t.json("POST", "/api/v1/reports/generate", 201, { body: { ...december, name } });
    }
    const first = await t.request("GET", "/api/v1/reports?limit=2&status=completed&report_type=monthly");
    const page = await first.json();
    equal([page.items.map((item: { name: string }) => item.name), page.total], [["third", "second"], 3]);
    match(first.headers.get("link") ?? "", /rel="next"/);
    const rest = await t.json("GET", `/api/v1/reports?limit=2&cursor=${page.next_cursor}`, 200);
    equal([rest.items.map((item: { name: string }) => item.name), rest.next_cursor], [["first"], null]);
    for (const none of ["status=failed", "scheduled=true", "report_type=daily", `created_by=${crypto.randomUUID()}`]) {
      equal((await t.json("GET", `/api/v1/reports?${none}`, 200)).total, 0, none);
    }
    await t.json("GET", "/api/v1/reports?cursor=nonsense", 422);
    await t.json("GET", "/api/v1/reports?limit=1001", 422);
  },
  async "who made which reports cannot be asked without a token"(t) {
    const { created_by } = await t.json("POST", "/api/v1/reports/generate", 201, { body: december });
    equal((await t.json("GET", `/api/v1/reports?created_by=${created_by}`, 200)).total, 1);
    await t.json("GET", `/api/v1/reports?created_by=${created_by}`, 403, { as: anonymous });
    await t.json("GET", `/api/v1/reports?created_by=${crypto.randomUUID()}`, 403, { as: anonymous });
  },
  async "a deleted report is not found, its download is gone, and its tombstone keeps the checksum"(t) {
    const { id, content_sha256 } = await t.json("POST", "/api/v1/reports/generate", 201, { body: december });
    await t.json("DELETE", `/api/v1/reports/${id}`, 401, { as: anonymous });
    await t.json("DELETE", `/api/v1/reports/${id}`, 204);
    await t.json("GET", `/api/v1/reports/${id}`, 404);
    await t.json("GET", `/api/v1/reports/${id}/download`, 410);
    await t.json("DELETE", `/api/v1/reports/${id}`, 404);
    equal(await t.db.query("select content_sha256 from reports where id = $1", [id]), [{ content_sha256 }]);
    equal(await t.db.query("select 1 from ops.report_files"), []);
  },
  async "a report that is still pending cannot be downloaded yet"(t) {
    const { id } = await t.json("POST", "/api/v1/reports/generate", 201, { body: december });
    await t.db.query("update reports set status = 'pending', file_path = null where id = $1", [id]);
    const response = await t.request("GET", `/api/v1/reports/${id}/download`);
    equal([response.status, response.headers.get("retry-after")], [409, "1"]);
    await response.body?.cancel();
  },
  async "a report that cannot be made fails with its reason, never stays generating"(t) {
    await t.db.exec("alter table ops.report_files add constraint refuses_all check (false)");
    const made = await t.json("POST", "/api/v1/reports/generate", 201, { body: december });
    equal(made.status, "generating"); // the first of three attempts failed
    for (const at of ["2025-12-24T13:00:00Z", "2025-12-24T14:00:00Z"]) {
      await t.setNow(at);
      await t.runner.tick();
    }
    const report = await t.json("GET", `/api/v1/reports/${made.id}`, 200);
    equal(report.status, "failed");
    ok(report.error_code !== null && report.error_message !== null);
    await t.json("GET", `/api/v1/reports/${made.id}/download`, 409);
  },
  async "the same key makes one report, and a replay shows it as it is now"(t) {
    const headers = { "idempotency-key": "report-1" };
    const first = await t.request("POST", "/api/v1/reports/generate", { body: december, headers });
    const again = await t.request("POST", "/api/v1/reports/generate", { body: december, headers });
    equal([again.status, again.headers.get("idempotency-replayed")], [201, "true"]);
    equal(await again.json(), await first.json());
    equal((await t.db.query("select 1 from reports")).length, 1);
    const other = { ...december, name: "Another" };
    await t.json("POST", "/api/v1/reports/generate", 422, { body: other, headers });
    await t.json("POST", "/api/v1/reports/generate", 201, {
      body: other,
      headers,
      as: bearer(undefined, ["read", "write", "act_as"]),
    });
  },
  async "a scheduled job makes a report of the period before its time, however late it runs"(t) {
    await gifts(t);
    const report = { name: "Monthly", report_type: "monthly", format: "json", parameters: { month: "previous" } };
    const job = await t.json("POST", "/api/v1/jobs", 201, {
      body: { name: "Monthly report", job_type: "report_generation", schedule: "0 6 1 * *", config: { report } },
    });
    await t.setNow("2026-01-03T00:00:00Z"); // due on the first
    await t.runner.tick();
    const [row] = await t.db.query<Record<string, unknown>>(
      "select status, scheduled, period_start, period_end from reports where name = 'Monthly'",
    );
    equal(row, { status: "completed", scheduled: true, period_start: "2025-12-01", period_end: "2025-12-31" });
    equal((await t.json("GET", `/api/v1/jobs/${job.id}`, 200)).success_count, 1);
  },
};
