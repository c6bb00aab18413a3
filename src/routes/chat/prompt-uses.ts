import { type Request, type Response, Router } from "express";
import type { Problem } from "../../errors.js";
import { keep } from "../../forms/form.js";
import { gapField, readGap } from "../../forms/prompt.js";
import { fillGaps, gapsIn } from "../../lib/gaps.js";
import { currentUser } from "../../middleware/authentication.js";
import { showingAgain } from "../../middleware/errors.js";
import * as conversations from "../../models/conversations.js";
import * as drafts from "../../models/drafts.js";
import * as prompts from "../../models/prompts.js";

export const promptUseRoutes = Router({ mergeParams: true });

type UseRequest = Request<{ id: string }>;

promptUseRoutes.get("/", blank);
promptUseRoutes.post("/", create);
promptUseRoutes.use(showingAgain(showAgain));

async function blank(request: UseRequest, response: Response) {
  await show(request, response, { fields: request.query, error: null });
}

async function create(request: UseRequest, response: Response) {
  const { body } = await promptOf(request);
  const text = fillGaps(body, (name) => readGap(request.body, name));

  // The script of a page that has a composer puts it there itself.
  if (request.accepts(["html", "text"]) === "text") {
    response.set("Cache-Control", "no-store").type("text").send(text);
  } else {
    const conversationId = await conversationOf(request, request.body);
    await putIntoComposer(request, conversationId, text);
    response.redirect(303, `${addressOf(conversationId)}#prompt`);
  }
}

async function showAgain(request: UseRequest, response: Response, { message }: Problem) {
  await show(request, response, { fields: request.body, error: message });
}

// Behind what waits there already: nothing that was typed is replaced.
async function putIntoComposer(request: UseRequest, conversationId: string | null, text: string) {
  const place = { userId: currentUser(request).id, conversationId };
  const { draft: expired } = request.session;

  if (expired && expired.conversationId === conversationId) {
    request.session.draft = { ...expired, text: joined(expired.text, text) };
  } else {
    const kept = await drafts.find(place.userId, conversationId);
    await drafts.save(place, joined(kept?.text, text), kept?.version ?? null);
  }
}

function joined(before: string | undefined, text: string): string {
  return before ? `${before}\n\n${text}` : text;
}

interface Asked {
  fields: unknown;
  error: string | null;
}

/** Asks for what a prompt leaves open, and shows its text. */
async function show(request: UseRequest, response: Response, { fields, error }: Asked) {
  const { id, title, body } = await promptOf(request);
  const conversationId = await conversationOf(request, fields);

  await response.page("chat/prompt-uses/new", {
    title,
    openId: conversationId,
    prompt: {
      ...{ title, body, conversationId, error },
      address: `/prompts/${id}/use`,
      back: addressOf(conversationId),
      gaps: gapsIn(body).map(({ name, long }) => ({
        ...{ name, long, field: gapField(name) },
        value: readGap(fields, name),
      })),
    },
  });
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

function addressOf(conversationId: string | null): string {
  return conversationId ? `/conversations/${conversationId}` : "/";
}
