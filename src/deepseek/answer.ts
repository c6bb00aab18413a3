import { type Piece, readChunk, readEvent } from "./chunks.js";
import { type FailureKind, UpstreamError } from "./errors.js";
import { inBandFailure } from "./failures.js";
import { parseJson } from "./json.js";
import { type SseEvent, type SseReader, sseReader } from "./sse.js";
import { ThinkTags } from "./think-tags.js";
import type { Caps, Delta, FinishReason, Usage } from "./types.js";

type Text = Extract<Delta, { type: "reasoning" | "content" }>;

// biome-ignore lint/suspicious/noControlCharactersInRegex: NUL is what it is not
const ORDINARY = /^[\x01-\ud7ff\ue000-\uffff]*$/;

interface AnswerOptions {
  caps: Caps;
  splitsThinking: boolean;
  /** Going on with an answer that had nothing missing gives nothing, which is then no failure. */
  mayBeEmpty: boolean;
}

/** What some bytes said; with a failure, what was good before it. */
export interface Fed {
  deltas: Delta[];
  failure: UpstreamError | null;
}

/** Everything between the body's bytes and the deltas. Texts that arrive together are one delta. */
export class AnswerReader {
  /** Text was yielded: too late for another attempt. */
  spoken = false;
  /** The server said [DONE]. */
  done = false;

  #finish: FinishReason | null = null;
  #usage: Usage | null = null;
  #understood = false;
  #unreadable = 0;
  #bytes = 0;
  #blanks: Text[] = [];
  #halves = { reasoning: "", content: "" };
  #json: string | null = null;
  #deltas: Delta[] = [];
  #sse: SseReader | null = null;

  readonly #decoder = new TextDecoder();
  readonly #tags: ThinkTags | null;
  readonly #options: AnswerOptions;

  constructor(options: AnswerOptions) {
    this.#options = options;
    this.#tags = options.splitsThinking ? new ThinkTags() : null;
  }

  /** All of the text is here: what may still come is usage and [DONE]. */
  get finished(): boolean {
    return this.#finish !== null || this.done;
  }

  feed(bytes: Uint8Array): Fed {
    return this.#taking(() => this.#read(this.#decoder.decode(bytes, { stream: true })));
  }

  end(): Fed {
    return this.#taking(() => this.#readEnd());
  }

  #taking(read: () => void): Fed {
    this.#deltas = [];
    try {
      read();
      return { deltas: this.#deltas, failure: null };
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      return { deltas: this.#deltas, failure: error };
    }
  }

  #readEnd() {
    this.#read(this.#decoder.decode());
    if (this.#json !== null) this.#wholeAnswer(this.#json);
    if (this.#sse) this.#events(this.#sse.end());
    for (const split of this.#tags?.end() ?? []) this.#say(split);

    const reason = this.#finish ?? (this.done ? "stop" : null);
    if (reason === null) throw this.#cutOff();
    if (reason === "stop" && !this.spoken && !this.#options.mayBeEmpty) {
      throw failure("empty_answer", "the answer had neither reasoning nor content");
    }
    this.#deltas.push({ type: "finish", reason, usage: this.#usage });
  }

  #read(text: string) {
    if (this.#sse) {
      this.#events(this.#sse.feed(text));
    } else if (this.#json !== null) {
      this.#json = this.#within(this.#json + text);
    } else {
      this.#begin(text.trimStart());
    }
  }

  /** The first character tells the kind of body; content types are not to be relied on. */
  #begin(text: string) {
    if (text === "") return;
    if (text.startsWith("<")) throw failure("protocol", "an HTML page instead of an answer");

    if (text.startsWith("{")) {
      this.#json = this.#within(text);
    } else {
      this.#sse = sseReader(this.#options.caps.eventBytes);
      this.#events(this.#sse.feed(text));
    }
  }

  #within(text: string): string {
    if (text.length > this.#options.caps.eventBytes) throw failure("too_large", "one huge body");
    return text;
  }

  #wholeAnswer(json: string) {
    const parsed = parseJson(json);
    this.#pieces(parsed === undefined ? [{ type: "unreadable" }] : readChunk(parsed));
    // Complete JSON cannot have been cut off, even without a finish reason.
    this.done = this.#understood;
  }

  #events(events: SseEvent[]) {
    for (const event of events) {
      if (event.type === "oversized") throw failure("too_large", "one huge event");
      if (event.type === "comment" && !this.spoken) this.#deltas.push({ type: "queued" });
      if (event.type === "garbage") this.#unreadable += 1;
      if (event.type === "stray_error") throw inBandFailure(errorIn(event.data));
      if (event.type === "event") this.#event(event.name, event.data);
    }
  }

  #event(name: string, data: string) {
    const pieces = readEvent(data);
    const isError = name === "error" && !pieces.some((piece) => piece.type === "error");
    if (isError && !this.finished) throw inBandFailure(errorIn(data));

    this.#pieces(pieces);
  }

  #pieces(pieces: Piece[]) {
    for (const piece of pieces) {
      // What follows the finish is usage, or a server repeating itself.
      if (piece.type === "usage") this.#usage = piece.usage;
      else if (piece.type === "done") this.done = true;
      else if (!this.finished) this.#piece(piece);
    }
  }

  #piece(piece: Exclude<Piece, { type: "usage" | "done" }>) {
    if (piece.type === "unreadable") this.#unreadable += 1;
    else this.#understood = true;

    if (piece.type === "error") throw inBandFailure(piece.error);
    if (piece.type === "finish") this.#finish = piece.reason;
    if (piece.type === "reasoning") this.#say(piece);
    if (piece.type === "content") this.#content(piece);
  }

  #content(piece: Text) {
    if (this.#tags) {
      for (const split of this.#tags.feed(piece.text)) this.#say(split);
    } else {
      this.#say(piece);
    }
  }

  /** Blanks wait for the first real text, so that an answer of nothing but blanks can be asked for again. */
  #say({ type, text }: Text) {
    const delta = { type, text: this.#wellFormed(type, text) };
    this.#bytes += Buffer.byteLength(delta.text);
    if (this.#bytes > this.#options.caps.answerBytes) throw failure("too_large", "a huge answer");

    if (this.spoken || delta.text.trim() !== "") {
      this.spoken = true;
      for (const blank of this.#blanks.splice(0)) this.#tell(blank);
      if (delta.text !== "") this.#tell(delta);
    } else if (delta.text !== "") {
      this.#blanks.push(delta);
    }
  }

  #tell(delta: Text) {
    const last = this.#deltas.at(-1);
    if (last?.type === delta.type) last.text += delta.text;
    else this.#deltas.push(delta);
  }

  /** Surrogate pairs may be split over two events: the first half waits for the second. */
  #wellFormed(type: Text["type"], text: string): string {
    const whole = this.#halves[type] + text;
    if (ORDINARY.test(whole)) {
      this.#halves[type] = "";
      return whole;
    }

    const half = /[\ud800-\udbff]$/.exec(whole)?.[0] ?? "";
    this.#halves[type] = half;
    return whole.slice(0, whole.length - half.length).replace(/[\0\p{Cs}]/gu, "\ufffd");
  }

  #cutOff(): UpstreamError {
    const unreadable = `${this.#unreadable} unreadable lines or events`;
    if (this.#understood || this.#unreadable === 0) {
      return failure("cut_off", `the body ended without a finish reason; ${unreadable}`);
    } else {
      return failure("protocol", `nothing in the body was an answer; ${unreadable}`);
    }
  }
}

function errorIn(data: string): unknown {
  const parsed = parseJson(data);
  if (parsed === undefined) return data;

  const [piece] = readChunk(parsed);
  return piece?.type === "error" ? piece.error : parsed;
}

function failure(kind: FailureKind, detail: string): UpstreamError {
  return new UpstreamError(kind, detail, { phase: "body" });
}
