import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";

const SQLITE = createRequire(import.meta.url).resolve("better-sqlite3");
const HOLD = `
  const [sqlite, file, kind, ms] = process.argv.slice(1);
  const database = new (require(sqlite))(file).exec("BEGIN " + kind);
  process.stdout.write("held");
  // One that nothing refers to any more is collected, and its lock with it.
  setTimeout(() => database.close(), Number(ms));
`;

/** Another process that holds a lock for so long, unless it is killed. */
export interface Holder {
  process: ChildProcess;
  over: Promise<unknown>;
}

/** Returns once another process holds a database: by itself waiting for it would hold up this one. */
export async function holdLock(
  file: string,
  { kind, forMs }: { kind: "IMMEDIATE" | "EXCLUSIVE"; forMs: number },
): Promise<Holder> {
  const child = spawn(process.execPath, ["-e", HOLD, SQLITE, file, kind, String(forMs)]);
  await once(child.stdout, "data");
  return { process: child, over: once(child, "exit") };
}
