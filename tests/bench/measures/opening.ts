import type { PageVerbs } from "../load/pages.js";
import type { Measure } from "../measure.js";
import { conversationOf, copiesOf } from "../support/database.js";
import { inScene, type Scene, workerFile } from "../support/scene.js";
import type { Row } from "../support/table.js";
import { startWorker } from "../support/worker.js";

const MESSAGES = 2500;
const SHORT = 80;
const PER_SECOND = 10;
const FOR_MS = 5000;
// More than are opened in that time and the second before.
const COPIES = 80;

/** Opening a long conversation of which the server keeps nothing yet, against a short one. */
export const opening: Measure = {
  name: "opening",
  about: "opening a conversation of 2,500 messages",
  run: () => inScene(measure),
};

async function measure(scene: Scene): Promise<Row[]> {
  const short = await opened(scene, SHORT);
  const long = await opened(scene, MESSAGES);

  return [
    {
      what: "a conversation of 2,500 messages, opened for the first time: p50",
      ...{ value: long.p50Ms, unit: "ms", digits: 1 },
      ratio: { to: `${short.p50Ms.toFixed(1)} ms with ${SHORT}`, value: long.p50Ms / short.p50Ms },
    },
    {
      what: "  p99",
      ...{ value: long.p99Ms, unit: "ms", digits: 1, goal: 100, stretch: 50 },
      ratio: { to: `${short.p99Ms.toFixed(1)} ms with ${SHORT}`, value: long.p99Ms / short.p99Ms },
    },
  ];
}

async function opened(scene: Scene, messages: number) {
  const load = startWorker<PageVerbs>(workerFile("load/pages.js"));
  const headers = scene.headers[0] ?? "";
  const requests = copiesOf(scene.file, conversationOf(scene.file, messages), COPIES).map(
    (address) => ({ line: `GET ${address}`, headers }),
  );
  const given = { url: scene.server.url, requests, perSecond: PER_SECOND, forMs: FOR_MS };
  const result = await load.ask("paced", given);
  await load.end();
  if (result.failed > 0) throw new Error(`${result.failed} pages failed`);
  return result;
}
