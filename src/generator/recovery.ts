import { log } from "../lib/log.js";
import { type Left, takeOver } from "../models/generations/left.js";
import { COST_UNKNOWN } from "../models/generations.js";
import type { Manner } from "../models/parameters.js";
import type { Assignment } from "./run.js";
import { findUpstream } from "./upstream.js";

// Who has waited longer than this has gone away, and would not want yesterday's answer paid for.
const STILL_AWAITED_MS = 10 * 60_000;
const MOST_RESTARTS = 3;

/**
 * What an earlier process has left running, however that ended: what can be gone on with is handed back,
 * the rest is interrupted. It is decided from the rows alone, so a good end and a crash leave the same.
 */
export async function recover(isOurs: (id: number) => boolean): Promise<Assignment[]> {
  const now = Date.now();
  const { adopted, lost } = await takeOver((running) => {
    const left = running.filter(({ id }) => !isOurs(id));
    return {
      adopted: left.filter((answer) => canGoOn(answer, now)),
      lost: left.filter((answer) => !canGoOn(answer, now)),
    };
  });

  if (adopted.length + lost.length > 0) {
    log.info(
      { resumed: adopted.length, interrupted: lost.length },
      "answers of an earlier process were taken over",
    );
  }
  return adopted.map(assignmentOf);
}

// A word-by-word continuation is DeepSeek's; what has no word yet can be asked for again anywhere. Where the provider
// is gone meanwhile, the answer says so when it is gone on with.
function canGoOn(answer: Left, now: number): boolean {
  const isWelcome = answer.suspendedAt === null && answer.trashedAt === null;
  const isAwaited = now - Date.parse(answer.lastSeen) < STILL_AWAITED_MS;
  const isPossible = answer.body === "" || (findUpstream(answer.providerId)?.isDeepSeek ?? true);

  return isWelcome && isAwaited && isPossible && answer.restarts < MOST_RESTARTS;
}

function assignmentOf(answer: Left): Assignment {
  const { id: answerId, conversationId, userId, providerId, model } = answer;
  return {
    answerId,
    conversationId,
    userId,
    providerId,
    model: model ?? "default",
    manner: mannerOf(answer),
    earlier: { ...withoutHalfThoughts(answer), ...COST_UNKNOWN },
  };
}

// Without the text, which a run would hold as long as it lasts.
function mannerOf({ thinking, temperature, topP, maxTokens, systemPrompt }: Left): Manner {
  return { thinking, temperature, topP, maxTokens, systemPrompt };
}

// DeepSeek takes reasoning beside a prefix as thought to its end (`reasoning_content` is "the input for
// the CoT" of that message): with half of it the model would answer before it has thought. So it begins anew.
function withoutHalfThoughts(answer: Left) {
  const { body, thoughtForMs, firstTokenMs, tookMs } = answer;
  return {
    body,
    reasoning: body === "" ? "" : answer.reasoning,
    thoughtForMs,
    firstTokenMs,
    tookMs,
  };
}
