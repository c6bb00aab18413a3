import assert from "node:assert/strict";
import { test } from "node:test";
import { promisify } from "node:util";
import type { Request } from "express";
import type { SessionData } from "express-session";
import { startApp } from "../support/app.js";

const app = await startApp();
const { sessionStore: store } = await import("../../src/stores/session-store.js");

const get = promisify<string, SessionData | null | undefined>(store.get.bind(store));
const set = promisify<string, SessionData>(store.set.bind(store));
const destroy = promisify<string>(store.destroy.bind(store));

// What express-session makes of a row for the request that reads it.
async function loaded(sid: string): Promise<SessionData> {
  const data = (await get(sid)) as SessionData;
  return store.createSession({ sessionID: sid } as Request, data as never) as never;
}

async function begun(sid: string): Promise<SessionData> {
  const { id } = app.database.prepare("SELECT id FROM User").get() as { id: string };
  const session = { cookie: { originalMaxAge: 1000 }, passport: { user: id } } as never;
  await set(sid, session);
  return session;
}

await app.signedIn("ada");

test("a session that is changed is stored", async () => {
  await begun("one");
  const session = await loaded("one");
  session.draft = { text: "Half a thought", conversationId: null };
  await set("one", session);

  assert.equal((await get("one"))?.draft?.text, "Half a thought");
});

test("a session that ended meanwhile is not revived by a request that was under way", async () => {
  await begun("two");
  const session = await loaded("two");
  await destroy("two");
  session.draft = { text: "Too late", conversationId: null };
  await set("two", session);

  assert.equal(await get("two"), null);
});

test("one without a person is not stored", async () => {
  await set("three", { cookie: { originalMaxAge: 1000 } } as never);
  assert.equal(await get("three"), null);
});
