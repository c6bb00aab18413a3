import type { BareVerbs } from "../calibration/bare.js";
import type { PipeReaderVerbs } from "../load/pipe-readers.js";
import type { ReaderVerbs } from "../load/readers.js";
import type { Measure, Options } from "../measure.js";
import { inScene, type Scene, workerFile } from "../support/scene.js";
import type { Row } from "../support/table.js";
import { startWorker, type Worker } from "../support/worker.js";

const PER_SECOND = 10;

/** From sending a question to its first token at the reader, less what the upstream took for it. */
export const firstToken: Measure = {
  name: "first-token",
  about: "time that we add to the first token",
  run: (options) => inScene((scene) => measure(scene, options)),
};

async function measure(scene: Scene, { full }: Options): Promise<Row[]> {
  const readers = startWorker<ReaderVerbs>(workerFile("load/readers.js"));
  const rows: Row[] = [];

  for (const afterMs of [300, 0]) {
    await scene.upstream.ask("behave", { kind: "late", afterMs });
    rows.push(...(await added(scene, readers, afterMs, full ? 30_000 : 12_000)));
  }
  await readers.end();
  return rows;
}

async function added(
  scene: Scene,
  readers: Worker<ReaderVerbs>,
  afterMs: number,
  forMs: number,
): Promise<Row[]> {
  const { headers, server } = scene;
  const given = { url: server.url, headers, perSecond: PER_SECOND, forMs };
  const { p50Ms, p99Ms, answers } = await readers.ask("firstTokens", given);
  const pipe = await throughPipe(scene);
  const what = `added to a first token that takes ${afterMs} ms`;

  return [
    {
      ...{ what: `${what}: p50`, value: p50Ms, unit: "ms", digits: 1, goal: 15, stretch: 10 },
      ratio: { to: `the pipe's ${pipe.p50Ms.toFixed(1)} ms`, value: p50Ms / pipe.p50Ms },
      note: `${PER_SECOND} questions/s, ${answers} in all`,
    },
    {
      ...{ what: `${what}: p99`, value: p99Ms, unit: "ms", digits: 1, goal: 75, stretch: 50 },
      ratio: { to: `the pipe's ${pipe.p99Ms.toFixed(1)} ms`, value: p99Ms / pipe.p99Ms },
    },
  ];
}

async function throughPipe({ upstreamUrl }: Scene) {
  const bare = startWorker<BareVerbs>(workerFile("calibration/bare.js"));
  const readers = startWorker<PipeReaderVerbs>(workerFile("load/pipe-readers.js"));
  const url = await bare.ask("pipe", { upstream: upstreamUrl });
  await readers.ask("firstTokens", { url, perSecond: PER_SECOND, forMs: 1000 });
  const result = await readers.ask("firstTokens", { url, perSecond: PER_SECOND, forMs: 5000 });
  await readers.end();
  await bare.end();
  return result;
}
