import type { Request, Response } from "express";
import { config } from "../../config.js";
import { randomToken } from "../../lib/tokens.js";
import { currentUser } from "../../middleware/authentication.js";
import * as conversations from "../../models/conversations.js";
import * as path from "../../models/messages/path.js";
import { articlesOf } from "./articles.js";

/** What stands in the composer: what was typed and refused, or nothing. */
export interface Typed {
  text: string;
  error: string | null;
}

interface Place {
  id: string;
  through: number | null;
  before: number | null;
}

const NOTHING_TYPED: Typed = { text: "", error: null };

/** A new conversation: the greeting and the composer. */
export async function showBlank(request: Request, response: Response, typed?: Typed) {
  await response.page("chat/conversations/show", {
    title: "",
    conversation: null,
    earlier: null,
    greeting: !typed,
    composer: composer(typed ?? draftFor(request, null), null, null),
  });
}

/** A conversation of this person, along one path of its tree. */
export async function showConversation(
  request: Request,
  response: Response,
  place: Place,
  typed?: Typed,
) {
  const { id: userId } = currentUser(request);
  const reading = await path.read(userId, place.id, place.through, place.before);
  const { conversation } = reading;
  if (conversation.unread) await conversations.markRead(userId, conversation.id);
  const articles = await articlesOf(request, reading.places);
  const grows = reading.places.some(({ id }) => id === reading.running);

  await response.page(
    "chat/conversations/show",
    {
      title: conversation.title,
      conversation,
      openId: conversation.id,
      earlier: earlierLink(reading.earlierThan, place.through),
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

function earlierLink(before: number | null, through: number | null): string | null {
  if (before === null) return null;
  return through === null ? `?before=${before}` : `?message=${through}&before=${before}`;
}
