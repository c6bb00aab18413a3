import type { WriteVerbs } from "../calibration/writes.js";
import type { PageVerbs } from "../load/pages.js";
import type { Measure, Options } from "../measure.js";
import { median } from "../support/numbers.js";
import { inScene, type Scene, workerFile } from "../support/scene.js";
import type { Row } from "../support/table.js";
import { startWorker } from "../support/worker.js";

const CONNECTIONS = 16;
const LINE = "POST /chat";
const BODY = "prompt=What+is+the+capital+of+Australia%3F&key=";

/** Questions that are on disk when they are acknowledged (WAL, synchronous=FULL). */
export const sends: Measure = {
  name: "sends",
  about: "durable sends a second, answered at once",
  run: (options) => inScene((scene) => measure(scene, options)),
};

async function measure({ server, headers, upstream }: Scene, { full }: Options): Promise<Row[]> {
  const load = startWorker<PageVerbs>(workerFile("load/pages.js"));
  const raw = startWorker<WriteVerbs>(workerFile("calibration/writes.js"));
  // Each is a form of its own, from somebody else: nothing is a repetition.
  const requests = Array.from({ length: 100_000 }, (_, index) => ({
    line: LINE,
    headers: headers[index % headers.length] ?? "",
    body: `${BODY}form-${index}`,
  }));
  const rates: number[] = [];
  const ratios: number[] = [];
  await upstream.ask("behave", { kind: "instant" });

  for (let round = 0; round < (full ? 5 : 3); round += 1) {
    const theirs = await raw.ask("rate", { forMs: 1500 });
    const mine = requests.slice(round * 20_000, (round + 1) * 20_000);
    const { perSecond, failed } = await load.ask("asFastAsCanBe", {
      ...{ url: server.url, requests: mine, connections: CONNECTIONS, forMs: 4000 },
    });
    if (failed > 0) throw new Error(`${failed} sends failed`);
    rates.push(perSecond);
    ratios.push(perSecond / theirs);
  }
  const paced = await load.ask("paced", {
    ...{ url: server.url, requests: requests.slice(-2000), perSecond: 100, forMs: 4000 },
  });

  await load.end();
  await raw.end();
  return [
    {
      what: "durable sends, each with its whole answer",
      ...{ value: median(rates), unit: "sends/s", better: "more", goal: 300, stretch: 800 },
      ratio: { to: "raw better-sqlite3", value: median(ratios) },
    },
    { what: "  at 100 sends/s: p50", value: paced.p50Ms, unit: "ms", digits: 1 },
    { what: "  at 100 sends/s: p99", value: paced.p99Ms, unit: "ms", digits: 1 },
  ];
}
