import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import * as scenario from "../../support/fake-deepseek.js";
import { type Scenario, wire } from "../../support/fake-deepseek.js";
import {
  check,
  cut,
  ENDED_BEFORE,
  type Fault,
  failed,
  fine,
  NO_ANSWER,
  TOLD,
  WHOLE,
} from "../../support/faults/upstream.js";
import { startBench, withControl } from "../../support/faults.js";

const HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n";

const { content, delta, events, finish, numbered, DONE } = wire;

const bench = await startBench();
const ada = await bench.person("ada");

const faults: Fault[] = [
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
  await withControl(group, bench, () =>
    Promise.all(faults.map((fault) => group.test(fault.name, () => check(bench, ada, fault)))),
  );
});

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

/** Each part in a packet of its own, as far as one can tell a kernel. */
function sliced(parts: (string | Buffer)[]): Scenario {
  return scenario.stream(parts, { tokenMs: 25 });
}

/** One event whose content is this JSON string, escapes and all. */
function event(json: string): string {
  return `data: {"choices":[{"delta":{"content":${json}}}]}\n\n`;
}

function chunked(text: string): string {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
}
