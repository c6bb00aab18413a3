import assert from "node:assert/strict";
import { test } from "node:test";
import { startApp } from "../support/app.js";
import * as scenario from "../support/fake-deepseek.js";
import { addProvider, choose, PROVIDER_KEY } from "../support/providers.js";
import { unzipped } from "../support/unzipped.js";
import { bring, takeAll } from "../support/uploads.js";
import type { Visitor } from "../support/visitor.js";

const app = await startApp();
const ada = await app.signedIn("ada");
const bob = await app.signedIn("bob");

/** By table: columns that no file has, each with its reason. What is not here is in a file under its own name. */
const LEFT_OUT: Record<string, Record<string, string>> = {
  Conversation: {
    userId: "whoever imports it owns it",
    readingId: "is `reading`, a number in the file",
    presetId: "is `preset`, a name",
    folderId: "is `folder`, a name",
    providerId: "is `provider`, a name",
    unread: "of a moment",
    trashedAt: "what is in the trash is not exported",
    importedAt: "when it came to this server",
    importDigest: "is made of what is in the file",
  },
  Message: {
    conversationId: "it stands in its conversation",
    copiedFromId: "what it cost was paid where it was asked",
    sendDigest: "holds a form's key",
    runningIn: "of a moment",
    providerId: "is `provider`, a name",
    writtenAt: "of a moment",
    restarts: "of a moment",
    systemDigest: "says what this server's provider has cached",
    oldestDigest: "says what this server's provider has cached",
    html: "is made of the text",
    reasoningHtml: "is made of the text",
    rendererVersion: "is made of the text",
  },
  File: {
    id: "is its number in the file",
    userId: "whoever imports it owns it",
    expiresAt: "no file of a question expires",
    draftId: "no file of a question waits",
    digest: "is `sha256`, in hexadecimal",
  },
  Folder: { id: "is its name", userId: "whoever imports it owns it" },
  Prompt: {
    id: "is its name",
    userId: "whoever imports it owns it",
    shared: "is an administrator's to say",
    createdAt: "nothing depends on it",
  },
  Preset: {
    id: "is its name",
    userId: "whoever imports it owns it",
    providerId: "is `provider`, a name",
    shared: "is an administrator's to say",
    createdAt: "nothing depends on it",
  },
};
const TABLES_LEFT_OUT: Record<string, string> = {
  User: "an account is made on the server where it is",
  Session: "is a secret",
  PasswordReset: "is a secret",
  Provider: "is an administrator's, and has a key",
  Price: "is an administrator's",
  PriceList: "is an administrator's",
  Share: "its link leads to this server",
  SharedMessage: "is a copy",
  Draft: "is not said yet",
  Usage: "was paid on this server",
  Import: "is on its way",
  ImportItem: "is on its way",
  FilePiece: "is the bytes of a file",
  Attachment: "is `files` of a message",
  SearchQueue: "is made of the text",
};

const own = (visitor: Visitor) =>
  [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join("; ");

async function archiveOf(visitor: Visitor): Promise<Buffer> {
  const headers = { Cookie: own(visitor), "User-Agent": visitor.userAgent };
  return Buffer.from(await (await fetch(`${app.url}/account/archive`, { headers })).arrayBuffer());
}

const PRESET = {
  ...{ name: "Teacher", icon: "graduation-cap", description: "Explains." },
  ...{ systemPrompt: "Teach.", thinking: "off", temperature: "0.5", starters: "Why?\r\nHow?" },
};

/** One of everything, with a provider of an administrator's. */
async function filled(visitor: Visitor, provider: string) {
  await visitor.post("/presets", PRESET);
  app.database.prepare("UPDATE Preset SET providerId = ?, model = 'other-model'").run(provider);
  await visitor.post("/prompts", { name: "letter", title: "Letter", body: "Dear {{name}}," });
  await visitor.post("/folders", { name: "Empty" });
  const file = new File(["Read me."], "readme.txt");
  const asked = await visitor.postFiles("/chat", { prompt: "chaos:say Yes." }, [file]);
  const path = String(asked.location);
  await visitor.settled(path);
  choose(app, path, [provider, "other-model"]);
  app.database
    .prepare("UPDATE Conversation SET presetId = (SELECT max(id) FROM Preset) WHERE id = ?")
    .run(path.split("/").at(-1));
  app.database
    .prepare(
      "UPDATE Message SET providerId = ?, model = 'deepseek-pro' WHERE role = 'answer' AND conversationId = ?",
    )
    .run(provider, path.split("/").at(-1));
  return path;
}

const { id: provider, path: providerPath } = await addProvider(ada, app.fake, { name: "Other" });
const conversation = await filled(bob, provider);
const archive = await archiveOf(bob);
const files = await unzipped(archive);
const library = JSON.parse(files.get("library.json") ?? "").library;

test("each column of the tables is in a file, or left out with a reason", async () => {
  const { conversation: whole } = JSON.parse((await bob.get(`${conversation}/export.json`)).html);
  const held: Record<string, object> = {
    Conversation: whole,
    Message: { ...whole.messages[0], ...whole.messages[1] },
    File: whole.files[0],
    Folder: library.folders[0],
    Prompt: library.prompts[0],
    Preset: library.presets[0],
  };

  for (const [table, keys] of Object.entries(held)) {
    const columns = columnsOf(table);
    const left = LEFT_OUT[table] ?? {};
    const forgotten = columns.filter((name) => !(name in keys) && !(name in left));
    assert.deepEqual(forgotten, [], `of ${table} no file has these, and no reason is given`);
    const stale = Object.keys(left).filter((name) => !columns.includes(name) || name in keys);
    assert.deepEqual(stale, [], `of ${table} these are left out no more`);
  }
});

function columnsOf(table: string): string[] {
  return app.database
    .prepare("SELECT name FROM pragma_table_info(?)")
    .pluck()
    .all(table) as string[];
}

test("each table is in a file, or left out with a reason", () => {
  const tables = app.database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")
    .pluck()
    .all() as string[];
  const ours = tables.filter((name) => /^[A-Z]/.test(name) && !/^Search(?!Queue)/.test(name));
  assert.deepEqual(
    ours.toSorted(),
    [...Object.keys(LEFT_OUT), ...Object.keys(TABLES_LEFT_OUT)].toSorted(),
  );
});

test("presets, prompts and folders come back, once, with what a conversation is asked with", async () => {
  const mary = await app.signedIn("mary");
  const { page } = await takeAll(mary, archive, "all.zip");
  assert.match(page.words(".notice"), /^1 conversation is imported.*Presets, prompts and folders/);

  const again = await unzipped(await archiveOf(mary));
  assert.deepEqual(JSON.parse(again.get("library.json") ?? "").library, library);
  const named = [...files.keys()].find((name) => name.endsWith(".json") && name !== "library.json");
  const withoutId = (text = "") => text.replace(/"id":"[\w-]{22}"/, "");
  assert.equal(withoutId(again.get(named ?? "")), withoutId(files.get(named ?? "")));

  await takeAll(mary, archive, "all.zip");
  const third = await unzipped(await archiveOf(mary));
  assert.deepEqual(JSON.parse(third.get("library.json") ?? "").library, library);
});

test("no file holds a key or an address of a provider's", async () => {
  const all = [...files.values()].join("\n");
  assert.match(all, /"provider":"Other"/);
  assert.equal(all.includes(PROVIDER_KEY), false);
  assert.equal(all.includes(app.fake.url), false);
});

test("the preview says what is in it, and another's prompt of that name stays", async () => {
  const carol = await app.signedIn("carol");
  await carol.post("/prompts", { name: "letter", title: "Mine", body: "Hello." });
  const { page } = await bring(carol, archive, "all.zip");
  assert.match(page.words(".imports__text"), /^1 conversation of AIFacade/);
  assert.match(
    page.all(".imports__item")[0] ?? "",
    /^Presets, prompts and folders 1 preset, 1 prompt and 1 folder/,
  );

  await takeAll(carol, archive, "all.zip");
  const prompts = await carol.get("/prompts");
  assert.match(prompts.words("main"), /Mine/);
  assert.match(prompts.words("main"), /letter-2/);
});

test("prompts of long names and other texts all come, and come once", async () => {
  const gus = await app.signedIn("gus");
  const long = "n".repeat(39);
  const names = [`${long}a`, `${long}b`];
  for (const name of names) await gus.post("/prompts", { name, title: "Mine", body: name });
  const come = names.map((name) => ({ name, title: "Theirs", body: `Other ${name}` }));
  const file = { format: "aifacade", version: 2, library: { prompts: come } };

  for (const _ of [1, 2]) {
    await takeAll(gus, file);
    const bodies = app.database
      .prepare("SELECT body FROM Prompt WHERE title = 'Theirs' ORDER BY body")
      .pluck()
      .all();
    assert.deepEqual(
      bodies,
      come.map(({ body }) => body),
    );
  }
});

test("whoever imports does not learn of a provider that is switched off", async () => {
  const hal = await app.signedIn("hal");
  app.database.prepare("UPDATE Provider SET active = 0").run();
  const { page } = await bring(hal, archive, "all.zip");
  app.database.prepare("UPDATE Provider SET active = 1").run();
  assert.match(
    page.words(".imports__item"),
    /Not here: Other\. The default model answers instead\./,
  );
});

test("without its provider a conversation goes on with the default, which the preview says", async () => {
  const dora = await app.signedIn("dora");
  await ada.post(providerPath, { _method: "DELETE" });
  const { page: preview } = await bring(dora, archive, "all.zip");
  for (const item of preview.all(".imports__item")) {
    assert.match(item, /Not here: Other\. The default model answers instead\./);
  }

  await takeAll(dora, archive, "all.zip");
  const list = await dora.get("/conversations");
  const path = String(list.$("a.listing__link").first().attr("href"));
  const exported = await dora.get(`${path}/export.json`);
  assert.equal(JSON.parse(exported.html).conversation.messages[1].provider, "");
  const page = await dora.get(path);
  assert.match(page.html, /One that was removed/);
  await dora.submit(String(page.$("form[action$='/generations']").last().attr("action")));
  await dora.settled(path);
  assert.equal(app.fake.requests.at(-1)?.body.model, "deepseek-flash");

  app.fake.next(scenario.answer({ content: "Here." }));
  const answered = await dora.talk("Still there?", { conversation: path.split("/").at(-1) ?? "" });
  assert.equal(answered.all(".message--answer .message__body").at(-1), "Here.");
  assert.equal(app.fake.requests.at(-1)?.body.model, "deepseek-flash");
});

test("a library that is not as it should be is refused in words, and harms nobody", async () => {
  const eve = await app.signedIn("eve");
  const file = (library: object) => ({ format: "aifacade", version: 2, library });
  const bad = [
    file({ presets: [{ name: 5, icon: "x" }] }),
    file({}),
    file({ prompts: Array.from({ length: 1001 }, () => ({ name: "a", title: "b", body: "c" })) }),
    { ...file({ folders: [{ name: "x" }] }), version: 3 },
  ];
  const { page } = await bring(eve, bad);
  assert.match(page.words(".imports__text"), /4 cannot be imported/);

  const icon = file({ presets: [{ ...library.presets[0], icon: "<script>" }] });
  const { page: done } = await takeAll(eve, icon);
  assert.match(done.words(".imports__item"), /Choose one of the icons/);
  assert.match((await eve.get("/presets")).words("main"), /There are none yet/);
});
