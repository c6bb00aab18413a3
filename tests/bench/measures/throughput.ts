import type { BareVerbs } from "../calibration/bare.js";
import type { PipeReaderVerbs } from "../load/pipe-readers.js";
import type { ReaderVerbs } from "../load/readers.js";
import type { Measure, Options } from "../measure.js";
import { median } from "../support/numbers.js";
import { inScene, type Scene, workerFile } from "../support/scene.js";
import type { Row } from "../support/table.js";
import { startWorker, type Worker } from "../support/worker.js";

const READERS = 50;
const FLOOD = { kind: "flood", tokens: 3000, tokensPerWrite: 8, held: true } as const;

/** An upstream as fast as it is read, and the same readers: through everything of ours, and through a pipe. */
export const throughput: Measure = {
  name: "throughput",
  about: "tokens a second of the full path against a bare byte pipe",
  run: (options) => inScene((scene) => measure(scene, options)),
};

interface Ways {
  scene: Scene;
  readers: Worker<ReaderVerbs>;
  pipe: string;
  pipeReaders: Worker<PipeReaderVerbs>;
}

async function measure(scene: Scene, { full }: Options): Promise<Row[]> {
  const bare = startWorker<BareVerbs>(workerFile("calibration/bare.js"));
  const readers = startWorker<ReaderVerbs>(workerFile("load/readers.js"));
  const pipeReaders = startWorker<PipeReaderVerbs>(workerFile("load/pipe-readers.js"));
  const pipe = await bare.ask("pipe", { upstream: scene.upstreamUrl });
  const ways = { scene, readers, pipe, pipeReaders };
  const rates: number[] = [];
  const ratios: number[] = [];

  // The first round warms up.
  for (let round = 0; round <= (full ? 5 : 3); round += 1) {
    const theirs = await throughPipe(ways);
    const ours = await throughUs(ways);
    if (round === 0) continue;
    rates.push(ours);
    ratios.push(ours / theirs);
  }

  for (const worker of [bare, readers, pipeReaders]) await worker.end();
  return [
    {
      what: `${READERS} answers as fast as the upstream is read, rendered and stored`,
      ...{ value: median(rates), unit: "tokens/s" },
    },
    {
      what: "  against the bare byte pipe, same upstream and readers",
      ...{ value: median(ratios), unit: "", digits: 2, better: "more", goal: 0.3, stretch: 0.5 },
    },
  ];
}

async function throughUs({ scene, readers }: Ways): Promise<number> {
  const { server, upstream, headers } = scene;
  await upstream.ask("behave", FLOOD);
  await readers.ask("ask", { url: server.url, headers, count: READERS, perSecond: 50 });

  return tokensPerSecond(scene, async () => {
    const { lost } = await readers.ask("finish", { discardMs: 0 });
    if (lost > 0) throw new Error(`${lost} answers did not end`);
  });
}

async function throughPipe({ scene, pipe, pipeReaders }: Ways): Promise<number> {
  await scene.upstream.ask("behave", FLOOD);
  await pipeReaders.ask("ask", { url: pipe, count: READERS });

  return tokensPerSecond(scene, async () => {
    await pipeReaders.ask("finish", undefined as never);
  });
}

async function tokensPerSecond({ upstream }: Scene, finished: () => Promise<void>) {
  await upstream.ask("counts", undefined as never);
  const startedAt = performance.now();
  await upstream.ask("go", undefined as never);
  await finished();
  const seconds = (performance.now() - startedAt) / 1000;
  return (await upstream.ask("counts", undefined as never)).tokens / seconds;
}
