import assert from "node:assert/strict";
import { after, beforeEach, test } from "node:test";
import { startApp } from "../../support/app.js";
import * as scenario from "../../support/fake-deepseek.js";
import { startFakeDeepSeek } from "../../support/fake-deepseek.js";
import { freePort } from "../../support/ports.js";
import { addProvider, PROVIDER_KEY } from "../../support/providers.js";

const app = await startApp();
const other = await startFakeDeepSeek();
after(() => other.close());
const ada = await app.signedIn("ada");
const { models } = other;

beforeEach(async () => {
  other.models = models;
  other.forget();
  const rows = app.database.prepare("SELECT id FROM Provider").all() as { id: string }[];
  for (const { id } of rows) await ada.post(`/admin/providers/${id}`, { _method: "DELETE" });
});

const row = () =>
  app.database.prepare("SELECT * FROM Provider").get() as Record<string, string | number | null>;
const lastKey = () => other.modelRequests.at(-1)?.headers.authorization;
const FIELDS = { name: "Other", baseUrl: other.url, key: PROVIDER_KEY };

test("administrators are led to the providers, of which the settings' own is there from the start", async () => {
  assert.equal((await ada.get("/admin")).$('main a[href="/admin/providers"]').length, 1);

  const page = await ada.get("/admin/providers");
  assert.match(page.words("main"), /Default DeepSeek.Flash, asked at 127\.0\.0\.1:\d+/i);
  assert.match(page.words(".condition"), /^It answers, with one model\.$/);
  assert.equal(page.$('main a[href="/admin/providers/new"]').length, 1);
});

test("a provider is added without a restart, asked at once, and its key is never seen again", async () => {
  const { path } = await addProvider(ada, other);
  const page = await ada.get(path);

  assert.equal(page.words("h1"), "Other");
  assert.match(page.words(".condition"), /^It answers, with one model\.$/);
  assert.match(page.words("main"), /A key is set\. It is encrypted, and never shown\./);
  assert.equal(other.modelRequests[0]?.headers.authorization, `Bearer ${PROVIDER_KEY}`);

  for (const address of ["/admin/providers", path, `${path}/edit`, `${path}/models`]) {
    assert.doesNotMatch((await ada.get(address)).html, /canary|7f3a/, address);
  }
  assert.doesNotMatch(JSON.stringify(row()), /canary/);
  const bytes = app.database.serialize().toString("latin1");
  assert.doesNotMatch(bytes, /canary/);
});

for (const [field, value, said] of [
  ["name", "", /Give it a name/],
  ["name", " \u200b ", /Give it a name/],
  ["name", "x".repeat(61), /at most 60 characters/],
  ["baseUrl", "", /Give an address such as/],
  ["baseUrl", "openrouter.ai/api/v1", /Give an address such as/],
  ["baseUrl", "localhost:11434", /Give an address such as/],
  ["baseUrl", "ftp://example.org", /Give an address such as/],
  ["baseUrl", "file:///etc/passwd", /Give an address such as/],
  ["baseUrl", "javascript:alert(1)", /Give an address such as/],
  ["baseUrl", "http://", /Give an address such as/],
  ["baseUrl", "https://ada:secret@example.org/v1", /Leave name and password out/],
  ["baseUrl", `https://example.org/${"x".repeat(2000)}`, /Give an address such as/],
  ["key", "two words", /no spaces/],
  ["key", "schlüssel", /no spaces, and plain letters/],
  ["key", "a\r\nX-Evil: 1", /no spaces/],
  ["contextTokens", "many", /whole number from 1024/],
  ["contextTokens", "12", /whole number from 1024/],
  ["contextTokens", "1e99", /whole number from 1024/],
] as const) {
  test(`${JSON.stringify(value.slice(0, 30))} as ${field} is refused in words, and nothing else is lost`, async () => {
    const typed = { ...FIELDS, baseUrl: "https://example.org/v1", [field]: value };
    const page = await ada.post("/admin/providers", typed);

    assert.equal(page.status, 422);
    assert.match(page.words(`#field-${field}-error`), said);
    assert.equal(page.field("name"), typed.name);
    assert.equal(page.field("baseUrl"), typed.baseUrl);
    assert.equal(page.field("key"), undefined);
    if (field !== "key") assert.match(page.words("#field-key-error"), /Enter the key once more/);
    assert.doesNotMatch(page.html, /canary/);
    assert.equal(row(), undefined);
  });
}

test("what is no text in a field is refused, and never an error of ours", async () => {
  for (const body of [
    "",
    "name=a&name=b&baseUrl=x",
    "name[a]=1&baseUrl[]=2&key[]=3",
    `name=a&baseUrl=${encodeURIComponent(other.url)}&key=a&key=b`,
    "__proto__=1&constructor=2",
  ]) {
    const headers = { Origin: app.url, "Content-Type": "application/x-www-form-urlencoded" };
    const page = await ada.request("/admin/providers", { method: "POST", headers, body });
    assert.equal(page.status, 422, body);
  }
});

test("two providers have two names", async () => {
  await addProvider(ada, other);
  const page = await ada.post("/admin/providers", FIELDS);

  assert.equal(page.status, 422);
  assert.match(page.words("#field-name-error"), /Another provider has this name/);
});

test("a key that is left empty stays, one that is entered takes its place, and one can be removed", async () => {
  const { path } = await addProvider(ada, other);
  const keyAfter = async (fields: Record<string, string>) => {
    await ada.post(path, { _method: "PATCH", name: "Other", baseUrl: other.url, ...fields });
    await ada.post(`${path}/examinations`);
    return lastKey();
  };

  assert.equal(await keyAfter({ key: "", name: "Renamed" }), `Bearer ${PROVIDER_KEY}`);
  assert.equal((await ada.get(path)).words("h1"), "Renamed");
  assert.equal(await keyAfter({ key: "sk-another" }), "Bearer sk-another");
  assert.equal(await keyAfter({ keyless: "yes" }), undefined);
  assert.match((await ada.get(path)).words("main"), /It is asked without a key\./);
});

test("a key is for one address: it is not sent to another that is entered without it", async () => {
  const { path } = await addProvider(ada, other);
  const elsewhere = await startFakeDeepSeek();
  const change = { _method: "PATCH", name: "Other", baseUrl: elsewhere.url };
  const page = await ada.post(path, change);

  assert.equal(page.status, 422);
  assert.match(page.words("#field-key-error"), /is for http:\/\/127\.0\.0\.1:\d+ alone/);
  assert.equal(page.field("baseUrl"), elsewhere.url);

  // Not even by whoever can write into the database.
  app.database.prepare("UPDATE Provider SET baseUrl = ?").run(elsewhere.url);
  await ada.post(`${path}/activation`);
  assert.match(
    (await ada.get(path)).words(".condition"),
    /^Its key cannot be read: enter it again/,
  );
  assert.equal(elsewhere.modelRequests.length, 0);

  await ada.post(path, { ...change, key: PROVIDER_KEY });
  assert.equal(elsewhere.modelRequests.at(-1)?.headers.authorization, `Bearer ${PROVIDER_KEY}`);
  assert.match((await ada.get(path)).words(".condition"), /^It answers/);
  await elsewhere.close();
});

const complaint = scenario.wire.complaint(`Your api key: ${PROVIDER_KEY} is invalid`);
const ills: [string, scenario.Scenario, RegExp][] = [
  ["refuses the key", scenario.status(401, complaint), /does not accept the key \(HTTP 401\)/],
  ["has no credit", scenario.status(402), /no credit left \(HTTP 402\)/],
  ["has no list there", scenario.status(404), /no list of models at this address.*\(HTTP 404\)/],
  ["is a web site", scenario.htmlPage(), /is no OpenAI-compatible server\. Enter the base URL/],
  [
    "says something else",
    scenario.raw("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"),
    /is no OpenAI-compatible server/,
  ],
  ["is busy", scenario.status(429), /too many requests.*\(HTTP 429\)/],
  ["has an error of its own", scenario.status(500), /an error of its own \(HTTP 500\)/],
  ["hangs up", scenario.cutAfter(0, "rst"), /could not be reached/],
];

for (const [what, ill, said] of ills) {
  test(`a server that ${what} is said in words, without the key`, async () => {
    const { path } = await addProvider(ada, other);
    other.models = ill;
    const page = await ada.submit(`${path}/examinations`);

    assert.match(page.words(".condition"), said);
    assert.match(page.words(".flash"), /Tested just now/);
    assert.doesNotMatch(page.html, /canary|7f3a/);

    other.models = models;
    assert.match((await ada.submit(`${path}/examinations`)).words(".condition"), /^It answers/);
  });
}

for (const [what, baseUrl, said] of [
  ["a name that nobody has", "http://nobody.invalid/v1", /\(DNS\)/],
  ["a port where nothing listens", `http://127.0.0.1:${await freePort()}`, /was refused/],
  ["TLS where there is none", other.url.replace("http:", "https:"), /does not speak TLS/],
] as const) {
  test(`${what} is said in words`, async () => {
    const { path } = await addProvider(ada, { url: baseUrl });
    assert.match((await ada.get(path)).words(".condition"), said);
  });
}

test("a redirect is not followed: the key is for the address that was entered", async () => {
  const elsewhere = await startFakeDeepSeek();
  other.models = scenario.redirect(`${elsewhere.url}/models`);
  const { path } = await addProvider(ada, other);

  assert.match((await ada.get(path)).words(".condition"), /sends elsewhere \(HTTP 307\)/);
  assert.equal(elsewhere.modelRequests.length, 0);
  await elsewhere.close();
});

test("switched off it is asked for nothing, and keeps all that was entered", async () => {
  const { path } = await addProvider(ada, other);
  const off = await ada.submit(`${path}/activation`, { _method: "DELETE" });
  assert.match(off.words(".condition"), /^Switched off/);
  other.forget();
  await ada.post(`${path}/examinations`);
  assert.deepEqual(other.modelRequests, []);

  assert.match((await ada.submit(`${path}/activation`)).words(".condition"), /^It answers/);
  assert.equal(lastKey(), `Bearer ${PROVIDER_KEY}`);
});

test("removed it is gone with its key", async () => {
  const { path } = await addProvider(ada, other);
  const page = await ada.submit(path, { _method: "DELETE" });

  assert.match(page.words(".flash"), /Provider removed/);
  assert.doesNotMatch(page.words("main"), /Other/);
  assert.equal((await ada.get(path)).status, 404);
  assert.equal(row(), undefined);
});

test("there is nothing at the address of a provider that is not there", async () => {
  for (const id of ["41", "../admin", "%2e%2e", "a%00b", "x".repeat(5000)]) {
    const path = `/admin/providers/${encodeURIComponent(id)}`;
    for (const [address, fields] of [
      [path, { _method: "PATCH", ...FIELDS }],
      [path, { _method: "DELETE" }],
      [`${path}/activation`, {}],
      [`${path}/activation`, { _method: "DELETE" }],
      [`${path}/examinations`, {}],
      [`${path}/models`, { _method: "PUT", offer: "all" }],
    ] as const) {
      assert.equal((await ada.post(address, fields)).status, 404, address);
    }
    for (const address of [path, `${path}/edit`, `${path}/models`]) {
      assert.equal((await ada.get(address)).status, 404, address);
    }
  }
});
