import assert from "node:assert/strict";
import { test } from "node:test";
import { PASSWORD, startApp } from "../../support/app.js";

const app = await startApp();

function administrators() {
  return app.database.prepare("SELECT count(*) AS n FROM User WHERE administrator").get() as {
    n: number;
  };
}

test("of fifty who register at once, exactly one is the administrator", async () => {
  const names = Array.from({ length: 50 }, (_, index) => `person ${index}`);
  const pages = await Promise.all(
    names.map((username) => app.visitor().post("/register", { username, password: PASSWORD })),
  );

  // A hash takes its time, so some are asked to come back; whoever got in, one is the administrator.
  assert.ok(pages.filter((page) => page.status === 303).length > 1);
  assert.ok(pages.every((page) => [303, 503].includes(page.status)));
  assert.equal(administrators().n, 1);
});

test("registering logs in, says so, and leads to the chat", async () => {
  const visitor = app.visitor();
  const page = await visitor.register("ada", PASSWORD);
  const chat = await visitor.follow(page);

  assert.equal(page.location, "/");
  assert.equal(chat.words(".flash p"), "Account created successfully");
  assert.match(chat.words(".greeting"), /ada/);
});

test("a taken name is refused whatever its case, and is kept in the form", async () => {
  await app.visitor().register("Grace", PASSWORD);
  const page = await app.visitor().post("/register", { username: "gRACE", password: PASSWORD });

  assert.equal(page.status, 409);
  assert.match(page.words(".field__error"), /User already exists\./);
  assert.equal(page.field("username"), "gRACE");
  assert.doesNotMatch(page.html, new RegExp(PASSWORD));
});

for (const [what, username] of [
  ["two characters", "ab"],
  ["81 characters", "a".repeat(81)],
  ["a bidi override", "ada\u202eadmin"],
  ["a zero-width space", "ada\u200badmin"],
  ["a control character", "ada\u0007"],
  ["nothing", ""],
] as const) {
  test(`a name of ${what} is refused`, async () => {
    const page = await app.visitor().post("/register", { username, password: PASSWORD });
    assert.equal(page.status, 422);
    assert.notEqual(page.words(".field__error"), "");
  });
}

for (const [what, password] of [
  ["seven characters", "x9!kQ2z"],
  ["a common password", "password1"],
  ["the product's name", "aifacadeaifacade"],
  ["a row of keys", "qwertyuiop"],
  ["the user's own name", "margaret"],
] as const) {
  test(`${what} is refused as a password, with the reason`, async () => {
    const page = await app.visitor().post("/register", { username: "margaret", password });
    assert.equal(page.status, 422);
    assert.match(page.words(".field__error"), /characters|guessed quickly/);
    assert.equal(page.field("username"), "margaret");
  });
}

test("a password is taken exactly as given, far beyond 72 bytes", async () => {
  const long = [..."áéíóúàèìòùäëïöüâêîôûãñõåæøçðþýÿßœšž§"].join("").padEnd(40, "éúíó");
  await app.visitor().register("long", `${long}one`);

  assert.equal((await app.visitor().logIn("long", `${long}two`)).status, 401);
  assert.equal((await app.visitor().logIn("long", `${long}one `)).status, 401);
  assert.equal((await app.visitor().logIn("long", `${long}one`)).status, 303);
});

test("64 emoji are a password", async () => {
  const password = [..."🦊🐙🌵🎈🪁🧭🍋🛶"].join("").repeat(8);
  await app.visitor().register("emoji", password);
  assert.equal((await app.visitor().logIn("emoji", password)).status, 303);
});

test("names that read alike are one name", async () => {
  await app.visitor().register("Straße ὈΔΥΣΣΕΎΣ", PASSWORD);

  for (const username of ["STRASSE ὀδυσσεύς", "ﬆraße ὀδυσσεύσ", "strasse ὀδυσσεύς"]) {
    const page = await app.visitor().post("/register", { username, password: PASSWORD });
    assert.equal(page.status, 409, username);
  }
});

test("of two who take one name at once, one gets it", async () => {
  const pages = await Promise.all(
    ["Twin", "twin"].map((username) =>
      app.visitor().post("/register", { username, password: PASSWORD }),
    ),
  );
  assert.deepEqual(pages.map((page) => page.status).sort(), [303, 409]);
});

test("what the form does not ask for is not taken", async () => {
  await app.visitor().post("/register", {
    ...{ username: "mallory", password: PASSWORD },
    ...{ id: "chosen", administrator: "true", founder: "true", createdAt: "2001-01-01" },
    ...{ passwordDigest: "x", suspendedAt: "", usernameKey: "ada", "user[administrator]": "1" },
    ...{ __proto__: "x", constructor: "x", "__proto__[administrator]": "1" },
  });
  const row = app.database.prepare("SELECT * FROM User WHERE username = 'mallory'").get() as {
    [column: string]: unknown;
  };

  assert.deepEqual([row.administrator, row.founder, row.suspendedAt], [0, null, null]);
  assert.notEqual(row.id, "chosen");
  assert.match(String(row.passwordDigest), /^\$2b\$10\$.{53}$/);
  assert.equal(administrators().n, 1);
});

test("the form helps password managers, and promises what it checks", async () => {
  const page = await app.visitor().get("/register");

  assert.equal(page.$("[name=username]").attr("autocomplete"), "username");
  assert.equal(page.$("[name=password]").attr("autocomplete"), "new-password");
  assert.equal(page.$("[name=password]").attr("type"), "password");
  assert.equal(page.$("[name=password]").attr("maxlength"), undefined);
  assert.match(page.words(".field__hint"), /At least 8 characters/);
  assert.equal(page.$("[name=setupToken]").length, 0);
});

test("a refused password is never sent back", async () => {
  const page = await app.visitor().post("/register", { username: "ab", password: PASSWORD });
  assert.equal(page.$("[name=password]").attr("value"), undefined);
  assert.doesNotMatch(page.html, new RegExp(PASSWORD));
});
