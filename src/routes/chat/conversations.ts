import { type Request, type Response, Router } from "express";
import { NotFound } from "../../errors.js";
import { titleForm } from "../../forms/conversation.js";
import { type Refused, refuse } from "../../forms/form.js";
import { pageNumber, readRowId } from "../../forms/paging.js";
import { safePath } from "../../forms/sign-in.js";
import * as generator from "../../generator/generator.js";
import { currentUser, requireUser } from "../../middleware/authentication.js";
import { noteForLog, problemOf, setStatus } from "../../middleware/errors.js";
import { flash } from "../../middleware/flash.js";
import { isLookedAt } from "../../middleware/looked-at.js";
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
  await showBlank(request, response);
}

async function index(request: Request, response: Response) {
  const found = await conversations.page(currentUser(request).id, pageNumber(request.query.page));
  await response.page("chat/conversations/index", {
    title: "All conversations",
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
  const form = titleForm(request.body);
  const back = safePath(request.body?.back ?? `/conversations/${conversation.id}`);
  const showAgain = (refused: Refused) =>
    response.page("chat/conversations/edit", {
      ...{ title: "Rename", conversation, back },
      form: refused,
    });

  if (!form.ok) {
    response.status(422);
    return showAgain(form);
  }

  try {
    await conversations.rename(userId, conversation.id, form.value.title);
  } catch (error) {
    // What was typed is kept, whatever keeps it from being stored.
    const problem = problemOf(error);
    noteForLog(problem, error, response);
    setStatus(response, problem);
    return showAgain(refuse(request.body, ["title"], { title: problem.message }));
  }
  flash(response, "renamed");
  response.redirect(303, back);
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
