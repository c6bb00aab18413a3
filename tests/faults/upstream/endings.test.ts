import { test } from "node:test";
import * as scenario from "../../support/fake-deepseek.js";
import { type Scenario, wire } from "../../support/fake-deepseek.js";
import {
  check,
  cut,
  ENDED_BEFORE,
  type Fault,
  fine,
  good,
  WHOLE,
} from "../../support/faults/upstream.js";
import { startBench, withControl } from "../../support/faults.js";

const { content, finish, numbered, DONE } = wire;

const bench = await startBench();
const ada = await bench.person("ada");

const faults: Fault[] = [
  cut(
    "F-09 an event cut in half, then the end",
    scenario.stream([...numbered(5), 'data: {"choices":[{"delta":{"content":"hal']),
    "cut_off",
    ENDED_BEFORE,
  ),
  fine(
    "F-10 one broken event among good ones",
    [scenario.stream([content("good "), "data: {]\n\n", content("still"), finish("stop"), DONE])],
    "good still",
  ),
  cut(
    "F-11 the end without finish reason and [DONE]",
    scenario.endsEarly(5),
    "cut_off",
    ENDED_BEFORE,
  ),
  fine("F-11 a finish reason without [DONE]", [
    scenario.answer({ reasoning: "", content: WHOLE, done: false }),
  ]),
  {
    ...fine("F-12 the longest length is reached", [finishing("length")]),
    sees: /^The answer reached the longest length that the model writes at once\.$/,
    button: "Continue",
  },
  {
    ...fine("F-12 the provider's content filter", [finishing("content_filter")]),
    sees: /^The model's provider cut this answer because of its content rules\.$/,
  },
  {
    ...cut(
      "F-12 the upstream runs out of resources",
      finishing("insufficient_system_resource"),
      "overloaded",
      /^The model's server is out of resources at this moment\.$/,
    ),
    stored: ["interrupted", "overloaded", WHOLE],
  },
  ...[0, 1].map((tokens) => ({
    ...fine("", [tokens === 0 ? scenario.cutAfter(0, "rst") : scenario.cutAfter(0, "fin"), good]),
    name: `F-21 a connection that is ${tokens === 0 ? "reset" : "closed"} before the first token is asked again`,
  })),
  ...[1, 2, 3, 10, 50].flatMap((tokens) =>
    (["rst", "fin"] as const).map((how) =>
      cut(
        `F-21 ${how === "rst" ? "a reset" : "the end"} after ${tokens} tokens`,
        scenario.cutAfter(tokens, how),
        "cut_off",
        ENDED_BEFORE,
        tokens,
      ),
    ),
  ),
];

test("upstream faults, all at once: nobody else notices", { concurrency: 8 }, async (group) => {
  await withControl(group, bench, () =>
    Promise.all(faults.map((fault) => group.test(fault.name, () => check(bench, ada, fault)))),
  );
});

function finishing(reason: string): Scenario {
  return scenario.answer({ reasoning: "", content: WHOLE, finish: reason });
}
