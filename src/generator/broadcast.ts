import { type BlockPatch, BlockStream } from "../rendering/block-stream.js";
import { renderInThread } from "../rendering/in-thread.js";
import { scopesOf } from "./scopes.js";

/** Where an answer stands, for the line above it. */
export interface Progress {
  phase: "sending" | "queued" | "retrying" | "thinking" | "writing" | "ended";
  seconds: number;
  retry: { attempt: number; failure: string } | null;
  /** How long the model has thought, once that is over. */
  thoughtForMs: number | null;
  /** What has been written so far is stored, a moment ago. */
  saved: boolean;
}

/** What a reader holds. */
export interface Blocks {
  reasoning: readonly string[];
  answer: readonly string[];
}

/** All that was written. */
export interface Texts {
  reasoning: string;
  body: string;
}

export type RunEvent =
  | ({ type: "snapshot"; progress: Progress } & Blocks)
  | { type: "patch"; reasoning?: BlockPatch; answer?: BlockPatch }
  | { type: "progress"; progress: Progress }
  /** `held` says whether this reader holds all of the text. */
  | { type: "end"; held: boolean }
  | { type: "gone" }
  | { type: "restarting" }
  /** Nothing has happened to the answer; who may still read it comes back. */
  | { type: "moved" };

/** A reader of a running answer; while it is congested it gets nothing, and then a snapshot. */
export interface Follower {
  receive(event: RunEvent, id: string): void;
  readonly congested: boolean;
}

/** The readers of one running answer. What is not over yet is rendered only while there is one. */
export class Broadcast {
  readonly #followers = new Map<Follower, { behind: boolean }>();
  readonly #tag = performance.now().toString(36).replace(".", "");
  readonly #reasoning: BlockStream;
  readonly #answer: BlockStream;
  readonly #scopes: ReturnType<typeof scopesOf>;
  #number = 0;
  #hasNews = false;
  #isAnybodyBehind = false;
  #told: Pick<Progress, "phase" | "seconds" | "retry"> | null = null;

  constructor(answerId: number) {
    this.#scopes = scopesOf(answerId);
    this.#reasoning = new BlockStream(this.#scopes.reasoning);
    this.#answer = new BlockStream(this.#scopes.answer);
  }

  write(part: "reasoning" | "answer", text: string) {
    this.#hasNews = true;
    if (part === "reasoning") this.#reasoning.append(text);
    else this.#answer.append(text);
  }

  /** Joins a reader who has seen everything up to the event `lastId`, if it is one of this run's. */
  join(follower: Follower, progress: Progress, lastId: string | null) {
    this.flush(progress);
    this.#followers.set(follower, { behind: false });
    if (lastId !== this.#id) this.#sendSnapshot(follower, progress);
  }

  leave(follower: Follower) {
    this.#followers.delete(follower);
  }

  /** The leading blocks of the answer that are over, for a reader that can only append. */
  closed(): readonly string[] {
    return this.#answer.closed;
  }

  snapshot(progress: Progress): Blocks {
    this.flush(progress);
    return this.#blocks();
  }

  get readers(): number {
    return this.#followers.size;
  }

  get isHeard(): boolean {
    return this.#followers.size > 0;
  }

  /** Renders what has grown and tells every reader. */
  flush(progress: Progress) {
    if (this.#hasNews) {
      this.#hasNews = false;
      this.#tellPatch(this.#reasoning.update(), this.#answer.update(), progress);
      this.#hasNews = this.#reasoning.isBehind || this.#answer.isBehind;
    } else {
      this.#catchUp(progress);
    }
  }

  /** Renders what is over by now, so that neither the next reader nor the end has to wait for it. */
  settle() {
    this.#reasoning.settle();
    this.#answer.settle();
  }

  /** Renders the end, and tells every reader; what of it would hold up others comes from a thread. */
  async finish(progress: Progress, { reasoning, body }: Texts): Promise<Blocks> {
    this.#tellPatch(this.#reasoning.finish(), this.#answer.finish(), progress);
    const [thoughts, words] = await Promise.all([
      exactly(this.#reasoning, reasoning, this.#scopes.reasoning),
      exactly(this.#answer, body, this.#scopes.answer),
    ]);
    this.#tellPatch(this.#reasoning.end(thoughts), this.#answer.end(words), progress);
    return this.#blocks();
  }

  tellProgress(progress: Progress) {
    const { phase, retry } = progress;
    // While words come, how long they have come is not shown: now and then tells that the line is alive.
    const seconds = phase === "writing" ? Math.floor(progress.seconds / 10) : progress.seconds;
    const before = this.#told;
    if (before?.phase === phase && before.seconds === seconds && before.retry === retry) return;

    this.#told = { phase, seconds, retry };
    this.#tell({ type: "progress", progress }, progress);
  }

  /** The last event; after it nobody follows any more. */
  close(type: "end" | "gone" | "restarting" | "moved") {
    const followers = [...this.#followers];
    this.#followers.clear();
    for (const [follower, { behind }] of followers) {
      follower.receive(type === "end" ? { type, held: !behind } : { type }, this.#id);
    }
  }

  get #id(): string {
    return `${this.#tag}-${this.#number}`;
  }

  #blocks(): Blocks {
    return { reasoning: this.#reasoning.blocks, answer: this.#answer.blocks };
  }

  #tellPatch(reasoning: BlockPatch | null, answer: BlockPatch | null, progress: Progress) {
    if (reasoning || answer) {
      this.#number += 1;
      const patch = { reasoning: reasoning ?? undefined, answer: answer ?? undefined };
      this.#tell({ type: "patch", ...patch }, progress);
    } else {
      this.#catchUp(progress);
    }
  }

  #tell(event: RunEvent, progress: Progress) {
    for (const [follower, status] of this.#followers) {
      if (status.behind || follower.congested) this.#retryLater(follower, progress);
      else follower.receive(event, this.#id);
    }
  }

  #catchUp(progress: Progress) {
    if (!this.#isAnybodyBehind) return;

    this.#isAnybodyBehind = false;
    for (const [follower, status] of this.#followers) {
      if (status.behind) this.#retryLater(follower, progress);
    }
  }

  #retryLater(follower: Follower, progress: Progress) {
    const behind = follower.congested;
    this.#followers.set(follower, { behind });
    if (behind) this.#isAnybodyBehind = true;
    else this.#sendSnapshot(follower, progress);
  }

  #sendSnapshot(follower: Follower, progress: Progress) {
    follower.receive({ type: "snapshot", ...this.#blocks(), progress }, this.#id);
  }
}

async function exactly(
  stream: BlockStream,
  text: string,
  scope: string,
): Promise<readonly string[]> {
  return stream.isExact ? stream.blocks : renderInThread(text, scope, { isUrgent: true });
}
