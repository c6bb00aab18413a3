import type { Request } from "express";
import { chosenIn } from "../../../forms/share.js";
import { snippet } from "../../../helpers/snippets.js";
import { firstWords } from "../../../lib/text.js";
import { currentUser } from "../../../middleware/authentication.js";
import { selectable } from "../../../models/shares/selectable.js";

const BEGINNING_CHARACTERS = 160;

interface Place {
  conversationId: string;
  through: number | null;
  before: number | null;
}

/** The messages of a conversation with a box for each: those are ticked that `isChosen` says, or that the form had. */
export async function choiceOf(
  request: Request,
  { conversationId, ...window }: Place,
  isChosen: (id: number) => boolean,
) {
  const found = await selectable(currentUser(request).id, conversationId, window);
  const sent = request.method === "POST" ? new Set(chosenIn(request.body?.ids)) : null;

  return {
    title: found.title,
    messages: found.messages.map(({ id, role, beginning }) => ({
      id,
      role,
      beginning: beginningOf(beginning),
      isChosen: sent ? sent.has(id) : isChosen(id),
    })),
    hasReasoning: found.messages.some(({ hasReasoning }) => hasReasoning),
    hasFiles: found.messages.some(({ hasFiles }) => hasFiles),
    earlier: found.earlierThan && `?before=${found.earlierThan}`,
    before: window.before,
  };
}

// Without what Markdown is made of, on one line.
function beginningOf(text: string): string {
  const plain = snippet(text, []).map((part) => part.text);
  return firstWords(plain.join(""), BEGINNING_CHARACTERS);
}
