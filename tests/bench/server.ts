import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";

const ROOT = path.join(import.meta.dirname, "..", "..");
const CLOCK_TICKS_PER_SECOND = 100;

/** The built server as a process of its own, without limits. */
export async function startServer(
  upstream: string,
  folder = mkdtempSync(path.join(os.tmpdir(), "bench-")),
) {
  const startedAt = performance.now();
  const child = spawn(process.execPath, ["dist/src/server.js"], {
    cwd: ROOT,
    env: {
      ...process.env,
      NODE_ENV: "production",
      PORT: "0",
      DATABASE_URL: `file:${path.join(folder, "bench.db")}`,
      DEEPSEEK_BASE_URL: upstream,
      DEEPSEEK_MODEL: "bench",
      BCRYPT_COST: "10",
      RATE_LIMITS: "off",
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const url = await addressOf(child);

  return {
    url,
    folder,
    readyMs: performance.now() - startedAt,
    residentMb: () => Math.round(Number(status(child).match(/VmRSS:\s+(\d+)/)?.[1] ?? 0) / 1024),
    cpuSeconds: () => cpuSeconds(child),
    stop: async ({ andForget = false } = {}) => {
      child.kill("SIGTERM");
      await once(child, "exit");
      if (andForget) rmSync(folder, { recursive: true, force: true });
    },
  };
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = "";
    child.stdout?.on("data", (chunk) => {
      output += chunk;
      const address = /AIFacade is at (\S+)/.exec(output)?.[1];
      if (address) resolve(address);
    });
    child.once("exit", () => reject(new Error(`the server did not start: ${output}`)));
  });
}

// Linux tells; elsewhere the figures are 0.
function status(child: ChildProcess): string {
  return proc(child, "status");
}

function cpuSeconds(child: ChildProcess): number {
  const fields = proc(child, "stat").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / CLOCK_TICKS_PER_SECOND;
}

function proc(child: ChildProcess, file: string): string {
  try {
    return readFileSync(`/proc/${child.pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}
