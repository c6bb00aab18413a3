import type { BareVerbs } from "../calibration/bare.js";
import type { PipeReaderVerbs } from "../load/pipe-readers.js";
import type { ReaderVerbs } from "../load/readers.js";
import type { Measure, Options } from "../measure.js";
import { inScene, type Scene, workerFile } from "../support/scene.js";
import type { Row } from "../support/table.js";
import { startWorker } from "../support/worker.js";

const PACE = { kind: "pace", tokensPerWrite: 3, everyMs: 100, stamped: true, held: true } as const;
const ARRIVALS_PER_SECOND = 50;
const DISCARDED_MS = 2_000;
const PIPED_TOKENS = 150;
const GOALS: Record<number, { goal: number; stretch?: number }> = {
  200: { goal: 100 },
  500: { goal: 400, stretch: 100 },
  1000: { goal: 400 },
};

/** Answers of 30 tokens a second with a reader each. */
export const streams: Measure = {
  name: "streams",
  about: "answers at 30 tokens/s with a reader each: loss, order, delay, CPU, memory",
  run: async (options) => {
    const rows: Row[] = [];
    for (const count of options.full ? [200, 500, 1000] : [200, 500]) {
      rows.push(...(await inScene((scene) => measure(scene, count, options))));
    }
    return rows;
  },
};

async function measure(scene: Scene, count: number, { full }: Options): Promise<Row[]> {
  const readers = startWorker<ReaderVerbs>(workerFile("load/readers.js"));
  const { server, upstream, headers } = scene;
  const before = server.use();

  await upstream.ask("behave", { ...PACE, tokens: full ? 900 : 400 });
  await readers.ask("ask", {
    ...{ url: server.url, headers, count },
    perSecond: ARRIVALS_PER_SECOND,
  });
  await upstream.ask("counts", undefined as never);
  const [started, generatorStarted, upstreamStarted] = [server, readers, upstream].map((one) =>
    one.use(),
  );
  const startedAt = performance.now();
  await upstream.ask("go", undefined as never);
  const during = peakOf(server);
  const followed = await readers.ask("finish", { discardMs: DISCARDED_MS });
  const elapsed = (performance.now() - startedAt) / 1000;
  const { tokens } = await upstream.ask("counts", undefined as never);
  const cpu = server.use().cpuSeconds - (started?.cpuSeconds ?? 0);
  const share = (now: number, then = 0) => Math.round((100 * (now - then)) / elapsed);
  const busy = [
    share(readers.use().cpuSeconds, generatorStarted?.cpuSeconds),
    share(upstream.use().cpuSeconds, upstreamStarted?.cpuSeconds),
  ];
  const peakMb = during();
  await readers.end();
  const pipe = await throughPipe(scene, count);

  const { lost, disordered, p50Ms, p99Ms } = followed;
  const cpuMs = (1000 * cpu) / (tokens / 1000);
  return [
    {
      what: `${count} answers at 30 tokens/s: answers with lost tokens`,
      ...{ value: lost, unit: "", goal: 0 },
      note: `of ${followed.answers}, ${tokens.toLocaleString("en")} tokens`,
    },
    { what: "  answers whose tokens were out of order", value: disordered, unit: "", goal: 0 },
    {
      ...{ what: "  delivery over upstream: p50", value: p50Ms, unit: "ms" },
      ratio: { to: `the pipe's ${pipe.p50Ms} ms`, value: p50Ms / Math.max(1, pipe.p50Ms) },
    },
    {
      ...{ what: "  delivery over upstream: p99", value: p99Ms, unit: "ms", ...GOALS[count] },
      ratio: { to: `the pipe's ${pipe.p99Ms} ms`, value: p99Ms / Math.max(1, pipe.p99Ms) },
    },
    {
      ...{ what: "  server CPU per 1,000 tokens", value: cpuMs, unit: "ms", digits: 1 },
      ratio: { to: `the pipe's ${pipe.cpuMs.toFixed(1)} ms`, value: cpuMs / pipe.cpuMs },
      note: `server ${share(cpu)} %, generator ${busy[0]} %, upstream ${busy[1]} % of a core`,
    },
    {
      what: "  server memory per stream, at its peak",
      ...{ value: (1024 * (peakMb - before.residentMb)) / count, unit: "KB" },
    },
  ];
}

function peakOf(server: Scene["server"]): () => number {
  let peak = server.use().residentMb;
  const timer = setInterval(() => {
    peak = Math.max(peak, server.use().residentMb);
  }, 250);

  return () => {
    clearInterval(timer);
    return peak;
  };
}

/** The same readers and the same upstream, with nothing but a pipe between them. */
async function throughPipe({ upstream, upstreamUrl }: Scene, count: number) {
  const bare = startWorker<BareVerbs>(workerFile("calibration/bare.js"));
  const readers = startWorker<PipeReaderVerbs>(workerFile("load/pipe-readers.js"));
  const url = await bare.ask("pipe", { upstream: upstreamUrl });

  await upstream.ask("behave", { ...PACE, tokens: PIPED_TOKENS });
  await readers.ask("ask", { url, count });
  await upstream.ask("counts", undefined as never);
  const before = bare.use().cpuSeconds;
  await upstream.ask("go", undefined as never);
  const { p50Ms, p99Ms } = await readers.ask("finish", undefined as never);
  const { tokens } = await upstream.ask("counts", undefined as never);
  const cpuMs = (1000 * (bare.use().cpuSeconds - before)) / (tokens / 1000);

  await readers.end();
  await bare.end();
  return { p50Ms, p99Ms, cpuMs };
}
