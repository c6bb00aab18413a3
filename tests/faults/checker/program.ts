import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { built, root } from "../../support/root.js";
import type { History } from "./history.js";
import { TAG } from "./texts.js";

const START_MS = 30_000;
const KEPT_CHARACTERS = 20_000;

/** The server of a trial: the same database, port and settings, one process after the other. */
export class Program {
  readonly #history: History;
  readonly #settings: Record<string, string>;
  #child: ChildProcess | null = null;
  #output = "";
  #mayEnd = false;

  constructor(history: History, settings: Record<string, string>) {
    this.#history = history;
    this.#settings = settings;
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
    const child = this.#spawn("server");
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

  /** Makes a backup beside the server; killed after so long, if that is given. */
  async backUp(killedAfterMs: number | null) {
    const child = this.#spawn("tasks/run", "backup");
    let said = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        said += text;
      });
    }
    if (killedAfterMs !== null) setTimeout(() => child.kill("SIGKILL"), killedAfterMs);

    const [code] = await once(child, "exit");
    if (killedAfterMs === null && code !== 0) this.#broken("P10", `a backup failed: ${said}`);
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
    if (name === "SIGKILL") this.#history.note({ type: "killed" });
    child.kill(name);
    const [code, signal] = await once(child, "exit");
    return { how: code ?? signal, tookMs: performance.now() - sentAt };
  }

  #spawn(program: string, ...words: string[]) {
    const { PATH = "", HOME = "" } = process.env;
    return spawn(process.execPath, [...built(`src/${program}`), ...words], {
      cwd: root,
      env: { PATH, HOME, ...this.#settings },
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  #read(text: string) {
    this.#output = (this.#output + text).slice(-KEPT_CHARACTERS);
    if (text.search(TAG) >= 0) this.#broken("P9", `the log holds chat text: ${text}`);
  }

  #broken(promise: string, what: string) {
    this.#history.note({ type: "broken", promise, what });
  }
}
