import { type BlockPatch, BlockStream } from "../rendering/block-stream.js";

/** Where an answer stands, for the line above it. */
export interface Progress {
  phase: "sending" | "queued" | "retrying" | "thinking" | "writing";
  seconds: number;
  retry: { attempt: number; failure: string } | null;
}

export type RunEvent =
  | {
      type: "snapshot";
      reasoning: readonly string[];
      answer: readonly string[];
      progress: Progress;
    }
  | { type: "patch"; reasoning?: BlockPatch; answer?: BlockPatch }
  | { type: "progress"; progress: Progress }
  | { type: "end" }
  | { type: "gone" }
  | { type: "restarting" }
  /** Nothing has happened to the answer; who may still read it comes back. */
  | { type: "moved" };

/** A reader of a running answer; while it is congested it gets nothing, and then a snapshot. */
export interface Follower {
  receive(event: RunEvent, id: string): void;
  readonly congested: boolean;
}

/** What a run has written so far. */
export interface Texts {
  reasoning: string;
  body: string;
  progress: Progress;
}

/** The readers of one running answer. Its text is rendered only while there is one. */
export class Broadcast {
  readonly #followers = new Map<Follower, { behind: boolean }>();
  readonly #tag = performance.now().toString(36).replace(".", "");
  #reasoning = new BlockStream();
  #answer = new BlockStream();
  #number = 0;
  #lastProgress = "";

  /** Joins a reader who has seen everything up to the event `lastId`, if it is one of this run's. */
  join(follower: Follower, texts: Texts, lastId: string | null) {
    this.flush(texts);
    this.#followers.set(follower, { behind: false });
    if (lastId !== this.#id) this.#sendSnapshot(follower, texts);
  }

  leave(follower: Follower) {
    this.#followers.delete(follower);
  }

  /** The leading blocks of the answer that are over, for a reader that can only append. */
  closed(): readonly string[] {
    return this.#answer.blocks.slice(0, this.#answer.closed);
  }

  snapshot(texts: Texts): { reasoning: readonly string[]; answer: readonly string[] } {
    this.flush(texts);
    return { reasoning: this.#reasoning.blocks, answer: this.#answer.blocks };
  }

  get readers(): number {
    return this.#followers.size;
  }

  get isHeard(): boolean {
    return this.#followers.size > 0;
  }

  /** Renders what has grown and tells every reader. */
  flush(texts: Texts) {
    const reasoning = this.#reasoning.update(texts.reasoning) ?? undefined;
    const answer = this.#answer.update(texts.body) ?? undefined;

    if (reasoning || answer) {
      this.#number += 1;
      this.#tell({ type: "patch", reasoning, answer }, texts);
    } else {
      this.#catchUp(texts);
    }
  }

  /** Renders the whole text once more, so that every reader holds what is stored. */
  finish(texts: Texts) {
    const reasoning = this.#reasoning.finish(texts.reasoning) ?? undefined;
    const answer = this.#answer.finish(texts.body) ?? undefined;
    if (reasoning || answer) this.#tell({ type: "patch", reasoning, answer }, texts);
  }

  tellProgress(texts: Texts) {
    const progress = JSON.stringify(texts.progress);
    if (progress === this.#lastProgress) return;

    this.#lastProgress = progress;
    this.#tell({ type: "progress", progress: texts.progress }, texts);
  }

  /** The last event; after it nobody follows any more. */
  close(event: RunEvent) {
    const followers = [...this.#followers.keys()];
    this.#followers.clear();
    for (const follower of followers) follower.receive(event, this.#id);
  }

  get #id(): string {
    return `${this.#tag}-${this.#number}`;
  }

  #tell(event: RunEvent, texts: Texts) {
    for (const [follower, status] of this.#followers) {
      if (status.behind || follower.congested) this.#retryLater(follower, texts);
      else follower.receive(event, this.#id);
    }
  }

  #catchUp(texts: Texts) {
    for (const [follower, status] of this.#followers) {
      if (status.behind) this.#retryLater(follower, texts);
    }
  }

  #retryLater(follower: Follower, texts: Texts) {
    this.#followers.set(follower, { behind: follower.congested });
    if (!follower.congested) this.#sendSnapshot(follower, texts);
  }

  #sendSnapshot(follower: Follower, { progress }: Texts) {
    const blocks = { reasoning: this.#reasoning.blocks, answer: this.#answer.blocks };
    follower.receive({ type: "snapshot", ...blocks, progress }, this.#id);
  }
}
