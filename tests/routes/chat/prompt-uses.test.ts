import assert from "node:assert/strict";
import { test } from "node:test";
import { startApp } from "../../support/app.js";
import type { Page } from "../../support/visitor.js";

const app = await startApp();
const ada = await app.signedIn("ada");
const bob = await app.signedIn("bob");

let count = 0;
async function written(body: string, person = ada): Promise<string> {
  count += 1;
  await person.submit("/prompts", { name: `p${count}`, title: `Prompt ${count}`, body });
  const id = app.database.prepare("SELECT id FROM Prompt WHERE name = ?").pluck().get(`p${count}`);
  return `/prompts/${id}/use`;
}

const composed = (page: Page) => page.field("prompt");

test("a prompt without gaps is in the composer with one click, and asking for its page changes nothing", async () => {
  const address = await written("Say hello.\n\n<b>&amp;");
  const listed = await ada.get("/prompts");
  assert.equal(listed.$(`form[action="${address}"]`).length, 1);
  const page = await ada.get(address);
  assert.match(page.words("main"), /Say hello\./);
  assert.equal(composed(await ada.get("/")), "");

  const used = await ada.submit(address);
  assert.equal(composed(used), "Say hello.\n\n<b>&amp;");
  assert.equal(used.field("conversation"), undefined);
});

test("a prompt is used in the conversation that one came from", async () => {
  const path = await ada.ask("chaos:say Yes.");
  await ada.settled(path);
  const conversation = path.split("/").at(-1) ?? "";
  const plain = await written("And more?");
  const listed = await ada.get(`/prompts?conversation=${conversation}`);
  const form = listed.$(`form[action="${plain}"]`);
  assert.equal(form.find("[name=conversation]").attr("value"), conversation);
  const page = await ada.submit(plain, { conversation });
  assert.equal(composed(page), "And more?");
  assert.equal(page.field("conversation"), conversation);

  const address = await written("More of {{what}}?");
  const asking = await ada.get(`${address}?conversation=${conversation}`);
  assert.equal(asking.field("conversation"), conversation);
  const sent = await ada.post(address, { conversation, "gap:what": "that" });
  assert.equal(sent.location, `${path}#prompt`);
  assert.equal(composed(await ada.follow(sent)), "And more?\n\nMore of that?");
});

test("gaps are asked for in a form of their own, each once and with its label", async () => {
  const gus = await app.signedIn("gus");
  const address = await written("{{language}} {{text:long}} {{language}} {{Your name}}", gus);
  const page = await gus.get(address);
  assert.deepEqual(page.all("main .field__label"), ["language", "text", "Your name"]);
  assert.equal(page.$("main input[name='gap:language']").length, 1);
  assert.equal(page.$("main textarea[name='gap:text']").length, 1);
  assert.match(page.words("main details"), /\{\{language\}\} \{\{text:long\}\}/);

  const filled = await gus.submit(address, {
    ...{ "gap:language": "French", "gap:text": "one\r\ntwo", "gap:Your%20name": "Ada" },
  });
  assert.equal(composed(filled), "French one\ntwo French Ada");
});

test("braces in what is typed are text, and a gap that is left empty is empty", async () => {
  const dora = await app.signedIn("dora");
  const address = await written("<{{a}}|{{b}}>", dora);
  const filled = await dora.submit(address, { "gap:a": "{{b}} $& {{a}}", "gap:c": "never" });
  assert.equal(composed(filled), "<{{b}} $& {{a}}|>");
});

test("names of gaps are no names of ours", async () => {
  const emil = await app.signedIn("emil");
  const address = await written("{{__proto__}} {{constructor}} {{prompt}}{{conversation}}", emil);
  assert.equal((await emil.get(address)).status, 200);
  const filled = await emil.submit(address, { "gap:constructor": "C", "gap:conversation": "D" });
  assert.equal(composed(filled), "{{__proto__}} C D");
});

test("a prompt comes behind what waits in the composer already", async () => {
  const fay = await app.signedIn("fay");
  const address = await written("The {{second}}.", fay);
  const plain = await written("The third.", fay);
  await fay.post(address, { "gap:second": "first" });
  assert.equal(composed(await fay.submit(plain)), "The first.\n\nThe third.");
  const page = await fay.submit(address, { "gap:second": "second" });
  assert.equal(composed(page), "The first.\n\nThe third.\n\nThe second.");
});

test("a script gets the text alone, and nothing is kept of it", async () => {
  const carol = await app.signedIn("carol");
  await carol.submit("/prompts", { name: "mine", title: "Mine", body: "<b>{{a}}</b>" });
  const id = app.database.prepare("SELECT id FROM Prompt WHERE name = 'mine'").pluck().get();
  const page = await carol.post(`/prompts/${id}/use`, { "gap:a": "<i>" }, { Accept: "text/plain" });

  assert.equal(page.status, 200);
  assert.match(String(page.headers.get("content-type")), /^text\/plain/);
  assert.equal(page.headers.get("cache-control"), "no-store");
  assert.equal(page.html, "<b><i></b>");
  assert.equal(composed(await carol.get("/")), "");
});

test("a conversation that is another's, or gone, is not used: the text waits in a new one", async () => {
  const path = await bob.ask("chaos:say Bob's.");
  await bob.settled(path);
  const conversation = path.split("/").at(-1) ?? "";
  const address = await written("Into {{a}}.");

  for (const foreign of [conversation, "nothing", "\0", "x".repeat(5000)]) {
    const sent = await ada.post(address, { conversation: foreign, "gap:a": "ours" });
    assert.equal(sent.location, "/#prompt");
    const page = await ada.get(`${address}?conversation=${encodeURIComponent(foreign)}`);
    assert.equal(page.field("conversation"), undefined);
    assert.doesNotMatch(page.words("main"), /Bob/);
  }
});
