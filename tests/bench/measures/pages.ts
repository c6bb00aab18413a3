import type { BareVerbs } from "../calibration/bare.js";
import type { PageVerbs } from "../load/pages.js";
import type { ReaderVerbs } from "../load/readers.js";
import type { Measure, Options } from "../measure.js";
import { barePageOf, SHOWN } from "../support/bare-page.js";
import { conversationOf } from "../support/database.js";
import { median } from "../support/numbers.js";
import { inScene, type Scene, workerFile } from "../support/scene.js";
import type { Row } from "../support/table.js";
import { startWorker, type Worker } from "../support/worker.js";

const MESSAGES = 80;
const CONNECTIONS = 8;
const PACED_PER_SECOND = 100;
const STREAMS = 200;
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
  forMs: number;
  rounds: number;
}

async function measure(scene: Scene, { full }: Options): Promise<Row[]> {
  const load = startWorker<PageVerbs>(workerFile("load/pages.ts"));
  const bare = startWorker<BareVerbs>(workerFile("calibration/bare.ts"));
  const path = conversationOf(scene.file, MESSAGES);
  const line = `GET ${path}`;
  const headers = scene.headers[0] ?? "";
  const bench = {
    scene,
    load,
    path,
    line,
    headers,
    forMs: full ? 5000 : 2500,
    rounds: full ? 5 : 3,
  };

  try {
    return [
      ...(await plain(bench, bare)),
      ...(await compressed(bench, bare)),
      ...(await whileStreaming(bench)),
    ];
  } finally {
    await load.end();
    await bare.end();
  }
}

async function plain(bench: Bench, bare: Worker<BareVerbs>): Promise<Row[]> {
  const { scene, load, line, headers } = bench;
  const page = await load.ask("one", { url: scene.server.url, line, headers });
  if (page.status !== 200) throw new Error(`the page is a ${page.status}`);
  const express = await bare.ask(
    "express",
    await barePageOf(scene.file, bench.path, page.bytes, bare),
  );
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

async function compressed(bench: Bench, bare: Worker<BareVerbs>): Promise<Row[]> {
  const { scene, load, line } = bench;
  const headers = bench.headers + GZIP;
  const page = await load.ask("one", { url: scene.server.url, line, headers: bench.headers });
  const express = await bare.ask(
    "expressGzip",
    await barePageOf(scene.file, bench.path, page.bytes, bare),
  );
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
  const readers = startWorker<ReaderVerbs>(workerFile("load/readers.ts"));
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

async function rate({ load, forMs }: Bench, url: string, line: string, headers: string) {
  const requests = [{ line, headers }];
  const result = await load.ask("asFastAsCanBe", {
    url,
    requests,
    connections: CONNECTIONS,
    forMs,
  });
  if (result.failed > 0) throw new Error(`${result.failed} requests for ${line} failed`);
  return result.perSecond;
}

function paced({ load, scene, line, headers, forMs }: Bench) {
  return load.ask("paced", {
    ...{ url: scene.server.url, requests: [{ line, headers }] },
    ...{ perSecond: PACED_PER_SECOND, forMs },
  });
}
