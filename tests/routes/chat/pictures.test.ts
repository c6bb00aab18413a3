import assert from "node:assert/strict";
import { test } from "node:test";
import { startApp } from "../../support/app.js";
import type { Page } from "../../support/visitor.js";

const app = await startApp({ MODEL_SEES: "on", FILE_MAX_MEGABYTES: "15" });
app.fake.models = {
  data: [
    { id: "deepseek-flash", name: "Flash" },
    { id: "blind", name: "Blind", input_modalities: ["text"] },
  ],
};
const { refreshed } = await import("../../../src/generator/catalogue.js");
await refreshed();
const ada = await app.signedIn("ada");
const bob = await app.signedIn("bob");

const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
  "base64",
);
const SEEN = {
  type: "image_url",
  image_url: { url: `data:image/png;base64,${PNG.toString("base64")}` },
};
const picture = (name: string, bytes: BlobPart = PNG) => new File([bytes], name);
const told = () => app.fake.requests.at(-1)?.body.messages.at(-1).content;
const pictureOn = (page: Page) => String(page.$("img.file__picture").attr("src"));

async function askWith(files: File[], fields = {}) {
  const sent = await ada.postFiles("/chat", { prompt: "chaos:say Seen.", ...fields }, files);
  assert.equal(sent.status, 303, sent.words(".field__error"));
  return { path: String(sent.location), page: await ada.settled(String(sent.location)) };
}

test("a model that sees is shown the picture, with its name, before the question", async () => {
  await askWith([picture("photo.png")]);
  const text =
    "[file name]: photo.png\n[file content begin]\n(a picture, above)\n[file content end]\nchaos:say Seen.";
  assert.deepEqual(told(), [SEEN, { type: "text", text }]);
});

test("it is shown in the page by its own type, to nobody else, and runs nothing", async () => {
  const { page } = await askWith([picture("photo.svg")]);
  const address = pictureOn(page);
  const seen = await ada.get(address);

  assert.equal(seen.headers.get("content-type"), "image/png");
  assert.equal(seen.headers.get("x-content-type-options"), "nosniff");
  assert.equal(seen.headers.get("content-security-policy"), "default-src 'none'; sandbox");
  assert.equal(seen.headers.get("content-disposition"), null);
  assert.equal((await bob.get(address)).status, 404);
  assert.equal(
    (await ada.get(address, { "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "image" })).status,
    403,
  );
});

test("what only says that it is a picture is text, and is shown as none", async () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>';
  const { page } = await askWith([picture("drawing.png", svg)]);
  const link = String(page.$("a.file").attr("href"));

  assert.equal(page.$("img").length, 0);
  assert.equal((await ada.get(`${link}/picture`)).status, 404);
  assert.match(told(), /drawing\.png\n\[file content begin\]\n<svg/);
});

test("another answer, by a model that sees none, is told of the picture by name alone", async () => {
  const { path, page } = await askWith([picture("later.png")]);
  const action = String(page.$("form[action$='/generations']").first().attr("action"));
  await ada.post(action, { model: "default:blind" });
  await ada.settled(path);

  assert.match(
    told(),
    /\[file name\]: later\.png\n\[file content begin\]\n\(no text could be read\)/,
  );
});

test("pictures that are too large together are refused before they are sent", async () => {
  const half = Buffer.concat([PNG, Buffer.alloc(11_000_000)]);
  const before = app.fake.requests.length;
  const files = [picture("one.png", half), picture("two.png", half)];
  const refused = await ada.postFiles("/chat", { prompt: "Both." }, files);

  assert.equal(refused.status, 422);
  assert.match(refused.words(".field__error"), /at most 20 MB together/);
  assert.equal(app.fake.requests.length, before);
});
