import { answers } from "../../../prisma/populate/texts.js";
import { tokensOf } from "../../../src/demo/tokens.js";

/** What an upstream sends in one write; where a stamp fits in, it goes between `before` and `after`. */
export interface Piece {
  before: string;
  after: string;
  stamped: boolean;
  tokens: number;
}

interface Shape {
  tokens: number;
  tokensPerWrite: number;
  stamped: boolean;
  /** Only paragraphs: nothing that a page shows no earlier than it is whole. */
  prose: boolean;
}

// A stamp in front of a word of prose breaks no Markdown.
const WORD = /^ [a-z]/;
const BEFORE_A_WORD = /[a-z,.]$/;
const SHORTEST = 0.8;
const LONGEST_LINE = 500;
const ENVELOPE = {
  id: "4a1f2c3d-5e6f-4708-91a2-b3c4d5e6f708",
  object: "chat.completion.chunk",
  created: 1_790_000_000,
  model: "bench",
  system_fingerprint: "fp_0123456789_prod0820_fp8_kvcache",
};

// A row of a table is shown when it is whole; a stamp in it would tell of that rather than of delay.
const IN_A_TABLE = /(?:^|\n)\|[^\n]*$/;
const prose = answers.filter((text) => !/[|#`]|^\s*[-\d]/m.test(text));

const made = new Map<string, Piece[][]>();

/** One event as DeepSeek sends it, with all that stands around a token. */
export function event(content: string, ending: object = {}): string {
  const choice = { index: 0, delta: { content }, logprobs: null, finish_reason: null };
  return `data: ${JSON.stringify({ ...ENVELOPE, choices: [{ ...choice, ...ending }] })}\n\n`;
}

/** The last events of an answer. */
export function lastEvents(content: string, completionTokens: number): string {
  const choice = { index: 0, delta: { content }, logprobs: null, finish_reason: "stop" };
  const usage = {
    ...{ prompt_tokens: 1200, completion_tokens: completionTokens },
    ...{ prompt_cache_hit_tokens: 1024, prompt_cache_miss_tokens: 176 },
  };
  return `data: ${JSON.stringify({ ...ENVELOPE, choices: [choice], usage })}\n\ndata: [DONE]\n\n`;
}

/** Answers of about this many tokens (from 80 % to 120 %), each beginning with another text. */
export function piecesOf(shape: Shape): Piece[][] {
  const key = JSON.stringify(shape);
  const texts = shape.prose ? prose : answers;
  const known = made.get(key) ?? texts.map((_, first) => answerOf(shape, texts, first));
  made.set(key, known);
  return known;
}

function answerOf(shape: Shape, texts: readonly string[], first: number): Piece[] {
  const length = shape.tokens * (SHORTEST + (0.4 * first) / Math.max(1, texts.length - 1));
  const tokens = tokensFrom(texts, first, Math.round(length));
  const pieces: Piece[] = [];
  let said = "";
  let at = 0;

  while (at < tokens.length) {
    const mayStamp = shape.stamped && !IN_A_TABLE.test(said);
    const fits = mayStamp ? placeForStamp(tokens, at, shape.tokensPerWrite) : -1;
    const words = tokens.slice(at, at + shape.tokensPerWrite - (fits >= 0 ? 1 : 0));
    const cut = fits >= 0 ? fits : words.length;
    pieces.push({
      before: words
        .slice(0, cut)
        .map((word) => event(word))
        .join(""),
      after: words
        .slice(cut)
        .map((word) => event(word))
        .join(""),
      stamped: fits >= 0,
      tokens: words.length + (fits >= 0 ? 1 : 0),
    });
    said = (said + words.join("")).slice(-LONGEST_LINE);
    at += words.length;
  }

  return pieces;
}

function placeForStamp(tokens: string[], at: number, tokensPerWrite: number): number {
  for (let offset = 0; offset < tokensPerWrite; offset += 1) {
    const before = tokens[at + offset - 1] ?? "";
    if (WORD.test(tokens[at + offset] ?? "") && BEFORE_A_WORD.test(before)) return offset;
  }
  return -1;
}

function tokensFrom(texts: readonly string[], first: number, count: number): string[] {
  const tokens: string[] = [];
  for (let index = first; tokens.length < count; index += 1) {
    tokens.push(...tokensOf(`${texts[index % texts.length]}\n\n`));
  }
  return tokens.slice(0, count);
}
