import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { answerOn } from "../../support/answers.js";
import { startApp } from "../../support/app.js";
import * as scenario from "../../support/fake-deepseek.js";
import { FAKE_MODEL, FAKE_PRO } from "../../support/fake-deepseek.js";
import { offer } from "../../support/models.js";
import type { Page } from "../../support/visitor.js";

const app = await startApp({ DEEPSEEK_DIALECT: "deepseek" });
const ada = await app.signedIn("ada");
beforeEach(() => offer(app, FAKE_MODEL, FAKE_PRO));

const PRO = "default:deepseek-v4-pro";
const othersOn = ({ $ }: Page) => String($("a.actions__others").last().attr("href"));
const countOfMessages = () => app.database.prepare("SELECT count(*) FROM Message").pluck().get();

/** Another answer in the place of the last one on a page. */
async function regenerated(page: Page, model: string) {
  const begun = await ada.post(`/messages/${answerOn(page)}/generations`, { model });
  return ada.settled(String(begun.location));
}

test("beside an answer are the models that could answer, with what they can", async () => {
  const page = await ada.talk("Which?");
  const choice = await ada.get(othersOn(page));

  assert.equal(othersOn(page), `/messages/${answerOn(page)}/generations/new`);
  assert.deepEqual(choice.all(".models__model"), [
    "DeepSeek Flash This answer1M context · sees images · thinks",
    "DeepSeek V4 Pro128K context",
  ]);
  assert.match(String(choice.$(".panel__back a").attr("href")), /^\/conversations\/.+#message-/);
});

test("another answer is by the model that was chosen for it, and says so", async () => {
  const first = await ada.talk("chaos:say First.");
  const choice = await ada.get(othersOn(first));
  const button = choice.$(".models__model").last();
  assert.equal(button.attr("name"), "model");
  const second = await regenerated(first, String(button.attr("value")));

  assert.equal(app.fake.requests.at(-1)?.body.model, "deepseek-v4-pro");
  assert.equal(second.words(".siblings__position"), "Version 2/2");
  assert.equal(second.words(".actions__model"), "Written by DeepSeek V4 Pro");
  const previous = String(second.$("[aria-label='Previous version']").attr("href"));
  assert.equal((await ada.get(previous)).words(".actions__model"), "Written by DeepSeek Flash");

  const third = await regenerated(second, "");
  assert.equal(app.fake.requests.at(-1)?.body.model, "deepseek-v4-pro");
  await ada.talk("And then?", { conversation: String(third.field("conversation")) });
  assert.equal(app.fake.requests.at(-1)?.body.model, "deepseek-flash");
});

test("an answer that failed may be asked for from another model", async () => {
  app.fake.next(scenario.status(402));
  const failed = await ada.talk("chaos:say Well.");
  assert.equal((await ada.get(othersOn(failed))).status, 200);
  const page = await regenerated(failed, PRO);

  assert.equal(page.words(".message--answer .message__body"), "Well.");
});

test("a model that is not offered writes nothing", async () => {
  const page = await ada.talk("Who else?");
  const before = countOfMessages();
  for (const model of ["default:unheard-of", "nonsense", "elsewhere:deepseek-flash", ":"]) {
    const refused = await ada.post(`/messages/${answerOn(page)}/generations`, { model });
    assert.equal(refused.status, 422, model);
    assert.match(refused.words("main"), /not offered any more/);
  }
  assert.equal(countOfMessages(), before);
});

test("nobody chooses a model for another's answer, nor for what is none", async () => {
  const page = await ada.talk("Mine?");
  const eve = await app.signedIn("eve");
  const before = countOfMessages();

  assert.equal((await eve.get(othersOn(page))).status, 404);
  assert.equal(
    (await eve.post(`/messages/${answerOn(page)}/generations`, { model: PRO })).status,
    404,
  );
  for (const id of ["0", "-1", "x", "99999999999", "%00", String(Number(answerOn(page)) - 1)]) {
    assert.equal((await ada.get(`/messages/${id}/generations/new`)).status, 404, id);
  }
  assert.equal(countOfMessages(), before);
});

test("where one model alone is offered there is nothing to choose, also in what was shown before", async () => {
  const page = await ada.talk("Alone?");
  const path = String(page.$("a[title='Link to this answer']").attr("href"));
  assert.equal((await ada.get(path)).$("a.actions__others").length, 1);

  await offer(app, FAKE_MODEL);
  assert.equal((await ada.get(path)).$("a.actions__others").length, 0);
  await offer(app, { ...FAKE_MODEL, name: "Flash, renamed" }, FAKE_PRO);
  assert.equal((await ada.get(path)).words(".actions__model"), "Written by Flash, renamed");
});
