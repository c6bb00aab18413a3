import { setTimeout as wait } from "node:timers/promises";
import type { PageVerbs } from "../load/pages.js";
import type { ReaderVerbs } from "../load/readers.js";
import type { Measure } from "../measure.js";
import { inScene, type Scene, workerFile } from "../support/scene.js";
import type { Row } from "../support/table.js";
import { startWorker } from "../support/worker.js";

const READERS = 20;
const EVERY_MS = 33;
const QUIET_MS = 5_000;
const FLOOD_MS = 8_000;
const LOGINS_PER_SECOND = 100;

/** What others notice while somebody tries passwords. One token in each write, so that a gap is ours. */
export const logins: Measure = {
  name: "logins",
  about: "a flood of logins, and the largest gap in other people's streams",
  run: () => inScene(measure),
};

async function measure({ server, upstream, headers }: Scene): Promise<Row[]> {
  const readers = startWorker<ReaderVerbs>(workerFile("load/readers.js"));
  const load = startWorker<PageVerbs>(workerFile("load/pages.js"));
  const tokens = Math.round((QUIET_MS + FLOOD_MS + 8_000) / EVERY_MS / 0.8);

  await upstream.ask("behave", {
    ...{ kind: "pace", tokens, tokensPerWrite: 1, everyMs: EVERY_MS, stamped: false, held: false },
    prose: true,
  });
  await readers.ask("ask", { url: server.url, headers, count: READERS, perSecond: 20 });
  await wait(1000);
  const quietSince = Date.now();
  await wait(QUIET_MS);
  const quietMs = await readers.ask("longestGap", { since: quietSince });
  const floodSince = Date.now();
  const flood = await load.ask("paced", {
    ...{ url: server.url, perSecond: LOGINS_PER_SECOND, forMs: FLOOD_MS },
    requests: Array.from({ length: 1000 }, (_, index) => ({
      ...{ line: "POST /login", headers: "Accept: text/html\r\n" },
      body: `username=crowd-${String(index + 1).padStart(4, "0")}&password=not+the+password`,
    })),
  });
  const gapMs = await readers.ask("longestGap", { since: floodSince });
  await readers.end();
  await load.end();

  return [
    {
      what: `${LOGINS_PER_SECOND} logins/s: largest gap in ${READERS} other streams`,
      ...{ value: gapMs, unit: "ms", goal: 250, stretch: 100 },
      ratio: { to: `${quietMs} ms without`, value: gapMs / Math.max(1, quietMs) },
      note: `a token each ${EVERY_MS} ms, bcrypt cost 12, ${flood.failed} logins refused`,
    },
  ];
}
