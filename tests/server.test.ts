import assert from "node:assert/strict";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
} from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import Database from "better-sqlite3";
import { PASSWORD } from "./support/app.js";
import * as scenario from "./support/fake-deepseek.js";
import { startFakeDeepSeek } from "./support/fake-deepseek.js";
import { endOf } from "./support/growing.js";
import { launch, startServer } from "./support/server.js";
import type { StreamEvent } from "./support/visitor.js";

const KEY = "sk-test-0123456789abcdef";
const fake = await startFakeDeepSeek();
const top = mkdtempSync(path.join(os.tmpdir(), "aifacade-"));
const fresh = path.join(top, "fresh");
after(async () => {
  await fake.close();
  rmSync(top, { recursive: true, force: true });
});

function settings(folder: string, more: Record<string, string> = {}) {
  const file = path.join(folder, "aifacade.db");
  return {
    DATABASE_URL: `file:${file}`,
    DEEPSEEK_BASE_URL: fake.url,
    DEEPSEEK_API_KEY: KEY,
    ...more,
  };
}

/** The data as the first start has left it, for one test. */
function copyOf(name: string): string {
  const folder = path.join(top, name);
  cpSync(fresh, folder, { recursive: true });
  return folder;
}

function rows(folder: string, sql: string) {
  const database = new Database(path.join(folder, "aifacade.db"), { readonly: true });
  try {
    return database.prepare(sql).all() as Record<string, string>[];
  } finally {
    database.close();
  }
}

test("the first start says what it made, then where it is and which model answers", async () => {
  const server = await startServer(settings(fresh));
  const [database, secrets, address, model, ...more] = server.said();

  assert.match(String(database), /^Database ready in .*aifacade\.db \(\d+ migrated\)\.$/);
  assert.match(String(secrets), /^Made fresh secrets in .*secrets\.env\. Back them up/);
  assert.match(String(address), /^AIFacade is at http:\/\/127\.0\.0\.1:\d+$/);
  assert.equal(model, `DeepSeek Flash answers, at ${fake.url}.`);
  assert.deepEqual(more, []);
  assert.equal(statSync(fresh).mode & 0o777, 0o700);
  assert.equal(statSync(path.join(fresh, "secrets.env")).mode & 0o777, 0o600);
  assert.equal(await server.end("SIGTERM"), 0);
});

test("a database in a folder that is open to all is its owner's alone", async () => {
  const folder = path.join(top, "open to all");
  mkdirSync(folder, { mode: 0o755 });
  const server = await startServer(settings(folder));
  await server.visitor().register("ada", PASSWORD);

  for (const suffix of ["", "-wal", "-shm"])
    assert.equal(statSync(path.join(folder, `aifacade.db${suffix}`)).mode & 0o777, 0o600);
  assert.equal(await server.end("SIGTERM"), 0);
});

test("the second start makes nothing, is quick, and says only where it is and which model answers", async () => {
  const folder = copyOf("second");
  const before = performance.now();
  const server = await startServer(settings(folder));

  assert.deepEqual(server.said(), [
    `AIFacade is at ${server.url}`,
    `DeepSeek Flash answers, at ${fake.url}.`,
  ]);
  assert.ok(performance.now() - before < 15_000);
  assert.equal(
    readFileSync(path.join(folder, "secrets.env"), "utf8"),
    readFileSync(path.join(fresh, "secrets.env"), "utf8"),
  );

  const second = launch(settings(folder));
  assert.equal(await second.ended, 78);
  assert.match(
    second.said().join(),
    /^Another AIFacade server, restore or migration is using .*aifacade\.db\. Stop it/,
  );
  assert.equal((await server.visitor().get("/login")).status, 200);
  assert.equal(await server.end("SIGINT"), 0);
});

test("people may come before the upstream has told its models", async () => {
  const { models } = fake;
  fake.models = scenario.stall(0);
  const server = launch(settings(copyOf("slow list"), { DEEPSEEK_API_KEY: "" }));
  server.url = (await server.until(/http:\/\/\S+/)).trim();

  assert.equal((await server.visitor().get("/login")).status, 200);
  await server.until(/The model at .* answers; which one that is, it has not told yet\./);
  fake.models = models;
  assert.equal(await server.end("SIGTERM"), 0);
});

for (const [what, wrong, words] of [
  [
    "wrong settings",
    { PORT: "many", BCRYPT_COST: "3" },
    /some settings are wrong\.\s+- PORT must be .*\s+- BCRYPT_COST must be .*\s+Mend them in \.env/,
  ],
  ["a port that is in use", {}, /is in use by another program\. Stop that one, or set PORT/],
  [
    "a host that this machine has not",
    { HOST: "192.0.2.1" },
    /192\.0\.2\.1:0 cannot be listened on/,
  ],
] as const) {
  test(`${what} end the start with one message`, async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await pause(50);
    const PORT = what.includes("in use") ? String((other.address() as AddressInfo).port) : "0";
    const server = launch(settings(copyOf(what), { PORT, ...wrong }));

    assert.equal(await server.ended, 78);
    assert.match(
      server
        .said()
        .filter((line) => !line.startsWith("Setup token"))
        .join("\n"),
      words,
    );
    assert.doesNotMatch(server.output(), /\n\s+at /);
    other.close();
  });
}

test("a start that does not get its port goes on with no answer, and counts for none", async () => {
  const folder = copyOf("left running");
  const database = new Database(path.join(folder, "aifacade.db"));
  database.exec(`
    INSERT INTO User (id, username, usernameKey, passwordDigest) VALUES ('u', 'ada', 'ada', 'x');
    INSERT INTO Conversation (id, userId, title, updatedAt) VALUES ('c', 'u', '', '');
    INSERT INTO Message (id, conversationId, role, body) VALUES (1, 'c', 'question', 'Well?');
    INSERT INTO Message (conversationId, parentId, role, body, state, runningIn, writtenAt)
      VALUES ('c', 1, 'answer', '', 'running', 'c', strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))`);
  database.close();
  fake.forget();
  const other = createServer().listen(0, "127.0.0.1");
  await pause(50);
  const server = launch(settings(folder, { PORT: String((other.address() as AddressInfo).port) }));

  assert.equal(await server.ended, 78, server.output());
  const answers = rows(folder, "SELECT state, restarts FROM Message WHERE role = 'answer'");
  assert.deepEqual(answers, [{ state: "running", restarts: 0 }]);
  assert.deepEqual(fake.requests, []);
  other.close();
});

for (const [what, spoil, words] of [
  [
    "F-53 a newer schema",
    "INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count) VALUES ('x', 'x', '29990101000000_future', 1, 1, 1)",
    /written by a newer AIFacade: it has 29990101000000_future, .*Nothing was changed\..*restore <archive>/,
  ],
  [
    "accounts without their pepper",
    "INSERT INTO User (id, username, usernameKey, passwordDigest) VALUES ('1', 'a', 'a', 'x')",
    /PASSWORD_PEPPER.*Put back/,
  ],
] as const) {
  test(`${what} is refused, and nothing is changed`, async () => {
    const folder = copyOf(what);
    const database = new Database(path.join(folder, "aifacade.db"));
    database.exec(spoil);
    database.close();
    if (what.startsWith("accounts")) rmSync(path.join(folder, "secrets.env"));
    const server = launch(settings(folder));

    assert.equal(await server.ended, 78);
    assert.match(server.said().join("\n"), words);
    assert.equal(existsSync(path.join(folder, "secrets.env")), !what.startsWith("accounts"));
  });
}

test("SIGTERM ends it within ten seconds: readers are told, and what there is of an answer is kept", async () => {
  const folder = copyOf("sigterm");
  const server = await startServer(settings(folder, { LIMIT_RUNNING_PER_PERSON: "10" }));
  const ada = server.visitor();
  await ada.register("ada", PASSWORD);
  const paths = await Promise.all(
    ["stall@3", "stall@5", "silent"].map((how) => ada.ask(`chaos:${how}`)),
  );
  const pages = await Promise.all(paths.map((page) => ada.get(page)));
  const reading = pages.map((page) => ada.events(String(page.$("message-stream").attr("src"))));
  const deaf = connect(Number(new URL(server.url).port), "127.0.0.1").pause();
  deaf.on("error", () => {});
  const cookie = [...ada.cookies].map((pair) => pair.join("=")).join("; ");
  deaf.write(
    `GET ${pages[0]?.$("message-stream").attr("src")} HTTP/1.1\r\nHost: x\r\nUser-Agent: ${ada.userAgent}\r\nCookie: ${cookie}\r\n\r\n`,
  );
  await pause(700);
  const before = performance.now();

  assert.equal(await server.end("SIGTERM"), 0);
  assert.ok(performance.now() - before < 10_000);
  for (const events of await Promise.all(reading)) assert.equal(events.at(-1)?.event, "restarting");
  const answers = rows(
    folder,
    "SELECT state, failure, body FROM Message WHERE role = 'answer' ORDER BY length(body)",
  );
  assert.deepEqual(answers, [
    { state: "running", failure: null, body: "" },
    { state: "running", failure: null, body: "word1 word2 word3 " },
    { state: "running", failure: null, body: "word1 word2 word3 word4 word5 " },
  ]);
});

test("a second signal ends it at once", async () => {
  const server = await startServer(settings(copyOf("twice")));
  const open = connect(Number(new URL(server.url).port), "127.0.0.1");
  open.on("error", () => {});
  // A request that never ends keeps the first signal waiting.
  open.write("POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n");
  await pause(200);
  server.child.kill("SIGTERM");
  await pause(50);
  const before = performance.now();
  await server.end("SIGTERM");
  // By itself the first would have taken eight seconds.
  assert.ok(performance.now() - before < 4_000);
});

test("killed at any moment, it loses no question and at most a second of an answer", async (t) => {
  const folder = copyOf("killed");
  const words = Array.from({ length: 400 }, (_, index) => `word${index + 1} `);
  let known = null;

  for (let round = 1; round <= 3; round += 1) {
    const server = await startServer(settings(folder));
    const ada = server.visitor(known ?? undefined);
    if (!known) await ada.register("ada", PASSWORD);
    known = ada;
    const sentAt: number[] = [];
    fake.next(recording(words, sentAt));
    const page = await ada.get(await ada.ask(`Question ${round}`));
    const src = String(page.$("message-stream").attr("src"));
    const reading = ada.events(src).catch(() => []);
    const waitMs = Math.random() * 2500;
    await pause(waitMs);
    const killedAt = performance.now();
    await server.end("SIGKILL");
    await reading;
    t.diagnostic(`round ${round}: killed after ${Math.round(waitMs)} ms`);

    const certain = sentAt.filter((at) => at < killedAt - 1000).length;
    const [answer] = rows(
      folder,
      "SELECT body FROM Message WHERE role = 'answer' ORDER BY id DESC LIMIT 1",
    );
    assert.ok(words.join("").startsWith(String(answer?.body)));
    assert.ok(
      String(answer?.body).split(" ").length - 1 >= certain,
      `${answer?.body} has less than ${certain} words`,
    );
    await seenAfterwards(folder, src, ada, { round, isBegun: answer?.body !== "" });
  }
});

function recording(words: string[], sentAt: number[]): scenario.Scenario {
  return async ({ res, gone }) => {
    res.writeHead(200, { "content-type": "text/event-stream" });
    for (const word of words) {
      res.write(scenario.wire.events(scenario.wire.content(word)));
      sentAt.push(performance.now());
      await pause(10, undefined, { signal: gone });
    }
  };
}

type Known = ReturnType<Awaited<ReturnType<typeof startServer>>["visitor"]>;

async function seenAfterwards(
  folder: string,
  src: string,
  known: Known,
  { round, isBegun }: { round: number; isBegun: boolean },
) {
  const server = await startServer(settings(folder));
  const ada = server.visitor(known);
  const events: StreamEvent[] = await ada.events(src, undefined, { "Last-Event-ID": "old-1" });

  // Of what was not begun nothing is lost by asking again.
  if (isBegun) assert.match(events.at(-1)?.data.html, /The server was restarted while this was/);
  else assert.match(endOf(events), /You asked:/);
  assert.equal((await ada.get("/")).all(".sidebar__link").length, round);
  assert.equal(rows(folder, "SELECT id FROM Message WHERE state = 'running'").length, 0);
  assert.equal(rows(folder, "PRAGMA integrity_check")[0]?.integrity_check, "ok");
  assert.equal(await server.end("SIGTERM"), 0);
}

test("an answer that fails is explained to the administrator, without the key and without the chat", async () => {
  const server = await startServer(settings(copyOf("logged")));
  const ada = server.visitor();
  await ada.register("ada", PASSWORD);
  fake.next(scenario.status(401, scenario.wire.complaint(`Your api key: ${KEY} is invalid`)));
  await ada.talk("A very private question");
  assert.equal(await server.end("SIGTERM"), 0);

  assert.match(server.output(), /"kind":"unauthorized","status":401/);
  assert.match(server.output(), /Your api key: \[key\] is invalid/);
  assert.doesNotMatch(server.output(), /sk-test|private question/);
});
