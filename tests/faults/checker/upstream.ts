import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { type Exchange, status, wire } from "../../support/fake-deepseek.js";
import type { History } from "./history.js";
import type { Random } from "./random.js";
import { isBeginning, TAG, textNumber, thoughtsOf, wordsOf } from "./texts.js";

const WRITE_EVERY_MS = 20;
const REACHES_THEM_MS = 60;
const PLANS = {
  whole: 60,
  length: 6,
  resource: 3,
  fin: 6,
  early: 5,
  reset: 6,
  stall: 4,
  status: 5,
  refuse: 3,
  silent: 2,
} as const;

type Plan = keyof typeof PLANS;

interface Message {
  role: string;
  content: string;
  prefix?: boolean;
}

interface Request {
  number: number;
  tag: string;
  text: number;
  thoughts: string[];
  words: string[];
  /** How much of the text they say that they have. */
  from: number;
  wordsPerWrite: number;
}

/** A model whose every text can be told from every other, as bad as its seed says, which logs what it sends. */
export class Upstream {
  /** From now on every answer is whole, and quick. */
  calm = false;
  /** When each question was last brought here. */
  readonly askedAt = new Map<string, number>();
  /** Whose question each text answers. */
  readonly tagOf = new Map<number, string>();
  readonly #history: History;
  readonly #random: Random;
  #requests = 0;
  #texts = 0;

  constructor(history: History, random: Random) {
    this.#history = history;
    this.#random = random;
  }

  readonly scenario = async (exchange: Exchange) => {
    this.#requests += 1;
    const number = this.#requests;
    this.askedAt.set(lastTag(exchange.request.body.messages), performance.now());
    const random = this.#random.fork(`request ${number}`);
    const plan = this.calm ? "whole" : random.weighted(PLANS);

    if (plan === "status") return status(random.pick([429, 500, 503]))(exchange);
    if (plan === "refuse") return void exchange.res.socket?.resetAndDestroy();
    await this.#answer(exchange, this.#read(exchange, number), plan, random);
  };

  #read({ request }: Exchange, number: number): Request {
    const messages: Message[] = request.body.messages;
    const tag = lastTag(messages);
    const prefix = begunAnswer(messages);
    const text = prefix === "" ? this.#newText(tag) : (textNumber(prefix) ?? 0);

    if (prefix !== "" && !isBeginning(prefix, "t", text)) {
      this.#broken(`the upstream was asked to go on with what it never wrote: ${prefix}`);
    }
    if (this.tagOf.get(text) !== tag) {
      this.#broken(`[${tag}] was asked to go on with the answer to [${this.tagOf.get(text)}]`);
    }
    return { number, tag, text, from: prefix.length, ...this.#planned(text, prefix) };
  }

  // A text that is gone on with has more to say, so that going on is never for nothing.
  #planned(text: number, prefix: string) {
    const random = this.#random.fork(`text ${text}`);
    const wordsPerWrite = this.calm ? 20 : random.pick([1, 2, 5, 20, 60]);
    const writes = this.calm ? 5 : random.integer(1, 120);
    const thoughts = thoughtsOf(text, random.chance(0.3) ? random.integer(1, 60) : 0);
    const most = Math.ceil(prefix.length / 4) + wordsPerWrite * writes;
    const rest = wordsOf(text, most).join("").slice(prefix.length);
    const words = (rest.match(/\S+\s+/g) ?? []).slice(0, wordsPerWrite * writes);

    return { wordsPerWrite, words, thoughts: prefix === "" ? thoughts : [] };
  }

  #newText(tag: string): number {
    this.#texts += 1;
    this.tagOf.set(this.#texts, tag);
    return this.#texts;
  }

  async #answer(exchange: Exchange, request: Request, plan: Plan, random: Random) {
    const { number, text, tag, from } = request;
    this.#history.note({ type: "asked", request: number, text, tag, thought: 0, from });
    exchange.gone.addEventListener("abort", () => {
      this.#history.note({ type: "closed", request: number });
    });

    if (plan === "silent") return void (await once(exchange.gone, "abort"));
    const share = plan === "whole" ? 1 : random.next();
    await this.#say(exchange, request, Math.ceil(request.words.length * share));
    await this.#end(exchange, plan);
  }

  async #say({ res, gone }: Exchange, request: Request, count: number) {
    const { number, thoughts, words, from, wordsPerWrite } = request;
    let thought = 0;
    let length = from;
    res.writeHead(200, { "content-type": "text/event-stream" });
    res.write(wire.events(wire.opening()));

    const send = async (event: object) => {
      gone.throwIfAborted();
      if (!res.write(wire.events(event))) await once(res, "drain", { signal: gone });
      this.#history.note({ type: "sent", request: number, thought, length });
      await pause(WRITE_EVERY_MS, undefined, { signal: gone });
    };
    for (const piece of inPieces(thoughts, wordsPerWrite)) {
      thought += piece.length;
      await send(wire.reasoning(piece));
    }
    for (const piece of inPieces(words.slice(0, count), wordsPerWrite)) {
      length += piece.length;
      await send(wire.content(piece));
    }
  }

  async #end({ res, gone }: Exchange, plan: Plan) {
    // Else a reset overtakes the text on its way.
    if (plan === "reset") await pause(REACHES_THEM_MS, undefined, { signal: gone });

    if (plan === "reset") res.socket?.resetAndDestroy();
    else if (plan === "fin") res.socket?.end();
    else if (plan === "early") res.end();
    else if (plan === "stall") await once(gone, "abort");
    else res.end(wire.events(wire.finish(FINISHES[plan] ?? "stop"), wire.DONE));
  }

  #broken(what: string) {
    this.#history.note({ type: "broken", promise: "P3", what });
  }
}

const FINISHES: Partial<Record<Plan, string>> = {
  length: "length",
  resource: "insufficient_system_resource",
};

function lastTag(messages: Message[]): string {
  const asked = messages.filter(({ role }) => role === "user").map(({ content }) => content);
  const [, tag = ""] = [...asked.join("\n").matchAll(TAG)].at(-1) ?? [];
  return tag;
}

// DeepSeek marks what it is to go on with; to others the last message says in words to go on.
function begunAnswer(messages: Message[]): string {
  const last = messages.at(-1);
  if (last?.role === "assistant") return last.content;
  return last && last.content.search(TAG) < 0 ? (messages.at(-2)?.content ?? "") : "";
}

function inPieces(words: string[], size: number): string[] {
  return Array.from({ length: Math.ceil(words.length / size) }, (_, index) =>
    words.slice(index * size, (index + 1) * size).join(""),
  );
}
