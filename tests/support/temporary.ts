import assert from "node:assert/strict";
import type { Page, Visitor } from "./visitor.js";

/** Asks in a temporary conversation, or begins one; returns its address. */
export async function ask(
  visitor: Visitor,
  words: string,
  { at = "/temporary", ...fields }: Record<string, string> = {},
): Promise<string> {
  const page = await visitor.post(at, { words, ...fields });
  assert.equal(page.status, 303, page.words(".field__error"));
  return String(page.location);
}

/** Where the answer that is being written is told. */
export async function streamOf(visitor: Visitor, address: string): Promise<string> {
  return String((await visitor.get(address)).$("message-stream").attr("src"));
}

/** Where versions of the questions that are read are sent, the first first. */
export async function editsOf(visitor: Visitor, address: string): Promise<string[]> {
  const links = (await visitor.settled(address)).$("edit-link a").toArray();
  return links.map(({ attribs }) => String(attribs.href).replace(/\/new$/, ""));
}

/** Where the last answer is asked for anew. */
export async function againOf(visitor: Visitor, address: string): Promise<string> {
  return addressOfForm(await visitor.settled(address));
}

function addressOfForm({ $ }: Page): string {
  return String($(".message form[action$='/generations']").last().attr("action"));
}
