import type { Request } from "express";
import { LRUCache } from "lru-cache";
import { config } from "../../config.js";
import { modelName, offered, providerName } from "../../generator/catalogue.js";
import * as generator from "../../generator/generator.js";
import * as stored from "../../generator/stored.js";
import { catalogueEdition } from "../../generator/upstream/edition.js";
import { type Growing, type MessageView, messageView } from "../../helpers/message-view.js";
import { progressHtml, waitingHtml } from "../../helpers/progress.js";
import { currentUser } from "../../middleware/authentication.js";
import { fragment } from "../../middleware/pages.js";
import * as messages from "../../models/messages.js";

const MOST_BYTES = 8_000_000;

interface Article {
  stamp: string;
  html: Buffer;
}

// What has ended does not change: who reads a conversation on waits for what is new in it alone.
const kept = new LRUCache<number, Article>({
  maxSize: MOST_BYTES,
  sizeCalculation: ({ html }) => html.length,
});

/** The messages of these places as HTML. */
export async function articlesOf(request: Request, places: messages.Place[]): Promise<Buffer[]> {
  const known = new Map(places.map((place) => [place.id, keptOf(place)]));
  const missing = places.filter(({ id }) => !known.get(id)).map(({ id }) => id);
  const rows = missing.length > 0 ? await messages.findMany(missing) : [];
  const whole = await stored.withHtml(currentUser(request).id, rows);

  await Promise.all(
    whole.map(async (row, index) => {
      const html = await articleOf(request, row);
      known.set(row.id, html);
      // As it was read: what is rendered anew has to be stored first.
      if (lasts(rows[index] ?? row)) kept.set(row.id, { stamp: stampOf(row), html });
    }),
  );
  return [...known.values()].filter((html) => html !== undefined);
}

/** A message as it is shown, with what a running answer has by now. */
export async function viewOf(userId: string, row: messages.Shown): Promise<MessageView> {
  if (row.state === "running") {
    return messageView(row, growing(row) ?? (await waiting(userId, row)), models(row));
  }

  const [whole = row] = await stored.withHtml(userId, [row]);
  return messageView(whole, null, models(row));
}

function models({ role, providerId, model }: messages.Shown) {
  return {
    writer: role === "answer" ? modelName(model) : null,
    provider: providerId === null ? null : providerName(providerId),
    hasOthers: offered().length > 1,
  };
}

function keptOf(place: messages.Place): Buffer | undefined {
  const article = kept.get(place.id);
  return article?.stamp === stampOf(place) ? article.html : undefined;
}

// Who wrote an answer is shown by the name that its server has for it now.
function stampOf({ stamp }: messages.Place): string {
  return `${catalogueEdition()} ${stamp}`;
}

async function articleOf(request: Request, row: messages.Shown): Promise<Buffer> {
  const message = await viewOf(currentUser(request).id, row);
  return encoded(fragment(request, "chat/messages/_message", { message }));
}

// Not from Node's pool: a small piece that is kept would keep all eight kilobytes that it is a part of.
function encoded(html: string): Buffer {
  const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(html));
  bytes.write(html);
  return bytes;
}

// In development a template may change at any time.
function lasts(row: messages.Shown): boolean {
  return row.state !== "running" && !stored.isStale(row) && config.environment !== "development";
}

function growing({ id, model }: messages.Message): Growing | null {
  const now = generator.snapshot(id);

  return (
    now && {
      html: now.blocks.answer.join(""),
      reasoningHtml: now.blocks.reasoning.join(""),
      progress: progressHtml(now.progress, modelName(model)),
      thoughtForMs: now.progress.thoughtForMs,
    }
  );
}

// Nothing writes it at this moment: the server restarts, or cannot write to its disk.
async function waiting(userId: string, { id }: messages.Message): Promise<Growing> {
  return { ...(await stored.htmlOf(userId, id)), progress: waitingHtml(), thoughtForMs: null };
}
