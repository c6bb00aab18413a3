import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { RENDERER_VERSION, renderMarkdown } from "../../../src/rendering/markdown.js";
import { type Event, type Happening, History, readHistory } from "./history.js";
import { type Evidence, violations } from "./oracle.js";
import { Random } from "./random.js";
import type { MessageRow, Store } from "./store.js";
import { wordsOf } from "./texts.js";

const WHOLE = wordsOf(1, 600).join("");
const REST = wordsOf(2, 3).join("");

/** Ada asks, reads the answer, asks for it again, and deletes another conversation: all is well. */
function evidence(): Evidence & { log: (Happening & { at: number })[] } {
  const log: (Happening & { at: number })[] = [
    invoked(1, send("ada-1", null), 0),
    { at: 5, type: "acknowledged", op: 1, conversation: "c1" },
    { at: 6, type: "asked", request: 1, text: 1, tag: "ada-1", thought: 0, from: 0 },
    { at: 100, type: "sent", request: 1, thought: 0, length: WHOLE.length / 2 },
    { at: 4000, type: "sent", request: 1, thought: 0, length: WHOLE.length },
    { at: 6000, type: "closed", request: 1 },
    { at: 6001, type: "seen", conversation: "c1", answers: [seen(2, WHOLE.length)] },
    invoked(2, { name: "regenerate", answer: 2 }, 6100),
    { at: 6105, type: "acknowledged", op: 2, conversation: "c1", answer: 3 },
    { at: 6106, type: "asked", request: 2, text: 2, tag: "ada-1", thought: 0, from: 0 },
    { at: 6200, type: "sent", request: 2, thought: 0, length: REST.length },
    invoked(3, { name: "stop", answer: 3 }, 6300),
    { at: 6310, type: "acknowledged", op: 3, conversation: "c1", answer: 3 },
    { at: 6310, type: "closed", request: 2 },
    invoked(4, send("ada-2", null), 7000),
    { at: 7005, type: "acknowledged", op: 4, conversation: "c2" },
    invoked(5, { name: "delete", conversation: "c2" }, 7100),
    { at: 7105, type: "acknowledged", op: 5 },
    invoked(6, send("ada-3", "c1"), 7200),
    { at: 7205, type: "refused", op: 6, status: 409 },
  ];
  const store: Store = {
    integrity: [],
    people: [
      { id: "u1", username: "ada" },
      { id: "u2", username: "grace" },
    ],
    conversations: [{ id: "c1", userId: "u1" }],
    messages: [
      row({ id: 1, role: "question", body: "[ada-1] What is this?" }),
      answer(2, 1, WHOLE, "complete"),
      answer(3, 1, REST, "stopped"),
    ],
  };
  return { log, events: log as Event[], store };
}

test("the oracle finds nothing wrong where nothing is", () => {
  assert.deepEqual(violations(evidence()), []);
});

const doctored: [promise: string, what: string, doctor: (store: Store, log: Event[]) => void][] = [
  ["P1", "[ada-1] was acknowledged and is not there", (store) => empty(store)],
  ["P1", "[ada-1] is not as it was typed", (store) => change(store, 1, { body: "[ada-1] What?" })],
  ["P1", "[ada-1] is in c9, not in c1", (store) => change(store, 1, { conversationId: "c9" })],
  ["P1", "[ada-4] hangs below 2, not 3", hangElsewhere],
  ["P1", "conversation c2 was deleted and is there", (store) => deletedIsBack(store)],
  ["P1", "conversation c1 was deleted and is there", (_store, log) => cleared(log)],
  ["P1", `answer 2 had ${WHOLE.length} characters`, (store) => shorten(store, 2, 20)],
  ["P3", "text 1 for [ada-1] lost", (store) => shorten(store, 2, 2100)],
  ["P3", "text 1 for [ada-1] lost", (_store, log) => resumedTooEarly(log)],
  ["P3", "answer 2 has a gap or a double", (store) => cutOut(store, "t1.7 ")],
  ["P3", "answer 2 has a gap or a double", (store) => cutOut(store, "t1.7 ", "t1.7 t1.7 ")],
  ["P3", "answer 2 has a gap or a double", (store) => cutOut(store, "t1.7 t1.8 ", "t1.8 t1.7 ")],
  ["P3", "answer 2 begins in the middle", (store) => cutOut(store, "t1.0 ", "0 ")],
  ["P3", "is shown otherwise than it was written", (store) => change(store, 3, { html: "<p>?" })],
  ["P4", "answer 2 is running", (store) => change(store, 2, { state: "running" })],
  ["P4", "answer 2 is done", (store) => change(store, 2, { state: "done" })],
  ["P4", "and blocks its conversation", (store) => change(store, 2, { runningIn: "c1" })],
  ["P4", "question 1 has a state", (store) => change(store, 1, { state: "complete" })],
  ["P4", "answer 3 was stopped at", (store) => grow(store, wordsOf(2, 4).join(""))],
  ["P5", "[ada-1] is there 2 times", (store) => askedTwice(store)],
  ["P5", "[ada-1] has 3 answers", (store) => answeredTwice(store)],
  ["P5", "[ada-1] has no answer", (store, log) => unanswered(store, log)],
  ["P5", "answers 3 were begun and are gone", (store) => void store.messages.pop()],
  ["P6", "send (operation 1) never ended", (_store, log) => void log.splice(1, 1)],
  ["P6", "send (operation 4) took 30000 ms", (_store, log) => later(log, 30_000)],
  ["P7", "[ada-1] is in a conversation of grace", (store) => givenAway(store)],
  ["P7", "the answer to [ada-1] stands below [ada-4]", swapped],
  ["P8", "[ada-3] was refused (409) and is there", (store) => refusedIsThere(store)],
  ["P8", "conversation c1 has 2 beginnings", (store) => askedTwice(store)],
  ["P8", "message 3 hangs below 9", (store) => change(store, 3, { parentId: 9 })],
  ["P8", "answer 3 hangs below answer 2", (store) => change(store, 3, { parentId: 2 })],
  ["P8", "answer 3 answers nothing", (store) => change(store, 3, { parentId: null })],
  [
    "P8",
    "row 7 missing from index",
    (store) => void store.integrity.push("row 7 missing from index"),
  ],
  ["P10", "SIGTERM: ended with 1", (_store, log) => brokenOnTheSpot(log)],
];

for (const [promise, what, doctor] of doctored) {
  test(`the oracle objects (${promise}): ${what}`, () => {
    const { store, events, log } = evidence();
    doctor(store, log as Event[]);
    const found = violations({ store, events });

    assert.ok(
      found.some((violation) => violation.promise === promise && violation.what.includes(what)),
      JSON.stringify(found, null, 2),
    );
  });
}

test("the last second before the end may be lost, and so may 2 kB", () => {
  const lastSecond = evidence();
  shorten(lastSecond.store, 2, WHOLE.length / 2);
  Object.assign(lastSecond.log[4] ?? {}, { at: 5500 });
  lastSecond.events.splice(6, 1);
  assert.deepEqual(violations(lastSecond), []);

  const little = evidence();
  shorten(little.store, 2, 2000);
  little.events.splice(6, 1);
  assert.deepEqual(violations(little), []);
});

test("what the server could not do while it was disturbed is not held against it", () => {
  const { events, store } = evidence();
  shorten(store, 2, WHOLE.length / 2);
  events.splice(6, 1);
  events.push({ at: 900, type: "disturbed", how: "lock", until: 5900 });
  assert.deepEqual(violations({ events, store }), []);
});

test("an unknown outcome may be either, and a wished deletion takes its questions along", () => {
  const { events, store } = evidence();
  events.push(invoked(9, { name: "delete", conversation: "c1" }, 9000) as Event);
  events.push({ at: 9100, type: "unknown", op: 9, reason: "ECONNRESET" });
  assert.deepEqual(violations({ events, store }), []);
  empty(store);
  assert.deepEqual(violations({ events, store }), []);
});

test("the log says again what was noted in it", (t) => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "aifacade-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const history = new History(path.join(folder, "history.jsonl"));
  const op = history.invoke("ada", { name: "clear" });
  history.note({ type: "acknowledged", op }, 7);
  history.close();

  const [invocation, acknowledgement] = readHistory(history.file);
  assert.equal(invocation?.type, "invoked");
  assert.deepEqual(acknowledgement, { at: 7, type: "acknowledged", op: 1 });
  assert.throws(() => new History(history.file), /EEXIST/);
});

test("a seed repeats its choices, and a fork of it does not depend on what others draw", () => {
  const draw = (random: Random) => Array.from({ length: 50 }, () => random.integer(1, 1000));
  const used = new Random(7);
  const drawn = draw(used);

  assert.deepEqual(draw(new Random(7)), drawn);
  assert.notDeepEqual(draw(new Random(8)), drawn);
  assert.deepEqual(draw(used.fork("ada")), draw(new Random(7).fork("ada")));
  assert.notDeepEqual(draw(used.fork("ada")), draw(used.fork("grace")));
});

function invoked(
  op: number,
  operation: Extract<Happening, { type: "invoked" }>["operation"],
  at: number,
): Happening & { at: number } {
  return { at, type: "invoked", op, person: "ada", operation };
}

function send(tag: string, conversation: string | null, parent: number | null = null) {
  const body = `[${tag}] What is this?`;
  return { name: "send", tag, key: tag, body, conversation, parent } as const;
}

function seen(id: number, length: number) {
  return { id, running: false, length };
}

function row(more: Partial<MessageRow>): MessageRow {
  return {
    id: 0,
    conversationId: "c1",
    parentId: null,
    role: "question",
    body: "",
    reasoning: "",
    state: null,
    failure: null,
    runningIn: null,
    html: null,
    rendererVersion: null,
    ...more,
  };
}

function answer(id: number, parentId: number, body: string, state: string): MessageRow {
  const rendered = { html: renderMarkdown(body), rendererVersion: RENDERER_VERSION };
  return row({ id, parentId, role: "answer", body, state, ...rendered });
}

function change(store: Store, id: number, values: Partial<MessageRow>) {
  Object.assign(store.messages.find((message) => message.id === id) ?? {}, values);
}

function setBody(store: Store, id: number, body: string) {
  change(store, id, { body, html: renderMarkdown(body) });
}

function empty(store: Store) {
  store.messages.length = 0;
  store.conversations.length = 0;
}

function hangElsewhere(store: Store, log: Event[]) {
  log.push(invoked(8, send("ada-4", "c1", 3), 8000) as Event);
  log.push({ at: 8005, type: "acknowledged", op: 8, conversation: "c1" });
  store.messages.push(row({ id: 4, parentId: 2, body: "[ada-4] What is this?" }));
  store.messages.push(answer(5, 4, "", "failed"));
}

function deletedIsBack(store: Store) {
  store.conversations.push({ id: "c2", userId: "u1" });
  store.messages.push(row({ id: 4, conversationId: "c2", body: "[ada-2] What is this?" }));
  store.messages.push({ ...answer(5, 4, "", "failed"), conversationId: "c2" });
}

function cleared(log: Event[]) {
  log.push(invoked(8, { name: "clear" }, 8000) as Event);
  log.push({ at: 8005, type: "acknowledged", op: 8 });
}

function shorten(store: Store, id: number, by: number) {
  setBody(store, id, WHOLE.slice(0, WHOLE.length - by));
}

function resumedTooEarly(log: Event[]) {
  const again = { request: 9, text: 1, tag: "ada-1", thought: 0, from: 5 } as const;
  log.push({ at: 6050, type: "asked", ...again });
  log.push({ at: 6060, type: "sent", request: 9, thought: 0, length: WHOLE.length });
}

function cutOut(store: Store, part: string, instead = "") {
  setBody(store, 2, WHOLE.replace(part, instead));
}

function grow(store: Store, body: string) {
  setBody(store, 3, body);
}

function askedTwice(store: Store) {
  store.messages.push(row({ id: 4, body: "[ada-1] What is this?" }));
  store.messages.push(answer(5, 4, "", "failed"));
}

function answeredTwice(store: Store) {
  store.messages.push(answer(4, 1, "", "failed"));
}

function unanswered(store: Store, log: Event[]) {
  store.messages.splice(1);
  log.splice(7, 2);
}

function later(log: Event[], ms: number) {
  const index = log.findIndex((event) => event.type === "acknowledged" && event.op === 4);
  Object.assign(log[index] ?? {}, { at: 7000 + ms });
}

function givenAway(store: Store) {
  Object.assign(store.conversations[0] ?? {}, { userId: "u2" });
}

function swapped(store: Store, log: Event[]) {
  hangElsewhere(store, log);
  change(store, 3, { parentId: 4, id: 6 });
}

function refusedIsThere(store: Store) {
  store.messages.push(row({ id: 4, parentId: 2, body: "[ada-3] What is this?" }));
  store.messages.push(answer(5, 4, "", "failed"));
}

function brokenOnTheSpot(log: Event[]) {
  log.push({ at: 1, type: "broken", promise: "P10", what: "SIGTERM: ended with 1" });
}
