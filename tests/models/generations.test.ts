import assert from "node:assert/strict";
import { test } from "node:test";
import { answersTo } from "../support/answers.js";
import { startApp } from "../support/app.js";
import * as scenario from "../support/fake-deepseek.js";

const app = await startApp();
const generations = await import("../../src/models/generations.js");
const ada = await app.signedIn("ada");
const { asking } = answersTo(ada, app);

test("another answer begins also where the one before it ends at this moment", async () => {
  const { id } = await asking(scenario.stall(1));
  const user = app.database.prepare("SELECT id FROM User").pluck().get() as string;
  const beginning = generations.begin(user, Number(id), { providerId: null, model: "a model" });
  for (let turn = 0; turn < 50; turn += 1) await null;
  const [begun] = await Promise.all([beginning, generations.stop(Number(id))]);

  assert.equal(begun.repeated, false);
  assert.notEqual(begun.answerId, Number(id));
  await ada.post("/clear");
});
