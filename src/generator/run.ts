import { UpstreamError } from "../deepseek/errors.js";
import type { ChatMessage, Delta } from "../deepseek/types.js";
import { log } from "../lib/log.js";
import type { Ending } from "../models/generations.js";
import { Broadcast, type Progress, type Texts } from "./broadcast.js";
import { contextTokens } from "./catalogue.js";
import { CUT_OFF, type Earlier, endingOf, failed, finished, Halt, type Outcome } from "./ending.js";
import { isNews, noteAccepted } from "./health.js";
import { upstreamRetries } from "./metrics.js";
import { estimateTokens, type Told, tell } from "./prompt.js";
import { client } from "./upstream.js";

/** Which answer this is, who writes it, and what an earlier run has written of it. */
export interface Assignment {
  answerId: number;
  conversationId: string;
  userId: string;
  model: string;
  earlier: Earlier;
}

/** One answer while it is being written: it belongs to the server, whoever is reading. */
export class Run {
  readonly assignment: Assignment;
  readonly broadcast = new Broadcast();
  readonly #halt = new AbortController();
  readonly #startedAt = performance.now();
  #body: string;
  #reasoning: string;
  #phase: Progress["phase"] = "sending";
  #phaseSince = this.#startedAt;
  #retry: Progress["retry"] = null;
  #firstTokenMs: number | null;
  #thinkingSince: number | null = null;
  #thoughtForMs: number | null;
  #stored = "";

  constructor(assignment: Assignment) {
    this.assignment = assignment;
    this.#body = assignment.earlier.body;
    this.#reasoning = assignment.earlier.reasoning;
    this.#firstTokenMs = assignment.earlier.firstTokenMs;
    this.#thoughtForMs = assignment.earlier.thoughtForMs;
  }

  halt(cause: Halt["cause"]) {
    this.#halt.abort(new Halt(cause));
  }

  get texts(): Texts {
    return { reasoning: this.#reasoning, body: this.#body, progress: this.#progress };
  }

  /** What has grown since the last checkpoint, or null. */
  takeCheckpoint() {
    const size = `${this.#reasoning.length}/${this.#body.length}`;
    if (size === this.#stored) return null;

    this.#stored = size;
    return { id: this.assignment.answerId, body: this.#body, reasoning: this.#reasoning };
  }

  /** The last checkpoint did not reach the disk, so the next has to. */
  forgetCheckpoint() {
    this.#stored = "";
  }

  /** Writes the answer to its end, whatever that is, or until a restart, after which another run goes on: never throws. */
  async write(history: () => Promise<readonly Told[]>): Promise<Ending | "restart"> {
    const outcome = await this.#consume(history).catch((error) => this.#fail(error));
    if (outcome === "restart") return "restart";
    this.#endThinking();

    return endingOf(outcome, this.assignment.earlier, {
      body: this.#body,
      reasoning: this.#reasoning,
      thoughtForMs: this.#thoughtForMs,
      firstTokenMs: this.#firstTokenMs,
      tookMs: this.#elapsedMs(),
    });
  }

  async #consume(history: () => Promise<readonly Told[]>): Promise<Outcome> {
    const { model } = this.assignment;
    const told = await history();
    if (told.length === 0) throw new Halt("gone");

    const room = contextTokens(model) - estimateTokens(this.#reasoning + this.#body);
    const messages = [...tell(told, room), ...this.#toContinue()];
    const request = { model, messages, continuing: this.#body !== "" };
    let outcome: Outcome | null = null;

    for await (const delta of client().stream(request, { signal: this.#halt.signal })) {
      outcome = this.#take(delta) ?? outcome;
    }

    return outcome ?? CUT_OFF;
  }

  #toContinue(): ChatMessage[] {
    const { body, reasoning } = this.assignment.earlier;
    return body === "" ? [] : [{ role: "assistant", content: body, reasoning }];
  }

  #take(delta: Delta): Outcome | null {
    switch (delta.type) {
      case "accepted":
        noteAccepted();
        this.#enter("sending");
        return null;
      case "queued":
        if (this.#phase === "sending") this.#enter("queued");
        return null;
      case "retrying":
        this.#retry = { attempt: delta.attempt, failure: delta.failure.kind };
        upstreamRetries.inc({ failure: delta.failure.kind });
        this.#note(delta.failure, "the upstream failed, and is asked again");
        this.#enter("retrying");
        return null;
      case "reasoning":
        this.#think(delta.text);
        return null;
      case "content":
        this.#say(delta.text);
        return null;
      case "finish":
        return finished(delta.reason, delta.usage);
    }
  }

  #think(text: string) {
    this.#thinkingSince ??= performance.now();
    this.#enter("thinking");
    this.#reasoning += text;
  }

  #say(text: string) {
    this.#endThinking();
    this.#enter("writing");
    this.#body += text;
  }

  #enter(phase: Progress["phase"]) {
    if (phase === this.#phase) return;

    this.#phase = phase;
    this.#phaseSince = performance.now();
    if (phase === "thinking" || phase === "writing") this.#firstTokenMs ??= this.#elapsedMs();
  }

  #endThinking() {
    if (this.#thinkingSince === null) return;

    this.#thoughtForMs =
      (this.#thoughtForMs ?? 0) + Math.round(performance.now() - this.#thinkingSince);
    this.#thinkingSince = null;
  }

  get #progress(): Progress {
    const seconds = Math.floor((performance.now() - this.#phaseSince) / 1000);
    return { phase: this.#phase, seconds, retry: this.#phase === "retrying" ? this.#retry : null };
  }

  #fail(error: unknown): Outcome | "restart" {
    if (error instanceof Halt && error.cause === "restart") return "restart";
    if (!(error instanceof Halt)) this.#note(error, "an answer failed");
    return failed(error, this.#body !== "");
  }

  #elapsedMs(): number {
    return Math.round(performance.now() - this.#startedAt);
  }

  // The key is scrubbed from an upstream's words already; the question and the answer are never logged.
  #note(error: unknown, message: string) {
    const { answerId, conversationId } = this.assignment;

    if (error instanceof UpstreamError) {
      if (!isNews(error)) return;
      const { kind, status, phase, requestId, detail } = error;
      log.warn({ answerId, conversationId, kind, status, phase, requestId, detail }, message);
    } else {
      log.error({ answerId, conversationId, err: error }, message);
    }
  }
}
