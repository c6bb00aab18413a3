import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";

const folder = mkdtempSync(path.join(os.tmpdir(), "aifacade-secrets-"));
after(() => rmSync(folder, { recursive: true }));

Object.assign(process.env, { NODE_ENV: "test", DATABASE_URL: `file:${folder}/data/test.db` });
const { encryptionSecret, openSecrets, peekSecrets, pepper, sessionSecret } = await import(
  "../../src/stores/secrets.js"
);

const FILE = path.join(folder, "data", "secrets.env");

test("secrets are not at hand before they are opened", () => {
  assert.throws(() => pepper(), /openSecrets/);
});

test("beside existing accounts a missing pepper is never made anew", () => {
  assert.throws(() => openSecrets(true), /Missing: SESSION_SECRET, PASSWORD_PEPPER/);
});

test("the first start makes secrets that only the owner can read", () => {
  assert.equal(openSecrets(false), FILE);
  assert.equal(statSync(FILE).mode & 0o777, 0o600);
  assert.equal(Buffer.from(pepper(), "base64url").length, 32);
  assert.notEqual(pepper(), sessionSecret());
});

test("the next start takes the same, and writes nothing", () => {
  const [first, before] = [pepper(), readFileSync(FILE, "utf8")];

  assert.equal(openSecrets(true), null);
  assert.equal(pepper(), first);
  assert.equal(readFileSync(FILE, "utf8"), before);
});

test("secrets of an earlier version stay as they were, and what it did not have is made", () => {
  const before = readFileSync(FILE, "utf8");
  const earlier = before.replace(/ENCRYPTION_SECRET=.*\n/, "");
  const first = encryptionSecret();
  writeFileSync(FILE, earlier);

  peekSecrets();
  assert.equal(encryptionSecret(), "");
  assert.equal(readFileSync(FILE, "utf8"), earlier);

  assert.equal(openSecrets(true), FILE);
  assert.equal(readFileSync(FILE, "utf8"), `${earlier}ENCRYPTION_SECRET=${encryptionSecret()}\n`);
  assert.notEqual(encryptionSecret(), first);
  assert.equal(statSync(FILE).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(path.dirname(FILE)), ["secrets.env"]);
});

test("with the file gone and accounts there, it says which file to put back", () => {
  rmSync(FILE);
  assert.throws(() => openSecrets(true), new RegExp(`Put back ${FILE}`));
});
