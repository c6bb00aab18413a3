import type { Request, Response } from "express";
import { config } from "../../config.js";
import { randomToken } from "../../lib/tokens.js";
import { currentUser } from "../../middleware/authentication.js";
import * as path from "../../models/messages/path.js";
import { articlesOf } from "./articles.js";

/** What stands in the composer: what was typed and refused, or nothing. */
export interface Typed {
  text: string;
  error: string | null;
}

type Place = { id: string } & path.Window;

const NOTHING_TYPED: Typed = { text: "", error: null };
const GONE = "That conversation is gone. Send this again to begin a new one.";

/** A new conversation: the greeting and the composer. */
export async function showBlank(request: Request, response: Response, typed?: Typed) {
  await response.page("chat/conversations/show", {
    title: "",
    conversation: null,
    earlier: null,
    later: null,
    greeting: !typed,
    composer: composer(typed ?? draftFor(request, null), null, null),
  });
}

/** For what was sent to a conversation that is not there: its text, and a new one. */
export async function showGone(request: Request, response: Response, text: string) {
  response.status(404);
  await showBlank(request, response, { text, error: GONE });
}

/** A conversation of this person, along one path of its tree; returns what was read. */
export async function showConversation(
  request: Request,
  response: Response,
  { id: conversationId, ...window }: Place,
  typed?: Typed,
) {
  const { id: userId } = currentUser(request);
  const reading = await path.read(userId, conversationId, window);
  const { conversation } = reading;
  const articles = await articlesOf(request, reading.places);
  const grows = reading.places.some(({ id }) => id === reading.running);

  await response.page(
    "chat/conversations/show",
    {
      title: conversation.title,
      conversation,
      openId: conversation.id,
      ...neighbours(conversationId, reading),
      greeting: false,
      // Without JavaScript the browser goes where the answer grows; what was typed must not go with it.
      refresh: grows && !typed ? `/conversations/${conversation.id}/live` : null,
      composer: composer(
        typed ?? draftFor(request, conversation.id),
        reading.lastAnswer,
        reading.running,
      ),
    },
    articles,
  );
  return reading;
}

/** What waits in the composer, with this behind it: nothing that was typed is replaced. */
export function behindDraft(request: Request, conversationId: string | null, text: string): string {
  return [draftFor(request, conversationId).text, text].filter(Boolean).join("\n\n");
}

function composer(typed: Typed, parentId: number | null, running: number | null) {
  return { ...typed, key: randomToken(), parentId, running, limit: config.limits.promptCharacters };
}

function draftFor(request: Request, conversationId: string | null): Typed {
  const draft = request.session?.draft;
  return draft && draft.conversationId === conversationId
    ? { text: draft.text, error: null }
    : NOTHING_TYPED;
}

type Reading = Awaited<ReturnType<typeof path.read>>;

// Along this branch, whichever is looked at meanwhile. What comes later begins with what was read last.
function neighbours(conversationId: string, { id, earlierThan, laterThan }: Reading) {
  const end = `/conversations/${conversationId}?message=${id}`;

  return {
    earlier: earlierThan && `${end}&before=${earlierThan}`,
    later: laterThan && { next: `${end}&from=${laterThan}#message-${laterThan}`, end },
  };
}
