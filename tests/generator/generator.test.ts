import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { startApp } from "../support/app.js";
import type { Page, Visitor } from "../support/visitor.js";

const LIMIT = 6;
const PEOPLE = 4;
const ACTS = 60;
const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);

const app = await startApp({
  RATE_LIMITS: "on",
  LIMIT_RUNNING_PER_PERSON: String(LIMIT),
  LIMIT_QUESTIONS_PER_MINUTE: "100000",
  LIMIT_QUESTIONS_PER_HOUR: "100000",
});
const generator = await import("../../src/generator/generator.js");
const people = await Promise.all(
  Array.from({ length: PEOPLE }, (_, index) => app.signedIn(`person ${index}`)),
);

// Mulberry32: the same seed gives the same acts.
function randomFrom(state: number) {
  let s = state;
  return () => {
    s = (s + 0x6d2b79f5) | 0;
    let t = Math.imul(s ^ (s >>> 15), 1 | s);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const DIRECTIVES = [
  "long@30",
  "slow@5",
  "stall@2",
  "fin@2",
  "status@402",
  "length",
  "silent",
  "say yes",
];

/** Somebody who does one thing after the other, in two conversations at most. */
async function act(visitor: Visitor, random: () => number) {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const statuses: number[] = [];
  let paths: string[] = [];
  let last: Page | null = null;

  for (let turn = 0; turn < ACTS; turn += 1) {
    const answer =
      pick(last?.$(".message--answer").toArray() ?? [])?.attribs.id?.replace("message-", "") ?? "1";
    const conversation = paths.length > 1 ? String(pick(paths).split("/").at(-1)) : "";
    const verbs: (() => Promise<Page>)[] = [
      () => visitor.post("/chat", { prompt: `chaos:${pick(DIRECTIVES)} ${turn}`, conversation }),
      () =>
        visitor.post("/chat", {
          prompt: `chaos:${pick(DIRECTIVES)} ${turn}`,
          conversation,
          key: `k${turn % 3}`,
        }),
      () => visitor.post(`/messages/${answer}/generations`),
      () => visitor.post(`/generations/${answer}/continuation`),
      () => visitor.post(`/generations/${answer}`, { _method: "DELETE" }),
      () => visitor.post(`/generations/${answer}`, { _method: "DELETE" }),
      () => visitor.get(pick(paths) ?? "/"),
      () => visitor.post(random() < 0.2 ? "/clear" : "/theme", { theme: "dark" }),
      () => visitor.post(pick(paths) ?? "/nothing", { _method: "DELETE" }),
    ];
    const many = await Promise.all(
      Array.from({ length: random() < 0.3 ? 3 : 1 }, () => pick(verbs)()),
    );
    statuses.push(...many.map((page) => page.status));
    const path = many
      .find((page) => page.location?.startsWith("/conversations/"))
      ?.location?.split(/[?#]/)[0];
    if (path) {
      paths = [...paths.slice(-1), path];
      last = await visitor.get(path);
    }
    await pause(random() * 15);
  }
  return statuses;
}

test(`whatever people do at the same time, everything settles (SEED=${seed})`, async () => {
  const statuses = await Promise.all(
    people.map((visitor, index) => act(visitor, randomFrom(seed + index))),
  );
  assert.deepEqual(
    statuses.flat().filter((status) => status >= 500),
    [],
  );

  await stopAll();
  await pause(300);
  const left = app.database.prepare(
    "SELECT * FROM Message WHERE state = 'running' OR runningIn IS NOT NULL",
  );
  assert.deepEqual(left.all(), []);
  const ids = app.database.prepare("SELECT id FROM Message").pluck().all() as number[];
  assert.deepEqual(ids.filter(generator.snapshot), []);
  assert.deepEqual(app.database.pragma("integrity_check", { simple: true }), "ok");
});

async function stopAll() {
  const running = app.database
    .prepare(
      "SELECT id, username FROM Message JOIN Conversation c ON c.id = conversationId JOIN User u ON u.id = c.userId WHERE state = 'running'".replace(
        "SELECT id",
        "SELECT Message.id",
      ),
    )
    .all();
  for (const { id, username } of running as { id: number; username: string }[]) {
    await people[Number(username.split(" ")[1])]?.post(`/generations/${id}`, { _method: "DELETE" });
  }
}

test("afterwards everybody has all their places again, and the upstream has been let go", async () => {
  for (const visitor of people) {
    const pages = await Promise.all(
      Array.from({ length: LIMIT }, (_, index) =>
        visitor.post("/chat", { prompt: `chaos:stall@1 ${index}` }),
      ),
    );
    assert.deepEqual(
      pages.map((page) => page.status),
      Array(LIMIT).fill(303),
    );
    assert.equal((await visitor.post("/chat", { prompt: "One too many" })).status, 429);
    await visitor.post("/clear");
  }
  await pause(500);
  assert.deepEqual(
    app.fake.requests.filter((request) => request.closedAt === null),
    [],
  );
});

test("a branch is one way from the first question to an answer, and nobody answers twice", () => {
  const orphans = app.database.prepare(
    `SELECT m.id FROM Message m LEFT JOIN Message p ON p.id = m.parentId
     WHERE (m.role = 'answer' AND p.role IS NOT 'question') OR (m.role = 'question' AND p.role = 'question')
        OR (p.id IS NOT NULL AND p.conversationId != m.conversationId)`,
  );
  assert.deepEqual(orphans.all(), []);
});
