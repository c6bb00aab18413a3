// What is stored of an answer, as HTML.
import { log } from "../lib/log.js";
import * as generations from "../models/generations.js";
import * as messages from "../models/messages.js";
import { RENDERER_VERSION, renderMarkdown } from "../rendering/markdown.js";
import { takesWrites } from "../stores/disk.js";
import { scopesOf } from "./scopes.js";

/** A message with its HTML, rendered anew where an older renderer wrote it. */
export async function withHtml<T extends messages.Message>(userId: string, message: T): Promise<T> {
  if (!isStale(message)) return message;

  const html = await htmlOf(userId, message.id);
  if (takesWrites()) keepLater(message.id, html);
  return { ...message, ...html };
}

/** Whether an ended answer's HTML is not of this renderer. */
// A row that was read as running may have ended since, with more text: what it holds is not for keeping.
export function isStale({ role, state, rendererVersion }: messages.Message): boolean {
  return role === "answer" && state !== "running" && rendererVersion !== RENDERER_VERSION;
}

function keepLater(id: number, html: Awaited<ReturnType<typeof htmlOf>>) {
  generations
    .keepHtml(id, html)
    .catch((error) => log.warn({ err: error }, "rendered HTML could not be kept"));
}

/** What is stored of an answer's text by now. */
export async function htmlOf(userId: string, id: number) {
  const { body, reasoning } = await messages.sources(userId, id);
  const scopes = scopesOf(id);
  return {
    html: renderMarkdown(body, scopes.answer),
    reasoningHtml: renderMarkdown(reasoning, scopes.reasoning),
    rendererVersion: RENDERER_VERSION,
  };
}
