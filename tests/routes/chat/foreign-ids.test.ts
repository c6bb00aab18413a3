import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { startApp } from "../../support/app.js";
import * as scenario from "../../support/fake-deepseek.js";
import type { Page, Visitor } from "../../support/visitor.js";

const app = await startApp();
const ada = await app.signedIn("ada");
const bob = await app.signedIn("bob");

/** Everything of everybody, to see that nothing has changed. */
function everything(): unknown {
  const tables = ["Conversation", "Message", "User", "PasswordReset"];
  return tables.map((table) => app.database.prepare(`SELECT * FROM ${table} ORDER BY id`).all());
}

/** A page without what is new in each: the request's id, the form's key, and the ids that were asked for. */
function lasting({ status, html }: Page, ids: Ids): string {
  const page = html.replace(
    /<code>[^<]*<\/code>|name="key" value="[^"]*"|"requestId":"[^"]*"/g,
    "",
  );
  return `${status} ${page}`.replaceAll(ids.conversation, "").replaceAll(ids.message, "");
}

test("every chat route with somebody else's ids is a 404 like for nothing, and changes nothing", async () => {
  // Seven digits are nothing else on a page.
  app.database.exec("INSERT INTO sqlite_sequence (name, seq) VALUES ('Message', 7000000)");
  const finished = await ada.talk("Ada's secret");
  app.fake.next(scenario.stall(0));
  const running = await ada.get(await ada.ask("Ada's running secret"));
  const own = String((await bob.talk("Bob's own")).field("conversation"));
  const theirs = [...idsOn(finished), ...idsOn(running)];
  const nothing = { conversation: "AAAAAAAAAAAAAAAAAAAAAA", message: "7999999" };
  // Its first checkpoint has been written: no other is until there is text.
  await pause(700);
  const before = everything();

  for (const [name, request] of Object.entries(routes(own))) {
    const expected = lasting(await request(bob, nothing), nothing);
    assert.match(expected, /^404/, name);
    for (const ids of theirs) assert.equal(lasting(await request(bob, ids), ids), expected, name);
  }

  assert.deepEqual(everything(), before);
  assert.ok(app.fake.requests.every((request) => !request.abandoned));
  await ada.post("/clear");
});

function idsOn(page: Page): Ids[] {
  const conversation = String(page.field("conversation"));
  const articles = page.$(".message").toArray();
  return articles.map((article) => ({
    conversation,
    message: page.$(article).attr("id")?.replace("message-", "") ?? "",
  }));
}

type Ids = { conversation: string; message: string };

function routes(own: string): Record<string, (visitor: Visitor, ids: Ids) => Promise<Page>> {
  const prompt = "May I?";
  const stream = { Accept: "text/event-stream" };
  return {
    show: (v, { conversation }) => v.get(`/conversations/${conversation}`),
    "show from a message": (v, { message }) => v.get(`/conversations/${own}?message=${message}`),
    rename: (v, { conversation }) =>
      v.post(`/conversations/${conversation}`, { _method: "PATCH", title: "Mine" }),
    "rename to nothing": (v, { conversation }) =>
      v.post(`/conversations/${conversation}`, { _method: "PATCH", title: "" }),
    pin: (v, { conversation }) => v.post(`/conversations/${conversation}/pin`),
    unpin: (v, { conversation }) =>
      v.post(`/conversations/${conversation}/pin`, { _method: "DELETE" }),
    archive: (v, { conversation }) => v.post(`/conversations/${conversation}/archiving`),
    unarchive: (v, { conversation }) =>
      v.post(`/conversations/${conversation}/archiving`, { _method: "DELETE" }),
    destroy: (v, { conversation }) =>
      v.post(`/conversations/${conversation}`, { _method: "DELETE" }),
    restore: (v, { conversation }) => v.post(`/trash/${conversation}/restoration`),
    "destroy for good": (v, { conversation }) =>
      v.post(`/trash/${conversation}`, { _method: "DELETE" }),
    live: (v, { conversation }) => v.get(`/conversations/${conversation}/live`),
    ask: (v, { conversation }) => v.post(`/conversations/${conversation}/messages`, { prompt }),
    "ask by the form": (v, { conversation }) => v.post("/chat", { prompt, conversation }),
    "ask below a message": (v, { message }) =>
      v.post("/chat", { prompt, conversation: own, parent: message }),
    "ask below a message there": (v, { conversation, message }) =>
      v.post("/chat", { prompt, conversation, parent: message }),
    "edit a question": (v, { message }) => v.get(`/messages/${message}/versions/new`),
    "refused beside a message": (v, { message }) => v.get(`/messages/${message}/versions`),
    "ask beside a message": (v, { message }) => v.post(`/messages/${message}/versions`, { prompt }),
    "ask nothing beside a message": (v, { message }) => v.post(`/messages/${message}/versions`),
    fork: (v, { message }) => v.post(`/messages/${message}/forks`),
    regenerate: (v, { message }) => v.post(`/messages/${message}/generations`),
    continue: (v, { message }) => v.post(`/generations/${message}/continuation`),
    stop: (v, { message }) => v.post(`/generations/${message}`, { _method: "DELETE" }),
    "stop by DELETE": (v, { message }) =>
      v.request(`/generations/${message}`, { method: "DELETE" }),
    stream: (v, { message }) => v.get(`/generations/${message}`, stream),
    "resume a stream": (v, { message }) =>
      v.get(`/generations/${message}`, { ...stream, "Last-Event-ID": "1-1" }),
  };
}
