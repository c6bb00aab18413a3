import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { test } from "node:test";
import { startApp } from "../../support/app.js";
import { send } from "../../support/raw.js";
import type { Page } from "../../support/visitor.js";

const app = await startApp({
  FILE_MAX_MEGABYTES: "1",
  FILES_QUOTA_MEGABYTES: "5",
  DEEPSEEK_MODEL: "local",
  MODEL_CONTEXT_TOKENS: "100000",
});
const { prune } = await import("../../../src/models/files.js");
const trash = await import("../../../src/models/conversations/trash.js");
const ada = await app.signedIn("ada");
const bob = await app.signedIn("bob");

const NOTES = "The café opens at nine.\nOn Sundays at ten.\n";
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
  "base64",
);
const JSON_ONLY = { Accept: "application/json" };

const file = (name: string, ...parts: BlobPart[]) => new File(parts, name);
const told = () => app.fake.requests.at(-1)?.body.messages.at(-1).content as string;
const filesIn = (page: Page) => page.all(".message--question .file__name");
const chosenOn = (page: Page) => page.all(".file--chosen .file__name");
const rowsOf = (table: string) =>
  Number(app.database.prepare(`SELECT count(*) FROM ${table}`).pluck().get());
const linkOn = (page: Page) => String(page.$(".message--question a.file").first().attr("href"));

/** Asks with files in a new conversation; returns its page when the answer has ended. */
async function askWith(files: File[], prompt = "chaos:say Read.", fields = {}) {
  const sent = await ada.postFiles("/chat", { prompt, ...fields }, files);
  assert.equal(sent.status, 303, sent.words(".field__error"));
  return { path: String(sent.location), page: await ada.settled(String(sent.location)) };
}

/** Uploads one file ahead of its question; returns its id. */
async function uploaded(name: string, content: string): Promise<string> {
  const answer = await ada.postFiles("/files", {}, [file(name, content)], JSON_ONLY);
  assert.equal(answer.status, 201, answer.html);
  return String(/value="([^"]+)"/.exec(JSON.parse(answer.html).html)?.[1]);
}

test("a file goes with a question: the model is told its name and its text, before the question", async () => {
  const { page } = await askWith([file("notes.txt", NOTES)], "When does it open?");

  assert.equal(
    told(),
    `[file name]: notes.txt\n[file content begin]\n${NOTES.trim()}\n[file content end]\nWhen does it open?`,
  );
  assert.deepEqual(filesIn(page), ["notes.txt"]);
  assert.equal(page.words(".message--question .file__about"), "1 KB · 9 words");
  assert.equal(page.words(".message--question .message__body"), "When does it open?");
});

test("what was uploaded comes back byte by byte, to be saved and never to be opened", async () => {
  const bytes = Buffer.from("caf\xe9\r\n<script>alert(1)</script>", "latin1");
  const { page } = await askWith([file("page.html", bytes)]);
  const response = await fetch(new URL(linkOn(page), app.url), {
    headers: { Cookie: cookiesOf(ada), "User-Agent": ada.userAgent },
  });

  assert.deepEqual(Buffer.from(await response.arrayBuffer()), bytes);
  assert.equal(response.headers.get("content-type"), "application/octet-stream");
  assert.equal(response.headers.get("content-disposition"), "attachment; filename=page.html");
  assert.equal(response.headers.get("x-content-type-options"), "nosniff");
  assert.equal(response.headers.get("content-security-policy"), "default-src 'none'; sandbox");
  assert.equal(response.headers.get("cache-control"), "no-store");
});

test("a file is its owner's: nobody else reads, takes back or sends it", async () => {
  const { page } = await askWith([file("mine.txt", "private")]);
  const draft = await uploaded("draft.txt", "private, too");
  const before = rowsOf("Message");

  assert.equal((await bob.get(linkOn(page))).status, 404);
  assert.equal((await bob.get(`/files/${draft}`)).status, 404);
  assert.equal((await bob.post(`/files/${draft}`, { _method: "DELETE" })).status, 404);
  assert.equal((await bob.post("/chat", { prompt: "Show me.", file: draft })).status, 422);
  assert.equal(rowsOf("Message"), before);
  assert.equal((await ada.get(`/files/${draft}`)).status, 200);
  assert.equal((await ada.get("/files/..%2f..%2fetc")).status, 404);
  await ada.post(`/files/${draft}`, { _method: "DELETE" });
});

test("what is refused midway of a file that comes from elsewhere is read no further", async () => {
  const uploads = await import("../../../src/models/files/uploads.js");
  const { id } = app.database.prepare("SELECT id FROM User WHERE username = 'ada'").get() as {
    id: string;
  };
  const content = Readable.from(Array.from({ length: 9 }, () => Buffer.alloc(300_000, "a")));
  const arriving = { name: "long.txt", bytes: 2_700_000, digest: "x" };
  const files = [{ ...arriving, createdAt: null, content: () => content }];

  await assert.rejects(
    uploads.arrive(id, files, async () => {}),
    /too large/,
  );
  assert.equal(content.destroyed, true);
});

test("the whole conversation is told the same each time: the prefix stays", async () => {
  const { path } = await askWith([file("a.csv", "x,y\n1,2\n"), file("b.csv", "x,y\n3,4\n")]);
  const first = told();
  const conversation = String(path.split("/").at(-1));
  const page = await ada.talk("chaos:say And?", { conversation });
  const [question] = app.fake.requests.at(-1)?.body.messages ?? [];

  assert.equal(question.content, first);
  assert.match(first, /a\.csv[\s\S]*1,2[\s\S]*b\.csv[\s\S]*3,4/);

  await ada.submit(String(page.$("form[action$='/generations']").first().attr("action")));
  await ada.settled(path);
  assert.equal(told(), first);
});

test("files that were chosen and not sent are there again, after a reload and on another device", async () => {
  const { path } = await askWith([file("first.txt", "First.")]);
  const conversation = String(path.split("/").at(-1));
  const ahead = (name: string, place: string) =>
    ada.postFiles("/files", { conversation: place }, [file(name, name)], JSON_ONLY);
  await ahead("there.txt", conversation);
  await ahead("new.txt", "");
  await uploaded("of-a-version.txt", "Elsewhere.");
  assert.deepEqual(chosenOn(await ada.get(path)), ["there.txt"]);
  assert.deepEqual(chosenOn(await ada.get("/")), ["new.txt"]);
  assert.deepEqual(chosenOn(await bob.get("/")), []);

  const waiting = (await ada.get(path)).$(".file--chosen input").attr("value");
  await ada.talk("chaos:say With it.", { conversation, file: String(waiting) });
  assert.deepEqual(chosenOn(await ada.get(path)), []);
  assert.deepEqual(filesIn(await ada.get(path)), ["first.txt", "there.txt"]);
  assert.deepEqual(chosenOn(await ada.get("/")), ["new.txt"]);
  await ada.talk("chaos:say Without it.");
  assert.deepEqual(chosenOn(await ada.get("/")), [], "what was not ticked is let go");
});

test("no more files wait for a question than go with it: one more is refused in words", async () => {
  const { path } = await askWith([file("first.txt", "First.")]);
  const conversation = String(path.split("/").at(-1));
  const ahead = (count: number, word: string) => {
    const files = Array.from({ length: count }, (_, n) => file(`${word}${n}.txt`, `${word}${n}`));
    return ada.postFiles("/files", { conversation }, files, JSON_ONLY);
  };
  assert.equal((await ahead(8, "one-tab")).status, 201);
  const before = rowsOf("File");
  const refused = await ahead(3, "another-tab");
  assert.equal(refused.status, 422);
  assert.match(refused.html, /At most 10 files go with a question\./);
  assert.equal(rowsOf("File"), before);
  assert.equal((await ahead(2, "another-tab")).status, 201);
  assert.equal(chosenOn(await ada.get(path)).length, 10);

  const page = await ada.postFiles("/chat", { prompt: " ", conversation }, [file("own.txt", "x")]);
  assert.deepEqual(chosenOn(page), ["own.txt"]);
  assert.equal(chosenOn(await ada.get(path)).length, 10);
});

test("a refused question keeps its files beyond its own page, as long as unsent ones last", async () => {
  const { path } = await askWith([file("before.txt", "Before.")]);
  const conversation = String(path.split("/").at(-1));
  const refused = await ada.postFiles("/chat", { prompt: " ", conversation }, [
    file("kept.txt", "Kept."),
  ]);
  assert.equal(refused.status, 422);
  assert.deepEqual(chosenOn(await ada.get(path)), ["kept.txt"]);

  const listed = async () => (await ada.get("/")).words(`.sidebar__link[href="${path}"]`);
  await prune();
  assert.deepEqual(chosenOn(await ada.get(path)), ["kept.txt"]);
  assert.match(await listed(), /Draft/);
  app.database
    .prepare("UPDATE File SET expiresAt = '2026-01-01T00:00:00.000+00:00' WHERE name = 'kept.txt'")
    .run();
  assert.deepEqual(chosenOn(await ada.get(path)), []);
  assert.doesNotMatch(await listed(), /Draft/);
  await prune();
});

test("what is uploaded waits in a conversation that is there, and is its owner's", async () => {
  const { path } = await askWith([], "chaos:say Mine.");
  const own = path.split("/").at(-1) ?? "";
  const waitsIn = async (conversation: string, visitor = ada) => {
    const fields = { conversation };
    await visitor.postFiles("/files", fields, [file("waiting.txt", "W.")], JSON_ONLY);
    return app.database.prepare("SELECT draftId FROM File ORDER BY rowid DESC").pluck().get();
  };

  assert.equal(await waitsIn(own), own);
  const stranger = await app.signedIn("stranger");
  assert.equal(await waitsIn(own, stranger), null);
  assert.equal(await waitsIn("x".repeat(5000)), null);
});

test("a file that is uploaded ahead goes with the question that names it", async () => {
  const id = await uploaded("ahead.txt", "Early.");
  const page = await ada.talk("chaos:say Yes.", { file: id });

  assert.match(told(), /\[file name\]: ahead\.txt\n\[file content begin\]\nEarly\./);
  assert.deepEqual(filesIn(page), ["ahead.txt"]);
});

test("a refused question keeps its text and its files, and is sent with them then", async () => {
  const refused = await ada.postFiles("/chat", { prompt: " " }, [file("kept.txt", "Kept.")]);
  assert.equal(refused.status, 422);
  assert.match(refused.words(".field__error"), /cannot be empty/);
  assert.deepEqual(chosenOn(refused), ["kept.txt"]);

  const id = String(refused.$("[name=file]").attr("value"));
  await ada.talk("chaos:say Now.", { file: id });
  assert.match(told(), /kept\.txt\n\[file content begin\]\nKept\./);
});

for (const [what, name, content, status, said] of [
  ["empty", "none.txt", "", 422, "none.txt is empty."],
  ["a program", "p.txt", Buffer.from("\x7fELF\0\0\0\0"), 422, /p\.txt holds nothing/],
  ["random bytes", "r.csv", Buffer.from(Array(2000).fill(3)), 422, /r\.csv holds nothing/],
  ["too large", "l.txt", "x".repeat(1_000_001), 413, /l\.txt is too large: .* at most 1 MB/],
] as const) {
  test(`a file that is ${what} is refused in words, and the question waits with the others`, async () => {
    const before = rowsOf("Message");
    const refused = await ada.postFiles("/chat", { prompt: "Look." }, [
      file(name, content as BlobPart),
      file("good.txt", "Good."),
    ]);

    assert.equal(refused.status, status);
    assert.match(
      refused.words(".field__error"),
      new RegExp(typeof said === "string" ? said : said.source),
    );
    assert.equal(refused.field("prompt"), "Look.");
    assert.deepEqual(chosenOn(refused), ["good.txt"]);
    assert.equal(rowsOf("Message"), before);
    assert.equal((await ada.get("/healthz")).status, 200);
  });
}

for (const [what, name, shown] of [
  ["a path", "../../etc/passwd", "passwd"],
  ["a path of Windows", "C:\\Users\\x.txt", "x.txt"],
  ["a turned direction", "invoice\u202Efdp.exe", "invoicefdp.exe"],
  ["a line of its own", "b\nc.txt", "bc.txt"],
  ["quotes and markup", `"><b>'.txt`, `"><b>'.txt`],
  ["letters of the world", "Übung 試験 🎉.txt", "Übung 試験 🎉.txt"],
  ["5,000 characters", `${"x".repeat(5000)}.txt`, `${"x".repeat(115)}….txt`],
] as const) {
  test(`a name with ${what} is a plain name, in the page and in what is saved`, async () => {
    const { page } = await askWith([file(name, "Named.")]);
    const saved = await ada.get(linkOn(page));

    assert.deepEqual(filesIn(page), [shown]);
    assert.match(
      String(saved.headers.get("content-disposition")),
      /^attachment; filename=(?:[\w.-]+|"(?:[^"\\\r\n]|\\.)*")(?:; filename\*=UTF-8''[\w%.!'-]+)?$/,
    );
    assert.ok(told().startsWith(`[file name]: ${shown}\n`));
  });
}

test("a picture waits with its question while no model here sees", async () => {
  const refused = await ada.postFiles("/chat", { prompt: "Look." }, [file("p.txt", PNG)]);

  assert.equal(refused.status, 422);
  assert.match(refused.words(".field__error"), /local cannot see pictures\. Leave out p\.txt/);
  assert.deepEqual(chosenOn(refused), ["p.txt"]);
});

test("more than ten files are refused, those ten are kept", async () => {
  const many = Array.from({ length: 11 }, (_, index) => file(`${index}.txt`, "Short."));
  const refused = await ada.postFiles("/chat", { prompt: "All of them." }, many);

  assert.equal(refused.status, 422);
  assert.match(refused.words(".field__error"), /At most 10 files/);
  assert.equal(chosenOn(refused).length, 10);
});

test("what would not fit into the model's context is refused before it is sent, with figures", async () => {
  const long = file("long.txt", "word ".repeat(60_000));
  const before = app.fake.requests.length;
  const refused = await ada.postFiles("/chat", { prompt: "Sum it up." }, [long]);

  assert.equal(refused.status, 422);
  assert.match(
    refused.words(".field__error"),
    /about 100,\d{3} tokens.* is told \d+,\d{3} at most.*Leave out long\.txt/,
  );
  assert.deepEqual(chosenOn(refused), ["long.txt"]);
  assert.equal(app.fake.requests.length, before);
});

test("a person's files have a limit together, which nobody passes by sending at the same time", async () => {
  const eve = await app.signedIn("eve");
  const pages = await Promise.all(
    Array.from({ length: 8 }, (_, index) =>
      eve.postFiles("/files", {}, [file(`${index}.txt`, "x ".repeat(450_000))], JSON_ONLY),
    ),
  );
  const taken = pages.filter(({ status }) => status === 201).length;
  const refused = pages.find(({ status }) => status === 413);
  const used = app.database
    .prepare("SELECT sum(bytes) FROM File JOIN User ON User.id = userId WHERE username = 'eve'")
    .pluck();

  assert.ok(taken > 0 && taken <= 5);
  assert.match(String(refused?.html), /There is no room for \d\.txt: your files may take 5 MB/);
  assert.equal(used.get(), taken * 900_000);
});

test("one form sent twice with its files is one question", async () => {
  const key = "the form's key";
  const before = rowsOf("Message");
  const sent = () =>
    ada.postFiles("/chat", { prompt: "chaos:say Once.", key }, [file("o.txt", "One.")]);
  const pages = [await sent(), await sent()];

  assert.equal(new Set(pages.map(({ location }) => location)).size, 1);
  assert.equal(rowsOf("Message"), before + 2);
  await ada.settled(String(pages[0]?.location));

  const other = await ada.postFiles("/chat", { prompt: "chaos:say Once.", key }, [
    file("o.txt", "Two."),
  ]);
  assert.notEqual(other.location, pages[0]?.location);
  await ada.settled(String(other.location));
});

test("another version of a question keeps its files, or leaves some out", async () => {
  const { path, page } = await askWith([file("one.txt", "First."), file("two.txt", "Second.")]);
  const form = await ada.get(String(page.$("a[href$='/versions/new']").attr("href")));
  assert.deepEqual(chosenOn(form), ["one.txt", "two.txt"]);

  const [id] = form
    .$("[name=file]")
    .map((_, box) => String(form.$(box).attr("value")))
    .get();
  const action = String(form.$("form[action$='/versions']").attr("action"));
  await ada.postFiles(action, { prompt: "chaos:say Again.", file: String(id) }, [
    file("three.txt", "Third."),
  ]);
  const now = await ada.settled(path);

  assert.deepEqual(filesIn(now), ["one.txt", "three.txt"]);
  assert.match(told(), /First\.[\s\S]*Third\.[\s\S]*chaos:say Again\.$/);
});

test("a fork has the files of its questions, also after the first conversation is gone for good", async () => {
  const { path, page } = await askWith([file("shared.txt", "Shared.")]);
  const pieces = rowsOf("FilePiece");
  const forked = await ada.submit(String(page.$("form[action$='/forks']").last().attr("action")));

  assert.deepEqual(filesIn(forked), ["shared.txt"]);
  assert.equal(rowsOf("FilePiece"), pieces);

  await goneForGood(path);
  assert.equal((await ada.get(linkOn(forked))).html, "Shared.");

  const fork = String(forked.$("[name=conversation]").attr("value"));
  await goneForGood(`/conversations/${fork}`);
  assert.equal((await ada.get(linkOn(forked))).status, 404);
  assert.equal(rowsOf("FilePiece"), pieces - 1);
});

test("a question that is forked waits in the composer with its files", async () => {
  const { page } = await askWith([file("again.txt", "Again.")]);
  const forked = await ada.submit(
    String(page.$(".message--question form[action$='/forks']").attr("action")),
  );

  assert.equal(forked.field("prompt"), "chaos:say Read.");
  assert.deepEqual(chosenOn(forked), ["again.txt"]);
  await ada.talk("chaos:say Sent.", { file: String(forked.$("[name=file]").attr("value")) });
});

test("in the trash a file stays, and with its conversation it goes for good", async () => {
  const { path, page } = await askWith([file("thrown.txt", "Away.")]);
  const before = rowsOf("FilePiece");
  await ada.post(path, { _method: "DELETE" });
  await prune();
  assert.equal(rowsOf("FilePiece"), before);

  await ada.post(`/trash/${path.split("/").at(-1)}`, { _method: "DELETE" });
  assert.equal(rowsOf("FilePiece"), before - 1);
  assert.equal((await ada.get(linkOn(page))).status, 404);
});

test("what is uploaded and not sent is gone after a day, or as soon as it is taken back", async () => {
  const [old, fresh, back] = [
    await uploaded("o.txt", "Old."),
    await uploaded("f.txt", "Fresh."),
    await uploaded("b.txt", "Back."),
  ];
  const exists = app.database.prepare("SELECT count(*) FROM FilePiece WHERE fileId = ?").pluck();
  app.database
    .prepare("UPDATE File SET expiresAt = '2020-01-01T00:00:00.000+00:00' WHERE id = ?")
    .run(old);
  assert.equal((await ada.post("/chat", { prompt: "Late.", file: old })).status, 422);
  await trash.purge();
  await prune();

  assert.equal((await ada.post(`/files/${back}`, { _method: "DELETE" })).status, 204);
  assert.deepEqual(
    [old, fresh, back].map((id) => exists.get(id)),
    [0, 1, 0],
  );
});

test("when a session has ended, the words of a form with files are carried through the login", async () => {
  const before = rowsOf("File");
  const login = await app
    .visitor()
    .postFiles("/chat", { prompt: "My words." }, [file("f.txt", "x")]);

  assert.equal(login.status, 401);
  assert.equal(login.field("prompt"), "My words.");
  assert.equal(rowsOf("File"), before);
});

test("a form that is broken or far too long is refused at once, and the server lives", async () => {
  const headers = {
    Cookie: cookiesOf(ada),
    "User-Agent": ada.userAgent,
    Origin: app.url,
    Accept: "text/html",
    "Content-Type": "multipart/form-data; boundary=x",
  };
  const part =
    '--x\r\nContent-Disposition: form-data; name="prompt"\r\n\r\nWords.\r\n--x\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\nabc';
  const cut = await send(app.url, "/chat", { method: "POST", headers, body: part });
  assert.equal(cut.status, 400);

  const fields = Array.from(
    { length: 200 },
    (_, index) => `--x\r\nContent-Disposition: form-data; name="f${index}"\r\n\r\n1\r\n`,
  );
  const many = await send(app.url, "/chat", {
    method: "POST",
    headers,
    body: `${fields.join("")}--x--`,
  });
  assert.equal(many.status, 413);

  const begun = performance.now();
  const huge = await declaring("10000000000", `${part}\r\n--x--`);
  assert.match(huge, /^HTTP\/1\.1 413 /);
  assert.match(huge, /Words\.<\/textarea>/);
  assert.ok(performance.now() - begun < 60_000);
  assert.equal((await ada.get("/healthz")).status, 200);
});

/** The answer to a form that says it is longer than what comes of it. */
async function declaring(length: string, body: string): Promise<string> {
  const { sendBytes } = await import("../../support/raw.js");
  const head = [
    "POST /chat HTTP/1.1",
    `Host: ${new URL(app.url).host}`,
    `Origin: ${app.url}`,
    `Cookie: ${cookiesOf(ada)}`,
    `User-Agent: ${ada.userAgent}`,
    "Accept: text/html",
    "Content-Type: multipart/form-data; boundary=x",
    `Content-Length: ${length}`,
  ];
  return sendBytes(app.url, `${head.join("\r\n")}\r\n\r\n${body}`, 3000);
}

async function goneForGood(path: string) {
  await ada.post(path, { _method: "DELETE" });
  const gone = await ada.post(`/trash/${path.split("/").at(-1)}`, { _method: "DELETE" });
  assert.equal(gone.status, 303);
}

function cookiesOf({ cookies }: typeof ada): string {
  return [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
}
