import { UpstreamError } from "../deepseek/errors.js";
import type { ChatMessage, Delta } from "../deepseek/types.js";
import { log } from "../lib/log.js";
import { withoutQuotes } from "../lib/quotes.js";
import type { Checkpoint, Ending } from "../models/generations.js";
import type { Manner, Writer } from "../models/parameters.js";
import { renderInThread } from "../rendering/in-thread.js";
import { type Blocks, Broadcast, type Follower, type Progress, type Texts } from "./broadcast.js";
import { contextTokens, outputTokens } from "./catalogue.js";
import {
  askedWith,
  CUT_OFF,
  type Earlier,
  endingOf,
  failed,
  finished,
  Halt,
  type Outcome,
} from "./ending.js";
import { GrowingText } from "./growing-text.js";
import { isNews, noteAccepted } from "./health.js";
import { upstreamRetries } from "./metrics.js";
import { beginningOf, estimateTokens, type Told, tell, tokensLeft } from "./prompt.js";
import { scopesOf } from "./scopes.js";
import type { Upstream } from "./upstream/opening.js";
import { NoProvider, upstreamOf } from "./upstream.js";

/** Which answer this is, who writes it and how, and what an earlier run has written of it. */
export interface Assignment extends Writer {
  answerId: number;
  conversationId: string;
  userId: string;
  manner: Manner;
  earlier: Earlier;
}

/** One answer while it is being written: it belongs to the server, whoever is reading. */
export class Run {
  readonly assignment: Assignment;
  readonly broadcast: Broadcast;
  /** Whether what has been written was stored, a moment ago; readers are told when not. */
  saved = true;
  readonly #halt = new AbortController();
  readonly #startedAt = performance.now();
  readonly #body: GrowingText;
  readonly #reasoning: GrowingText;
  #upstream: Upstream | null = null;
  #sent: readonly ChatMessage[] = [];
  #asked = askedWith(null);
  #phase: Progress["phase"] = "sending";
  #phaseSince = this.#startedAt;
  #retry: Progress["retry"] = null;
  #firstTokenMs: number | null;
  #thinkingSince: number | null = null;
  #thoughtForMs: number | null;
  #isRenderable = true;

  constructor(assignment: Assignment) {
    this.assignment = assignment;
    this.broadcast = new Broadcast(assignment.answerId);
    const { body, reasoning } = assignment.earlier;
    this.#body = new GrowingText(body);
    this.#reasoning = new GrowingText(reasoning);
    this.broadcast.write("answer", body);
    this.broadcast.write("reasoning", reasoning);
    this.#firstTokenMs = assignment.earlier.firstTokenMs;
    this.#thoughtForMs = assignment.earlier.thoughtForMs;
  }

  halt(cause: Halt["cause"]) {
    this.#halt.abort(new Halt(cause));
  }

  get progress(): Progress {
    const seconds = Math.floor((performance.now() - this.#phaseSince) / 1000);
    const retry = this.#phase === "retrying" ? this.#retry : null;
    const thoughtForMs = this.#thinkingSince === null ? this.#thoughtForMs : null;
    return { phase: this.#phase, seconds, retry, thoughtForMs, saved: this.saved };
  }

  /** Tells readers what has grown, and how far the answer is. */
  tell() {
    const { progress } = this;
    this.#render(() => this.broadcast.flush(progress));
    this.#render(() => this.broadcast.tellProgress(progress));
  }

  /** Renders what is over by now, for an answer that nobody reads. */
  settle() {
    this.#render(() => this.broadcast.settle());
  }

  snapshot() {
    const { progress } = this;
    this.#render(() => this.broadcast.flush(progress));
    return { progress, blocks: this.broadcast.snapshot(progress) };
  }

  /** Joins a reader who has seen everything up to the event `lastId`, if it is one of this run's. */
  join(follower: Follower, lastId: string | null) {
    const { progress } = this;
    this.#render(() => this.broadcast.flush(progress));
    this.broadcast.join(follower, progress, this.#isRenderable ? lastId : null);
  }

  /** Sends the readers away; what they hold counts only where all of it could be rendered. */
  close(type: "end" | "gone") {
    this.broadcast.close(type === "end" && !this.#isRenderable ? "moved" : type);
  }

  /** What has grown since the last checkpoint, or null. */
  takeCheckpoint(): Checkpoint | null {
    const [body, reasoning] = [this.#body.take(), this.#reasoning.take()];
    if (body.text === "" && reasoning.text === "") return null;
    return { id: this.assignment.answerId, body, reasoning };
  }

  /** It is not sure what the last checkpoint has stored: the next stores everything. */
  forgetCheckpoint() {
    this.#body.putBack();
    this.#reasoning.putBack();
  }

  /** Writes the answer to its end, whatever that is, or until a restart, after which another run goes on: never throws. */
  async write(history: () => Promise<readonly Told[]>): Promise<Ending | "restart"> {
    const outcome = await this.#consume(history).catch((error) => this.#fail(error));
    if (outcome === "restart") return "restart";
    this.#endThinking();
    this.#enter("ended");
    const texts = { body: this.#body.toString(), reasoning: this.#reasoning.toString() };
    const html = await this.#html(texts);

    return endingOf(outcome, this.assignment.earlier, {
      ...texts,
      ...html,
      ...beginningOf(this.#sent),
      ...this.#asked,
      thoughtForMs: this.#thoughtForMs,
      firstTokenMs: this.#firstTokenMs,
      tookMs: this.#elapsedMs(),
    });
  }

  async #consume(history: () => Promise<readonly Told[]>): Promise<Outcome> {
    const { providerId, model, manner } = this.assignment;
    const told = await history();
    if (told.length === 0) throw new Halt("gone");

    // Kept to the end: one that takes its place meanwhile has another address or another key.
    const upstream = upstreamOf(providerId);
    this.#upstream = upstream;
    const room = contextTokens(this.assignment) - estimateTokens(`${this.#reasoning}${this.#body}`);
    const messages = [...tell(told, room, manner), ...this.#toContinue()];
    this.#sent = messages;
    const { thinking, temperature, topP } = manner;
    const request = {
      ...{ model, messages, continuing: this.#body.length > 0 },
      ...{ thinking, temperature, topP, maxTokens: this.#mostTokens(messages) },
    };
    this.#asked = askedWith(upstream.client.told(request));
    let outcome: Outcome | null = null;

    for await (const delta of upstream.client.stream(request, { signal: this.#halt.signal })) {
      outcome = this.#take(delta) ?? outcome;
    }

    return outcome ?? CUT_OFF;
  }

  // Asked for more than they can give, servers give nothing.
  #mostTokens(messages: ChatMessage[]): number | null {
    const { assignment } = this;
    const { manner } = assignment;
    const left = tokensLeft(messages, contextTokens(assignment));
    const possible = Math.min(outputTokens(assignment), left);
    return manner.maxTokens === null ? null : Math.min(manner.maxTokens, possible);
  }

  #toContinue(): ChatMessage[] {
    const { body, reasoning } = this.assignment.earlier;
    return body === "" ? [] : [{ role: "assistant", content: body, reasoning }];
  }

  #take(delta: Delta): Outcome | null {
    switch (delta.type) {
      case "accepted":
        if (this.#upstream) noteAccepted(this.#upstream);
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
    this.#reasoning.append(text);
    this.broadcast.write("reasoning", text);
    this.#enter("thinking");
  }

  #say(text: string) {
    this.#endThinking();
    this.#body.append(text);
    this.broadcast.write("answer", text);
    this.#enter("writing");
  }

  #enter(phase: Progress["phase"]) {
    if (phase === this.#phase) return;

    this.#phase = phase;
    this.#phaseSince = performance.now();
    if (phase === "thinking" || phase === "writing") {
      this.#firstTokenMs ??= this.#elapsedMs();
      // The first words do not wait for the clock.
      if (this.broadcast.isHeard) this.tell();
    }
  }

  #endThinking() {
    if (this.#thinkingSince === null) return;

    this.#thoughtForMs =
      (this.#thoughtForMs ?? 0) + Math.round(performance.now() - this.#thinkingSince);
    this.#thinkingSince = null;
  }

  #fail(error: unknown): Outcome | "restart" {
    if (error instanceof Halt && error.cause === "restart") return "restart";
    if (!(error instanceof Halt)) this.#note(error, "an answer failed");
    return failed(error, this.#body.length > 0);
  }

  // As blocks it has been rendered while it grew; where that failed, what cannot fail renders it anew.
  async #html(texts: Texts) {
    const blocks = await this.broadcast
      .finish(this.progress, texts)
      .catch((error) => this.#giveUpRendering(error));
    const { answer, reasoning } = blocks && this.#isRenderable ? blocks : await this.#anew(texts);
    return { html: answer.join(""), reasoningHtml: reasoning.join("") };
  }

  async #anew({ body, reasoning }: Texts): Promise<Blocks> {
    const scopes = scopesOf(this.assignment.answerId);
    return {
      answer: await renderInThread(body, scopes.answer, { isUrgent: true }),
      reasoning: await renderInThread(reasoning, scopes.reasoning, { isUrgent: true }),
    };
  }

  // An answer that cannot be rendered is written on, and no other suffers: its readers come back, and see what can be shown.
  #render<T>(work: () => T): T | null {
    try {
      return work();
    } catch (error) {
      return this.#giveUpRendering(error);
    }
  }

  #giveUpRendering(error: unknown): null {
    const { answerId } = this.assignment;
    if (this.#isRenderable) log.error({ answerId, err: error }, "an answer cannot be rendered");
    this.#isRenderable = false;
    this.broadcast.close("moved");
    return null;
  }

  #elapsedMs(): number {
    return Math.round(performance.now() - this.#startedAt);
  }

  // The key is scrubbed from an upstream's words already; some servers quote what they were sent.
  #note(error: unknown, message: string) {
    const { answerId, conversationId } = this.assignment;

    if (error instanceof UpstreamError) {
      if (this.#upstream && !isNews(this.#upstream, error)) return;
      const { kind, status, phase, requestId } = error;
      const detail = withoutQuotes(error.detail, this.#texts());
      log.warn({ answerId, conversationId, kind, status, phase, requestId, detail }, message);
    } else if (error instanceof NoProvider) {
      log.warn({ answerId, conversationId, kind: error.kind }, message);
    } else {
      log.error({ answerId, conversationId, err: error }, message);
    }
  }

  #texts(): string[] {
    const sent = this.#sent.map(({ content }) => content);
    return [...sent, this.#reasoning.toString(), this.#body.toString()];
  }
}
