import { type Request, type Response, Router } from "express";
import { keep } from "../../forms/form.js";
import { gapField, readGap } from "../../forms/prompt.js";
import { fillGaps, gapsIn } from "../../lib/gaps.js";
import { currentUser } from "../../middleware/authentication.js";
import * as conversations from "../../models/conversations.js";
import * as prompts from "../../models/prompts.js";
import { behindDraft, showBlank, showConversation } from "./conversation-page.js";

export const promptUseRoutes = Router({ mergeParams: true });

type UseRequest = Request<{ id: string }>;

promptUseRoutes.get("/", blank);
promptUseRoutes.post("/", create);

/** Asks for what a prompt leaves open; where that is nothing, its text is in the composer already. */
async function blank(request: UseRequest, response: Response) {
  const { title, body } = await promptOf(request);
  const conversationId = await conversationOf(request, request.query);
  const gaps = gapsIn(body);
  if (gaps.length === 0) return showComposer(request, response, conversationId, body);

  await response.page("chat/prompt-uses/new", {
    title,
    openId: conversationId,
    prompt: {
      ...{ title, body, conversationId },
      address: `/prompts/${request.params.id}/use`,
      back: conversationId ? `/conversations/${conversationId}` : "/",
      gaps: gaps.map((gap) => ({ ...gap, field: gapField(gap.name) })),
    },
  });
}

async function create(request: UseRequest, response: Response) {
  const { body } = await promptOf(request);
  const conversationId = await conversationOf(request, request.body);
  const text = fillGaps(body, (name) => readGap(request.body, name));

  // The script of a page that has a composer puts it there itself.
  if (request.accepts(["html", "text"]) === "text") {
    response.set("Cache-Control", "no-store").type("text").send(text);
  } else {
    request.session.draft = { text: behindDraft(request, conversationId, text), conversationId };
    response.redirect(303, conversationId ? `/conversations/${conversationId}` : "/");
  }
}

async function showComposer(
  request: UseRequest,
  response: Response,
  conversationId: string | null,
  body: string,
) {
  const typed = { text: behindDraft(request, conversationId, body), error: null };

  if (conversationId) {
    const place = { id: conversationId, through: null, before: null, from: null };
    await showConversation(request, response, place, typed);
  } else {
    await showBlank(request, response, typed);
  }
}

async function promptOf(request: UseRequest) {
  return prompts.find(currentUser(request).id, request.params.id);
}

// One that is gone, or another's, is none: what was typed waits in a new one.
async function conversationOf(request: UseRequest, fields: unknown): Promise<string | null> {
  const { conversation = "" } = keep(fields, ["conversation"]);
  const isTheirs =
    conversation !== "" && (await conversations.exists(currentUser(request).id, conversation));
  return isTheirs ? conversation : null;
}
