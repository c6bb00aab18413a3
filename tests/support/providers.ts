import assert from "node:assert/strict";
import type { TestApp } from "./app.js";
import type { FakeDeepSeek } from "./fake-deepseek.js";
import type { Visitor } from "./visitor.js";

export const PROVIDER_KEY = "sk-canary-of-a-provider-7f3a";

/** Adds a provider as an administrator does; returns its page's path and its id. */
export async function addProvider(
  administrator: Visitor,
  { url }: Pick<FakeDeepSeek, "url">,
  fields: Record<string, string> = {},
) {
  const page = await administrator.post("/admin/providers", {
    name: "Other",
    baseUrl: url,
    key: PROVIDER_KEY,
    ...fields,
  });
  assert.equal(page.status, 303, page.words(".field__error"));
  const path = String(page.location);
  return { path, id: path.split("/").at(-1) as string };
}

/** From its next question on a conversation is asked of this model. */
export function choose(
  { database }: TestApp,
  conversation: string,
  [providerId, model]: [string | null, string | null],
) {
  const id = conversation.split("/").at(-1);
  database
    .prepare("UPDATE Conversation SET providerId = ?, model = ? WHERE id = ?")
    .run(providerId, model, id);
}
