/** Where the numbers come from, in one line: two machines' numbers cannot be compared, their ratios can. */
export async function machine(postgresVersion: string): Promise<string> {
  const cpu = /^model name\s*:\s*(.+)$/m.exec(await Deno.readTextFile("/proc/cpuinfo"))?.[1] ?? Deno.build.arch;
  const memory = (Deno.systemMemoryInfo().total / 2 ** 30).toFixed(0);
  const busy = Deno.loadavg()[0]?.toFixed(1) ?? "?";
  return `${navigator.hardwareConcurrency} cores (${cpu}), ${memory} GiB, load ${busy} when it began · ` +
    `Linux ${Deno.osRelease()} · Deno ${Deno.version.deno} · Postgres ${postgresVersion}`;
}
