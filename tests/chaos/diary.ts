/** One line of a worker's diary: what a handler did, where no transaction can take it back. */
export type Entry = {
  at: number;
  process: string;
  what: "began" | "done" | "refused";
  run: string;
  attempt: number;
};

/** Opens the diary of a process. Lines are handed to the system at once, so that a kill loses none. */
export function openDiary(dir: string, process: string): (entry: Pick<Entry, "what" | "run" | "attempt">) => void {
  const file = Deno.openSync(`${dir}/${process}.jsonl`, { append: true, create: true });
  const encoder = new TextEncoder();
  return (entry) => {
    file.writeSync(encoder.encode(`${JSON.stringify({ at: Date.now(), process, ...entry })}\n`));
  };
}

/** What all processes wrote. */
export async function readDiaries(dir: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const { name } of Deno.readDir(dir)) {
    if (!name.endsWith(".jsonl")) continue;
    const lines = (await Deno.readTextFile(`${dir}/${name}`)).split("\n");
    entries.push(...lines.filter((line) => line.endsWith("}")).map((line) => JSON.parse(line)));
  }
  return entries;
}
