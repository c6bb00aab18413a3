import type { Request, Response } from "express";
import { config } from "../../config.js";
import { NotFound, Problem } from "../../errors.js";
import { keep, type Refused } from "../../forms/form.js";
import { messageForm } from "../../forms/message.js";
import { modelName, offered } from "../../generator/catalogue.js";
import * as temporary from "../../generator/temporary.js";
import { progressHtml } from "../../helpers/progress.js";
import { type TemporaryView, temporaryView } from "../../helpers/temporary-view.js";
import { t } from "../../lib/texts.js";
import { randomToken } from "../../lib/tokens.js";
import { writerOf } from "./choices.js";
import { askingView, chosenLast, isFilled } from "./conversation-page.js";

/** A request about one message of a temporary conversation. */
export type MessageRequest = Request<{ id: string; messageId: string }>;

interface Typed {
  text: string;
  error: string | null;
}

type Message = temporary.Temporary["tree"]["path"][number];

const NOTHING: Typed = { text: "", error: null };

/** Under this name it is not carried through a login, which would write it down. */
export const WORDS = "words";

export function wordsIn({ body }: Request): string {
  return keep(body, [WORDS]).words ?? "";
}

/** What was typed, by the key of its form; throws the sentence of what is wrong with it. */
export function questionIn(request: Request) {
  const body = { ...request.body, prompt: wordsIn(request) };
  const form = messageForm(body, config.limits.promptCharacters);
  if (!form.ok)
    throw new Problem(422, Object.values(form.errors)[0] ?? t("Write something first."));

  const { prompt: text, key } = form.value;
  return { text, key };
}

/** The id of a message in a temporary conversation, or null: below all that are stored. */
export function idIn(input: unknown): number | null {
  return typeof input === "string" && /^-\d{1,12}$/.test(input) ? Number(input) : null;
}

export function placeIn({ params }: MessageRequest) {
  const messageId = idIn(params.messageId);

  if (messageId === null) {
    throw new NotFound();
  } else {
    return { id: params.id, messageId };
  }
}

export async function showBlank(
  request: Request,
  response: Response,
  typed = NOTHING,
  chosen: Refused = chosenLast(request),
) {
  const asking = askingView(chosen, { isOpen: isFilled(chosen) });
  await showPage(response, null, { ...typed, asking: { ...asking, prompts: null } });
}

export async function showTemporary(
  response: Response,
  conversation: temporary.Temporary,
  typed = NOTHING,
) {
  const { id, title, tree, parameters } = conversation;
  const address = `/temporary/${id}/parameters`;
  const views = tree.path.map((message) => viewOf(conversation, message));
  const running = views.find(({ isRunning }) => isRunning) ?? null;
  const shown = { id, title, views, running };
  await showPage(response, shown, {
    ...typed,
    parentId: tree.lastAnswer?.id,
    asking: { writer: writerOf(parameters), address, prompts: null },
  });
}

async function showPage(response: Response, shown: { id: string } | null, composer: object) {
  await response.page("chat/temporary/show", {
    title: t("Temporary conversation"),
    openId: shown?.id ?? null,
    temporary: shown,
    composer: { ...composer, key: randomToken(), limit: config.limits.promptCharacters },
  });
}

/** A message as it is shown, with what a running answer has by now. */
export function viewOf(conversation: temporary.Temporary, message: Message): TemporaryView {
  const writer = message.role === "answer" ? modelName(message.model) : null;
  const around = {
    ...{ conversationId: conversation.id, siblings: conversation.tree.siblings(message) },
    ...{ writer, hasOthers: offered().length > 1 },
  };
  return temporaryView(message, around, growing(conversation, message));
}

function growing(conversation: temporary.Temporary, message: Message) {
  if (message.role === "question" || message.ending !== null) return null;
  const { id, userId } = conversation;
  const now = temporary.snapshot(userId, { id, messageId: message.id });
  if (!now) return null;

  const { blocks, progress } = now;
  return {
    html: blocks.answer.join(""),
    reasoningHtml: blocks.reasoning.join(""),
    progress: progressHtml(progress, modelName(message.model)),
    thoughtForMs: progress.thoughtForMs,
  };
}
