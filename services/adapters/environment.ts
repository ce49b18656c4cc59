import { parseEnv } from "node:util";
import { type Config, readConfig } from "../config.ts";

/** The configuration of this process: the environment, and below it a `.env` file in the working directory. */
export function environmentConfig(): Config {
  return readConfig({ ...dotEnv(), ...Deno.env.toObject() });
}

function dotEnv(): Record<string, string | undefined> {
  try {
    return parseEnv(Deno.readTextFileSync(".env"));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return {};
    throw error;
  }
}
