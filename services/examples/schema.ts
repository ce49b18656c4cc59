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

export const Examples = z.strictObject({ items: z.array(Example) }).openapi("Examples");
