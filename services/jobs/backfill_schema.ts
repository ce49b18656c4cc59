import { z } from "@hono/zod-openapi";
import { instant, strict } from "../schema.ts";

export const BackfillRequest = strict({
  start: instant.describe("The earliest occurrence to run again, inclusive"),
  end: instant.describe("The latest one, inclusive; not in the future"),
  preview: z.boolean().optional().describe("Only counts and shows; nothing is made"),
  override_config: z.record(z.string(), z.unknown()).optional().describe(
    "Replaces fields of the job's configuration for these runs alone",
  ),
}).openapi("BackfillRequest", {
  example: { start: "2025-12-01T00:00:00Z", end: "2025-12-07T23:59:59Z", preview: true },
});
export type BackfillRequest = z.infer<typeof BackfillRequest>;

export const BackfillResponse = z.strictObject({
  preview: z.boolean(),
  count: z.int().describe("Runs that the range asks for"),
  limit: z.int().describe("What one request may make"),
  created: z.int(),
  existing: z.int().describe("Runs of this very range that were there already"),
  first: instant.nullable(),
  last: instant.nullable().describe("Of those within the limit"),
  occurrences: z.array(instant).max(20).describe("The first of them"),
}).openapi("BackfillResponse");
export type BackfillResponse = z.infer<typeof BackfillResponse>;
