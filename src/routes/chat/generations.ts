import { type Request, type Response, Router } from "express";
import { NotFound } from "../../errors.js";
import { modelField } from "../../forms/model-choice.js";
import type { RunEvent } from "../../generator/broadcast.js";
import { modelName } from "../../generator/catalogue.js";
import * as generator from "../../generator/generator.js";
import { spentLine } from "../../helpers/spending.js";
import { type EventStream, openEventStream, whenClosed } from "../../lib/event-stream.js";
import { t } from "../../lib/texts.js";
import { currentUser } from "../../middleware/authentication.js";
import { fragment } from "../../middleware/pages.js";
import { rateLimits } from "../../middleware/rate-limits.js";
import * as conversations from "../../models/conversations.js";
import * as generations from "../../models/generations.js";
import * as messages from "../../models/messages.js";
import * as usage from "../../models/usage.js";
import { addressOf, type MessageRequest, messageIdOf } from "./answer.js";
import { viewOf } from "./articles.js";
import { everyModel, readWriter } from "./choices.js";
import { sendEvent, withoutText } from "./events.js";

export const regenerationRoutes = Router();
export const generationRoutes = Router();

regenerationRoutes.get("/:id/generations/new", blank);
regenerationRoutes.post("/:id/generations", rateLimits.question, create);

generationRoutes.get("/:id", show);
generationRoutes.delete("/:id", destroy);

/** The models that may be asked for another answer. */
async function blank(request: MessageRequest, response: Response) {
  const answer = await generations.find(currentUser(request).id, messageIdOf(request));
  const { id, conversationId } = answer;
  const own = modelField(answer);
  await response.page("chat/generations/new", {
    title: t("Another answer"),
    openId: conversationId,
    answer: {
      path: `/messages/${id}`,
      address: `${addressOf({ conversationId, answerId: id })}#message-${id}`,
    },
    models: everyModel().map((model) => ({ ...model, isOwn: model.value === own })),
  });
}

// The page opens at its end, where the answer grows.
async function create(request: MessageRequest, response: Response) {
  const { id: userId } = currentUser(request);
  const begun = await generator.regenerate(userId, messageIdOf(request), readWriter(request.body));
  response.redirect(303, addressOf(begun));
}

async function destroy(request: MessageRequest, response: Response) {
  const { id, conversationId } = await generations.find(
    currentUser(request).id,
    messageIdOf(request),
  );
  await generator.stop(id);
  response.redirect(303, `${addressOf({ conversationId, answerId: id })}#message-${id}`);
}

/** The growing answer as server-sent events; one that has ended is sent whole. */
async function show(request: MessageRequest, response: Response) {
  const {
    id,
    conversationId,
    model: modelId,
  } = await generations.find(currentUser(request).id, messageIdOf(request));
  if (request.method === "HEAD") return void response.end();

  const model = modelName(modelId);
  const stream = openEventStream(response);
  const followed = generator.follow(
    id,
    {
      receive: (event, eventId) => relay(event, eventId),
      get congested() {
        return stream.congested;
      },
    },
    request.get("Last-Event-ID") ?? null,
  );

  if (followed) whenClosed(response, followed.leave);
  else await sendMissed();

  // It ended after the page was made, and nobody was reading then.
  async function sendMissed() {
    await sendEnd(request, stream, id, { held: false });
    await conversations.markRead(currentUser(request).id, conversationId);
  }

  function relay(event: RunEvent, eventId: string) {
    if (event.type === "end") return void sendEnd(request, stream, id, event);
    sendEvent(stream, event, eventId, model);
  }
}

async function sendEnd(
  request: Request,
  stream: EventStream,
  id: number,
  { held }: { held: boolean },
) {
  try {
    const { id: userId } = currentUser(request);
    const answer = await messages.find(userId, id);
    // Nothing writes it at this moment: who comes back may find that it goes on.
    if (answer.state === "running") return stream.send("restarting", {});

    const view = await viewOf(userId, answer);
    const message = held ? withoutText(view) : view;
    const html = fragment(request, "chat/messages/_message", { message });
    const spent = spentLine(usage.total(await usage.ofConversation(userId, answer.conversationId)));
    const conversation = { id: answer.conversationId };
    const line = fragment(request, "chat/conversations/_usage", { spent, conversation });
    stream.send("done", { html, held, title: answer.title, usage: line });
  } catch (error) {
    if (error instanceof NotFound) stream.send("gone", {});
    else request.log.error({ err: error }, "the end of an answer could not be sent");
  } finally {
    stream.end();
  }
}
