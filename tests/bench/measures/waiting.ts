import { setTimeout as wait } from "node:timers/promises";
import type { BareVerbs } from "../calibration/bare.js";
import type { PageVerbs } from "../load/pages.js";
import type { PipeReaderVerbs } from "../load/pipe-readers.js";
import type { ReaderVerbs } from "../load/readers.js";
import type { Measure } from "../measure.js";
import { conversationOf } from "../support/database.js";
import { descriptorLimit, RESTED_MS } from "../support/process.js";
import { inScene, type Scene, workerFile } from "../support/scene.js";
import type { Row } from "../support/table.js";
import { startWorker } from "../support/worker.js";

const ARRIVALS_PER_SECOND = 100;
const GOAL_MB = 300;

/** Readers of answers that the upstream keeps in its queue: a connection in and one out for each. */
export const waiting: Measure = {
  name: "waiting",
  about: "readers waiting on queued answers, and the memory for them",
  run: async ({ full }) => {
    const rows: Row[] = [];
    for (const count of full ? [2000, 5000] : [2000]) {
      if (descriptorLimit() < 2 * count + 500) {
        console.log(`Left out: ${count} readers need more than ${descriptorLimit()} open files.`);
      } else {
        rows.push(...(await inScene((scene) => measure(scene, count))));
      }
    }
    return rows;
  },
};

async function measure(scene: Scene, count: number): Promise<Row[]> {
  const { server, upstream, headers } = scene;
  const readers = startWorker<ReaderVerbs>(workerFile("load/readers.js"));
  const load = startWorker<PageVerbs>(workerFile("load/pages.js"));
  await wait(RESTED_MS);
  const before = server.use().residentMb;

  await upstream.ask("behave", { kind: "queue" });
  await readers.ask("ask", {
    ...{ url: server.url, headers, count },
    perSecond: ARRIVALS_PER_SECOND,
  });
  await wait(RESTED_MS);
  const { open } = await upstream.ask("counts", undefined as never);
  const use = server.use();
  const line = `GET ${conversationOf(scene.file, 80)}`;
  const { p99Ms, failed } = await load.ask("paced", {
    ...{ url: server.url, requests: [{ line, headers: headers[0] ?? "" }] },
    ...{ perSecond: 50, forMs: 4000 },
  });
  await readers.end();
  await load.end();
  if (open !== count || failed > 0) throw new Error(`${open} of ${count} answers wait`);

  const wanted = count === 2000 ? { goal: GOAL_MB } : { stretch: GOAL_MB };
  const pipeMb = await throughPipe(scene, count);
  return [
    {
      what: `${count.toLocaleString("en")} readers waiting on queued answers: RSS`,
      ...{ value: use.residentMb, unit: "MB", ...wanted },
      ratio: { to: `the pipe's ${Math.round(pipeMb)} MB`, value: use.residentMb / pipeMb },
      note: `${use.descriptors.toLocaleString("en")} descriptors`,
    },
    {
      what: "  memory per reader over the one at rest",
      ...{ value: (1024 * (use.residentMb - before)) / count, unit: "KB" },
    },
    { what: "  meanwhile a chat page at 50/s: p99", value: p99Ms, unit: "ms", digits: 1 },
  ];
}

async function throughPipe({ upstreamUrl }: Scene, count: number): Promise<number> {
  const bare = startWorker<BareVerbs>(workerFile("calibration/bare.js"));
  const readers = startWorker<PipeReaderVerbs>(workerFile("load/pipe-readers.js"));
  const url = await bare.ask("pipe", { upstream: upstreamUrl });
  await readers.ask("ask", { url, count });
  await wait(RESTED_MS);
  const { residentMb } = bare.use();
  await readers.end();
  await bare.end();
  return residentMb;
}
