import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import path from "node:path";

/** Processes that may hold so much memory together: beyond it the kernel kills one. */
export interface MemoryGroup {
  add(pid: number | undefined): void;
  /** How many of them the kernel has killed. */
  killed(): number;
  remove(): void;
}

// cgroup v1 or v2, whichever has the memory controller here.
const V1 = { root: "/sys/fs/cgroup/memory", limit: "memory.limit_in_bytes" };
const V2 = { root: "/sys/fs/cgroup", limit: "memory.max" };

/** A group of so many MB, or null where none can be made. */
export function memoryGroup(megabytes: number): MemoryGroup | null {
  const { root, limit } = existsSync(V1.root) ? V1 : V2;
  const folder = path.join(root, `aifacade-${process.pid}-${megabytes}`);

  try {
    mkdirSync(folder);
    writeFileSync(path.join(folder, limit), String(megabytes * 1024 * 1024));
  } catch {
    if (existsSync(folder)) rmdirSync(folder);
    return null;
  }

  return {
    add: (pid) => writeFileSync(path.join(folder, "cgroup.procs"), String(pid)),
    killed: () => killsIn(folder),
    remove: () => rmdirSync(folder),
  };
}

function killsIn(folder: string): number {
  const [text = ""] = ["memory.oom_control", "memory.events"]
    .map((name) => path.join(folder, name))
    .filter((file) => existsSync(file))
    .map((file) => readFileSync(file, "utf8"));
  return Number(/^oom_kill (\d+)/m.exec(text)?.[1] ?? 0);
}
