import { test } from "node:test";
import * as scenario from "../../support/fake-deepseek.js";
import { type Scenario, wire } from "../../support/fake-deepseek.js";
import {
  check,
  cut,
  type Fault,
  failed,
  fine,
  good,
  WHOLE,
} from "../../support/faults/upstream.js";
import { startBench, withControl } from "../../support/faults.js";

const { content, events, finish, DONE } = wire;

const bench = await startBench();
const ada = await bench.person("ada");

const faults: Fault[] = [
  failed(
    "F-04 an upstream that accepts and never answers",
    scenario.stall(0),
    "no_answer",
    /^The model's server did not begin to answer in time\.$/,
  ),
  failed(
    "F-05 comments but no token, until the limit",
    scenario.stall(0, { commentsMs: 100 }),
    "no_answer",
    /^The model's server did not begin to answer in time\.$/,
  ),
  fine("F-05 comments for a while, then the answer", [
    scenario.queued(8, { everyMs: 100, next: good }),
  ]),
  fine("F-06 blank lines for long, then JSON", [slowJson()]),
  cut(
    "F-07 a stall in the middle, comments going on",
    scenario.stall(5, { commentsMs: 100 }),
    "stalled",
    /^The model's server stopped in the middle of the answer\.$/,
  ),
  cut(
    "F-22 a connection on which nothing comes any more",
    scenario.stall(5),
    "stalled",
    /^The model's server stopped in the middle of the answer\.$/,
  ),
  fine(
    "F-08 an answer byte by byte",
    [byteByByte(events(content("slow but "), content("whole 日本"), finish("stop"), DONE))],
    "slow but whole 日本",
  ),
];

test("upstream faults, all at once: nobody else notices", { concurrency: 8 }, async (group) => {
  await withControl(group, bench, () =>
    Promise.all(faults.map((fault) => group.test(fault.name, () => check(bench, ada, fault)))),
  );
});

function slowJson(): Scenario {
  const body = { choices: [{ message: { content: WHOLE }, finish_reason: "stop" }] };
  return scenario.stream([..."\n".repeat(10), JSON.stringify(body)], { tokenMs: 100 });
}

function byteByByte(text: string): Scenario {
  const whole = Buffer.from(text);
  const single = Array.from(whole, (_, index) => whole.subarray(index, index + 1));
  return scenario.stream(single);
}
