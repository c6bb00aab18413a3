import type { Request, Response } from "express";
import { config } from "../../config.js";
import { modelName } from "../../generator/catalogue.js";
import * as generator from "../../generator/generator.js";
import * as stored from "../../generator/stored.js";
import { type Growing, type MessageView, messageView } from "../../helpers/message-view.js";
import { progressHtml, waitingHtml } from "../../helpers/progress.js";
import { randomToken } from "../../lib/tokens.js";
import { currentUser } from "../../middleware/authentication.js";
import * as conversations from "../../models/conversations.js";
import * as path from "../../models/messages/path.js";
import type * as messages from "../../models/messages.js";

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
    messages: [],
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
  const conversation = await conversations.find(userId, place.id);
  const reading = await path.read(conversation.id, place.through, place.before);
  const views = await Promise.all(reading.messages.map((row) => viewOf(userId, row)));
  const grows = views.some((view) => view.state === "running");

  await response.page("chat/conversations/show", {
    title: conversation.title,
    conversation,
    openId: conversation.id,
    messages: views,
    earlier: earlierLink(reading.earlierThan, place.through),
    greeting: false,
    // Without JavaScript the browser goes where the answer grows; what was typed must not go with it.
    refresh: grows && !typed ? `/conversations/${conversation.id}/live` : null,
    composer: composer(
      typed ?? draftFor(request, conversation.id),
      reading.lastAnswer,
      reading.running,
    ),
  });
}

/** A message as it is shown, with what a running answer has by now. */
export async function viewOf(userId: string, row: messages.Shown): Promise<MessageView> {
  return row.state === "running"
    ? messageView(row, growing(row) ?? (await waiting(userId, row)))
    : messageView(await stored.withHtml(userId, row), null);
}

function growing({ id, model }: messages.Message): Growing | null {
  const now = generator.snapshot(id);

  return (
    now && {
      html: now.blocks.answer.join(""),
      reasoningHtml: now.blocks.reasoning.join(""),
      progress: progressHtml(now.progress, modelName(model)),
    }
  );
}

// Nothing writes it at this moment: the server restarts, or cannot write to its disk.
async function waiting(userId: string, { id }: messages.Message): Promise<Growing> {
  return { ...(await stored.htmlOf(userId, id)), progress: waitingHtml() };
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
