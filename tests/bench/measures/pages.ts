import type { BarePage, BareVerbs } from "../calibration/bare.js";
import type { Asking, PageVerbs } from "../load/pages.js";
import type { ReaderVerbs } from "../load/readers.js";
import type { Measure, Options } from "../measure.js";
import { barePageOf, SHOWN } from "../support/bare-page.js";
import { conversationOf, copiesOf } from "../support/database.js";
import { median } from "../support/numbers.js";
import { inScene, type Scene, workerFile } from "../support/scene.js";
import type { Row } from "../support/table.js";
import { startWorker, type Worker } from "../support/worker.js";

const MESSAGES = 80;
const CONNECTIONS = 8;
const PACED_PER_SECOND = 100;
const STREAMS = 200;
// More than the server keeps the articles of: in turn, each is read as if for the first time.
const UNREAD = 200;
const GZIP = "Accept-Encoding: gzip\r\n";

/** The page of a conversation of 40 answers, for somebody who is logged in. */
export const pages: Measure = {
  name: "pages",
  about: "chat pages a second, and while answers stream",
  run: (options) => inScene((scene) => measure(scene, options)),
};

interface Bench {
  scene: Scene;
  load: Worker<PageVerbs>;
  path: string;
  line: string;
  headers: string;
  page: { body: string; bytes: number };
  barePage: BarePage;
  forMs: number;
  rounds: number;
}

async function measure(scene: Scene, { full }: Options): Promise<Row[]> {
  const load = startWorker<PageVerbs>(workerFile("load/pages.js"));
  const bare = startWorker<BareVerbs>(workerFile("calibration/bare.js"));
  const path = conversationOf(scene.file, MESSAGES);
  const line = `GET ${path}`;
  const headers = scene.headers[0] ?? "";
  const page = await load.ask("one", { url: scene.server.url, line, headers });
  if (page.status !== 200) throw new Error(`the page is a ${page.status}`);
  const barePage = await barePageOf(scene.file, path, page.bytes, bare);
  const bench = {
    ...{ scene, load, path, line, headers, page, barePage },
    ...{ forMs: full ? 5000 : 2500, rounds: full ? 5 : 3 },
  };

  try {
    return [
      ...(await plain(bench, bare)),
      ...(await unread(bench, bare)),
      ...(await compressed(bench, bare)),
      ...(await whileStreaming(bench)),
    ];
  } finally {
    await load.end();
    await bare.end();
  }
}

async function plain(bench: Bench, bare: Worker<BareVerbs>): Promise<Row[]> {
  const { scene, line, headers, page } = bench;
  const express = await bare.ask("express", bench.barePage);
  const http = await bare.ask("http", { html: page.body });
  const seen = { ours: [] as number[], toExpress: [] as number[], toHttp: [] as number[] };

  for (let round = 0; round < bench.rounds; round += 1) {
    const withExpress = await rate(bench, express, "GET /", "");
    const ours = await rate(bench, scene.server.url, line, headers);
    const withHttp = await rate(bench, http, "GET /", "");
    seen.ours.push(ours);
    seen.toExpress.push(ours / withExpress);
    seen.toHttp.push(ours / withHttp);
  }

  const { p50Ms, p99Ms, failed } = await paced(bench);
  const size = `${Math.round(page.bytes / 1024)} KB`;
  if (failed > 0) throw new Error(`${failed} pages failed`);
  return [
    {
      what: `chat page of 40 answers, the last ${SHOWN} messages (${size})`,
      ...{ value: median(seen.ours), unit: "pages/s", better: "more", goal: 400, stretch: 800 },
      ratio: { to: "bare node:http", value: median(seen.toHttp) },
    },
    {
      what: "  against a bare Express + EJS page of the same size",
      ...{ value: median(seen.toExpress), unit: "", digits: 2 },
      ...{ better: "more", goal: 0.5, stretch: 0.7 },
    },
    { what: `  at ${PACED_PER_SECOND} pages/s: p50`, value: p50Ms, unit: "ms", digits: 1 },
    {
      what: `  at ${PACED_PER_SECOND} pages/s: p99`,
      value: p99Ms,
      unit: "ms",
      digits: 1,
      goal: 100,
    },
  ];
}

async function unread(bench: Bench, bare: Worker<BareVerbs>): Promise<Row[]> {
  const { scene, headers } = bench;
  const copies = copiesOf(scene.file, bench.path, UNREAD);
  const requests = copies.map((path) => ({ line: `GET ${path}`, headers }));
  const express = await bare.ask("express", bench.barePage);
  const seen = { ours: [] as number[], toExpress: [] as number[] };

  for (let round = 0; round < bench.rounds; round += 1) {
    const withExpress = await rate(bench, express, "GET /", "");
    const ours = await rateOf(bench, scene.server.url, requests);
    seen.ours.push(ours);
    seen.toExpress.push(ours / withExpress);
  }

  return [
    {
      what: `  of ${UNREAD} conversations in turn, so that none of it is kept`,
      ...{ value: median(seen.ours), unit: "pages/s" },
      ratio: { to: "bare Express + EJS", value: median(seen.toExpress) },
    },
  ];
}

async function compressed(bench: Bench, bare: Worker<BareVerbs>): Promise<Row[]> {
  const { scene, line } = bench;
  const headers = bench.headers + GZIP;
  const express = await bare.ask("expressGzip", bench.barePage);
  const rates: number[] = [];
  const ratios: number[] = [];

  for (let round = 0; round < bench.rounds; round += 1) {
    const theirs = await rate(bench, express, "GET /", GZIP);
    rates.push(await rate(bench, scene.server.url, line, headers));
    ratios.push((rates.at(-1) ?? 0) / theirs);
  }

  return [
    {
      ...{ what: "  compressed (gzip)", value: median(rates), unit: "pages/s" },
      ratio: { to: "bare Express + EJS + gzip", value: median(ratios) },
    },
  ];
}

async function whileStreaming(bench: Bench): Promise<Row[]> {
  const { scene, line, headers, forMs } = bench;
  const readers = startWorker<ReaderVerbs>(workerFile("load/readers.js"));
  const seconds = 12 + (2 * forMs) / 1000;
  await scene.upstream.ask("behave", {
    ...{ kind: "pace", tokens: Math.round((30 * seconds) / 0.8), tokensPerWrite: 3 },
    ...{ everyMs: 100, stamped: true, held: false },
  });

  const { url } = scene.server;
  await readers.ask("ask", { url, headers: scene.headers.slice(1), count: STREAMS, perSecond: 50 });
  const pagesPerSecond = await rate(bench, url, line, headers);
  const { p99Ms } = await paced(bench);
  const streams = await readers.ask("finish", { discardMs: 5000 });
  await readers.end();

  if (streams.lost + streams.disordered > 0) {
    throw new Error(`answers: ${streams.lost} lost tokens, ${streams.disordered} out of order`);
  }
  return [
    {
      what: `  while ${STREAMS} answers stream`,
      ...{ value: pagesPerSecond, unit: "pages/s", better: "more", goal: 150, stretch: 300 },
    },
    {
      what: `  meanwhile at ${PACED_PER_SECOND} pages/s: p99`,
      value: p99Ms,
      unit: "ms",
      digits: 1,
    },
    {
      what: "  meanwhile, delivery of tokens over upstream: p99",
      ...{ value: streams.p99Ms, unit: "ms" },
    },
  ];
}

function rate(bench: Bench, url: string, line: string, headers: string) {
  return rateOf(bench, url, [{ line, headers }]);
}

async function rateOf({ load, forMs }: Bench, url: string, requests: Asking[]) {
  const result = await load.ask("asFastAsCanBe", {
    ...{ url, requests, connections: CONNECTIONS, forMs },
  });
  if (result.failed > 0) throw new Error(`${result.failed} requests failed`);
  return result.perSecond;
}

function paced({ load, scene, line, headers, forMs }: Bench) {
  return load.ask("paced", {
    ...{ url: scene.server.url, requests: [{ line, headers }] },
    ...{ perSecond: PACED_PER_SECOND, forMs },
  });
}
