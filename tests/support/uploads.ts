import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import type { Page, Visitor } from "./visitor.js";

/** Sends a file as the form for imports does; the page that answers. */
export function upload(
  visitor: Visitor,
  content: string | Buffer | object,
  name = "export.json",
): Promise<Page> {
  const isReady = typeof content === "string" || Buffer.isBuffer(content);
  const bytes = Uint8Array.from(Buffer.from(isReady ? content : JSON.stringify(content)));
  const body = new FormData();
  body.append("file", new File([bytes], name));
  return visitor.request("/imports", { method: "POST", body, headers: { Origin: visitor.url } });
}

/** The page of an import once nothing is being done about it. */
export async function whenDone(visitor: Visitor, path: string): Promise<Page> {
  const page = await visitor.get(path);
  assert.equal(page.status, 200, page.html);
  if (page.$("import-progress[running]").length === 0) return page;

  await wait(20);
  return whenDone(visitor, path);
}

/** Sends a file and waits until it has been read. */
export async function bring(visitor: Visitor, content: string | Buffer | object, name?: string) {
  const page = await upload(visitor, content, name);
  assert.equal(page.status, 303, page.words("main"));
  const path = String(page.location);
  return { path, page: await whenDone(visitor, path) };
}

/** Sends a file and takes in what is chosen of it by itself. */
export async function takeAll(visitor: Visitor, content: string | Buffer | object, name?: string) {
  const { path, page } = await bring(visitor, content, name);
  const positions = page.$("[name=positions][checked]").toArray();
  const body = new URLSearchParams({ _method: "PATCH", act: "take", page: "1" });
  for (const box of positions) body.append("positions", String(page.$(box).attr("value")));
  await visitor.request(path, { method: "POST", body, headers: { Origin: visitor.url } });
  return { path, page: await whenDone(visitor, path) };
}
