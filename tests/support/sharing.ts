import assert from "node:assert/strict";
import type { Page, Visitor } from "./visitor.js";

type Change = (fields: URLSearchParams) => void;

/** Sends the form of a page as a browser does: what stands in it and is ticked, after a change. */
export async function sendForm(visitor: Visitor, page: Page, change: Change = () => {}) {
  const form = page.$("main form.form");
  const body = new URLSearchParams(form.serialize());
  change(body);
  return visitor.request(String(form.attr("action")), {
    method: "POST",
    body,
    headers: { Origin: visitor.url },
  });
}

/** Shares a conversation: the path of its link, and the page of its owner that shows it. */
export async function share(visitor: Visitor, path: string, change: Change = () => {}) {
  const made = await sendForm(visitor, await visitor.get(`${path}/shares/new`), change);
  assert.equal(made.status, 303, made.words("[role=alert], .field__error"));
  const page = await visitor.follow(made);
  return { link: new URL(page.words("#share-link")).pathname, page, own: String(made.location) };
}
