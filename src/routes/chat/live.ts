import { type Request, type Response, Router } from "express";
import type { RunEvent } from "../../generator/broadcast.js";
import * as generator from "../../generator/generator.js";
import { outcomeOf } from "../../helpers/outcomes.js";
import { whenClosed } from "../../lib/event-stream.js";
import { currentUser } from "../../middleware/authentication.js";
import { fragment } from "../../middleware/pages.js";
import * as conversations from "../../models/conversations.js";
import * as generations from "../../models/generations.js";
import * as messages from "../../models/messages.js";
import { viewOf } from "./conversation-page.js";

export const liveRoutes = Router({ mergeParams: true });

const LAST_EVENTS = ["end", "gone", "restarting", "moved"];

type LiveRequest = Request<{ conversationId: string }>;

liveRoutes.get("/", show);

/** For browsers without JavaScript: a page that ends when its answer does, and grows block by block. */
async function show(request: LiveRequest, response: Response) {
  const { id: userId } = currentUser(request);
  const conversation = await conversations.find(userId, request.params.conversationId);
  const answer = await generations.findRunning(conversation.id);
  if (!answer?.parent) return response.redirect(303, `/conversations/${conversation.id}`);

  if (request.method === "HEAD") return response.end();

  const question = viewOf(answer.parent, []);
  response.writeHead(200, {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store, no-transform",
    "X-Accel-Buffering": "no",
  });
  response.write(
    await fragment(request, response, "chat/live/_opening", { conversation, question, answer }),
  );

  await growInto(response, answer.id);
  const ended = await messages.find(userId, answer.id).catch(() => null);
  const outcome = ended && outcomeOf(ended);
  response.end(
    await fragment(request, response, "chat/live/_closing", { conversation, answer, outcome }),
  );
}

/** Writes each block of the answer once it cannot change any more; returns when there are no more. */
async function growInto(response: Response, id: number) {
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  let followed: ReturnType<typeof generator.follow> = null;
  let written = 0;

  function writeClosed() {
    const blocks = followed?.closed() ?? [];
    for (const block of blocks.slice(written)) response.write(block);
    written = Math.max(written, blocks.length);
  }

  const reader = {
    receive: ({ type }: RunEvent) => {
      writeClosed();
      // While nothing else comes, a proxy sees that the page lives.
      if (type === "progress") response.write("\n");
      if (LAST_EVENTS.includes(type)) end();
    },
    get congested() {
      return response.writableNeedDrain;
    },
  };

  followed = generator.follow(id, reader, null);
  whenClosed(response, end);
  if (followed) await ended;
  followed?.leave();
}
