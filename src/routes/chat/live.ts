import { once } from "node:events";
import { type Request, type Response, Router } from "express";
import type { Follower, RunEvent } from "../../generator/broadcast.js";
import * as generator from "../../generator/generator.js";
import { outcomeOf } from "../../helpers/outcomes.js";
import { end, whenClosed } from "../../lib/event-stream.js";
import { t } from "../../lib/texts.js";
import { currentUser } from "../../middleware/authentication.js";
import { fragment } from "../../middleware/pages.js";
import * as conversations from "../../models/conversations.js";
import * as generations from "../../models/generations.js";
import * as messages from "../../models/messages.js";
import { isLast } from "./answer.js";
import { viewOf } from "./articles.js";

export const liveRoutes = Router({ mergeParams: true });

const RESTARTING = t(
  "This page ends here because the server does for a moment. The answer goes on: read it in the conversation.",
);
const MOVED = t(
  "This page ends here, and the answer goes on: read it in the conversation. You may have to log in again.",
);

type LiveRequest = Request<{ conversationId: string }>;

liveRoutes.get("/", show);

/** For browsers without JavaScript: a page that ends when its answer does, and grows block by block. */
async function show(request: LiveRequest, response: Response) {
  const { id: userId } = currentUser(request);
  const conversation = await conversations.find(userId, request.params.conversationId);
  const answer = await generations.findRunning(conversation.id);
  if (!answer?.parentId) return response.redirect(303, `/conversations/${conversation.id}`);
  if (request.method === "HEAD") return response.end();

  const question = await viewOf(userId, await messages.find(userId, answer.parentId));
  response.writeHead(200, {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store, no-transform",
    "X-Accel-Buffering": "no",
  });
  response.write(fragment(request, "chat/live/_opening", { conversation, question, answer }));

  const last = await new Appender(response).follow(answer.id);
  const ended = await messages.find(userId, answer.id).catch(() => null);
  const outcome = ended?.state === "running" ? goesOn(last) : ended && outcomeOf(ended);
  response.write(fragment(request, "chat/live/_closing", { conversation, answer, outcome }));
  end(response);
}

function goesOn(last: RunEvent["type"] | null) {
  return { kind: "notice", text: last === "moved" ? MOVED : RESTARTING };
}

/** A reader that can only append: it writes each block of an answer once that is over. */
class Appender implements Follower {
  readonly #response: Response;
  readonly #end = new AbortController();
  #closed: () => readonly string[] = () => [];
  #written = 0;
  #last: RunEvent["type"] | null = null;

  constructor(response: Response) {
    this.#response = response;
  }

  /** Returns when there is no more to write, or nobody to read it, with the last event if one came. */
  async follow(id: number) {
    const followed = generator.follow(id, this, null);
    if (!followed) return null;

    this.#closed = followed.closed;
    this.#write();
    whenClosed(this.#response, () => this.#end.abort());
    if (!this.#end.signal.aborted) await once(this.#end.signal, "abort");
    followed.leave();
    return this.#last;
  }

  receive(event: RunEvent) {
    this.#write();
    // While nothing else comes, a proxy sees that the page lives.
    if (event.type === "progress") this.#response.write("\n");
    if (isLast(event)) {
      this.#last = event.type;
      this.#end.abort();
    }
  }

  get congested(): boolean {
    return this.#response.writableNeedDrain;
  }

  #write() {
    const blocks = this.#closed();
    for (const block of blocks.slice(this.#written)) this.#response.write(block);
    this.#written = Math.max(this.#written, blocks.length);
  }
}
