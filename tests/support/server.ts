import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { after } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { built, root } from "./root.js";
import { Visitor } from "./visitor.js";

const PATIENCE_MS = 40_000;

/** The real server as a process of its own. */
export interface ServerProcess {
  child: ChildProcess;
  url: string;
  /** What it said to the person at the terminal, line by line, without the log. */
  said(): string[];
  /** Everything it wrote. */
  output(): string;
  until(pattern: RegExp): Promise<string>;
  /** Sends a signal and waits for the end; the exit code, or the signal. */
  end(signal: NodeJS.Signals): Promise<number | string>;
  ended: Promise<number | string>;
  visitor(like?: Visitor): Visitor;
}

/**
 * Starts the server with these settings and no others; comes back before it listens. `through` is
 * a program that becomes it, such as `unshare -n`.
 */
export function launch(settings: Record<string, string>, through: string[] = []): ServerProcess {
  const { PATH = "", HOME = "" } = process.env;
  const [program = "", ...args] = [...through, process.execPath, ...built("src/server")];
  const child = spawn(program, args, {
    cwd: root,
    env: {
      PATH,
      HOME,
      PORT: "0",
      BCRYPT_COST: "10",
      RATE_LIMITS: "on",
      AUTO_TITLES: "off",
      ...settings,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(child, "close").then(([code, signal]) => code ?? signal);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  after(() => child.kill("SIGKILL"));

  const server: ServerProcess = {
    child,
    url: "",
    output: () => output,
    said: () => output.split("\n").filter((line) => line !== "" && !line.startsWith("{")),
    until: (pattern) => until(pattern, () => output, child),
    ended,
    end: (signal) => {
      child.kill(signal);
      return ended;
    },
    visitor: (like) => visitorAt(server.url, like),
  };
  return server;
}

type Meanwhile = (child: ChildProcess) => void | Promise<void>;

/** Starts the server and waits until it has said where it is and which model answers. */
export async function startServer(
  settings: Record<string, string>,
  { through = [], meanwhile = () => {} }: { through?: string[]; meanwhile?: Meanwhile } = {},
): Promise<ServerProcess> {
  const server = launch(settings, through);
  await meanwhile(server.child);
  await server.until(/ answers[.,;]/);
  server.url = /http:\/\/\S+/.exec(server.output())?.[0] ?? "";
  return server;
}

async function until(pattern: RegExp, output: () => string, child: ChildProcess): Promise<string> {
  const end = performance.now() + PATIENCE_MS;
  while (performance.now() < end) {
    const found = pattern.exec(output());
    if (found) return found[0];
    if (child.exitCode !== null) break;
    await pause(10);
  }
  throw new Error(`The server did not say ${pattern}, but:\n${output()}`);
}

// The port is another one after a restart; the cookies are the same.
function visitorAt(url: string, like?: Visitor): Visitor {
  const visitor = new Visitor(url);
  for (const [name, value] of like?.cookies ?? []) visitor.cookies.set(name, value);
  return visitor;
}
