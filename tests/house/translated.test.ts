import assert from "node:assert/strict";
import { after, test } from "node:test";
import { startApp } from "../support/app.js";
import { answer, hold, status } from "../support/fake-deepseek.js";
import { pseudoLanguage, untranslated } from "../support/pseudo.js";
import { share } from "../support/sharing.js";
import type { Visitor } from "../support/visitor.js";

// What people and models write is Greek here. All else in Latin letters is somebody's name, or nobody's language.
const NAMES = new RegExp(
  [
    // A row of the database, from a migration: an administrator's own note may stand there.
    /Copied from DeepSeek's page of prices on 15 November 2026/,
    // Ours, other programs', models' and their servers'.
    /AIFacade|OpenAI|ChatGPT|Claude|Open WebUI|LibreChat|DeepSeek(?: Flash)?|deepseek-[\w-]+|127\.0\.0\.1:\d+\S*/,
    // File formats, settings and commands as they are typed, keys as they are labelled.
    /Markdown|HTML|JSON|CSV|DEEPSEEK_\w+|\.env|\.txt|\.json|Ctrl|Shift|Alt|Enter|Esc\b|\b[KO]\b|\[!NOTE\]/,
    // Units, currencies, time zones, sizes of a context.
    /UTC|USD|CNY|EUR|\d+[KM]\b/,
  ]
    .map(({ source }) => source)
    .join("|"),
  "g",
);

const WRITTEN = [
  "> [!NOTE]\n> Προσοχή",
  "| Α | Β |\n|---|---|\n| 1 | 2 |",
  `\`\`\`\n${"α = 1\n".repeat(90)}\`\`\``,
  "$1 + 1$ και[^1] ![](https://127.0.0.1:1/)",
  "$$\n1\n$$",
  "[^1]: Σημείωση",
].join("\n\n");

const language = pseudoLanguage();
after(language.remove);
const app = await startApp({ INTERFACE_LANGUAGE: language.file });
const ada = await app.signedIn("άδα η πρώτη");

async function assertTranslated(visitor: Visitor, paths: string[], what = "") {
  const found: Record<string, string[]> = {};
  for (const path of paths) {
    const page = await visitor.get(path);
    const words = [...new Set(untranslated(page.html, NAMES))];
    assert.ok(page.html.includes("⟦"), `${path} ${page.status}`);
    if (words.length > 0) found[path] = words;
  }
  assert.deepEqual(found, {}, what);
}

test("pages for those who are not logged in are said in the language, from right to left", async () => {
  const page = await app.visitor().get("/login");
  assert.equal(page.$("html").attr("lang"), "he");
  assert.equal(page.$("html").attr("dir"), "rtl");
  await assertTranslated(app.visitor(), [
    "/login",
    "/register",
    "/offline",
    "/nowhere",
    "/s/nothing",
  ]);
  await assertTranslated(app.visitor(), ["/password-resets/nothing", "/logout"]);
});

test("so are the chat, and lists with nothing in them", async () => {
  const lists = ["/conversations", "/folders", "/archive", "/trash", "/presets", "/prompts"];
  await assertTranslated(ada, [
    "/",
    "/temporary",
    "/search",
    "/search?q=1",
    "/shortcuts",
    ...lists,
  ]);
  await assertTranslated(ada, ["/imports", "/presets/new", "/prompts/new", "/nowhere"]);
});

test("so are conversations, with what can be done with them", async () => {
  app.fake.next(answer({ content: WRITTEN, reasoning: "Σκέψη" }));
  const path = await ada.ask("Ερώτηση");
  const page = await ada.settled(path);
  const [question] = page.$(".message").toArray();
  const id = String(page.$(question).attr("id")).replace("message-", "");
  await ada.post("/folders", { name: "Φάκελος" });
  await ada.post(`${path}/pin`);

  const own = ["", "/usage", "/parameters", "/shares/new", "/print"].map((end) => path + end);
  await assertTranslated(ada, [
    ...own,
    `/messages/${id}/versions/new`,
    "/conversations",
    "/folders",
  ]);
  await assertTranslated(ada, ["/", `/folders/placements/new?ids=${path.split("/")[2]}`]);
  await assertTranslated(ada, ["/search?q=ερώτηση", "/search?from=x", "/account/usage"]);
  await assertTranslated(ada, [`${path}/export.html`]);

  app.fake.next(answer({ content: "Απάντηση", reasoning: "Σκέψη" }));
  const temporary = await ada.post("/temporary", { words: "Ερώτηση" });
  await assertTranslated(ada, [String(temporary.location), "/conversations"]);
});

test("so are answers that are being written, and those that failed", async () => {
  const held = hold(["Λίγο "], ["πολύ"]);
  app.fake.next(held);
  const running = await ada.ask("Δεύτερη");
  await assertTranslated(ada, [running, "/"]);
  held.release();
  await ada.settled(running);

  for (const scenario of [
    status(400),
    status(401),
    answer({ content: "", reasoning: "Σκέψη", finish: "length" }),
  ]) {
    app.fake.next(scenario);
    const ended = await ada.talk("Τρίτη");
    assert.deepEqual([...new Set(untranslated(ended.html, NAMES))], []);
  }
});

test("so is what is shared", async () => {
  app.fake.next(answer({ content: "Απάντηση", reasoning: "Σκέψη" }));
  const path = await ada.ask("Κοινή");
  await ada.settled(path);
  const { link, own } = await share(ada, path, (fields) => fields.set("title", "Τίτλος"));
  await assertTranslated(ada, [
    own,
    `${own}/versions/new`,
    "/account/shares",
    `${link}/copies/new`,
  ]);
  await assertTranslated(app.visitor(), [link]);
});

test("so are the account and the pages of administrators", async () => {
  await assertTranslated(ada, [
    "/account",
    "/account/files",
    "/account/password",
    "/account/shares",
  ]);
  await assertTranslated(ada, ["/admin", "/admin/prices", "/admin/prices/new", "/admin/usage"]);
  await assertTranslated(ada, ["/admin/providers", "/admin/providers/new"]);
});

test("so is what forms refuse, and what is said when they are done", async () => {
  const refused = [
    await ada.post("/chat", { prompt: "" }),
    await ada.post("/folders", { name: "" }),
    await ada.post("/presets", { name: "", temperature: "9", topP: "9", maxTokens: "0" }),
    await ada.post("/prompts", { name: "", title: "", body: "" }),
    await ada.post("/account/password", { current: "", password: "1" }),
    await ada.post("/admin/providers", { name: "", baseUrl: "1" }),
    await ada.post("/admin/prices", {
      ...{ model: "", currency: "1", validFrom: "1", cached: "x", prompt: "", completion: "" },
      ...{ peakCached: "", peakPrompt: "", peakCompletion: "", peakHours: "1", quietDays: "1" },
      note: "",
    }),
    await app.visitor().post("/login", { username: "κανείς", password: "κανένα" }),
    await app.visitor().post("/register", { username: "α", password: "1" }),
    await ada.submit("/folders", { name: "Νέος" }),
    await ada.submit("/clear"),
  ];
  for (const page of refused) {
    assert.deepEqual([...new Set(untranslated(page.html, NAMES))], [], String(page.status));
  }
});
