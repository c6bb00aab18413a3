import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, type TestContext, test } from "node:test";
import { gzipSync } from "node:zlib";
import * as scenario from "../support/fake-deepseek.js";
import { type Scenario, wire } from "../support/fake-deepseek.js";
import { outcomeOf, question, type Seen, startBench, withControl } from "../support/faults.js";

const TOLD = "words of the upstream that are nobody's business";
const NOTHING_LEAKS = [TOLD, "sk-test", "<script>alert"];
const HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n";

const bench = await startBench();
const ada = await bench.person("ada");
const strangers = await startStranger();

interface Fault {
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

const WHOLE = "You asked";
const good = scenario.answer({ reasoning: "", content: WHOLE });
const words = (count: number) =>
  Array.from({ length: count }, (_, index) => `word${index + 1} `).join("");
const { content, events, finish, DONE, delta } = wire;

/** An answer with which nothing is wrong in the end. */
function fine(name: string, upstream: Scenario[], body: string | RegExp = WHOLE): Fault {
  const stored: Fault["stored"] = ["complete", null, body];
  return { name, upstream, sees: "", button: "", stored, attempts: upstream.length };
}

/** An answer that was cut: what there is of it is kept, and can be gone on with. */
function cut(name: string, upstream: Scenario, failure: string, sees: RegExp, tokens = 5): Fault {
  const stored: Fault["stored"] = ["interrupted", failure, words(tokens)];
  return { name, upstream: [upstream], sees, button: "Continue", stored, attempts: 1 };
}

/** An answer that did not come at all, and can be asked for again. */
function failed(
  name: string,
  upstream: Scenario,
  failure: string,
  sees: RegExp,
  attempts = 1,
): Fault {
  const stored: Fault["stored"] = ["failed", failure, ""];
  return { name, upstream: [upstream], sees, button: "Try again", stored, attempts };
}

const ENDED_BEFORE = /^The connection to the model ended before the answer did\.$/;
const NO_ANSWER = /^The model's server sent something that is no answer\. .*administrator\.$/;

/** What looks like an upstream that is down: five of these in a row, and nobody's question is sent any more. */
const outages: Fault[] = [
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

const clocks: Fault[] = [
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

const endings: Fault[] = [
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

const bytes: Fault[] = [
  ...splits("aß日😀z").map(([where, parts]) =>
    fine(`F-13 UTF-8 split ${where}`, [sliced(parts)], "aß日😀z"),
  ),
  fine(
    "F-13 a surrogate pair in JSON escapes, split over two events",
    [sliced([event('"smile \\ud83d"'), event('"\\ude00!"'), events(finish("stop"), DONE)])],
    "smile 😀!",
  ),
  fine(
    "F-14 bytes that are no UTF-8, NUL, a lone surrogate",
    [
      sliced([
        Buffer.concat([
          Buffer.from('data: {"choices":[{"delta":{"content":"a'),
          Buffer.from([0xff, 0xc3]),
          Buffer.from('b"}}]}\n\n'),
        ]),
        event('"c\\u0000d\\ud83d e"'),
        events(finish("stop"), DONE),
      ]),
    ],
    /^a\ufffd{1,2}bc\ufffdd\ufffd e$/,
  ),
  fine(
    "F-14 a byte order mark, CR and CRLF, no space after the colon",
    [
      sliced([
        "\ufeff",
        `data:${JSON.stringify(content("one "))}\r\r`,
        `data: ${JSON.stringify(content("two "))}\r\n\r\n`,
        `data:${JSON.stringify(content("three"))}\n\n`,
        events(finish("stop"), DONE),
      ]),
    ],
    "one two three",
  ),
  fine(
    "F-14 one event's data on several lines",
    [
      sliced([
        'data: {"choices":\ndata: [{"delta":\ndata: {"content":"lines"}}]}\n\n',
        events(finish("stop"), DONE),
      ]),
    ],
    "lines",
  ),
];

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
    /^The model's server does not know the model that is set\. Please tell your admin/,
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

const oddities: Fault[] = [
  failed(
    "F-23 a compressed body, which nobody asked for",
    scenario.raw(
      Buffer.concat([
        Buffer.from(`${HEAD}Content-Encoding: gzip\r\nConnection: close\r\n\r\n`),
        gzipSync(gzipSync(events(content(TOLD), finish("stop"), DONE))),
      ]),
    ),
    "protocol",
    NO_ANSWER,
  ),
  cut(
    "F-23 a Content-Length that promises more than there is",
    scenario.raw(`${HEAD}Content-Length: 100000\r\n\r\n${events(...numbered(5))}`),
    "cut_off",
    ENDED_BEFORE,
  ),
  cut(
    "F-23 a Content-Length that promises less than there is",
    scenario.raw(
      `${HEAD}Content-Length: ${Buffer.byteLength(events(...numbered(5)))}\r\n\r\n${events(...numbered(9))}`,
    ),
    "cut_off",
    ENDED_BEFORE,
  ),
  failed(
    "F-23 two Content-Lengths that disagree",
    scenario.raw(`${HEAD}Content-Length: 10\r\nContent-Length: 20\r\n\r\n${events(content("no"))}`),
    "protocol",
    NO_ANSWER,
  ),
  failed(
    "F-23 something that is no HTTP",
    scenario.raw("SSH-2.0-OpenSSH_9.2\r\n"),
    "protocol",
    NO_ANSWER,
  ),
  fine("F-23 early hints before and trailers after the answer", [
    scenario.raw(
      "HTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\n\r\n" +
        `${HEAD}Set-Cookie: a=b\r\nSet-Cookie: c=d\r\nTrailer: x-sum\r\nTransfer-Encoding: chunked\r\n\r\n` +
        `${chunked(events(content(WHOLE), finish("stop"), DONE))}0\r\nx-sum: 1\r\n\r\n`,
    ),
  ]),
  fine("F-24 events told again after the end are not written twice", [
    scenario.stream([
      content(WHOLE),
      finish("stop"),
      content(WHOLE),
      finish("stop"),
      DONE,
      content(WHOLE),
      DONE,
    ]),
  ]),
  {
    ...fine("F-24 no usage: the answer stands, and no cost is made up", [
      scenario.answer({ reasoning: "", content: WHOLE, usage: null }),
    ]),
    also: ({ row, page }) => {
      assert.equal(row.completionTokens, null);
      assert.equal(page.words(".receipt"), "");
    },
  },
];

test("upstream faults, all at once: nobody else notices", { concurrency: 8 }, async (group) => {
  const faults = [clocks, endings, bytes, refusals, oddities].flat();
  await withControl(group, bench, () =>
    Promise.all([
      ...faults.map((fault) => group.test(fault.name, () => check(fault))),
      oneByOne(group),
    ]),
  );
});

async function oneByOne(group: TestContext) {
  for (const fault of outages) {
    await outcomeOf(bench, ada, question(`all is well ${bench.fake.directive(good)}`));
    await group.test(fault.name, () => check(fault));
  }
}

test("F-15 the administrator finds the upstream's own words in the log, without the key", () => {
  assert.ok(bench.server.output().includes(TOLD));
  assert.ok(!bench.server.output().includes("sk-test"));
});

async function check({ name, upstream, sees, button, stored, attempts, also }: Fault) {
  const prompt = question(`${name} ${bench.fake.directive(...upstream)}`);
  const seen = await outcomeOf(bench, ada, prompt);
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

function numbered(tokens: number): object[] {
  return Array.from({ length: tokens }, (_, index) => content(`word${index + 1} `));
}

function finishing(reason: string): Scenario {
  return scenario.answer({ reasoning: "", content: WHOLE, finish: reason });
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

function slowJson(): Scenario {
  const body = { choices: [{ message: { content: WHOLE }, finish_reason: "stop" }] };
  return scenario.stream([..."\n".repeat(10), JSON.stringify(body)], { tokenMs: 100 });
}

function byteByByte(text: string): Scenario {
  const whole = Buffer.from(text);
  const single = Array.from(whole, (_, index) => whole.subarray(index, index + 1));
  return scenario.stream(single);
}

/** Each part in a packet of its own, as far as one can tell a kernel. */
function sliced(parts: (string | Buffer)[]): Scenario {
  return scenario.stream(parts, { tokenMs: 25 });
}

/** One event whose content is this JSON string, escapes and all. */
function event(json: string): string {
  return `data: {"choices":[{"delta":{"content":${json}}}]}\n\n`;
}

/** The answer `text`, cut in two at each byte of it. */
function splits(text: string): [string, Buffer[]][] {
  const whole = Buffer.from(events(delta({ content: text }), finish("stop"), DONE));
  const start = whole.indexOf(Buffer.from(text));
  const { length } = Buffer.from(text);

  return Array.from({ length: length - 1 }, (_, index) => {
    const at = start + index + 1;
    return [`after byte ${index + 1}`, [whole.subarray(0, at), whole.subarray(at)]];
  });
}

function chunked(text: string): string {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
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
