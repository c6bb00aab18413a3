import assert from "node:assert/strict";
import { test } from "node:test";
import { startApp } from "../../support/app.js";

const app = await startApp();

test("a chosen theme stays, before and after logging in", async () => {
  const visitor = app.visitor();
  await visitor.post("/theme", { theme: "dark" });
  assert.equal((await visitor.get("/login")).$("html").attr("data-theme"), "dark");

  await visitor.register("ada", "a plain test passphrase");
  assert.equal((await visitor.get("/account")).$("html").attr("data-theme"), "dark");
});

test("from the account page it leads back there", async () => {
  const bob = await app.signedIn("bob");
  const page = await bob.submit("/theme", { theme: "light" });
  assert.equal(page.$("[aria-pressed=true]").attr("value"), "light");
});

test("what is no theme is the system's", async () => {
  const visitor = app.visitor();
  await visitor.post("/theme", { theme: '"><script>' });
  assert.equal((await visitor.get("/login")).$("html").attr("data-theme"), "system");
});

test("a cookie that somebody wrote by hand is not believed", async () => {
  const visitor = app.visitor();
  visitor.cookies.set("aifacade-theme", "s%3Adark.c2lnbmF0dXJl");
  assert.equal((await visitor.get("/login")).$("html").attr("data-theme"), "system");
});

test("nobody is led to another site", async () => {
  const page = await app.visitor().post("/theme", { theme: "dark", next: "//evil.example" });
  assert.equal(page.location, "/");
});
