import assert from "node:assert/strict";
import { test } from "node:test";
import { startApp } from "../support/app.js";
import { send } from "../support/raw.js";

const app = await startApp();
const ada = await app.signedIn("ada");
const host = new URL(app.url).host;

// Every way in which something is changed; each is refused before anything of it is looked at.
const UNSAFE = [
  ["POST", "/login"],
  ["POST", "/register"],
  ["POST", "/logout"],
  ["POST", "/theme"],
  ["POST", "/account/password"],
  ["POST", "/chat"],
  ["POST", "/clear"],
  ["POST", "/messages/41/generations"],
  ["POST", "/generations/41/continuation"],
  ["DELETE", "/generations/41"],
  ["DELETE", "/conversations/41"],
  ["POST", "/conversations/41/messages"],
  ["POST", "/password-resets/41"],
] as const;

const FOREIGN: Record<string, string>[] = [
  { "Sec-Fetch-Site": "cross-site" },
  { "Sec-Fetch-Site": "same-site" },
  { "Sec-Fetch-Site": "cross-site", Origin: app.url },
  { "Sec-Fetch-Site": "CROSS-SITE" },
  { "Sec-Fetch-Site": "" },
  { Origin: "https://evil.example" },
  { Origin: "null" },
  { Origin: "" },
  { Origin: `http://${host}.evil.example` },
  { Origin: `http://evil.example/${host}` },
  { Origin: `http://${host}@evil.example` },
  { Origin: "http://127.0.0.1" },
  { Origin: "http://127.0.0.1:1" },
  { Origin: "http://localhost" },
  { Origin: "javascript:alert(1)" },
];

for (const [method, path] of UNSAFE) {
  test(`no other site can send ${method} ${path} in somebody's name`, async () => {
    for (const headers of FOREIGN) {
      const page = await ada.request(path, { method, headers });
      assert.equal(page.status, 403, JSON.stringify(headers));
    }
  });
}

for (const [what, headers] of [
  ["a browser that says where the form stood", { "Sec-Fetch-Site": "same-origin" }],
  ["a person who typed the address", { "Sec-Fetch-Site": "none" }],
  ["a browser on plain http, which says only the origin", { Origin: app.url }],
  ["a tool, which says neither and carries no cookie by itself", {}],
] as const) {
  test(`a form may come from ${what}`, async () => {
    const page = await ada.request("/theme", { method: "POST", headers });
    assert.equal(page.status, 303);
  });
}

// fetch() says by itself in which mode it asks.
async function embedded(site: string, mode: string, dest: string) {
  const cookie = [...ada.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  const said = { "Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": dest };
  const headers = { ...said, Cookie: cookie, "User-Agent": ada.userAgent };
  return send(app.url, "/account", { headers });
}

test("a link on another site opens the page", async () => {
  const { status, text } = await embedded("cross-site", "navigate", "document");
  assert.equal(status, 200);
  assert.match(text, /ada/);
});

for (const dest of ["script", "style", "image", "iframe", "frame", "object", "embed", "empty"]) {
  test(`no page of ours is another site's ${dest}`, async () => {
    for (const site of ["cross-site", "same-site"]) {
      for (const mode of ["no-cors", "cors", "navigate"]) {
        const { status, text } = await embedded(site, mode, dest);
        assert.equal(status, 403);
        assert.doesNotMatch(text, /\bada\b/);
      }
    }
  });
}

test("nothing is cached for one site that was decided for another", async () => {
  const page = await ada.get("/account");
  assert.match(page.headers.get("vary") ?? "", /Sec-Fetch-Site, Origin/);
});

test("another site's preflight gets no leave", async () => {
  const { headers } = await send(app.url, "/chat", {
    method: "OPTIONS",
    headers: { Origin: "https://evil.example", "Access-Control-Request-Method": "POST" },
  });
  assert.equal(headers["access-control-allow-origin"], undefined);
});

test("the refusal says why, and shows a way home", async () => {
  const page = await ada.post("/chat", { prompt: "x" }, { Origin: "https://evil.example" });
  assert.match(page.words("main"), /came from another site/);
  assert.equal(page.$("main a[href='/']").length, 1);
});
