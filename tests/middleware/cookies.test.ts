import assert from "node:assert/strict";
import { test } from "node:test";
import { PASSWORD, startApp } from "../support/app.js";
import { send } from "../support/raw.js";

const app = await startApp({ PUBLIC_URL: "https://chat.example.org", TRUST_PROXY: "1" });

const HTTPS = { "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7" };
const OURS = { ...HTTPS, Origin: "https://chat.example.org" };

test("behind a proxy, too, the first account asks for the token that the terminal shows", async () => {
  const fields = { username: "stranger", password: PASSWORD };
  assert.equal((await app.visitor().post("/register", fields, OURS)).status, 403);
});

test("behind https every cookie is bound to the host and kept off plain http", async () => {
  const fields = { username: "ada", password: PASSWORD, setupToken: await app.setupToken() };
  const page = await app.visitor().post("/register", fields, OURS);
  const cookies = page.headers.getSetCookie();

  assert.equal(page.status, 303);
  assert.ok(cookies.some((line) => line.startsWith("__Host-aifacade=s%3A")));
  for (const line of cookies) {
    assert.match(line, /^__Host-aifacade(-\w+)?=.*; Path=\/;.*; HttpOnly; Secure; SameSite=Lax$/);
    assert.doesNotMatch(line, /Domain/i);
  }
});

test("the session of such a cookie works, and logging out clears it", async () => {
  const visitor = app.visitor();
  await visitor.post("/login", { username: "ada", password: PASSWORD }, OURS);
  assert.equal((await visitor.get("/account", HTTPS)).status, 200);

  const page = await visitor.post("/logout", {}, OURS);
  assert.match(
    page.headers.getSetCookie()[0] ?? "",
    /^__Host-aifacade=; Path=\/; Expires=Thu, 01 Jan 1970.*Secure/,
  );
  assert.equal((await visitor.get("/account", HTTPS)).status, 303);
});

test("browsers are told to come by https from now on", async () => {
  const page = await app.visitor().get("/login", HTTPS);
  assert.equal(page.headers.get("strict-transport-security"), "max-age=31536000");
});

test("only forms of the public address count as ours", async () => {
  for (const [origin, status] of [
    ["https://chat.example.org", 401],
    ["http://chat.example.org", 403],
    ["https://chat.example.org.evil.example", 403],
    ["https://evil.example", 403],
    [app.url, 403],
    ["null", 403],
  ] as const) {
    const headers = { ...HTTPS, Origin: origin };
    const page = await app.visitor().post("/login", { username: "x", password: "y" }, headers);
    assert.equal(page.status, status, origin);
  }
});

test("no link or redirect is made of what a proxy says about the host", async () => {
  const headers = { ...HTTPS, Host: "evil.example", "X-Forwarded-Host": "evil.example" };
  for (const path of ["/account", "/login", "/nowhere"]) {
    const answer = await send(app.url, path, { headers });
    assert.doesNotMatch(JSON.stringify(answer), /evil\.example/, path);
  }
});
