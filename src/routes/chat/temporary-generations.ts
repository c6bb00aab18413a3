import { type Request, type Response, Router } from "express";
import { modelField } from "../../forms/model-choice.js";
import type { RunEvent } from "../../generator/broadcast.js";
import { modelName } from "../../generator/catalogue.js";
import * as temporary from "../../generator/temporary.js";
import { addressOf, type TemporaryView } from "../../helpers/temporary-view.js";
import { type EventStream, openEventStream, whenClosed } from "../../lib/event-stream.js";
import { t } from "../../lib/texts.js";
import { currentUser } from "../../middleware/authentication.js";
import { fragment } from "../../middleware/pages.js";
import { rateLimits } from "../../middleware/rate-limits.js";
import { everyModel, readWriter } from "./choices.js";
import { sendEvent, withoutText } from "./events.js";
import { type MessageRequest, placeIn, viewOf } from "./temporary-page.js";

export const temporaryRegenerationRoutes = Router({ mergeParams: true });
export const temporaryGenerationRoutes = Router({ mergeParams: true });

temporaryRegenerationRoutes.get("/new", blank);
temporaryRegenerationRoutes.post("/", rateLimits.question, create);

temporaryGenerationRoutes.get("/:messageId", show);
temporaryGenerationRoutes.delete("/:messageId", destroy);

/** The models that may be asked for another answer. */
async function blank(request: MessageRequest, response: Response) {
  const { id, messageId } = placeIn(request);
  const { tree } = temporary.find(currentUser(request).id, id);
  const own = modelField(tree.answer(messageId));
  await response.page("chat/generations/new", {
    title: t("Another answer"),
    openId: id,
    answer: { path: `/temporary/${id}/messages/${messageId}`, address: addressOf(id, messageId) },
    models: everyModel().map((model) => ({ ...model, isOwn: model.value === own })),
  });
}

async function create(request: MessageRequest, response: Response) {
  const place = placeIn(request);
  await temporary.regenerate(currentUser(request).id, place, readWriter(request.body));
  response.redirect(303, `/temporary/${place.id}`);
}

async function destroy(request: MessageRequest, response: Response) {
  const { id, messageId } = placeIn(request);
  await temporary.stop(currentUser(request).id, { id, messageId });
  response.redirect(303, addressOf(id, messageId));
}

/** The growing answer as server-sent events; one that has ended is sent whole. */
async function show(request: MessageRequest, response: Response) {
  const { id: userId } = currentUser(request);
  const place = placeIn(request);
  const conversation = temporary.find(userId, place.id);
  const answer = conversation.tree.answer(place.messageId);
  if (request.method === "HEAD") return void response.end();

  const model = modelName(answer.model);
  const stream = openEventStream(response);
  const follower = {
    receive: relay,
    get congested() {
      return stream.congested;
    },
  };
  const lastId = request.get("Last-Event-ID") ?? null;
  const followed = temporary.follow(userId, place, { follower, lastId });

  if (followed) whenClosed(response, followed.leave);
  else sendEnd(request, stream, viewOf(conversation, answer), { held: false });

  function relay(event: RunEvent, eventId: string) {
    if (event.type !== "end") return sendEvent(stream, event, eventId, model);
    sendEnd(request, stream, viewOf(conversation, answer), event);
  }
}

function sendEnd(
  request: Request,
  stream: EventStream,
  view: TemporaryView,
  { held }: { held: boolean },
) {
  const message = held ? withoutText(view) : view;
  stream.send("done", { html: fragment(request, "chat/temporary/_message", { message }), held });
  stream.end();
}
