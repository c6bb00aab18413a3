import { setTimeout as wait } from "node:timers/promises";
import type { PageVerbs } from "../load/pages.js";
import type { ReaderVerbs } from "../load/readers.js";
import type { Measure, Options } from "../measure.js";
import { conversationOf } from "../support/database.js";
import { percentile, slope } from "../support/numbers.js";
import type { Use } from "../support/process.js";
import { inScene, type Scene, workerFile } from "../support/scene.js";
import type { Row } from "../support/table.js";
import { startWorker } from "../support/worker.js";

const STREAMS = 100;
const PAGES_PER_SECOND = 75;
const SAMPLE_EVERY_MS = 5_000;
const WARMING_UP = 0.2;
const MINUTE_MS = 60_000;

type Sample = Use & { atMs: number };

/** Half of what the goals ask for, for a long time: does anything grow that should not? */
export const soak: Measure = {
  name: "soak",
  about: "half load for --minutes: memory, descriptors, event loop",
  onlyByName: true,
  run: (options) => inScene((scene) => measure(scene, options)),
};

async function measure(scene: Scene, { minutes }: Options): Promise<Row[]> {
  const { server, upstream, headers, file } = scene;
  const readers = startWorker<ReaderVerbs>(workerFile("load/readers.js"));
  const load = startWorker<PageVerbs>(workerFile("load/pages.js"));
  const health = startWorker<PageVerbs>(workerFile("load/pages.js"));
  const forMs = minutes * MINUTE_MS;
  const { url } = server;
  await upstream.ask("behave", {
    ...{ kind: "pace", tokens: 600, tokensPerWrite: 3, everyMs: 100, stamped: true, held: false },
  });

  const page = { line: `GET ${conversationOf(file, 80)}`, headers: headers[0] ?? "" };
  const asking = readers.ask("keepAsking", { url, headers: headers.slice(1, STREAMS + 1), forMs });
  const reading = load.ask("paced", { url, requests: [page], perSecond: PAGES_PER_SECOND, forMs });
  const looking = health.ask("paced", {
    ...{ url, requests: [{ line: "GET /healthz", headers: "" }], perSecond: 20, forMs },
  });
  const samples = await sample(scene, forMs);
  const [answers, pages, looks] = await Promise.all([asking, reading, looking]);
  for (const worker of [readers, load, health]) await worker.end();

  const settled = samples.filter(({ atMs }) => atMs > WARMING_UP * forMs);
  const [first, last] = [settled[0], settled.at(-1)];
  const points = settled.map(({ atMs, residentMb }) => ({ x: atMs / MINUTE_MS, y: residentMb }));
  const faults = answers.lost + answers.disordered + pages.failed + looks.failed;
  return [
    {
      what: `${minutes} minutes, ${STREAMS} streams and ${PAGES_PER_SECOND} pages/s: slope of memory`,
      ...{ value: slope(points), unit: "MB/min", digits: 2, goal: 1, stretch: 0 },
      note: `${Math.round(first?.residentMb ?? 0)} MB after a fifth, ${Math.round(last?.residentMb ?? 0)} MB at the end`,
    },
    {
      what: "  answers or pages that failed",
      ...{ value: faults, unit: "", goal: 0 },
      note: [
        `${answers.lost} lost and ${answers.disordered} out of order of ${answers.answers.toLocaleString("en")} answers`,
        ...[...pages.reasons, ...looks.reasons],
      ].join("; "),
    },
    {
      what: "  descriptors, at most",
      ...{
        value: percentile(
          settled.map(({ descriptors }) => descriptors),
          100,
        ),
        unit: "",
      },
      note: `${first?.descriptors} after a fifth, ${last?.descriptors} at the end`,
    },
    {
      what: "  delay of the event loop, as /healthz shows it: p99",
      ...{ value: looks.p99Ms, unit: "ms", digits: 1, goal: 50 },
    },
    { what: "  chat page: p99", value: pages.p99Ms, unit: "ms", digits: 1, goal: 100 },
  ];
}

async function sample({ server }: Scene, forMs: number): Promise<Sample[]> {
  const samples: Sample[] = [];
  const startedAt = performance.now();

  for (let atMs = 0; atMs < forMs; atMs = performance.now() - startedAt) {
    samples.push({ ...server.use(), atMs });
    await wait(Math.min(SAMPLE_EVERY_MS, forMs - atMs));
  }
  return samples;
}
