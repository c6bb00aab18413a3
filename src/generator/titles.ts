// Titles by the model, in the background: nobody waits for one, and where none comes the first words stay.
import { setTimeout as wait } from "node:timers/promises";
import { config } from "../config.js";
import { UpstreamError } from "../deepseek/errors.js";
import type { Delta, Usage } from "../deepseek/types.js";
import { log } from "../lib/log.js";
import { Turns } from "../lib/turns.js";
import * as titles from "../models/conversations/titles.js";
import { COST_UNKNOWN } from "../models/generations.js";
import { countUsage } from "./metrics.js";
import type { Assignment } from "./run.js";
import { tidyTitle, titleRequest } from "./title-text.js";
import { upstreamOf } from "./upstream.js";

const TITLE_MS = 30_000;
const PATIENCE_MS = 20_000;
const MOST_AT_ONCE = 2;
const MOST_WAITING = 50;
const MOST_TOKENS = 60;
// A model that cannot be kept from thinking may do so for a while; one that tells a story gives no title.
const MOST_REASONING = 8_000;
const MOST_WRITTEN = 400;

type Named = Pick<Assignment, "answerId" | "conversationId" | "userId" | "providerId" | "model">;

/** What came of asking. */
interface Said {
  written: string;
  thought: number;
  hasEnded: boolean;
  usage: Usage;
}

const turns = new Turns(MOST_AT_ONCE, MOST_WAITING);
const pending = new Map<string, Promise<void>>();
let leaving = new AbortController();

/** Names a conversation, if this answer ended its first exchange. */
export function nameLater(answer: Named) {
  if (!config.autoTitles) return;

  const key = keyOf(answer.userId, answer.conversationId);
  const naming = name(answer)
    .catch(noteFailure)
    .finally(() => pending.get(key) === naming && pending.delete(key));
  pending.set(key, naming);
}

/** Whether the model is being asked for a title of this person's conversation. */
export function isNaming(userId: string, conversationId: string): boolean {
  return pending.has(keyOf(userId, conversationId));
}

/** When a conversation of this person is not being named any more, or it has taken long: at once, where it is not. */
export async function whenNamed(userId: string, conversationId: string) {
  const naming = pending.get(keyOf(userId, conversationId));
  if (naming !== undefined)
    await Promise.race([naming, wait(PATIENCE_MS, undefined, { ref: false })]);
}

/** Gives up those that are being asked for. */
export async function abandonTitles() {
  leaving.abort();
  await Promise.allSettled(pending.values());
  leaving = new AbortController();
}

async function name(answer: Named) {
  const isFirst = (await titles.firstExchange(answer.answerId)) !== null;
  if (isFirst && !turns.isFull) await turns.take(() => nameNow(answer));
}

async function nameNow({ answerId, conversationId, providerId, model }: Named) {
  // Meanwhile it may have been renamed, or deleted: then nothing of it is sent any more.
  const exchange = await titles.firstExchange(answerId);
  const { client } = upstreamOf(providerId);
  if (!exchange || client.circuit().state !== "closed") return;

  const signal = AbortSignal.any([leaving.signal, AbortSignal.timeout(TITLE_MS)]);
  const said: Said = { written: "", thought: 0, hasEnded: false, usage: COST_UNKNOWN };
  const request = { model, messages: titleRequest(exchange), brief: { maxTokens: MOST_TOKENS } };
  try {
    await listen(client.stream(request, { signal }), said);
  } finally {
    // Whatever came of it, it is paid for; of what was cut short nobody tells how much.
    if (said.hasEnded || said.written !== "" || said.thought > 0) {
      countUsage(said.usage);
      const title = said.hasEnded ? tidyTitle(said.written) : null;
      await titles.store(conversationId, title, { providerId, model }, said.usage);
    }
  }
}

async function listen(deltas: AsyncIterable<Delta>, said: Said) {
  for await (const delta of deltas) {
    // A title is worth one attempt: what is busy has answers to write.
    if (delta.type === "retrying") throw delta.failure;
    if (delta.type === "content") said.written += delta.text;
    if (delta.type === "reasoning") said.thought += delta.text.length;
    if (delta.type === "finish") {
      said.hasEnded = true;
      said.usage = delta.usage ?? COST_UNKNOWN;
    } else if (said.written.length > MOST_WRITTEN || said.thought > MOST_REASONING) {
      throw new Error("no title");
    }
  }
}

// An upstream's complaint may quote what it was sent, so only its kind is for the log.
function noteFailure(error: unknown) {
  const reason = error instanceof UpstreamError ? error.kind : String(error);
  log.debug({ reason }, "a conversation got no title from the model");
}

function keyOf(userId: string, conversationId: string): string {
  return `${userId} ${conversationId}`;
}
