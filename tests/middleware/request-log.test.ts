import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import Database from "better-sqlite3";
import { digest } from "../../src/lib/tokens.js";
import { routesFor } from "../house/routes.js";
import * as scenario from "../support/fake-deepseek.js";
import { startFakeDeepSeek } from "../support/fake-deepseek.js";
import { type ServerProcess, startServer } from "../support/server.js";

const PASSWORD = "canary-password analytical engine";
const fake = await startFakeDeepSeek();
const folder = mkdtempSync(path.join(os.tmpdir(), "aifacade-log-"));
after(async () => {
  await fake.close();
  rmSync(folder, { recursive: true, force: true });
});

const server: ServerProcess = await startServer({
  DATABASE_URL: `file:${folder}/test.db`,
  DEEPSEEK_BASE_URL: fake.url,
  DEEPSEEK_API_KEY: "sk-canary-key",
  LOG_LEVEL: "debug",
  LIMIT_QUESTIONS_PER_MINUTE: "1000",
});
const ada = server.visitor();

interface Line {
  [name: string]: unknown;
  level: string;
  time: string;
}

function lines(): Line[] {
  const found = server.output().split("\n");
  return found.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
}

function events(name: string): Line[] {
  return lines().filter((line) => line.event === name);
}

test("who came and went stands in the log, once each, with a number and a time", async () => {
  await ada.register("ada", PASSWORD);
  await ada.post("/logout");
  await ada.logIn("ada", "canary-guess");
  await ada.logIn("ada", PASSWORD);
  await ada.post("/account/password", { current: PASSWORD, password: `${PASSWORD} two` });

  await server.until(/"event":"password-changed"/);

  const names = ["registered", "logged-out", "login-failed", "logged-in", "password-changed"];
  for (const name of names) {
    const [event, ...more] = events(name);
    assert.equal(more.length, 0, name);
    assert.match(String(event?.id), /^[\w-]{12}$/, name);
    assert.match(String(event?.time), /^\d{4}-\d\d-\d\dT.*Z$/, name);
    assert.match(String(event?.userId), /^[\w-]{22}$/, name);
    assert.equal(event?.address, "127.0.0.1", name);
  }
  assert.equal(events("login-failed")[0]?.wrong, "password");
});

test("so does what was refused: another site, a wrong current password, a limit", async () => {
  await ada.request("/theme", { method: "POST", headers: { Origin: "https://evil.example" } });
  await ada.post("/account/password", { current: "canary-guess", password: PASSWORD });
  for (let count = 0; count < 7; count += 1) {
    await server.visitor().logIn("canary-nobody", "canary-guess");
  }
  await server.until(/"event":"throttled"/);

  assert.equal(events("denied")[0]?.status, 403);
  assert.equal(events("password-change-failed").length, 1);
  assert.equal(events("throttled")[0]?.limit, "failed_logins");
  assert.equal(events("throttled")[0]?.address, "127.0.0.1");
  assert.equal(events("login-failed").at(-1)?.wrong, "name");
  for (const name of ["denied", "password-change-failed", "throttled"]) {
    assert.match(String(events(name)[0]?.id), /^[\w-]{12}$/, name);
  }
});

test("a session that changes browsers stands there as a warning", async () => {
  const thief = server.visitor(ada);
  thief.userAgent = "curl/8.14.1";
  await thief.get("/account");
  await server.until(/"event":"session-moved"/);
  assert.equal(events("session-moved")[0]?.level, "warn");
});

test("an answer's number is the one in the log", async () => {
  const page = await server.visitor().get("/nowhere?canary-query=1");
  await server.until(new RegExp(`"id":"${page.words("code")}"`));
});

test("no password, cookie, key, prompt, answer, query or header is in the log", async () => {
  await ada.logIn("ada", `${PASSWORD} two`);
  await ada.talk("canary-prompt");
  await ada.get("/account?canary-query=1", { Referer: "canary-referer", "X-A": "canary-header" });
  await ada.get("/password-resets/canary-token");
  assert.equal((await ada.get(`/password-resets/${resetToken()}`)).status, 200);
  await ada.post("/login", { username: "canary-name", password: "canary-other" });

  await ada.get("/the-last-one");
  await server.until(/the-last-one/);
  const cookies = [...ada.cookies.values()];
  assert.doesNotMatch(server.output(), /canary/);
  for (const cookie of cookies) assert.ok(!server.output().includes(cookie));
});

test("nothing that anybody sends, to any address, is in the log; every line of a request has its number", async () => {
  const fields = { username: "canary-user", password: "canary-pass", prompt: "canary-text" };
  const headers = {
    Authorization: "Bearer canary-bearer",
    Accept: "text/html",
    Referer: "canary-referer",
    "X-Canary": "canary-header",
    "X-Forwarded-For": "canary-forwarded",
  };
  fake.next(scenario.status(400, scenario.wire.complaint("Your messages: 'canary-prompt two'")));
  await ada.talk("canary-prompt two\n\nwith more than one line");
  fake.next(scenario.answer({ content: "canary-answer", reasoning: "canary-reasoning" }));
  await ada.talk("canary-title");

  for (const { method, path } of routesFor("user", "anybody", "nobody", "operator")) {
    for (const visitor of [ada, server.visitor()]) {
      if (path === "/logout" && visitor === ada) continue;
      const address = `${path}?canary-query=canary-value`;
      if (method === "GET") await visitor.get(address, headers);
      else if (method === "DELETE") await visitor.post(address, { _method: "DELETE" }, headers);
      else await visitor.post(address, { ...fields, title: "canary-title" }, headers);
    }
  }

  await ada.get("/the-one-before-last");
  await server.until(/the-one-before-last/);
  assert.doesNotMatch(server.output(), /canary/);
  for (const line of lines().filter(({ req, event }) => req || event)) {
    assert.match(String(line.id), /^[\w-]{12}$/, JSON.stringify(line));
  }
});

test("a standstill of everything stands in the log, with how long it was", async () => {
  server.child.kill("SIGSTOP");
  await pause(700);
  server.child.kill("SIGCONT");
  await server.until(/"longestMs":[^}]*the event loop stood still/);
  const [stall] = lines().filter(({ longestMs }) => longestMs !== undefined);
  assert.equal(stall?.level, "warn");
  assert.ok(Number(stall?.longestMs) >= 250);
});

test("a request that fails is one line, with its error, and no token is in it", async () => {
  const database = new Database(path.join(folder, "test.db"));
  database.exec("ALTER TABLE PasswordReset RENAME TO Elsewhere");
  const { status } = await ada.get("/password-resets/canary-living-token");
  database.exec("ALTER TABLE Elsewhere RENAME TO PasswordReset");
  database.close();

  await server.until(/"status":500/);
  const failures = lines().filter((line) => line.level === "error");
  assert.equal(status, 500);
  assert.equal(failures.length, 1);
  assert.ok(JSON.stringify(failures).includes("PasswordReset"));
  assert.doesNotMatch(server.output(), /canary-living-token/);
});

test("a link to shared messages is in no line either", async () => {
  const database = new Database(path.join(folder, "test.db"));
  database.exec("ALTER TABLE Share RENAME TO Elsewhere");
  const { status } = await ada.get("/s/canary-shared-token?ticket=canary");
  database.exec("ALTER TABLE Elsewhere RENAME TO Share");
  database.close();

  assert.equal(status, 500);
  await server.until(/"path":"\/s\/…"/);
  assert.doesNotMatch(server.output(), /canary-shared-token/);
});

test("a line break in what somebody sends makes no second line", async () => {
  await ada.get('/%0a{"level":"error","event":"forged"}%0a');
  await ada.post("/login", { username: 'x\n{"event":"forged"}', password: "y" });
  await ada.get("/the-very-last-one");
  await server.until(/the-very-last-one/);
  assert.equal(events("forged").length, 0);
});

// As the administrator's task makes it.
function resetToken(): string {
  const database = new Database(`${folder}/test.db`);
  const expiresAt = new Date(Date.now() + 60_000).toISOString();
  database
    .prepare("INSERT INTO PasswordReset SELECT ?, id, ? FROM User WHERE username = 'ada'")
    .run(digest("canary-real-token"), expiresAt);
  database.close();
  return "canary-real-token";
}
