import { DomainError } from "../errors.ts";
import { nearest } from "../wording.ts";
import type { Example, Story } from "./schema.ts";
import { STORIES } from "./stories.ts";

/** Every example, the quick start first. */
export function listExamples(origin: string): Example[] {
  return STORIES.map((story) => ({ ...story, curl: curlOf(story, origin) }));
}

/**
 * One example by its name.
 * @throws {DomainError} `not_found`, naming the nearest one
 */
export function getExample(name: string, origin: string): Example {
  const found = listExamples(origin).find((example) => example.name === name);
  if (found !== undefined) return found;
  const close = nearest(name, STORIES.map((story) => story.name));
  throw new DomainError("not_found", `There is no such example${close === null ? "" : `; did you mean ${close}?`}`);
}

function curlOf({ request: { method, path, body } }: Story, origin: string): string {
  if (method === "GET") return `curl '${origin}${path}'`;
  return `curl -X ${method} ${origin}${path} \\\n  -H "Content-Type: application/json" \\\n  -d '${
    JSON.stringify(body)
  }'`;
}
