import assert from "node:assert/strict";
import { test } from "node:test";
import { routesFor } from "../house/routes.js";
import { startApp } from "../support/app.js";
import { send } from "../support/raw.js";

const app = await startApp();
const ada = await app.signedIn("ada");

const FORM = "application/x-www-form-urlencoded";
const FIELDS = ["username", "password", "prompt", "conversation", "parent", "key", "next", "theme"];

const MULTIPART =
  '--x\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\nabc';

// What no form of ours sends: content type and body.
const BODIES: [what: string, type: string | null, body: string | Buffer][] = [
  ["no body", null, ""],
  ["no content type", null, "username=ada"],
  ["null as JSON", "application/json", "null"],
  ["an array as JSON", "application/json", "[]"],
  ["JSON that breaks off", "application/json", '{"username":'],
  ["a pollution as JSON", "application/json", '{"__proto__":{"administrator":true}}'],
  ["text", "text/plain", "username=ada&password=x"],
  ["a multipart body without boundary", "multipart/form-data", "--x\r\n\r\n"],
  ["a multipart body that breaks off", "multipart/form-data; boundary=x", MULTIPART],
  ["a multipart body with nested names", "multipart/form-data; boundary=x", nested(10_000)],
  ["an empty form", FORM, ""],
  ["every field twice", FORM, FIELDS.map((name) => `${name}=a&${name}=b`).join("&")],
  ["every field as an array", FORM, FIELDS.map((name) => `${name}[]=a`).join("&")],
  ["every field as an object", FORM, FIELDS.map((name) => `${name}[contains]=a`).join("&")],
  ["every field empty", FORM, FIELDS.map((name) => `${name}=`).join("&")],
  [
    "every field as a word of a language",
    FORM,
    FIELDS.map((name) => `${name}=undefined`).join("&"),
  ],
  ["names of the prototype", FORM, "__proto__[x]=1&constructor[prototype][x]=1&toString=1"],
  ["bytes that are no UTF-8", FORM, Buffer.from("username=\xff\xfe&prompt=\xc3\x28", "latin1")],
  ["escapes that are no UTF-8", FORM, "username=%ff%fe&prompt=%c3%28&password=%"],
  ["NULs", FORM, "username=a%00b&password=a%00b&conversation=a%00b&next=%00"],
  ["numbers beyond all bounds", FORM, "parent=99999999999999999999&conversation=1e400"],
  ["a depth of 10,000", FORM, `a${"[b]".repeat(10_000)}=1`],
  ["10,000 fields", FORM, "a=1&".repeat(10_000)],
  ["half a megabyte in one field", FORM, `username=${"x".repeat(500_000)}`],
  ["a megabyte", FORM, `username=${"x".repeat(1_000_000)}`],
  ["an unknown character set", `${FORM}; charset=klingon`, "username=ada"],
  ["an unknown method", FORM, "_method=DELETE&_method=PUT"],
];

function nested(depth: number): string {
  return `--x\r\nContent-Disposition: form-data; name="a${"[b]".repeat(depth)}"\r\n\r\n1\r\n--x--`;
}

const QUERIES = [
  "?a[b][c]=1",
  `?${"a=1&".repeat(1000)}`,
  "?page=1&page=2",
  "?page[gt]=0&next[]=/a&message[]=1&before=-1",
  "?page=9999999999999999999999&message=1e400&before=NaN",
  "?next=%ff&page=%00",
  "?%",
];

async function headersFor(guard: string) {
  const visitor = guard === "user" ? ada : app.visitor();
  const cookie = [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  return { Cookie: cookie, "User-Agent": ada.userAgent, Accept: "text/html", Origin: app.url };
}

for (const { method, path, guard } of routesFor("user", "nobody", "anybody")) {
  test(`whatever is sent to ${method} ${path}, the server stays up`, async () => {
    const common = await headersFor(guard);

    for (const [what, type, body] of BODIES) {
      const headers = { ...common, ...(type && { "Content-Type": type }) };
      const { status } = await send(app.url, path, { method, headers, body });
      assert.ok(status < 500 || path === "/readyz", `${what}: ${status}`);
    }
    for (const query of QUERIES) {
      const { status } = await send(app.url, path + query, { method, headers: common });
      assert.ok(status < 500 || path === "/readyz", `${query.slice(0, 40)}: ${status}`);
    }
    assert.equal((await app.visitor().get("/healthz")).status, 200);
  });
}

const IDS = [
  "0",
  "-1",
  "1.5",
  "1e3",
  "0x29",
  "2147483648",
  "9007199254740991",
  "9".repeat(400),
  "undefined",
  "null",
  "NaN",
  "[object%20Object]",
  "__proto__",
  "%00",
  "%ff",
  "%",
  "..%2f..%2fdata%2fsecrets.env",
  "%252e%252e%252f",
  "1%20OR%201=1",
  "'--",
  "a".repeat(5000),
];

test("what is no id of anything is not found, or not understood", async () => {
  const headers = await headersFor("user");
  const patterns = routesFor("user").filter(({ path }) => path.includes("41"));

  for (const { method, path } of patterns) {
    for (const id of IDS) {
      const { status } = await send(app.url, path.replace("41", id), { method, headers });
      assert.ok([400, 404, 422].includes(status), `${method} ${path} with ${id}: ${status}`);
    }
  }
});

test("what belongs to somebody else is as if it had never been, and stays as it is", async () => {
  const bob = await app.signedIn("bob");
  await bob.get("/");
  const path = await ada.ask("A question of ada's");
  const page = await ada.settled(path);
  const conversation = path.split("/").at(-1) ?? "";
  const answer = String(page.$(".message--answer").attr("id")).replace("message-", "");
  const before = app.database.prepare("SELECT * FROM Message ORDER BY id").all();

  for (const { method, path: pattern } of routesFor("user").filter((r) => r.path.includes("41"))) {
    const isConversation = pattern.startsWith("/conversations");
    const ids = isConversation ? [conversation, "AAAAAAAAAAAAAAAAAAAAAA"] : [answer, "987654321"];
    const answers = [];
    for (const id of ids) {
      const body = method === "POST" ? { body: new URLSearchParams({ prompt: "Mine now" }) } : {};
      answers.push(await bob.request(pattern.replace("41", id), { method, ...body }));
    }
    const texts = answers.map(({ html }) =>
      html.replace(/<code>.*?<\/code>|name="key" value=".*?"/g, ""),
    );
    assert.deepEqual(
      answers.map(({ status }) => status),
      [404, 404],
      `${method} ${pattern}`,
    );
    assert.equal(texts[0], texts[1], `${method} ${pattern}`);
  }
  assert.deepEqual(app.database.prepare("SELECT * FROM Message ORDER BY id").all(), before);
});

test("an id of somebody else's inside a form attaches nothing to it", async () => {
  const carol = await app.signedIn("carol");
  const path = await ada.ask("Another question of ada's");
  const page = await ada.settled(path);
  const conversation = path.split("/").at(-1) ?? "";
  const parent = String(page.field("parent"));
  const own = await carol.talk("Carol's own");
  const mine = String(own.field("conversation"));

  const foreign = await carol.post("/chat", { prompt: "x", conversation });
  const mixed = await carol.post("/chat", { prompt: "x", conversation: mine, parent });
  assert.deepEqual([foreign.status, mixed.status], [404, 404]);
  assert.equal((await ada.get(path)).$(".message").length, 2);
});

const FOLDERS = [
  "",
  "/wp-admin",
  "/api",
  "/assets",
  "/backups",
  "/data",
  "/dist",
  "/src",
  "/static",
];
const NAMES = [
  ".env",
  ".env.example",
  ".git/HEAD",
  ".git/config",
  ".DS_Store",
  "aifacade.db",
  "aifacade.db-wal",
  "backup.sql",
  "config",
  "debug",
  "index.js.map",
  "node_modules/",
  "package-lock.json",
  "package.json",
  "prisma/schema.prisma",
  "README.md",
  "secrets.env",
  "server-status",
  "server.js",
  "simulate-505",
  "test",
  "tsconfig.json",
  "users",
];

test("two hundred addresses where others left something hold nothing, all in the same words", async () => {
  const paths = FOLDERS.flatMap((folder) => NAMES.map((name) => `${folder}/${name}`));
  const pages = new Set<string>();

  for (const path of paths) {
    const { status, text } = await send(app.url, path, { headers: { Accept: "text/html" } });
    assert.equal(status, 404, path);
    pages.add(text.replace(/<code>.*?<\/code>/, ""));
  }
  assert.ok(paths.length > 200);
  assert.equal(pages.size, 1);
});

test("nor does the folder of the assets: no listing, no way out of it, no other version", async () => {
  const login = await app.visitor().get("/login");
  const folder = String(login.$("link[rel=stylesheet]").attr("href")).replace(/css\/.*/, "");
  const ways = [
    "",
    "css/",
    "js/",
    ".env",
    "..%2fpackage.json",
    "%2e%2e/package.json",
    "../README.md",
  ];

  for (const way of [...ways, "css/..%5c..%5cpackage.json", "css/base.css%00.js"]) {
    const { status, text } = await send(app.url, `${folder}${way}`);
    assert.ok([400, 403, 404].includes(status), `${way}: ${status}`);
    assert.doesNotMatch(text, /"dependencies"/);
  }
  assert.equal((await send(app.url, "/assets/000000000000/css/base.css")).status, 404);
});

test("robots are told to stay out", async () => {
  const { status, text } = await send(app.url, "/robots.txt");
  assert.equal(status, 200);
  assert.match(text, /Disallow: \//);
});
