import type { App } from "../../routes/kit.ts";

/** Throws where an answer is not what the document promises: an undocumented status, or a body of another shape. */
export type Contract = (method: string, path: string, response: Response) => Promise<void>;

type Schema = { safeParse(value: unknown): { success: boolean; error?: { message: string } } };
type Answer = { content?: Record<string, { schema?: unknown }> };
type Promised = { method: string; pattern: RegExp; responses: Record<string, Answer> };

/** The contract of an app, from the very schemas that its document is made of. */
export function contractOf(app: App): Contract {
  const promised: Promised[] = app.openAPIRegistry.definitions.flatMap((definition) => {
    if (definition.type !== "route") return [];
    const { method, path, responses } = definition.route;
    const pattern = new RegExp(`^${path.replace(/\{[^}]+\}/g, "[^/]+")}/?$`);
    return [{ method: method.toUpperCase(), pattern, responses: responses as Record<string, Answer> }];
  });
  return async (method, path, response) => {
    const bare = path.split("?")[0] ?? "";
    // A literal path stands before one with a parameter that would match it too.
    const route = promised.find((each) => each.method === method && each.pattern.test(bare));
    if (route === undefined) return;
    const answer = route.responses[response.status];
    if (answer === undefined) throw new Error(`${method} ${bare} answered ${response.status}, which is not documented`);
    const type = (response.headers.get("content-type") ?? "").split(";")[0] ?? "";
    const schema = answer.content?.[type]?.schema as Schema | undefined; // zod's, as every route gives it
    if (answer.content !== undefined && schema === undefined) {
      throw new Error(`${method} ${bare} answered ${response.status} as ${type}, which is not documented`);
    }
    if (schema === undefined || !type.endsWith("json")) return;
    const parsed = schema.safeParse(await response.clone().json());
    if (!parsed.success) {
      throw new Error(`${method} ${bare} ${response.status} breaks its schema: ${parsed.error?.message}`);
    }
  };
}
