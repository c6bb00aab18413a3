// What is stored of an answer, as HTML.
import { log } from "../lib/log.js";
import * as generations from "../models/generations.js";
import * as messages from "../models/messages.js";
import * as reading from "../models/shares/reading.js";
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
  generations.keepHtml(id, html).catch(noteUnkept);
}

function noteUnkept(error: unknown) {
  log.warn({ err: error }, "rendered HTML could not be kept");
}

/** What is stored of an answer's text by now. */
export async function htmlOf(userId: string, id: number) {
  return rendered(await messages.sources(userId, id), id);
}

/** A message that is shared, with its HTML; no page but this one tells it apart by its place. */
export async function withSharedHtml(
  shareId: string,
  message: reading.SharedMessage,
): Promise<reading.SharedMessage> {
  const { role, place, rendererVersion } = message;
  if (role !== "answer" || rendererVersion === RENDERER_VERSION) return message;

  const html = rendered(await reading.sources(shareId, place), place);
  if (takesWrites()) reading.keepHtml(shareId, place, html).catch(noteUnkept);
  return { ...message, ...html };
}

function rendered({ body, reasoning }: { body: string; reasoning: string }, scope: number) {
  const scopes = scopesOf(scope);
  return {
    html: renderMarkdown(body, scopes.answer),
    reasoningHtml: renderMarkdown(reasoning, scopes.reasoning),
    rendererVersion: RENDERER_VERSION,
  };
}
