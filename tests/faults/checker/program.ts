import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { History } from "./history.js";
import { TAG } from "./texts.js";

const ROOT = path.join(import.meta.dirname, "..", "..", "..");
const START_MS = 30_000;
const KEPT_CHARACTERS = 20_000;

/** The server of a trial: the same database, port and settings, one process after the other. */
export class Program {
  readonly #history: History;
  readonly #settings: Record<string, string>;
  readonly #script: string[];
  #child: ChildProcess | null = null;
  #output = "";
  #mayEnd = false;

  /** `script` is what node runs: the built server, or the source with its loader. */
  constructor(history: History, settings: Record<string, string>, script: string[]) {
    this.#history = history;
    this.#settings = settings;
    this.#script = script;
  }

  get isUp(): boolean {
    return this.#child !== null && this.#child.exitCode === null && !this.#mayEnd;
  }

  /** Which process it is now. */
  get process(): number | undefined {
    return this.#child?.pid;
  }

  /** Starts it, and comes back when it serves. */
  async start() {
    const startedAt = performance.now();
    this.launch();
    while (!/AIFacade is at /.test(this.#output)) {
      const hasEnded = this.#child?.exitCode !== null;
      if (hasEnded || performance.now() - startedAt > START_MS) {
        throw new Error(`The server did not start:\n${this.#output}`);
      }
      await pause(5);
    }
    this.#history.note({ type: "ready", tookMs: performance.now() - startedAt });
  }

  /** Starts it, and does not wait. */
  launch() {
    const { PATH = "", HOME = "" } = process.env;
    const child = spawn(process.execPath, this.#script, {
      cwd: ROOT,
      env: { PATH, HOME, ...this.#settings },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    this.#output = "";
    this.#mayEnd = false;
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => this.#read(text));
    }
    child.once("exit", (code, signal) => {
      if (!this.#mayEnd)
        this.#broken("P6", `the server ended (${code ?? signal}): ${this.#output}`);
    });
  }

  signal(name: "SIGSTOP" | "SIGCONT") {
    this.#child?.kill(name);
  }

  /** Sends a signal that ends it; how long that took, and the exit code or the signal. */
  async end(name: "SIGKILL" | "SIGTERM"): Promise<{ how: number | string; tookMs: number }> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) {
      return { how: child?.exitCode ?? "SIGKILL", tookMs: 0 };
    }
    const sentAt = performance.now();
    this.#mayEnd = true;
    child.kill(name);
    const [code, signal] = await once(child, "exit");
    return { how: code ?? signal, tookMs: performance.now() - sentAt };
  }

  #read(text: string) {
    this.#output = (this.#output + text).slice(-KEPT_CHARACTERS);
    if (text.search(TAG) >= 0) this.#broken("P9", `the log holds chat text: ${text}`);
  }

  #broken(promise: string, what: string) {
    this.#history.note({ type: "broken", promise, what });
  }
}
