import type { Database } from "../../db/client.ts";
import { clusterOf } from "../bench/cpu.ts";
import { pause } from "./time.ts";

/** A stretch in which Postgres could not answer everybody. */
export type Outage = {
  kind: "restarted fast" | "restarted at once" | "frozen backends" | "frozen server";
  from: number;
  until: number;
};

/** Faults of the Postgres that `.ci/with-postgres` started; null where the server is not ours to hurt. */
export type Cluster = {
  restart(how: "fast" | "immediate"): Promise<void>;
  /** SIGSTOP for the backends of one database, or for the whole server. */
  freeze(what: "backends" | "server", ms: number): Promise<void>;
  /** Lets go on whatever is still stopped. */
  thaw(): void;
  outages: Outage[];
};

/** Finds the server's controls in the environment. */
export function clusterBehind(watch: Database): Cluster | null {
  const [control, data, log, owner] = ["PG_CTL", "PGDATA_DIR", "PG_LOG", "PG_USER"].map((name) => Deno.env.get(name));
  if (control === undefined || data === undefined || log === undefined || owner === undefined) return null;
  const frozen = new Set<number>();
  const outages: Outage[] = [];
  const thaw = () => {
    for (const pid of frozen) signal(pid, "SIGCONT");
    frozen.clear();
  };
  const during = async (kind: Outage["kind"], fault: () => Promise<void>) => {
    const outage: Outage = { kind, from: Date.now(), until: Infinity };
    outages.push(outage);
    await fault();
    await answering(watch);
    outage.until = Date.now();
  };
  return {
    restart: (how) =>
      during(how === "fast" ? "restarted fast" : "restarted at once", async () => {
        const command = [control, "-D", data, "-l", log, "-m", how, "-w", "-t", "20", "-s", "restart"];
        await asOwner(owner, command);
      }),
    freeze: (what, ms) =>
      during(what === "server" ? "frozen server" : "frozen backends", async () => {
        for (const pid of await pidsOf(watch, what)) frozen.add(pid);
        for (const pid of frozen) signal(pid, "SIGSTOP");
        await pause(ms);
        thaw();
      }),
    thaw,
    outages,
  };
}

/** The watcher's own backend stays awake where the others sleep; where all sleep, it sleeps as well. */
async function pidsOf(watch: Database, what: "backends" | "server"): Promise<number[]> {
  const rows = await watch.query<{ pid: number; own: boolean }>(
    `select pid, pid = pg_backend_pid() as own from pg_stat_activity
     where datname = current_database() and backend_type = 'client backend'`,
  );
  const own = rows.find((row) => row.own)?.pid;
  if (own === undefined) throw new Error("Postgres does not list its own backend");
  return what === "server" ? clusterOf(own)() : rows.filter((row) => !row.own).map((row) => row.pid);
}

async function answering(watch: Database): Promise<void> {
  for (let tries = 0;; tries++) {
    try {
      await watch.query("select 1");
      return;
    } catch (error) {
      if (tries > 300) throw error;
      await pause(50);
    }
  }
}

/** Runs a command as the user who owns the cluster, in a directory that this user may enter. */
async function asOwner(owner: string, command: string[]): Promise<void> {
  const args = Deno.uid() === 0 ? ["-u", owner, "--", ...command] : command.slice(1);
  const { success } = await new Deno.Command(Deno.uid() === 0 ? "runuser" : command[0] ?? "", {
    args,
    cwd: "/",
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).output();
  if (!success) throw new Error(`${command.join(" ")} failed`);
}

function signal(pid: number, name: Deno.Signal): void {
  try {
    Deno.kill(pid, name);
  } catch {
    // it is gone
  }
}
