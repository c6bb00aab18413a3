import assert from "node:assert/strict";
import { test } from "node:test";
import { PASSWORD, startApp } from "../support/app.js";

// Reachable from the network, and closed: whoever is first must hold the token, and nobody follows.
const app = await startApp({ HOST: "0.0.0.0", REGISTRATION: "closed" });
const { setupToken } = await import("../../src/models/first-run.js");

const ADA = { username: "ada", password: PASSWORD };

function people(): unknown[] {
  return app.database.prepare("SELECT username, administrator FROM User").all();
}

test("on a network, the form for the first account asks for the token", async () => {
  const page = await app.visitor().get("/register");
  assert.equal(page.status, 200);
  assert.equal(page.$("[name=setupToken]").length, 1);
});

test("without the right token nobody becomes the administrator", async () => {
  const token = String(await setupToken());

  for (const setupToken of ["", "guess", token.slice(0, -1), `${token} `, token.toLowerCase()]) {
    const page = await app.visitor().post("/register", { ...ADA, setupToken });
    assert.equal(page.status, 403);
    assert.match(page.words("#field-setupToken-error"), /not the token/);
    assert.equal(page.field("username"), "ada");
  }
  assert.deepEqual(people(), []);
});

test("of many who hold it at once, one gets in, and she is the administrator", async () => {
  const setupToken_ = String(await setupToken());
  const pages = await Promise.all(
    ["ada", "bob", "carol", "dora", "eve", "frank"].map((username) =>
      app.visitor().post("/register", { username, password: PASSWORD, setupToken: setupToken_ }),
    ),
  );

  assert.equal(pages.filter((page) => page.status === 303).length, 1);
  assert.deepEqual(
    people().map((person) => (person as { administrator: number }).administrator),
    [1],
  );
});

test("afterwards there is no token any more, and registration is closed", async () => {
  const form = await app.visitor().get("/register");
  const sent = await app.visitor().post("/register", { username: "mallory", password: PASSWORD });

  assert.equal(await setupToken(), null);
  assert.deepEqual([form.status, sent.status], [403, 403]);
  assert.match(sent.words("main"), /Registration is closed/);
});

test("the login form does not offer what is closed", async () => {
  const page = await app.visitor().get("/login");
  assert.equal(page.$("a[href='/register']").length, 0);
});
