import { DomainError } from "../errors.ts";

const FIELDS: Readonly<Record<string, string>> = { "/query/group_by": "/segment_by" };

/** Runs what names fields of a query where it refuses one, for a request whose fields stand in its body. */
export async function inBody<Value>(run: () => Value | Promise<Value>): Promise<Value> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof DomainError) || error.errors.length === 0) throw error;
    const errors = error.errors.map(({ pointer, detail }) => ({
      pointer: FIELDS[pointer] ?? pointer.replace(/^\/query\//, "/"),
      detail,
    }));
    throw new DomainError(error.code, error.message, { cause: error, errors });
  }
}
