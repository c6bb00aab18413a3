import assert from "node:assert/strict";
import { test } from "node:test";
import { PASSWORD, startApp } from "../../support/app.js";

const app = await startApp();
const NEW = "a freshly chosen passphrase";

test("the new password works, the old one does not, and this session goes on under a new id", async () => {
  const ada = await app.signedIn("ada");
  const old = ada.cookies.get("aifacade");
  const page = await ada.submit("/account/password", { current: PASSWORD, password: NEW });

  assert.match(page.words(".flash"), /Password changed/);
  assert.notEqual(ada.cookies.get("aifacade"), old);
  assert.equal((await app.visitor().logIn("ada", PASSWORD)).status, 401);
  assert.equal((await app.visitor().logIn("ada", NEW)).status, 303);
});

test("every other session ends, and so does a stolen copy of this one", async () => {
  const bob = await app.signedIn("bob");
  const [elsewhere, stolen] = [app.visitor(), app.visitor()];
  await elsewhere.logIn("bob", PASSWORD);
  for (const [name, value] of bob.cookies) stolen.cookies.set(name, value);
  await bob.post("/account/password", { current: PASSWORD, password: NEW });

  assert.equal((await elsewhere.get("/account")).status, 303);
  assert.equal((await stolen.get("/account")).status, 303);
  assert.equal((await bob.get("/account")).status, 200);
});

for (const [what, fields, field] of [
  ["the current password", { password: NEW }, "current"],
  ["the right current password", { current: "wrong", password: NEW }, "current"],
  ["a new password", { current: PASSWORD }, "password"],
  ["eight characters", { current: PASSWORD, password: "x9!kQ2z" }, "password"],
  ["a password that is hard to guess", { current: PASSWORD, password: "qwertyuiop" }, "password"],
] as const) {
  test(`without ${what} nothing changes`, async () => {
    const visitor = app.visitor();
    const username = `person ${what}`;
    await visitor.register(username, PASSWORD);
    const page = await visitor.post("/account/password", fields);

    assert.equal(page.status, 422);
    assert.notEqual(page.words(`#field-${field}-error`), "");
    assert.doesNotMatch(page.html, new RegExp(`${PASSWORD}|${NEW}`));
    assert.equal((await app.visitor().logIn(username, PASSWORD)).status, 303);
  });
}

test("a link to reset the password is void after it was changed", async () => {
  const { create } = await import("../../../src/models/password-resets.js");
  const carol = await app.signedIn("carol");
  const token = await create("carol");
  await carol.post("/account/password", { current: PASSWORD, password: NEW });

  assert.equal((await app.visitor().get(`/password-resets/${token}`)).status, 404);
});

test("nobody's password can be changed by somebody else's form", async () => {
  const dora = await app.signedIn("dora");
  await dora.post("/account/password", {
    ...{ current: PASSWORD, password: NEW },
    ...{ id: "1", userId: "1", username: "ada" },
  });

  assert.equal((await app.visitor().logIn("ada", NEW)).status, 303);
  assert.equal((await app.visitor().logIn("dora", NEW)).status, 303);
});

test("the form helps password managers", async () => {
  const page = await (await app.signedIn("eve")).get("/account/password");
  assert.equal(page.$("[name=current]").attr("autocomplete"), "current-password");
  assert.equal(page.$("[name=password]").attr("autocomplete"), "new-password");
  assert.equal(page.$("[name=username]").attr("autocomplete"), "username");
});
