import assert from "node:assert/strict";
import { test } from "node:test";
import { PASSWORD, startApp } from "../../support/app.js";

const app = await startApp();
const { create } = await import("../../../src/models/password-resets.js");

const NEW = "a freshly chosen passphrase";

function expire() {
  app.database.prepare("UPDATE PasswordReset SET expiresAt = ?").run("2020-01-01T00:00:00.000Z");
}

test("the link shows whose password it sets, and sets it", async () => {
  const ada = await app.signedIn("ada");
  const path = `/password-resets/${await create("ada")}`;
  const form = await app.visitor().get(path);
  const login = await app.visitor().submit(path, { password: NEW });

  assert.match(form.words(".panel"), /For the account ada/);
  assert.equal(form.$("[name=password]").attr("autocomplete"), "new-password");
  assert.equal(login.words("h1"), "Log in");
  assert.equal((await app.visitor().logIn("ada", NEW)).status, 303);
  assert.equal((await app.visitor().logIn("ada", PASSWORD)).status, 401);
  assert.equal((await ada.get("/account")).status, 303);
});

test("a link works once", async () => {
  await app.signedIn("bob");
  const path = `/password-resets/${await create("bob")}`;
  await app.visitor().post(path, { password: NEW });

  assert.equal((await app.visitor().get(path)).status, 404);
  assert.equal((await app.visitor().post(path, { password: `${NEW} two` })).status, 404);
});

test("of two uses at once one succeeds", async () => {
  await app.signedIn("carol");
  const path = `/password-resets/${await create("carol")}`;
  const passwords = [`${NEW} one`, `${NEW} two`];
  const pages = await Promise.all(
    passwords.map((password) => app.visitor().post(path, { password })),
  );

  assert.deepEqual(pages.map((page) => page.status).sort(), [303, 404]);
});

test("a weak password does not use the link up", async () => {
  await app.signedIn("dora");
  const path = `/password-resets/${await create("dora")}`;
  const tooShort = await app.visitor().post(path, { password: "short" });
  const common = await app.visitor().post(path, { password: "password1" });

  assert.equal(tooShort.status, 422);
  assert.match(common.words(".field__error"), /guessed quickly/);
  assert.equal((await app.visitor().post(path, { password: NEW })).status, 303);
});

test("a second link ends the first", async () => {
  await app.signedIn("eve");
  const first = await create("eve");
  await create("eve");
  assert.equal((await app.visitor().get(`/password-resets/${first}`)).status, 404);
});

test("a link that is too old does nothing", async () => {
  await app.signedIn("frank");
  const path = `/password-resets/${await create("frank")}`;
  expire();

  assert.equal((await app.visitor().get(path)).status, 404);
  assert.equal((await app.visitor().post(path, { password: NEW })).status, 404);
  assert.equal((await app.visitor().logIn("frank", PASSWORD)).status, 303);
});

test("what is no token opens nothing", async () => {
  await app.signedIn("grace");
  const token = await create("grace");
  const wrong = ["null", "undefined", "0", "[]", "{}", "%00", "", token.slice(0, -1), `${token}=`];

  for (const text of [...wrong, token.toUpperCase(), `${token}%20`, `${token},${token}`]) {
    const page = await app.visitor().post(`/password-resets/${text}`, { password: NEW });
    assert.equal(page.status, 404, text);
  }
  assert.equal((await app.visitor().logIn("grace", PASSWORD)).status, 303);
});

test("the database does not know the token itself", async () => {
  await app.signedIn("heidi");
  const token = await create("heidi");
  const rows = app.database.prepare("SELECT * FROM PasswordReset").all();
  assert.doesNotMatch(JSON.stringify(rows), new RegExp(token));
});

test("a link does not lift a suspension", async () => {
  await app.signedIn("ivan");
  const path = `/password-resets/${await create("ivan")}`;
  app.database.prepare("UPDATE User SET suspendedAt = ? WHERE username = 'ivan'").run("2026-01-01");
  await app.visitor().post(path, { password: NEW });

  assert.equal((await app.visitor().logIn("ivan", NEW)).status, 401);
});
