import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";

process.env.NODE_ENV = "test";
const { load } = await import("../src/config.js");
const { launch } = await import("./support/server.js");

const folder = mkdtempSync(path.join(os.tmpdir(), "aifacade-settings-"));
after(() => rmSync(folder, { recursive: true }));

const GOOD_SECRET = "Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MDEyMzQ1Ng";

function file(name: string, content: string): string {
  const target = path.join(folder, name);
  writeFileSync(target, content);
  return target;
}

test("with no setting at all it is a production server on the loopback", () => {
  const { config, complaints } = load({});

  assert.equal(complaints, null);
  assert.equal(config.environment, "production");
  assert.equal(config.host, "127.0.0.1");
  assert.equal(config.port, 3000);
  assert.equal(config.limits.on, true);
});

for (const [name, value] of [
  ["PORT", "65536"],
  ["PORT", "http"],
  ["PORT", "3000.5"],
  ["NODE_ENV", "prod"],
  ["DATABASE_URL", "postgres://db"],
  ["DATABASE_URL", "file:"],
  ["PUBLIC_URL", "chat.example.org"],
  ["PUBLIC_URL", "ftp://chat.example.org"],
  ["PUBLIC_URL", "javascript:alert(1)"],
  ["REGISTRATION", "invite"],
  ["PASSWORD_MIN_LENGTH", "7"],
  ["PASSWORD_MIN_LENGTH", "0"],
  ["PASSWORD_MIN_LENGTH", "-8"],
  ["BCRYPT_COST", "9"],
  ["BCRYPT_COST", "31"],
  ["SESSION_IDLE_DAYS", "0"],
  ["SESSION_ABSOLUTE_DAYS", "soon"],
  ["PROMPT_MAX_CHARACTERS", "32001"],
  ["PROMPT_MAX_CHARACTERS", "0"],
  ["RATE_LIMITS", "no"],
  ["AUTO_TITLES", "yes"],
  ["LOG_LEVEL", "loud"],
  ["DEEPSEEK_API_KEY", "sk-one\nX-Header: two"],
  ["DEEPSEEK_BASE_URL", "localhost:11434"],
  ["DEEPSEEK_CONNECT_TIMEOUT_MS", "10s"],
] as const) {
  test(`${name}=${JSON.stringify(value)} is wrong`, () => {
    assert.match(load({ [name]: value }).complaints ?? "", new RegExp(`- ${name} `));
  });
}

for (const value of [
  "true",
  "abc",
  "10",
  "1.2.3",
  "10.0.0.0/33",
  "10.0.0.0/0",
  "::/0",
  "fd00::/129",
  "::ffff:10.0.0.0/8",
  "::ffff:10.0.0.0/96",
  "::ffff:a00:0/64",
  "10.0.0.1, everybody",
  "10.0.0.0/8/8",
]) {
  test(`TRUST_PROXY=${value} would believe too many, or nobody, and is wrong`, () => {
    assert.match(load({ TRUST_PROXY: value }).complaints ?? "", /- TRUST_PROXY /);
  });
}

for (const [value, meant] of [
  ["0", false],
  ["1", 1],
  ["loopback", ["loopback"]],
  ["10.0.0.1, fd00::/8", ["10.0.0.1", "fd00::/8"]],
  ["::ffff:10.0.0.0/104", ["::ffff:10.0.0.0/104"]],
] as const) {
  test(`TRUST_PROXY=${value} is understood`, () => {
    assert.deepEqual(load({ TRUST_PROXY: value }).config.trustProxy, meant);
  });
}

test("one message lists every wrong setting", () => {
  const { complaints } = load({
    PORT: "x",
    BCRYPT_COST: "1",
    HOST: "",
    SESSION_SECRET_FILE: "/no",
  });

  assert.match(complaints ?? "", /- PORT /);
  assert.match(complaints ?? "", /- BCRYPT_COST must be a whole number from 10 to 16/);
  assert.match(complaints ?? "", /- SESSION_SECRET_FILE names \/no/);
  assert.doesNotMatch(complaints ?? "", /- HOST/);
});

for (const [what, value] of [
  ["the seed's example", "dev-key-123"],
  ["a long one made of the seed's example", "dev-key-123-dev-key-123-dev-key-123"],
  ["an example", "change-me-change-me-change-me-please"],
  ["a short one", "q8Zr4t"],
  ["one character, repeated", "a".repeat(64)],
] as const) {
  test(`as a secret, ${what} is refused without being repeated`, () => {
    for (const name of ["SESSION_SECRET", "PASSWORD_PEPPER"]) {
      const { complaints } = load({ [name]: value });
      assert.match(complaints ?? "", new RegExp(`- ${name} `));
      assert.ok(!complaints?.includes(value));
    }
  });
}

test("a secret can come from a file, without its last line break", () => {
  const { config, complaints } = load({
    SESSION_SECRET_FILE: file("session", `${GOOD_SECRET}\n`),
    DEEPSEEK_API_KEY_FILE: file("key", "sk-from-a-file\r\n"),
  });

  assert.equal(complaints, null);
  assert.equal(config.secrets.session, GOOD_SECRET);
  assert.equal(config.deepseek.apiKey, "sk-from-a-file");
});

test("a secret's file that is empty, or a folder, or not there is a wrong setting", () => {
  for (const named of [file("empty", "\n"), folder, path.join(folder, "nowhere")]) {
    const { complaints } = load({ PASSWORD_PEPPER_FILE: named });
    assert.match(complaints ?? "", /- PASSWORD_PEPPER_FILE names /);
  }
});

test("a weak secret in a file is refused like any other", () => {
  const { complaints } = load({ PASSWORD_PEPPER_FILE: file("weak", "secret") });
  assert.match(complaints ?? "", /- PASSWORD_PEPPER /);
});

test("an empty value means that nothing is set", () => {
  const { config, complaints } = load({ PORT: "", SESSION_SECRET: "", DEEPSEEK_API_KEY: "" });
  assert.equal(complaints, null);
  assert.equal(config.port, 3000);
  assert.equal(config.deepseek.apiKey, null);
});

test("of the public address only the origin counts", () => {
  const { config } = load({ PUBLIC_URL: "https://Chat.Example.org:443/" });
  assert.equal(config.publicUrl, "https://chat.example.org");
  assert.equal(config.https, true);
});

test("the settings cannot be changed afterwards", () => {
  assert.ok(Object.isFrozen(load({}).config));
});

test("a server with wrong settings says so before it does anything, and ends", async () => {
  const database = path.join(folder, "never", "made.db");
  const server = launch({ DATABASE_URL: `file:${database}`, PORT: "http", BCRYPT_COST: "1" });

  assert.equal(await server.ended, 78);
  assert.match(
    server.output(),
    /^AIFacade cannot start: some settings are wrong\.\n {2}- PORT .*\n {2}- BCRYPT_COST /,
  );
  assert.doesNotMatch(server.output(), /\bat \//);
  assert.equal(existsSync(path.dirname(database)), false);
});

test("a translation that cannot be used keeps the server from starting, with its file and key", async () => {
  const database = path.join(folder, "translated", "aifacade.db");
  const translation = { language: "de", messages: { "Back to the chat": "Zum Chat von {name}" } };
  const name = file("de.json", JSON.stringify(translation));
  const server = launch({ DATABASE_URL: `file:${database}`, INTERFACE_LANGUAGE: name });

  assert.equal(await server.ended, 78);
  assert.equal(
    server.output().trim(),
    `${name}: "Back to the chat" has {name}, which the English text has not.`,
  );
  assert.equal(existsSync(path.dirname(database)), false);
});
