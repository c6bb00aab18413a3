import assert from "node:assert/strict";
import { createHash, randomUUID } from "node:crypto";
import { existsSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import path from "node:path";
import { test } from "node:test";
import { startApp } from "../../support/app.js";
import { bring, takeAll, upload } from "../../support/uploads.js";
import { zipped } from "../../support/zipped.js";

const app = await startApp({
  IMPORT_MAX_MEGABYTES: "1",
  FILE_MAX_MEGABYTES: "1",
  FILES_QUOTA_MEGABYTES: "1",
});
const ada = await app.signedIn("ada");
const mallory = await app.signedIn("mallory");

const MESSAGE = {
  id: 1,
  parentId: null,
  role: "question",
  body: "Asked",
  createdAt: "2026-01-01T00:00:00Z",
};
const ANSWER = { ...MESSAGE, id: 2, parentId: 1, role: "answer", body: "Answered" };

function ours(messages: object[] = [MESSAGE, ANSWER], more: object = {}) {
  const times = { createdAt: "2026-01-01T00:00:00Z", updatedAt: "2026-01-01T00:00:00Z" };
  const conversation = { id: "abc", title: "Title", ...times, messages, ...more };
  return { format: "aifacade", version: 1, conversation };
}

const total = (table: string) =>
  app.database.prepare(`SELECT count(*) FROM ${table}`).pluck().get();
const nested = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`;

const REFUSED: [what: string, content: string | Buffer | object, why: RegExp][] = [
  ["nothing", "", /damaged/],
  ["no JSON", "hello", /damaged/],
  ["JSON that breaks off", '[{"mapping":{', /damaged/],
  ["something else", { hello: "world" }, /no conversations in this file that are known/],
  ["an empty list", "[]", /no conversations in this file that are known/],
  ["a picture", Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), /damaged/],
  ["JSON 100,000 deep", nested(100_000), /nests deeper/],
  ["a zip that is cut off", Buffer.from("PK\x03\x04 and then nothing"), /archive cannot be read/],
  ["numbers beyond all bounds", "[1e400, -1e999]", /known/],
];

for (const [what, content, why] of REFUSED) {
  test(`${what} is refused in words, and nothing is kept of it`, async () => {
    const { page } = await bring(mallory, content);
    assert.match(page.words(".notice--danger"), why);
    assert.equal(page.$("[name=positions]").length, 0);
  });
}

test("an archive without conversations is refused", async () => {
  const { page } = await bring(
    mallory,
    await zipped({ "chat.html": "x", "a/b/conversations.json": "[]" }),
  );
  assert.match(page.words(".notice--danger"), /no file conversations\.json/);
});

test("one byte too many, and much too many, are refused with nothing left on the disk", async () => {
  const { config } = await import("../../../src/config.js");
  const page = await upload(mallory, Buffer.alloc(1_000_001, " "));
  assert.equal(page.status, 413);
  assert.match(page.words(".field__error"), /too large: 1 MB is the most/);
  assert.equal((await upload(mallory, Buffer.alloc(3_000_000, " "))).status, 413);
  assert.deepEqual(
    readdirSync(config.imports.folder).filter((name) => name.startsWith("coming")),
    [],
  );
});

test("while one is under way another is refused before it has come, and what came meanwhile is removed", async () => {
  const { config } = await import("../../../src/config.js");
  const transfer = await import("../../../src/transfer/in/imports.js");
  const eve = await app.signedIn("eve");
  const { id } = app.database.prepare("SELECT id FROM User WHERE username = 'eve'").get() as {
    id: string;
  };
  const folder = () => readdirSync(config.imports.folder).sort();
  const before = folder();
  app.database
    .prepare(
      "INSERT INTO Import (id, userId, name, state, createdAt) VALUES ('x', ?, 'x', 'reading', ?)",
    )
    .run(id, new Date().toISOString().replace("Z", "+00:00"));
  assert.equal((await upload(eve, Buffer.alloc(3_000_000, " "))).status, 409);

  const meanwhile = path.join(config.imports.folder, "coming-meanwhile");
  writeFileSync(meanwhile, "{}");
  await assert.rejects(transfer.receive(id, "meanwhile", meanwhile), /Another file of yours/);
  assert.deepEqual(folder(), before);
  app.database.prepare("DELETE FROM Import WHERE id = 'x'").run();

  await bring(eve, ours());
  await bring(eve, ours());
  assert.equal(folder().length, before.length + 2);
});

test("what did not come to its end is removed after an hour", async () => {
  const { config } = await import("../../../src/config.js");
  const { prune } = await import("../../../src/transfer/in/imports.js");
  const [old, fresh] = ["coming-old", "coming-fresh"].map((name) =>
    path.join(config.imports.folder, name),
  ) as [string, string];
  for (const file of [old, fresh]) writeFileSync(file, "x");
  utimesSync(old, new Date(), new Date(Date.now() - 2 * 3_600_000));
  await prune();
  assert.deepEqual([existsSync(old), existsSync(fresh)], [false, true]);
  rmSync(fresh);
});

test("a length of ten gigabytes is refused before it has come", async () => {
  const cookie = [...mallory.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  const headers = {
    ...{ Cookie: cookie, "User-Agent": mallory.userAgent, Origin: app.url, Accept: "text/html" },
    ...{ "Content-Type": "multipart/form-data; boundary=x", "Content-Length": "10000000000" },
  };
  const status = await new Promise((resolve, reject) => {
    const sent = request(`${app.url}/imports`, { method: "POST", headers }, (response) => {
      resolve(response.statusCode);
      sent.destroy();
    });
    sent.on("error", reject);
    sent.write("--x\r\n");
  });
  assert.equal(status, 413);
});

test("a form without a file, with another field, or with two files, is refused", async () => {
  const send = (body: FormData | URLSearchParams) =>
    mallory.request("/imports", { method: "POST", body, headers: { Origin: app.url } });
  assert.equal((await send(new URLSearchParams({ file: "x" }))).status, 422);
  assert.equal((await send(new FormData())).status, 422);
  const other = new FormData();
  other.append("other", new File(["[]"], "x.json"));
  assert.equal((await send(other)).status, 400);
  const two = new FormData();
  for (const name of ["a.json", "b.json"]) two.append("file", new File(["[]"], name));
  assert.equal((await send(two)).status, 400);
});

test("a bomb in a zip is given up, and the server lives", async () => {
  // Ten gigabytes of spaces would be an empty list; it is a few kilobytes here.
  const spaces = Buffer.alloc(20_000_000, " ");
  const zip = await zipped({ "conversations.json": Buffer.concat([Buffer.from("["), spaces]) });
  assert.ok(zip.length < 100_000);
  const { page } = await bring(mallory, zip);
  assert.match(page.words(".notice--danger"), /too much to take in/);
  assert.equal((await ada.get("/")).status, 200);
});

test("a zip that lies about its sizes is given up", async () => {
  const zip = await zipped({ "conversations.json": JSON.stringify([ours()]) });
  const lying = Buffer.from(zip);
  const central = lying.indexOf("PK\x01\x02");
  lying.writeUInt32LE(5, central + 24);
  const { page } = await bring(mallory, lying);
  assert.match(page.words(".notice--danger"), /archive cannot be read/);
});

test("names that lead out of the archive lead nowhere", async () => {
  const zip = await zipped({ "conversations/aa-aa-aa-evil.json": JSON.stringify(ours()) });
  const renamed = Buffer.from(
    zip.toString("latin1").replaceAll("aa-aa-aa-evil", "../../../evil"),
    "latin1",
  );
  const { page } = await bring(mallory, renamed);
  assert.match(page.words(".notice--danger"), /archive cannot be read/);
});

test("whose it is and what it may be is not for the file to say", async () => {
  const victim = await ada.ask("chaos:say Mine.");
  await ada.settled(victim);
  const id = victim.split("/").at(-1);
  const messages = app.database
    .prepare("SELECT id FROM Message WHERE conversationId = ?")
    .pluck()
    .all(id);
  const rows = JSON.stringify(
    app.database.prepare("SELECT * FROM Message WHERE conversationId = ?").all(id),
  );
  const evil = {
    userId: app.database.prepare("SELECT id FROM User WHERE username = 'ada'").pluck().get(),
    ...{ conversationId: id, role: "answer", administrator: true, runningIn: id, sendDigest: "x" },
    ...{
      html: "<script>alert(1)</script>",
      rendererVersion: 2,
      trashedAt: "2026-01-01",
      copiedFromId: 5,
    },
  };
  const file = JSON.stringify(
    ours(
      [
        { ...evil, ...MESSAGE, id: messages[0] },
        {
          ...evil,
          ...ANSWER,
          id: messages[1],
          parentId: messages[0],
          body: "<script>alert(1)</script>",
        },
      ],
      { ...evil, id, readingId: messages[0] },
    ),
  ).replace(
    '"title"',
    '"__proto__":{"administrator":true},"constructor":{"prototype":{"x":1}},"title"',
  );
  await takeAll(mallory, file);

  assert.equal(
    JSON.stringify(app.database.prepare("SELECT * FROM Message WHERE conversationId = ?").all(id)),
    rows,
  );
  const page = await mallory.get("/conversations");
  const conversation = String(page.$("a.listing__link").first().attr("href"));
  assert.notEqual(conversation, victim);
  const opened = await mallory.get(conversation);
  assert.equal(opened.$(".message script").length, 0);
  assert.match(opened.words(".message--answer .message__body"), /<script>alert\(1\)<\/script>/);
  const taken = app.database
    .prepare(
      "SELECT runningIn, sendDigest, html, copiedFromId FROM Message WHERE conversationId = ?",
    )
    .all(conversation.split("/").at(-1)) as object[];
  for (const row of taken) {
    assert.deepEqual(
      { ...row, html: null },
      { runningIn: null, sendDigest: null, html: null, copiedFromId: 0 },
    );
  }
  assert.equal((await mallory.get("/admin")).status, 403);
});

test("one bad conversation keeps the others from nothing", async () => {
  const circle = [
    { ...MESSAGE, id: 1, parentId: 2 },
    { ...ANSWER, id: 2, parentId: 1 },
  ];
  const bad = [
    ours(circle, { id: "circle", title: "Circle" }),
    ours([{ ...MESSAGE, role: "system" }], { id: "system", title: "System" }),
    ours([MESSAGE, { ...ANSWER, tookMs: -1 }], { id: "minus", title: "Minus" }),
    ours([MESSAGE, MESSAGE], { id: "twice", title: "Twice" }),
    ours([], { id: "empty", title: "Empty" }),
    { ...ours(), version: 3 },
    "text",
    null,
  ];
  const { page } = await bring(mallory, [
    ...bad,
    ours([MESSAGE, ANSWER], { id: "good", title: "Good" }),
  ]);
  assert.match(page.words(".imports__text"), /^1 conversation of AIFacade\. 8 cannot be imported/);
  assert.match(
    page.all(".imports__item").join("\n"),
    /Circle .*circle[\s\S]*System .*role[\s\S]*Minus[\s\S]*Twice .*same id[\s\S]*Empty .*no messages[\s\S]*newer AIFacade/,
  );
});

const sha256 = (bytes: string | Buffer) => createHash("sha256").update(bytes).digest("hex");
const attached = (name: string, bytes: string | Buffer, more: object = {}) => ({
  ...{ name, sha256: sha256(bytes), text: "Told", words: 1 },
  ...more,
});
const inside = (bytes: string | Buffer) => ({ content: Buffer.from(bytes).toString("base64") });
const withFiles = (files: object[]) => {
  const question = { ...MESSAGE, files: files.map((_, index) => index + 1) };
  // Newer than what came before: it stands first in the list.
  const more = { id: randomUUID(), files, updatedAt: "2026-01-02T00:00:00Z" };
  return { ...ours([question, ANSWER], more), version: 2 };
};
const filesHere = () =>
  app.database
    .prepare(
      "SELECT File.name, kind, text FROM File JOIN User ON User.id = userId WHERE username = 'mallory'",
    )
    .all();
const questionsOf = async () => {
  const list = await mallory.get("/conversations");
  const link = String(list.$("a.listing__link").first().attr("href"));
  return mallory.get(link);
};

test("files that are missing, or not what they are said to be, are named, and the rest is read anew", async () => {
  const lying = [
    attached("other.txt", "as it was", inside("something else")),
    attached("gone.txt", "gone"),
    attached("nowhere.txt", "x", { path: "../../../etc/passwd" }),
    attached("../../good\u202etxt.exe", "Good.", inside("Good.")),
    attached("empty.txt", "", inside("")),
  ];
  const { page } = await bring(mallory, withFiles(lying));
  assert.match(page.words(".imports__item"), /4 missing or damaged files left out/);

  await takeAll(mallory, withFiles(lying));
  const opened = await questionsOf();
  assert.deepEqual(opened.all(".message--question .file__name"), ["goodtxt.exe"]);
  assert.match(
    opened.words(".message--question .message__body"),
    /^Asked \*\[File: other\.txt\]\* \*\[File: gone\.txt\]\*/,
  );
  assert.deepEqual(filesHere(), [{ name: "goodtxt.exe", kind: "text", text: "Good." }]);
});

test("questions in a row become one with ten files at most, each once, and name the rest", async () => {
  const files = Array.from({ length: 12 }, (_, n) =>
    attached(`${n}.txt`, `In ${n}`, inside(`In ${n}`)),
  );
  const questions = [
    { ...MESSAGE, files: [1, 1, 2, 3, 4, 5, 6] },
    { ...MESSAGE, id: 2, parentId: 1, body: "And", files: [7, 8, 9, 10, 11, 12, 2] },
  ];
  const messages = [...questions, { ...ANSWER, id: 3, parentId: 2 }];
  await takeAll(mallory, {
    ...ours(messages, { id: randomUUID(), files, updatedAt: "2026-02-01T00:00:00Z" }),
    version: 2,
  });

  const opened = await questionsOf();
  assert.equal(opened.$(".message--question .file__name").length, 10);
  assert.match(
    opened.words(".message--question .message__body"),
    /^Asked And \*\[File: 10\.txt\]\* \*\[File: 11\.txt\]\*$/,
  );
});

test("a server that stops waits for one file of an import and not for all", async () => {
  const { takeIn } = await import("../../../src/transfer/in/taking.js");
  const before = filesHere().length;
  const names = ["r", "s", "t", "u", "v"];
  const files = names.map((name) => attached(`${name}.txt`, name, inside(name)));
  const id = (await bring(mallory, withFiles(files))).path.split("/").at(-1) ?? "";
  app.database.prepare("UPDATE Import SET state = 'importing' WHERE id = ?").run(id);

  const over = new AbortController();
  let looks = 0;
  const isOver = Object.assign(over.signal, {
    throwIfAborted() {
      looks += 1;
      if (looks > 3) over.abort();
      if (over.signal.aborted) throw over.signal.reason;
    },
  });
  assert.equal(await takeIn(id, isOver), null);
  assert.equal(looks, 4);
  assert.equal(filesHere().length, before);
  const item = app.database.prepare("SELECT state FROM ImportItem WHERE importId = ?");
  assert.equal(item.pluck().get(id), "chosen");
  app.database.prepare("DELETE FROM Import WHERE id = ?").run(id);
});

test("a file is read and refused as any other, and its conversation with it", async () => {
  const before = filesHere().length;
  const program = Buffer.concat([Buffer.from("7f454c46", "hex"), Buffer.alloc(100)]);
  const hostile = withFiles([
    attached("fine.txt", "Fine.", inside("Fine.")),
    attached("program.txt", program, { ...inside(program), kind: "png" }),
  ]);
  const { page } = await takeAll(mallory, hostile);
  assert.match(page.words(".imports__item"), /program\.txt holds nothing that can be read here/);
  assert.equal(filesHere().length, before);
});

test("what is over the quota or too large is refused, and takes no room", async () => {
  const before = filesHere().length;
  const half = (fill: string) => Buffer.alloc(600_000, fill);
  const { page } = await takeAll(
    mallory,
    await archived({ "1 a.txt": half("a"), "2 b.txt": half("b") }),
    "all.zip",
  );
  assert.match(page.words(".imports__item"), /There is no room for 2 b\.txt/);
  assert.equal(filesHere().length, before);

  const large = await archived({ "1 a.txt": Buffer.alloc(2_000_000, "a") });
  const { page: second } = await takeAll(mallory, large, "all.zip");
  assert.match(second.words(".imports__item"), /1 a\.txt is too large/);
  assert.equal(filesHere().length, before);
});

/** An archive with one conversation, and these files beside it. */
async function archived(files: Record<string, Buffer>, more: Record<string, string> = {}) {
  const all = Object.entries(files).map(([name, bytes]) =>
    attached(name, bytes, { path: `00001 Title/${name}` }),
  );
  const beside = Object.entries(files).map(([name, bytes]) => [
    `conversations/00001 Title/${name}`,
    bytes,
  ]);
  return zipped({
    "conversations/00001 Title.json": JSON.stringify(withFiles(all)),
    ...Object.fromEntries(beside),
    ...more,
  });
}

test("a bomb beside a conversation is given up, and a damaged file is one that is missing", async () => {
  const bomb = await archived({ "1 bomb.txt": Buffer.alloc(20_000_000, " ") });
  assert.ok(bomb.length < 100_000);
  const { page } = await bring(mallory, bomb, "all.zip");
  assert.match(page.words(".notice--danger"), /too much to take in/);

  const zip = await archived({ "1 small.txt": Buffer.from("small and smaller") });
  const central = zip.lastIndexOf("PK\x01\x02");
  zip.writeUInt32LE(5, central + 24);
  const { page: lying } = await bring(mallory, zip, "all.zip");
  assert.match(lying.words(".imports__item"), /1 missing or damaged file left out/);
});

test("a million keys, half characters and words in every field come to text or to a refusal", async () => {
  const keys = JSON.stringify(
    Object.fromEntries(Array.from({ length: 60_000 }, (_, n) => [`k${n}`, 1])),
  );
  const cases = [
    `{"format":"aifacade","version":1,"junk":${keys},"conversation":${JSON.stringify(ours().conversation)}}`,
    JSON.stringify([
      {
        mapping: {
          a: { message: 5 },
          b: null,
          c: { message: { author: [], content: { parts: {} } } },
        },
      },
    ]),
    JSON.stringify([{ chat_messages: [null, 5, {}, { uuid: {}, content: "x", sender: [] }] }]),
    JSON.stringify([
      { chat: { history: { messages: { a: 1, b: { role: {}, content: [1, { text: {} }] } } } } },
    ]),
    JSON.stringify({
      conversationId: "x",
      messages: [1, { text: 5, children: [5, { children: {} }] }],
    }),
    JSON.stringify(ours([{ ...MESSAGE, body: "\ud800" }, ANSWER], { title: "\udfff\u0000" })),
  ];
  for (const content of cases) {
    const { page } = await bring(mallory, content);
    assert.equal(page.status, 200, content.slice(0, 80));
  }
});

test("LibreChat's trees may be thousands deep", async () => {
  const message = (n: number, children: object[]) => ({
    ...{ messageId: `m${n}`, isCreatedByUser: n % 2 === 0, text: `Said ${n}`, children },
  });
  let tree: object[] = [];
  for (let n = 2_000; n >= 0; n -= 1) tree = [message(n, tree)];
  const text = `{"conversationId":"deep","title":"Deep","messagesTree":${stringify(tree)}}`;
  const { page } = await bring(mallory, text);
  assert.match(page.words(".imports__item"), /2002 messages|2,002 messages/);
});

// JSON.stringify goes down by recursion, which is not what is tried here.
function stringify(tree: object[]): string {
  let text = "";
  let end = "";
  for (let level = tree as { children: object[] }[]; level[0]; level = level[0].children as never) {
    const { children: _, ...message } = level[0];
    text += `[${JSON.stringify(message).slice(0, -1)},"children":`;
    end = `}]${end}`;
  }
  return `${text}[]${end}`;
}

test("nothing of what was refused here has come", () => {
  assert.ok(Number(total("Conversation")) < 5);
  assert.equal(
    app.database
      .prepare("SELECT count(*) FROM Message WHERE role NOT IN ('question', 'answer')")
      .pluck()
      .get(),
    0,
  );
});
