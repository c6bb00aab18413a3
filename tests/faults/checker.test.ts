import assert from "node:assert/strict";
import { test } from "node:test";
import { trial } from "./checker/trial.js";

const SECONDS = Number(process.env.CHECKER_SECONDS ?? 45);

test("F-39, F-46, F-47: people and a nemesis, and every promise proved from what was acknowledged", async (t) => {
  const seed = Date.now() % 2 ** 31;
  t.diagnostic(`seed ${seed}`);
  const { violations, figures, folder } = await trial({ seed, seconds: SECONDS });
  t.diagnostic(JSON.stringify(figures));

  assert.deepEqual(violations, [], `seed ${seed}; the evidence is in ${folder}`);
  assert.ok((figures.acknowledged ?? 0) > 50, "hardly anything happened");
});
