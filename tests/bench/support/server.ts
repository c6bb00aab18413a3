import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { built, root } from "../../support/root.js";
import type { Prepared } from "./database.js";
import { type Use, useOf } from "./process.js";

/** The built server as a process of its own, without limits on how often something is asked. */
export interface Server {
  url: string;
  /** From the start of the process until it said where it is. */
  readyMs: number;
  use(): Use;
  /** Milliseconds from SIGTERM to the end. */
  stop(): Promise<number>;
}

let flags: string[] = [];

/** Options for Node in front of every server that is started from here on, such as `--cpu-prof`. */
export function startServersWith(nodeFlags: string[]) {
  flags = nodeFlags;
}

export async function startServer(
  upstream: string,
  { settings }: Prepared,
  more: Record<string, string> = {},
): Promise<Server> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [...flags, ...built("src/server")], {
    cwd: root,
    env: { ...environment(), ...settings, DEEPSEEK_BASE_URL: upstream, ...more },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const url = await addressOf(child);

  return {
    url,
    readyMs: performance.now() - startedAt,
    use: () => useOf(child.pid),
    stop: () => stop(child),
  };
}

function environment(): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR } = process.env;
  const place = { PATH, HOME, ...(TMPDIR ? { TMPDIR } : {}) };
  return {
    ...place,
    ...{
      NODE_ENV: "production",
      PORT: "0",
      DEEPSEEK_MODEL: "bench",
      RATE_LIMITS: "off",
      AUTO_TITLES: "off",
    },
  };
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = "";
    child.stdout?.on("data", (chunk) => {
      if (/AIFacade is at/.test(output)) return;
      output += chunk;
      const address = /AIFacade is at (\S+)/.exec(output)?.[1];
      if (address) resolve(address);
    });
    child.once("exit", () => reject(new Error(`the server did not start: ${output}`)));
  });
}

async function stop(child: ChildProcess): Promise<number> {
  if (child.exitCode !== null) return 0;
  const from = performance.now();
  child.kill("SIGTERM");
  await once(child, "exit");
  return performance.now() - from;
}
