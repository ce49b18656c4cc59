import { dirname, join } from "node:path";
import type { Mutant, Plant } from "./mutant.ts";

const ROOT = new URL("../../", import.meta.url).pathname;

/** A copy of the whole tree, as it lies there, in which bugs can be planted. */
export type Tree = {
  root: string;
  /** Plants a bug, and answers what takes it out again. @throws {Error} where a place is not there exactly once */
  plant(mutant: Mutant): Promise<() => Promise<void>>;
};

/** What a text becomes with all that is planted in it. @throws {Error} where a place is not there exactly once */
function planted(name: string, text: string, plants: readonly Plant[]): string {
  for (const { file, find, replace } of plants) {
    const times = text.split(find).length - 1;
    if (times !== 1) throw new Error(`"${name}" applies no more: ${file} has ${times} times ${find}`);
    text = text.replace(find, () => replace);
  }
  return text;
}

/** Copies everything that git knows or would add; the packages are the tree's own. */
export async function copyTree(root: string): Promise<Tree> {
  const files = await listed();
  for (const folder of new Set(files.map((file) => dirname(join(root, file))))) {
    await Deno.mkdir(folder, { recursive: true });
  }
  await Promise.all(files.map((file) => Deno.copyFile(join(ROOT, file), join(root, file)).catch(unlessGone)));
  await Deno.symlink(join(ROOT, "node_modules"), join(root, "node_modules"));
  return {
    root,
    async plant({ name, also = [], ...first }) {
      const before = new Map<string, string>();
      const after = new Map<string, string>();
      const plants = [first, ...also];
      for (const file of new Set(plants.map((plant) => plant.file))) {
        const text = await Deno.readTextFile(join(root, file));
        before.set(file, text);
        after.set(file, planted(name, text, plants.filter((plant) => plant.file === file)));
      }
      await write(root, after);
      return () => write(root, before);
    },
  };
}

async function listed(): Promise<string[]> {
  const { success, stdout } = await new Deno.Command("git", {
    args: ["-C", ROOT, "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
    stderr: "inherit",
  }).output();
  if (!success) throw new Error("The files of the tree could not be listed");
  return new TextDecoder().decode(stdout).split("\0").filter((file) => file !== "");
}

/** A file that was deleted and not committed is still in git's list. */
function unlessGone(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}

async function write(root: string, files: ReadonlyMap<string, string>): Promise<void> {
  for (const [file, text] of files) await Deno.writeTextFile(join(root, file), text);
}
