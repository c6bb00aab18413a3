import assert from "node:assert/strict";
import { test } from "node:test";
import { startApp } from "../support/app.js";
import * as scenario from "../support/fake-deepseek.js";
import { send } from "../support/raw.js";

const app = await startApp();
const ada = await app.signedIn("ada");

const CSP =
  "default-src 'none';script-src 'self';style-src 'self';img-src 'self';font-src 'self';" +
  "connect-src 'self';form-action 'self';manifest-src 'self';frame-src 'self';worker-src 'self';" +
  "base-uri 'none';" +
  "frame-ancestors 'none';object-src 'none';require-trusted-types-for 'script';" +
  "trusted-types aifacade";

const EXPECTED = {
  "content-security-policy": CSP,
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "origin-agent-cluster": "?1",
  "referrer-policy": "same-origin",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "x-dns-prefetch-control": "off",
};

type Headers = Record<string, string | string[] | undefined>;

function assertSecured(headers: Headers) {
  for (const [name, value] of Object.entries(EXPECTED)) assert.equal(headers[name], value, name);
  for (const feature of ["camera", "microphone", "geolocation", "payment", "usb"]) {
    assert.match(String(headers["permissions-policy"]), new RegExp(`\\b${feature}=\\(\\)`));
  }

  assert.equal(headers["x-powered-by"], undefined);
  assert.equal(headers.server, undefined);
  assert.equal(headers["strict-transport-security"], undefined);
  assert.equal(headers["access-control-allow-origin"], undefined);
  if (headers["content-type"]) assert.match(String(headers["content-type"]), /charset=utf-8|image/);
}

function asRecord(headers: globalThis.Headers): Headers {
  return Object.fromEntries(headers);
}

async function asset(name: string): Promise<string> {
  const page = await ada.get("/login");
  const sheet = (await ada.follow(page)).$("link[rel=stylesheet]").attr("href") ?? "";
  return sheet.replace(/css\/.*/, name);
}

for (const [what, path] of [
  ["a page", "/account"],
  ["a conversation list", "/conversations"],
  ["a redirect", "/login"],
  ["a page that is not there", "/nowhere"],
  ["an address that cannot be read", "/conversations/%ff"],
  ["the health check", "/healthz"],
  ["the readiness check", "/readyz"],
  ["the robots' file", "/robots.txt"],
] as const) {
  test(`${what} carries the whole policy`, async () => {
    assertSecured(asRecord((await ada.get(path)).headers));
  });
}

test("so does every file of the assets, which a browser keeps for a year", async () => {
  for (const name of ["css/base.css", "js/application.js", "favicon.svg", "manifest.webmanifest"]) {
    const page = await app.visitor().get(await asset(name));
    assert.equal(page.status, 200, name);
    assert.equal(page.headers.get("cache-control"), "public, max-age=31536000, immutable");
    assertSecured(asRecord(page.headers));
  }
});

test("so does a refusal: wrong login, foreign form, wrong method, too large a body", async () => {
  const visitor = app.visitor();
  const large = { prompt: "x".repeat(600_000) };
  assertSecured(asRecord((await visitor.logIn("ada", "wrong")).headers));
  assertSecured(asRecord((await visitor.post("/login", {}, { Origin: "null" })).headers));
  assertSecured(asRecord((await visitor.post("/chat", large)).headers));
  assertSecured((await send(app.url, "/", { method: "TRACE" })).headers);
});

test("so does the answer to somebody who wants JSON", async () => {
  const page = await app.visitor().get("/account", { Accept: "application/json" });
  assert.equal(page.status, 401);
  assertSecured(asRecord(page.headers));
});

test("so do a growing answer and the page that grows without JavaScript", async () => {
  const held = scenario.hold(["Well, "], ["yes."]);
  app.fake.next(held);
  const path = await ada.ask("Is it?");
  const [source] = (await ada.get(path)).$("message-stream").toArray();
  const cookie = [...ada.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  const headers = { Cookie: cookie, "User-Agent": ada.userAgent };

  const stream = send(app.url, String(source?.attribs.src), { headers });
  const live = send(app.url, `${path}/live`, { headers });
  setTimeout(() => held.release(), 200);
  for (const answer of await Promise.all([stream, live])) {
    assert.equal(answer.status, 200);
    assertSecured(answer.headers);
  }
});

test("so does an apology", async () => {
  app.database.exec("ALTER TABLE Conversation RENAME TO Elsewhere");
  const page = await ada.get("/account");
  app.database.exec("ALTER TABLE Elsewhere RENAME TO Conversation");

  assert.equal(page.status, 500);
  assertSecured(asRecord(page.headers));
});

test("what is private is kept by no cache", async () => {
  for (const path of ["/", "/account", "/conversations", "/nowhere", "/conversations/41"]) {
    assert.equal((await ada.get(path)).headers.get("cache-control"), "no-store", path);
  }
});

test("every address on a page is our own", async () => {
  for (const path of ["/", "/account", "/conversations", "/nowhere", "/account/password"]) {
    const page = await ada.get(path);
    const addresses = page.$("[src], [href], [action]").toArray();
    for (const { attribs } of addresses) {
      assert.match(attribs.src ?? attribs.href ?? attribs.action ?? "", /^(?:\/(?!\/)|#)/, path);
    }
  }
});

test("the page of a diagram may be framed by ours alone, has no origin, and may ask for nothing", async () => {
  for (const name of ["diagrams/frame.html", "diagrams/frame.js", "diagrams/mermaid.tiny.js"]) {
    const page = await app.visitor().get(await asset(name));
    const policy = page.headers.get("content-security-policy") ?? "";
    assert.equal(page.status, 200, name);
    assert.match(policy, /^sandbox allow-scripts;default-src 'none';script-src 'self';/);
    assert.match(policy, /frame-ancestors 'self'$/);
    assert.doesNotMatch(policy, /allow-same-origin|connect-src|img-src|unsafe-eval/);
    assert.equal(page.headers.get("cross-origin-resource-policy"), "cross-origin");
    assert.equal(page.headers.get("x-content-type-options"), "nosniff");
  }
});
