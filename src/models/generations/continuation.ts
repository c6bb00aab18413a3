import { Conflict } from "../../errors.js";
import { t } from "../../lib/texts.js";
import { isTaken } from "../../stores/failures.js";
import { statement, storedDate, write } from "../../stores/statements.js";
import { type Begun, find, ONE_AT_A_TIME, type Text, touch } from "../generations.js";
import type { Writer } from "../parameters.js";

/** An answer that is gone on with, unless it runs already. */
interface Resumed extends Begun {
  text: Text | null;
}

// What it gives back is the text as the run before has left it. The HTML is of less than there will be.
const RUN_AGAIN = statement<Writer & { id: number; now: string }, Text>(`
  UPDATE Message SET state = 'running', runningIn = conversationId, providerId = @providerId,
    model = @model, writtenAt = @now, failure = NULL, finishReason = NULL, restarts = 0, rendererVersion = NULL
  WHERE id = @id AND body <> ''
    AND (state IN ('stopped', 'interrupted') OR state = 'complete' AND finishReason = 'length')
  RETURNING body, reasoning, thoughtForMs, firstTokenMs, tookMs, promptTokens, cachedTokens,
    completionTokens, reasoningTokens`);

/** Goes on with an answer that was cut: the same row runs again, and its text grows. */
export async function resume(userId: string, id: number, writer: Writer): Promise<Resumed> {
  const { conversationId } = await find(userId, id);
  const text = await runAgain(id, conversationId, writer);
  if (text) return { conversationId, answerId: id, repeated: false, text };

  const { state } = await find(userId, id);
  if (state !== "running") throw new Conflict(t("This answer cannot be continued."));
  return { conversationId, answerId: id, repeated: true, text: null };
}

async function runAgain(id: number, conversationId: string, writer: Writer) {
  const now = storedDate(new Date());

  try {
    return await write(() => {
      const text = RUN_AGAIN.get({ id, ...writer, now });
      if (text) touch(conversationId, now);
      return text;
    });
  } catch (error) {
    if (isTaken(error)) throw new Conflict(ONE_AT_A_TIME);
    throw error;
  }
}
