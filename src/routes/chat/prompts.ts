import { type Request, type Response, Router } from "express";
import { keep, type Refused, refuse } from "../../forms/form.js";
import { LONGEST_PROMPT_NAME, PROMPT_FIELDS, promptForm } from "../../forms/prompt.js";
import { examplePrompt } from "../../helpers/example-prompt.js";
import { gapsIn } from "../../lib/gaps.js";
import { firstWords } from "../../lib/text.js";
import { t } from "../../lib/texts.js";
import { currentUser } from "../../middleware/authentication.js";
import { flash } from "../../middleware/flash.js";
import { fragment } from "../../middleware/pages.js";
import { keepingWords, refused } from "../../middleware/refusals.js";
import { requireStorage } from "../../middleware/storage.js";
import * as prompts from "../../models/prompts.js";

export const promptRoutes = Router();

type PromptRequest = Request<{ id: string }>;

const SHOWN_CHARACTERS = 160;
const NOTHING_TYPED: Refused = { values: {}, errors: {} };
const TAKEN = t("You have a prompt of that name. Choose another.");

promptRoutes.get("/", index);
promptRoutes.get("/new", blank);
// The same list without a page around it, for somebody who has typed a slash.
promptRoutes.get("/choices", choices);
promptRoutes.post("/", requireStorage, create);
promptRoutes.get("/:id", edit);
promptRoutes.patch("/:id", requireStorage, update);
promptRoutes.delete("/:id", destroy);
promptRoutes.use("/:id", keepingWords(PROMPT_FIELDS, showEdit));
promptRoutes.use(keepingWords(PROMPT_FIELDS, showNew));

async function index(request: Request, response: Response) {
  const usable = await listed(request);
  await response.page("chat/prompts/index", {
    title: t("Prompts"),
    mine: usable.filter(({ isMine }) => isMine),
    others: usable.filter(({ isMine }) => !isMine),
    conversation: conversationIn(request),
    example: examplePrompt,
  });
}

async function choices(request: Request, response: Response) {
  response.set("Cache-Control", "no-store").type("html");
  response.send(fragment(request, "chat/prompts/_choices", { prompts: await listed(request) }));
}

async function blank(_request: Request, response: Response) {
  await showNew(response, NOTHING_TYPED);
}

async function create(request: Request, response: Response) {
  const form = promptForm(request.body);
  if (!form.ok) return refused(response, form, showNew);

  if (await prompts.create(currentUser(request), form.value)) {
    flash(response, "promptAdded");
    response.redirect(303, "/prompts");
  } else {
    await refused(response, refuse(request.body, PROMPT_FIELDS, { name: TAKEN }), showNew);
  }
}

async function edit(request: PromptRequest, response: Response) {
  const prompt = await prompts.findOwn(currentUser(request).id, request.params.id);
  const { name, title, body, shared } = prompt;
  await showEdit(response, {
    values: { name, title, body, everyone: shared ? "on" : "" },
    errors: {},
  });
}

async function update(request: PromptRequest, response: Response) {
  const person = currentUser(request);
  const { id } = await prompts.findOwn(person.id, request.params.id);
  const form = promptForm(request.body);
  if (!form.ok) return refused(response, form, showEdit);

  if (await prompts.update(person, id, form.value)) {
    flash(response, "promptChanged");
    response.redirect(303, "/prompts");
  } else {
    await refused(response, refuse(request.body, PROMPT_FIELDS, { name: TAKEN }), showEdit);
  }
}

async function destroy(request: PromptRequest, response: Response) {
  await prompts.destroy(currentUser(request).id, request.params.id);
  flash(response, "promptDeleted");
  response.redirect(303, "/prompts");
}

async function showNew(response: Response, form: Refused) {
  await showForm(response, "chat/prompts/new", { title: t("New prompt"), form });
}

async function showEdit(response: Response, form: Refused) {
  const { id } = response.req.params;
  await showForm(response, "chat/prompts/edit", { title: t("Edit prompt"), id, form });
}

async function showForm(response: Response, view: string, locals: object) {
  await response.page(view, { ...locals, longestName: LONGEST_PROMPT_NAME });
}

/** What a list says of each, with the way to use it: in the conversation that one has come from. */
async function listed(request: Request) {
  const { id: userId } = currentUser(request);
  const conversation = conversationIn(request);
  const query = conversation ? `?${new URLSearchParams({ conversation })}` : "";

  return (await prompts.list(userId)).map(({ id, body, ...prompt }) => ({
    ...{ id, ...prompt },
    asks: gapsIn(body).length > 0,
    beginning: firstWords(body, SHOWN_CHARACTERS),
    address: `/prompts/${id}/use${query}`,
  }));
}

function conversationIn({ query }: Request): string | undefined {
  return keep(query, ["conversation"]).conversation;
}
