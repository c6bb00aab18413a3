import { readdirSync, readFileSync } from "node:fs";

const CLOCK_TICKS_PER_SECOND = 100;

/** What starting and arriving leave behind V8 clears away when twenty or thirty seconds have brought little to do. */
export const RESTED_MS = 40_000;

/** What a process has used and holds. */
export interface Use {
  cpuSeconds: number;
  residentMb: number;
  descriptors: number;
}

/** Linux tells; elsewhere the figures are 0. */
export function useOf(pid: number | undefined): Use {
  const fields = read(pid, "stat").split(") ")[1]?.split(" ") ?? [];
  const ticks = Number(fields[11] ?? 0) + Number(fields[12] ?? 0);

  return {
    cpuSeconds: ticks / CLOCK_TICKS_PER_SECOND,
    residentMb: Number(read(pid, "status").match(/VmRSS:\s+(\d+)/)?.[1] ?? 0) / 1024,
    descriptors: descriptors(pid),
  };
}

function read(pid: number | undefined, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}

function descriptors(pid: number | undefined): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return 0;
  }
}

/** How many files a process may have open; Node raises its own limit to the hard one. */
export function descriptorLimit(): number {
  const [, hard] = /Max open files\s+\S+\s+(\S+)/.exec(read(process.pid, "limits")) ?? [];
  return hard === undefined || hard === "unlimited" ? Number.POSITIVE_INFINITY : Number(hard);
}
