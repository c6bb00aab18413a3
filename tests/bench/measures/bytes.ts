import type { ReaderVerbs } from "../load/readers.js";
import type { Measure } from "../measure.js";
import { inScene, type Scene, workerFile } from "../support/scene.js";
import { scriptBytes } from "../support/scripts.js";
import type { Row } from "../support/table.js";
import { startWorker } from "../support/worker.js";

const READERS = 9;

/** What goes to a browser. */
export const bytes: Measure = {
  name: "bytes",
  about: "bytes to a browser: per 1,000 tokens, and of JavaScript",
  run: async () => [
    ...(await inScene(measure)),
    {
      what: "JavaScript of all pages, gzipped file by file",
      ...{ value: scriptBytes() / 1024, unit: "KB", digits: 1, goal: 30, stretch: 15 },
    },
  ],
};

// One answer of each kind; their lengths in tokens are about those of real answers.
async function measure({ server, upstream, headers }: Scene): Promise<Row[]> {
  const readers = startWorker<ReaderVerbs>(workerFile("load/readers.js"));
  await upstream.ask("behave", {
    ...{ kind: "pace", tokens: 450, tokensPerWrite: 3, everyMs: 100, stamped: false, held: true },
  });
  await readers.ask("ask", { url: server.url, headers, count: READERS, perSecond: 20 });
  await upstream.ask("counts", undefined as never);
  await upstream.ask("go", undefined as never);
  const followed = await readers.ask("finish", { discardMs: 0 });
  const { tokens } = await upstream.ask("counts", undefined as never);
  await readers.end();

  const perThousand = (bytes: number) => bytes / 1024 / (tokens / 1000);
  return [
    {
      what: "bytes to a browser per 1,000 tokens, uncompressed",
      ...{ value: perThousand(followed.bytes), unit: "KB", digits: 1, goal: 25, stretch: 15 },
      note: `${tokens.toLocaleString("en")} tokens at 30/s, each answer's last event included`,
    },
    {
      what: "  of these in the last events, which hold the finished messages",
      ...{ value: perThousand(followed.lastBytes), unit: "KB", digits: 1 },
    },
  ];
}
