import { closeSync, fdatasyncSync, openSync, readFileSync, writeSync } from "node:fs";

/** What a person asked the server to do. */
export type Operation =
  | {
      name: "send";
      tag: string;
      key: string;
      body: string;
      conversation: string | null;
      parent: number | null;
    }
  | { name: "stop" | "continue" | "regenerate"; answer: number }
  | { name: "delete" | "read"; conversation: string }
  | { name: "clear" };

/** An answer as a page showed it. */
export interface SeenAnswer {
  id: number;
  running: boolean;
  length: number;
}

/** What the tester knows to have happened; `at` is its own clock, in milliseconds. */
export type Happening =
  | { type: "began"; seed: number }
  | { type: "invoked"; op: number; person: string; operation: Operation }
  | { type: "acknowledged"; op: number; conversation?: string; answer?: number }
  /** The server said no: nothing may have come of it. */
  | { type: "refused"; op: number; status: number }
  /** No answer came, or one that does not say: it may have been done, or be done later. */
  | { type: "unknown"; op: number; reason: string }
  | { type: "seen"; conversation: string; answers: SeenAnswer[] }
  /** The upstream was asked for a text, or to go on with one from so many characters on. */
  | { type: "asked"; request: number; text: number; tag: string; thought: number; from: number }
  /** So much of the text, from its beginning, has been sent by now. */
  | { type: "sent"; request: number; thought: number; length: number }
  | { type: "closed"; request: number }
  /** While this lasts the server cannot do what it promises: frozen, locked out, without a disk. */
  | { type: "disturbed"; how: string; until: number }
  | { type: "nemesis"; what: string }
  /** The moment of a kill -9: later the server has taken nothing in, whenever that was noticed. */
  | { type: "killed" }
  | { type: "ready"; tookMs: number }
  /** A promise that was seen to be broken on the spot. */
  | { type: "broken"; promise: string; what: string };

export type Event = Happening & { at: number };

// What the server has said to somebody must be in the log whatever happens to this machine.
const SYNCED = ["acknowledged", "refused", "broken"];

/** The append-only log of a trial. */
export class History {
  readonly file: string;
  readonly #descriptor: number;
  #operations = 0;

  constructor(file: string) {
    this.file = file;
    this.#descriptor = openSync(file, "ax");
  }

  note(happening: Happening, at = performance.now()) {
    writeSync(this.#descriptor, `${JSON.stringify({ at, ...happening })}\n`);
    if (SYNCED.includes(happening.type)) fdatasyncSync(this.#descriptor);
  }

  invoke(person: string, operation: Operation): number {
    this.#operations += 1;
    this.note({ type: "invoked", op: this.#operations, person, operation });
    return this.#operations;
  }

  close() {
    closeSync(this.#descriptor);
  }
}

export function readHistory(file: string): Event[] {
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}
