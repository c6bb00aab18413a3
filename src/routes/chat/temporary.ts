import { type Request, type Response, Router } from "express";
import { config } from "../../config.js";
import { NotFound, Problem } from "../../errors.js";
import { keep } from "../../forms/form.js";
import { messageForm } from "../../forms/message.js";
import type { RunEvent } from "../../generator/broadcast.js";
import { modelName } from "../../generator/catalogue.js";
import * as temporary from "../../generator/temporary.js";
import { progressHtml } from "../../helpers/progress.js";
import { type TemporaryView, temporaryView } from "../../helpers/temporary-view.js";
import { type EventStream, openEventStream, whenClosed } from "../../lib/event-stream.js";
import { t } from "../../lib/texts.js";
import { randomToken } from "../../lib/tokens.js";
import { currentUser } from "../../middleware/authentication.js";
import { showingAgain } from "../../middleware/errors.js";
import { flash } from "../../middleware/flash.js";
import { fragment } from "../../middleware/pages.js";
import { rateLimits } from "../../middleware/rate-limits.js";
import { sendEvent } from "./events.js";

export const temporaryRoutes = Router();

type TemporaryRequest = Request<{ id: string }>;

temporaryRoutes.get("/", blank);
temporaryRoutes.post("/", rateLimits.question, create);
temporaryRoutes.get("/:id", show);
temporaryRoutes.post("/:id", rateLimits.question, create);
temporaryRoutes.delete("/:id", destroy);
temporaryRoutes.get("/:id/answer", follow);
temporaryRoutes.post("/:id/answer", rateLimits.question, retry);
temporaryRoutes.delete("/:id/answer", stop);
temporaryRoutes.use(showingAgain(showAgain));

async function blank(_request: Request, response: Response) {
  await showPage(response, null, { text: "", error: null });
}

async function show(request: TemporaryRequest, response: Response) {
  const { id: userId } = currentUser(request);
  await showPage(response, pageOf(userId, request.params.id), { text: "", error: null });
}

async function create(request: Request<{ id?: string }>, response: Response) {
  const { id = null } = request.params;
  if (id !== null) temporary.find(currentUser(request).id, id);
  const form = messageForm({ ...request.body, prompt: wordsIn(request) }, longest());
  if (!form.ok)
    throw new Problem(422, Object.values(form.errors)[0] ?? t("Write something first."));

  const { prompt: text, key } = form.value;
  const asked = await temporary.ask(currentUser(request).id, id, { text, key });
  response.redirect(303, `/temporary/${asked.id}`);
}

async function retry(request: TemporaryRequest, response: Response) {
  await temporary.retry(currentUser(request).id, request.params.id);
  response.redirect(303, `/temporary/${request.params.id}`);
}

async function stop(request: TemporaryRequest, response: Response) {
  await temporary.stop(currentUser(request).id, request.params.id);
  response.redirect(303, `/temporary/${request.params.id}`);
}

async function destroy(request: TemporaryRequest, response: Response) {
  temporary.end(currentUser(request).id, request.params.id);
  flash(response, "temporaryEnded");
  response.redirect(303, "/");
}

/** Whatever refused the question: the page it came from says why, and keeps the text. */
async function showAgain(request: Request, response: Response, problem: Problem) {
  const [, id] = /^\/([^/]+)/.exec(request.path) ?? [];
  const typed = { text: wordsIn(request), error: problem.message };
  const { id: userId } = currentUser(request);
  const isThere = id !== undefined && temporary.listOf(userId).some((kept) => kept.id === id);
  await showPage(response, isThere ? pageOf(userId, id) : null, typed);
}

// Under this name it is not carried through a login, which would write it down.
function wordsIn({ body }: Request): string {
  return keep(body, ["words"]).words ?? "";
}

function longest(): number {
  return config.limits.promptCharacters;
}

type Shown = ReturnType<typeof pageOf>;

function pageOf(userId: string, id: string) {
  const { title, messages } = temporary.find(userId, id);
  const now = temporary.snapshot(userId, id);
  const views = messages.map((message) => {
    const model = modelName(message.role === "answer" ? message.model : null);
    return temporaryView(id, message, now && growing(now, model));
  });
  return { id, title, views, isRunning: now !== null };
}

function growing({ blocks, progress }: NonNullable<Snapshot>, model: string) {
  return {
    html: blocks.answer.join(""),
    reasoningHtml: blocks.reasoning.join(""),
    progress: progressHtml(progress, model),
    thoughtForMs: progress.thoughtForMs,
  };
}

type Snapshot = ReturnType<typeof temporary.snapshot>;

async function showPage(
  response: Response,
  conversation: Shown | null,
  typed: { text: string; error: string | null },
) {
  await response.page("chat/temporary/show", {
    title: t("Temporary conversation"),
    openId: conversation?.id ?? null,
    temporary: conversation,
    composer: { ...typed, key: randomToken(), limit: longest() },
  });
}

/** The growing answer as server-sent events; one that has ended is sent whole. */
async function follow(request: TemporaryRequest, response: Response) {
  const { id: userId } = currentUser(request);
  const { id } = request.params;
  const answer = temporary.find(userId, id).messages.at(-1);
  if (answer?.role !== "answer") throw new NotFound();
  if (request.method === "HEAD") return void response.end();

  const model = modelName(answer.model);
  const stream = openEventStream(response);
  const followed = temporary.follow(
    userId,
    id,
    {
      receive: relay,
      get congested() {
        return stream.congested;
      },
    },
    request.get("Last-Event-ID") ?? null,
  );

  if (followed) whenClosed(response, followed.leave);
  else sendEnd(request, stream, temporaryView(id, answer, null), false);

  function relay(event: RunEvent, eventId: string) {
    if (event.type !== "end") return sendEvent(stream, event, eventId, model);
    const ended = answer?.role === "answer" ? temporaryView(id, answer, null) : null;
    if (ended) sendEnd(request, stream, ended, event.held);
  }
}

// The reader puts its own text in: what it holds is all of it. A blank keeps the place of the reasoning.
function sendEnd(request: Request, stream: EventStream, view: TemporaryView, held: boolean) {
  const without = { html: "", reasoningHtml: view.reasoningHtml && " " };
  const message = held ? { ...view, ...without } : view;
  stream.send("done", { html: fragment(request, "chat/temporary/_message", { message }), held });
  stream.end();
}
