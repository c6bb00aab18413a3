import assert from "node:assert/strict";
import { test } from "node:test";
import { PASSWORD, startApp } from "../support/app.js";
import { send, sendBytes } from "../support/raw.js";

const app = await startApp();
const ada = await app.signedIn("ada");

const INTERNALS = /node_modules|prisma|sqlite|\bat \/|\.ts\b|stack|Error:|no such table|express/i;

async function withoutTable<T>(table: string, work: () => Promise<T>): Promise<T> {
  app.database.exec(`ALTER TABLE "${table}" RENAME TO Elsewhere`);
  try {
    return await work();
  } finally {
    app.database.exec(`ALTER TABLE Elsewhere RENAME TO "${table}"`);
  }
}

test("a page that is not there says so, and shows a way home", async () => {
  for (const visitor of [app.visitor(), ada]) {
    const page = await visitor.get("/nowhere");

    assert.equal(page.status, 404);
    assert.equal(page.words("h1"), "Oops! Page not found");
    assert.equal(page.$("main a[href='/']").length, 1);
  }
});

test("somebody else's conversation cannot be told from one that never was", async () => {
  const bob = await app.signedIn("bob");
  await bob.get("/");
  const theirs = await ada.ask("A private question");
  await ada.settled(theirs);
  const never = "/conversations/AAAAAAAAAAAAAAAAAAAAAA";

  const pages = [await bob.get(theirs), await bob.get(never)];
  const texts = pages.map((page) => page.html.replace(/<code>.*?<\/code>/, ""));
  assert.deepEqual(
    pages.map((page) => page.status),
    [404, 404],
  );
  assert.equal(texts[0], texts[1]);
});

test("an error of ours is an apology with a way home, and nothing internal", async () => {
  const page = await withoutTable("User", () => app.visitor().logIn("ada", PASSWORD));

  assert.equal(page.status, 500);
  assert.equal(page.words("h1"), "Oops! Something went wrong");
  assert.equal(page.$("main a[href='/']").length, 1);
  assert.doesNotMatch(page.words("body"), INTERNALS);
});

test("so it is for somebody logged in, when even the sidebar cannot be drawn", async () => {
  const page = await withoutTable("Conversation", () => ada.get("/account"));

  assert.equal(page.status, 500);
  assert.equal(page.words("h1"), "Oops! Something went wrong");
  assert.equal(page.$("main a[href='/']").length, 1);
  assert.doesNotMatch(page.words("body"), INTERNALS);
});

test("the page carries the number under which the log knows it", async () => {
  const page = await app.visitor().get("/nowhere");
  assert.match(page.words("code"), /^[\w-]{12}$/);
});

for (const accept of ["application/json", "application/json, text/plain;q=0.5"]) {
  test(`whoever asks for ${accept} gets JSON`, async () => {
    const missing = await ada.get("/nowhere", { Accept: accept });
    const broken = await withoutTable("Conversation", () =>
      ada.get("/conversations/41", { Accept: accept }),
    );

    assert.equal(JSON.parse(missing.html).error.status, 404);
    assert.equal(JSON.parse(broken.html).error.status, 500);
    assert.doesNotMatch(broken.html, INTERNALS);
  });
}

test("whoever takes anything gets a page", async () => {
  const page = await app.visitor().get("/nowhere", { Accept: "*/*" });
  assert.match(page.headers.get("content-type") ?? "", /^text\/html/);
});

for (const method of ["TRACE", "PROPFIND", "LINK", "QUERY", "PURGE"]) {
  test(`${method} is no method of ours, and the answer names those that are`, async () => {
    const answer = await send(app.url, "/login", { method, headers: { "X-Echo": "canary" } });

    assert.equal(answer.status, 405);
    assert.match(String(answer.headers.allow), /^GET, HEAD, POST/);
    assert.doesNotMatch(answer.text, /canary/);
  });
}

test("a TRACE that no library has tidied up is refused like any other", async () => {
  const answer = await sendBytes(
    app.url,
    "TRACE /account HTTP/1.1\r\nHost: here\r\nX-Secret: canary\r\nConnection: close\r\n\r\n",
  );
  assert.match(answer, /^HTTP\/1\.1 405 /);
  assert.doesNotMatch(answer, /canary/);
});

test("what is refused before anybody looks at it shows a way home, too", async () => {
  const large = await ada.post("/theme", { theme: "x".repeat(600_000) });
  const many = await ada.request("/theme", {
    method: "POST",
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
    body: "a=1&".repeat(10_000),
  });

  for (const page of [large, many]) {
    assert.equal(page.status, 413);
    assert.equal(page.words("h1"), "That did not work");
    assert.equal(page.$("main a[href='/']").length, 1);
  }
});

for (const [what, request] of [
  [
    "a length and chunks at once",
    "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
  ],
  ["two lengths", "Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcd"],
  ["a space before the colon", "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n"],
  ["a folded header", "X-A: b\r\n c\r\n d: e\r\nContent-Length: x\r\n\r\n"],
  ["a NUL in a header", "X-A: b\0c\r\n\r\n"],
  ["a length that is no number", "Content-Length: -1\r\n\r\n"],
  ["chunks of chunks", "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"],
] as const) {
  test(`a request with ${what} is a bad one, and the connection ends`, async () => {
    const answer = await sendBytes(app.url, `POST /login HTTP/1.1\r\nHost: here\r\n${request}`);
    assert.match(answer, /^HTTP\/1\.1 400 /);
    assert.doesNotMatch(answer.slice(12), /HTTP\/1\.1/);
  });
}

test("headers without end, and cookies of a megabyte, are refused by the size", async () => {
  for (const header of [`Cookie: a=${"x".repeat(1_000_000)}`, `X-A: b\r\n`.repeat(5000)]) {
    const answer = await sendBytes(
      app.url,
      `GET /login HTTP/1.1\r\nHost: here\r\n${header}\r\n\r\n`,
    );
    assert.match(answer, /^HTTP\/1\.1 4(?:00|31) |^$/);
  }
  assert.equal((await app.visitor().get("/healthz")).status, 200);
});

test("two hundred headers are no reason to stumble", async () => {
  const headers = Object.fromEntries(
    Array.from({ length: 200 }, (_, index) => [`X-Header-${index}`, "x"]),
  );
  assert.equal((await app.visitor().get("/login", headers)).status, 200);
});
