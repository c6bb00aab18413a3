import { type Request, type Response, Router } from "express";
import { pageNumber, readRowId } from "../../forms/paging.js";
import * as generator from "../../generator/generator.js";
import { currentUser, requireUser } from "../../middleware/authentication.js";
import { flash } from "../../middleware/flash.js";
import * as conversations from "../../models/conversations.js";
import * as path from "../../models/messages/path.js";
import { showBlank, showConversation } from "./conversation-page.js";

export const homeRoutes = Router();
export const conversationRoutes = Router();
export const historyRoutes = Router();

type ConversationRequest = Request<{ id: string }>;

homeRoutes.get("/", requireUser, blank);

conversationRoutes.get("/", index);
conversationRoutes.get("/:id", show);
conversationRoutes.delete("/:id", destroy);

historyRoutes.post("/", clear);
historyRoutes.get("/", (_request, response) => response.redirect(303, "/account"));

async function blank(request: Request, response: Response) {
  await showBlank(request, response);
}

async function index(request: Request, response: Response) {
  const { items, number, hasOlder } = await conversations.page(
    currentUser(request).id,
    pageNumber(request.query.page),
  );

  await response.page("chat/conversations/index", {
    title: "All conversations",
    page: {
      items,
      number,
      older: hasOlder ? `?page=${number + 1}` : null,
      newer: number > 1 ? `?page=${number - 1}` : null,
    },
  });
}

async function show(request: ConversationRequest, response: Response) {
  const { turn } = await showConversation(request, response, {
    id: request.params.id,
    through: readRowId(request.query.message),
    before: readRowId(request.query.before),
    from: readRowId(request.query.from),
  });
  if (turn && isLookedAt(request)) path.rememberLater(turn);
}

// What a browser fetches ahead of its reader, nobody has seen.
function isLookedAt(request: Request): boolean {
  return request.method === "GET" && !/prefetch/.test(request.get("Sec-Purpose") ?? "");
}

async function destroy(request: ConversationRequest, response: Response) {
  await conversations.destroy(currentUser(request).id, request.params.id);
  generator.forget(request.params.id);
  flash(response, "deleted");
  response.redirect(303, "/");
}

async function clear(request: Request, response: Response) {
  await conversations.clear(currentUser(request).id, generator.forget);
  flash(response, "cleared");
  response.redirect(303, "/");
}
