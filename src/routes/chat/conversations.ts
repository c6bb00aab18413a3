import { type Request, type Response, Router } from "express";
import { NotFound } from "../../errors.js";
import { titleForm } from "../../forms/conversation.js";
import { keep } from "../../forms/form.js";
import { pageNumber, readRowId } from "../../forms/paging.js";
import { safePath } from "../../forms/sign-in.js";
import * as generator from "../../generator/generator.js";
import { t } from "../../lib/texts.js";
import { currentUser, requireUser } from "../../middleware/authentication.js";
import { flash } from "../../middleware/flash.js";
import { isLookedAt } from "../../middleware/looked-at.js";
import { resultOf } from "../../middleware/refusals.js";
import * as trash from "../../models/conversations/trash.js";
import * as conversations from "../../models/conversations.js";
import * as path from "../../models/messages/path.js";
import { showBlank, showConversation } from "./conversation-page.js";
import { pageLinks } from "./listing.js";

export const homeRoutes = Router();
export const conversationRoutes = Router();
export const historyRoutes = Router();

type ConversationRequest = Request<{ id: string }>;

homeRoutes.get("/", requireUser, blank);

conversationRoutes.get("/", index);
conversationRoutes.get("/:id", show);
conversationRoutes.patch("/:id", update);
conversationRoutes.delete("/:id", destroy);

historyRoutes.post("/", clear);
historyRoutes.get("/", (_request, response) => response.redirect(303, "/account"));

async function blank(request: Request, response: Response) {
  const { folder, preset: presetId } = keep(request.query, ["folder", "preset"]);
  await showBlank(request, response, { folderId: readRowId(folder), presetId });
}

async function index(request: Request, response: Response) {
  const found = await conversations.page(currentUser(request).id, pageNumber(request.query.page));
  await response.page("chat/conversations/index", {
    title: t("All conversations"),
    page: pageLinks(found),
  });
}

async function show(request: ConversationRequest, response: Response) {
  const { conversation, turn } = await showConversation(request, response, {
    id: request.params.id,
    through: readRowId(request.query.message),
    before: readRowId(request.query.before),
    from: readRowId(request.query.from),
  });
  if (!isLookedAt(request)) return;

  // The page has waited for neither: somebody else may hold the database.
  if (turn) path.rememberLater(turn);
  if (conversation.unread) void conversations.markRead(currentUser(request).id, conversation.id);
}

/** Renames a conversation; a title that cannot be is asked for again on a page of its own. */
async function update(request: ConversationRequest, response: Response) {
  const { id: userId } = currentUser(request);
  const conversation = await conversations.find(userId, request.params.id);
  const back = safePath(request.body?.back ?? `/conversations/${conversation.id}`);
  const renamed = await resultOf(titleForm(request.body), "title", response, ({ title }) =>
    conversations.rename(userId, conversation.id, title),
  );

  if (renamed.ok) {
    flash(response, "renamed");
    response.redirect(303, back);
  } else {
    const locals = { title: t("Rename"), conversation, back, form: renamed };
    await response.page("chat/conversations/edit", locals);
  }
}

/** Moves a conversation to the trash. */
async function destroy(request: ConversationRequest, response: Response) {
  const { count, running } = await trash.discard(currentUser(request).id, [request.params.id]);
  if (count === 0) throw new NotFound();

  await generator.stopAll(running);
  flash(response, "deleted");
  response.redirect(303, safePath(request.body?.back ?? "/"));
}

async function clear(request: Request, response: Response) {
  const { running } = await trash.discardAll(currentUser(request).id);
  await generator.stopAll(running);
  flash(response, "cleared");
  response.redirect(303, "/");
}
