import assert from "node:assert/strict";
import * as scenario from "../fake-deepseek.js";
import { type Scenario, wire } from "../fake-deepseek.js";
import { type Bench, outcomeOf, question, type Seen } from "../faults.js";
import type { Visitor } from "../visitor.js";

/** What an upstream may say that no page is to show. */
export const TOLD = "words of the upstream that are nobody's business";
const NOTHING_LEAKS = [TOLD, "sk-test", "<script>alert"];

export const WHOLE = "You asked";
export const good = scenario.answer({ reasoning: "", content: WHOLE });

export const ENDED_BEFORE = /^The connection to the model ended before the answer did\.$/;
export const NO_ANSWER =
  /^The model's server sent something that is no answer\. .*administrator\.$/;

/** One way in which an upstream misbehaves, and what comes of it. */
export interface Fault {
  name: string;
  /** What the upstream does, at the first attempt, the second…; the last one again and again. */
  upstream: Scenario[];
  /** The sentence below the answer; "" for an answer with which nothing is wrong. */
  sees: RegExp | "";
  button: "Continue" | "Try again" | "";
  /** State, failure and text of the row. */
  stored: [state: string, failure: string | null, body: string | RegExp];
  attempts: number;
  also?: (seen: Seen) => void | Promise<void>;
}

/** An answer with which nothing is wrong in the end. */
export function fine(name: string, upstream: Scenario[], body: string | RegExp = WHOLE): Fault {
  const stored: Fault["stored"] = ["complete", null, body];
  return { name, upstream, sees: "", button: "", stored, attempts: upstream.length };
}

/** An answer that was cut: what there is of it is kept, and can be gone on with. */
export function cut(
  name: string,
  upstream: Scenario,
  failure: string,
  sees: RegExp,
  tokens = 5,
): Fault {
  const stored: Fault["stored"] = ["interrupted", failure, wire.numberedWords(tokens).join("")];
  return { name, upstream: [upstream], sees, button: "Continue", stored, attempts: 1 };
}

/** An answer that did not come at all, and can be asked for again. */
export function failed(
  name: string,
  upstream: Scenario,
  failure: string,
  sees: RegExp,
  attempts = 1,
): Fault {
  const stored: Fault["stored"] = ["failed", failure, ""];
  return { name, upstream: [upstream], sees, button: "Try again", stored, attempts };
}

/** Asks an upstream that does this, and looks from all sides at what came of it. */
export async function check(bench: Bench, person: Visitor, fault: Fault) {
  const { name, upstream, sees, button, stored, attempts, also } = fault;
  const prompt = question(`${name} ${bench.fake.directive(...upstream)}`);
  const seen = await outcomeOf(bench, person, prompt);
  const { state, failure, body } = seen.row;

  if (sees === "") assert.equal(seen.sentence, "");
  else assert.match(seen.sentence, sees);
  assert.equal(seen.button, button);
  assert.deepEqual([state, failure], stored.slice(0, 2));
  if (typeof stored[2] === "string") assert.equal(body, stored[2]);
  else assert.match(String(body), stored[2]);
  assert.equal(seen.answer, String(body).trim());
  assert.ok(seen.page.words(".message--question").includes(prompt), "the question is kept");
  for (const secret of NOTHING_LEAKS) assert.ok(!seen.page.html.includes(secret), secret);
  assert.equal(seen.requests.length, attempts);
  await also?.(seen);
}
