import { z } from "@hono/zod-openapi";

export const Example = z.strictObject({
  name: z.string(),
  title: z.string(),
  curl: z.string().describe("Paste it into a shell"),
  request: z.strictObject({
    method: z.enum(["GET", "POST"]),
    path: z.string(),
    body: z.unknown().optional(),
  }),
  expected: z.strictObject({
    status: z.int(),
    shows: z.record(z.string(), z.unknown()).describe("Fields of the answer with the values they have"),
  }),
}).openapi("Example");
export type Example = z.infer<typeof Example>;

/** An example without its curl, which depends on where the service is. */
export type Story = Omit<Example, "curl">;

/** Who has made what the examples make. */
export const AUTHOR = "123e4567-e89b-12d3-a456-426614174000";

export const Examples = z.strictObject({ items: z.array(Example) }).openapi("Examples");
