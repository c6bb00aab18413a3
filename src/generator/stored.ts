// What is stored of an answer, as HTML.
import { Unavailable } from "../errors.js";
import { log } from "../lib/log.js";
import { t } from "../lib/texts.js";
import * as generations from "../models/generations.js";
import * as messages from "../models/messages.js";
import * as reading from "../models/shares/reading.js";
import { isCrowded, renderInThread } from "../rendering/in-thread.js";
import { RENDERER_VERSION } from "../rendering/markdown.js";
import { takesWrites } from "../stores/disk.js";
import { scopesOf } from "./scopes.js";

type Html = Awaited<ReturnType<typeof rendered>>;

const TOO_MUCH = t("Much is being formatted at this moment. Try again in a minute.");
const RETRY_SECONDS = 30;

// Many may open the same page at once.
const underWay = new Map<string, Promise<Html>>();

interface Renewal<T> {
  isStale(message: T): boolean;
  render(message: T): Promise<Html>;
  keep(message: T, html: Html): Promise<void>;
}

/** Messages with their HTML, rendered anew where an older renderer wrote it. */
export function withHtml<T extends messages.Message>(
  userId: string,
  shown: readonly T[],
): Promise<T[]> {
  return renewed<T>(shown, {
    isStale,
    render: ({ id }) => once(String(id), () => htmlOf(userId, id)),
    keep: ({ id }, html) => generations.keepHtml(id, html),
  });
}

/** Whether an ended answer's HTML is not of this renderer. */
// A row that was read as running may have ended since, with more text: what it holds is not for keeping.
export function isStale({ role, state, rendererVersion }: messages.Message): boolean {
  return role === "answer" && state !== "running" && rendererVersion !== RENDERER_VERSION;
}

/** What is stored of an answer's text by now. */
export async function htmlOf(userId: string, id: number) {
  return rendered(await messages.sources(userId, id), id);
}

/** Messages that are shared, with their HTML; no page but this one tells them apart by their places. */
export function withSharedHtml(shareId: string, shown: readonly reading.SharedMessage[]) {
  return renewed(shown, {
    isStale: ({ role, rendererVersion }) =>
      role === "answer" && rendererVersion !== RENDERER_VERSION,
    render: ({ place }) =>
      once(`${shareId} ${place}`, async () =>
        rendered(await reading.sources(shareId, place), place),
      ),
    keep: ({ place }, html) => reading.keepHtml(shareId, place, html),
  });
}

// One after the other, so that a long page waits in no line before others; kept all at once: that is one commit.
async function renewed<T>(shown: readonly T[], by: Renewal<T>): Promise<T[]> {
  const fresh: (Html | null)[] = [];
  for (const one of shown) fresh.push(by.isStale(one) ? await by.render(one) : null);

  return shown.map((message, index) => {
    const html = fresh[index];
    if (html && takesWrites()) by.keep(message, html).catch(noteUnkept);
    return { ...message, ...html };
  });
}

function once(key: string, work: () => Promise<Html>): Promise<Html> {
  const begun = underWay.get(key) ?? work().finally(() => underWay.delete(key));
  underWay.set(key, begun);
  return begun;
}

function noteUnkept(error: unknown) {
  log.warn({ err: error }, "rendered HTML could not be kept");
}

async function rendered({ body, reasoning }: { body: string; reasoning: string }, scope: number) {
  if (isCrowded()) throw new Unavailable(TOO_MUCH, RETRY_SECONDS);
  const scopes = scopesOf(scope);
  const [html, reasoningHtml] = await Promise.all([
    renderInThread(body, scopes.answer),
    renderInThread(reasoning, scopes.reasoning),
  ]);
  return {
    html: html.join(""),
    reasoningHtml: reasoningHtml.join(""),
    rendererVersion: RENDERER_VERSION,
  };
}
