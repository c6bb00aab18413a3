import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, type TestContext, test } from "node:test";
import * as scenario from "../../support/fake-deepseek.js";
import { type Scenario, wire } from "../../support/fake-deepseek.js";
import {
  check,
  type Fault,
  failed,
  fine,
  good,
  NO_ANSWER,
  TOLD,
} from "../../support/faults/upstream.js";
import { outcomeOf, question, startBench, withControl } from "../../support/faults.js";

const bench = await startBench();
const ada = await bench.person("ada");
const strangers = await startStranger();

const refusals: Fault[] = [
  ...(
    [
      [400, "refused", /^The model's server refused this request\.$/],
      [401, "unauthorized", /does not accept this installation's key\. Please tell your admin/],
      [402, "no_credit", /^The account for the model has no credit left\. Please tell your admin/],
      [404, "protocol", NO_ANSWER],
      [413, "too_long", /^This conversation is too long for the model\. Start a new one/],
      [422, "refused", /^The model's server refused this request\.$/],
    ] as const
  ).map(([status, failure, sees]) =>
    failed(`F-15 the upstream says ${status}`, refusal(status), failure, sees),
  ),
  failed(
    "F-15 the upstream does not know the model",
    scenario.status(400, wire.complaint("Model Not Exist")),
    "unknown_model",
    /^The model's server does not know this model\. Ask another one, or tell your admin/,
  ),
  fine("F-16 429 with Retry-After: 1 is waited for", [busy("1"), good]),
  fine("F-16 429 with a date is waited for", [busyUntil(1500), good]),
  fine("F-16 429 with nonsense is asked again after a wait of our own", [busy("soon, -5"), good]),
  failed(
    "F-16 429 with Retry-After: 1000000000 is not waited for",
    busy("1000000000"),
    "busy",
    /^The model's server has too many requests at this moment\.$/,
  ),
  fine("F-17 500 with five megabytes of words, then the answer", [
    scenario.status(500, TOLD.repeat(100_000)),
    good,
  ]),
  failed("F-18 an HTML page with 200", scenario.htmlPage(), "protocol", NO_ANSWER),
  ...[301, 307].map((code) => ({
    ...failed(
      `F-18 a redirect with ${code} is not followed: the key is for one server alone`,
      scenario.redirect(strangers.url, code),
      "protocol",
      NO_ANSWER,
    ),
    also: () => assert.equal(strangers.visits(), 0),
  })),
];

/** What looks like an upstream that is down: five of these in a row, and nobody's question is sent any more. */
const outages: Fault[] = [
  ...[500, 502, 504].map((status) =>
    failed(
      `F-17 ${status}, again and again`,
      refusal(status),
      "upstream_error",
      /^The model's server had an error of its own\.$/,
      3,
    ),
  ),
  failed(
    "F-17 503 without a body, again and again",
    scenario.status(503, ""),
    "overloaded",
    /^The model's server is out of resources at this moment\.$/,
    3,
  ),
  failed(
    "F-18 an HTML page with 503",
    scenario.htmlPage(503),
    "overloaded",
    /^The model's server is out of resources at this moment\.$/,
    3,
  ),
];

test("upstream faults, all at once: nobody else notices", { concurrency: 8 }, async (group) => {
  await withControl(group, bench, () =>
    Promise.all([
      ...refusals.map((fault) => group.test(fault.name, () => check(bench, ada, fault))),
      oneByOne(group),
    ]),
  );
});

test("F-15 the administrator finds the upstream's own words in the log, without the key", () => {
  assert.ok(bench.server.output().includes(TOLD));
  assert.ok(!bench.server.output().includes("sk-test"));
});

async function oneByOne(group: TestContext) {
  for (const fault of outages) {
    await outcomeOf(bench, ada, question(`all is well ${bench.fake.directive(good)}`));
    await group.test(fault.name, () => check(bench, ada, fault));
  }
}

function refusal(status: number): Scenario {
  return scenario.status(status, wire.complaint(TOLD));
}

function busy(retryAfter: string): Scenario {
  return scenario.status(429, wire.complaint(TOLD), { "retry-after": retryAfter });
}

function busyUntil(inMs: number): Scenario {
  return (exchange) => busy(new Date(Date.now() + inMs).toUTCString())(exchange);
}

/** A server that nobody is to come to. */
async function startStranger() {
  let visits = 0;
  const server = createServer((_request, response) => {
    visits += 1;
    response.end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  after(() => server.close());
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, visits: () => visits };
}
