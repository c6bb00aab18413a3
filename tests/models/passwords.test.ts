import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import bcrypt from "bcrypt";
import { PASSWORD, startApp } from "../support/app.js";

const PEPPER = "q8Zr4tW1xN6vB3mK9pL2sD7fG5hJ0aYc";
const app = await startApp({ PASSWORD_PEPPER: PEPPER });
const passwords = await import("../../src/models/passwords.js");

function digestOf(username: string): string {
  const row = app.database
    .prepare("SELECT passwordDigest FROM User WHERE username = ?")
    .get(username);
  return (row as { passwordDigest: string }).passwordDigest;
}

test("without the pepper a stolen digest matches nothing", async () => {
  await app.signedIn("ada");
  assert.match(digestOf("ada"), /^\$2b\$10\$/);
  assert.equal(await bcrypt.compare(PASSWORD, digestOf("ada")), false);
});

test("the digest is bcrypt's of base64 of HMAC-SHA-384 with the pepper", async () => {
  const peppered = createHmac("sha384", PEPPER).update(PASSWORD).digest("base64");
  assert.equal(await bcrypt.compare(peppered, digestOf("ada")), true);
});

for (const [what, one, other] of [
  ["beyond the 72nd byte", `${"x".repeat(72)}one`, `${"x".repeat(72)}two`],
  ["after a NUL", "before\0after", "before\0other"],
  ["in a space at the end", "passphrase", "passphrase "],
  ["in their composition", "Ren\u00e9 Descartes", "Rene\u0301 Descartes"],
  ["after 36 characters of two bytes", `${"é".repeat(36)}a`, `${"é".repeat(36)}b`],
] as const) {
  test(`two passwords that differ ${what} are different`, async () => {
    const digest = await passwords.digestOf(one);
    assert.equal(await passwords.matches(one, digest), true);
    assert.equal(await passwords.matches(other, digest), false);
  });
}

test("without a digest nothing matches, not even what a digest might be made of", async () => {
  for (const password of ["", "u", PASSWORD]) {
    assert.equal(await passwords.matches(password, null), false);
  }
});

test("a digest of a lower cost is made anew when its person logs in", async () => {
  const peppered = createHmac("sha384", PEPPER).update(PASSWORD).digest("base64");
  const old = await bcrypt.hash(peppered, 8);
  app.database.prepare("UPDATE User SET passwordDigest = ?").run(old);

  assert.equal(passwords.isOutdated(old), true);
  assert.equal((await app.visitor().logIn("ada", "wrong")).status, 401);
  assert.equal(digestOf("ada"), old);
  assert.equal((await app.visitor().logIn("ada", PASSWORD)).status, 303);
  assert.match(digestOf("ada"), /^\$2b\$10\$/);
  assert.equal((await app.visitor().logIn("ada", PASSWORD)).status, 303);
});

test("a password that was changed meanwhile is not overwritten by the old one", async () => {
  const users = await import("../../src/models/users.js");
  const user = await users.named("ada");
  await users.changePassword(user.id, "a freshly chosen passphrase");
  await users.refreshDigest(user, PASSWORD);

  assert.equal((await app.visitor().logIn("ada", PASSWORD)).status, 401);
});

test("of very many logins at once some are asked to come back; nobody else waits", async () => {
  const attempts = Array.from({ length: 60 }, () => app.visitor().logIn("nobody", "nothing"));
  const all = Promise.all(attempts);
  const health = app.visitor().get("/healthz");
  const first = await Promise.race([health, all.then(() => null)]);
  const pages = await all;
  const busy = pages.filter((page) => page.status === 503);

  assert.equal(first?.status, 200);
  assert.ok(busy.length > 0);
  assert.equal(pages.length - busy.length, pages.filter((page) => page.status === 401).length);
  assert.equal(busy[0]?.headers.get("retry-after"), "5");
  assert.equal(busy[0]?.field("username"), "nobody");
  assert.match(busy[0]?.words("[role=alert]") ?? "", /Too many people/);
});
