import { parseArgs } from "node:util";

/** The words of a command line, and the options among them that were given. */
export type Arguments<Option extends string> = { words: string[]; options: Partial<Record<Option, string>> };

/**
 * Reads `--option value` and `--option=value`; everything else is a word.
 * @throws {Error} for an option that is not legal, or one without its value
 */
export function readArguments<Option extends string>(
  args: string[],
  legal: readonly Option[],
): Arguments<Option> {
  const options = Object.fromEntries(legal.map((option) => [option, { type: "string" as const }]));
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
  const given = legal.flatMap((option) => {
    const value = values[option];
    return typeof value === "string" ? [[option, value]] : [];
  });
  return { words: positionals, options: Object.fromEntries(given) };
}
