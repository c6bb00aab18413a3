import Database from "better-sqlite3";
import { bareStartMs } from "../calibration/start.js";
import type { PageVerbs } from "../load/pages.js";
import type { ReaderVerbs } from "../load/readers.js";
import type { Measure, Options } from "../measure.js";
import { conversationOf, LARGE, populated, prepare, type Sizes } from "../support/database.js";
import { median } from "../support/numbers.js";
import { inScene, type Scene, workerFile } from "../support/scene.js";
import { startServer } from "../support/server.js";
import type { Row } from "../support/table.js";
import { startWorker, type Worker } from "../support/worker.js";

const TENTH: Sizes = { people: 1000, conversations: 10_000, messages: 200_000, longest: 2500 };
const PER_SECOND = 50;
const STREAMS = 200;
const CONVERSATIONS = 500;

/** A year of a thousand people: what pages, starting and stopping are like then. */
export const large: Measure = {
  name: "large",
  about: "1,000 people, 100,000 conversations, 2 million messages (a tenth without --full)",
  run: async (options) => {
    const sizes = options.full ? LARGE : TENTH;
    const { said } = populated(sizes);
    console.log(`\n${said.trim().split("\n").slice(0, 2).join("\n")}`);
    const small = await inScene((scene) => pagesOf(scene, options));
    const rows = await inScene((scene) => measure(scene, small, options), { sizes });
    return [...rows, ...(await starting(sizes))];
  },
};

interface Pages {
  any: number;
  list: number;
  longest: number;
}

async function measure(scene: Scene, small: Pages, options: Options): Promise<Row[]> {
  const found = await pagesOf(scene, options);
  const stoppedMs = await stopWhileStreaming(scene);
  const messages = (options.full ? LARGE : TENTH).messages.toLocaleString("en");
  const against = (value: number) => ({ to: `${value.toFixed(1)} ms with 30,000`, value });
  const row = (what: string, value: number, than: number): Row => ({
    ...{ what, value, unit: "ms", digits: 1, goal: 100, stretch: 50 },
    ratio: { ...against(than), value: value / than },
  });

  return [
    row(`${messages} messages, any chat page at ${PER_SECOND}/s: p99`, found.any, small.any),
    row("  the list of 3,000 conversations: p99", found.list, small.list),
    row("  a conversation of 2,500 messages: p99", found.longest, small.longest),
    {
      what: `SIGTERM to exit with ${STREAMS} streams`,
      ...{ value: stoppedMs / 1000, unit: "s", digits: 2, goal: 5, stretch: 2 },
    },
  ];
}

async function pagesOf(scene: Scene, { full }: Options): Promise<Pages> {
  const load = startWorker<PageVerbs>(workerFile("load/pages.js"));
  const mine = scene.headers[0] ?? "";
  const longest = { line: `GET ${conversationOf(scene.file, 2500)}`, headers: mine };
  const forMs = full ? 10_000 : 4_000;

  const any = await p99(load, scene, someConversations(scene), PER_SECOND, forMs);
  const list = await p99(load, scene, [{ line: "GET /conversations", headers: mine }], 20, forMs);
  const long = await p99(load, scene, [longest], 20, forMs);
  await load.end();
  return { any, list, longest: long };
}

async function p99(
  load: Worker<PageVerbs>,
  { server }: Scene,
  requests: { line: string; headers: string }[],
  perSecond: number,
  forMs: number,
): Promise<number> {
  const result = await load.ask("paced", { url: server.url, requests, perSecond, forMs });
  if (result.failed > 0) throw new Error(`${result.failed} pages failed`);
  return result.p99Ms;
}

// Of anybody, so that hardly any page was read before.
function someConversations({ file, headers }: Scene) {
  const database = new Database(file, { readonly: true });
  const people = database.prepare("SELECT id FROM User ORDER BY usernameKey").all() as {
    id: string;
  }[];
  const places = new Map(people.map(({ id }, index) => [id, index]));
  const rows = database
    .prepare("SELECT id, userId FROM Conversation ORDER BY id LIMIT ?")
    .all(CONVERSATIONS) as { id: string; userId: string }[];
  database.close();

  return rows.map(({ id, userId }) => ({
    line: `GET /conversations/${id}`,
    headers: headers[places.get(userId) ?? 0] ?? "",
  }));
}

async function stopWhileStreaming({ server, upstream, headers }: Scene): Promise<number> {
  const readers = startWorker<ReaderVerbs>(workerFile("load/readers.js"));
  await upstream.ask("behave", {
    ...{ kind: "pace", tokens: 2000, tokensPerWrite: 3, everyMs: 100, stamped: false, held: false },
  });
  await readers.ask("ask", { url: server.url, headers, count: STREAMS, perSecond: 50 });
  const stoppedMs = await server.stop();
  await readers.end();
  return stoppedMs;
}

async function starting(sizes: Sizes): Promise<Row[]> {
  const prepared = prepare(sizes);
  const times: number[] = [];
  const bare: number[] = [];

  for (let round = 0; round < 5; round += 1) {
    bare.push(await bareStartMs());
    const server = await startServer("http://127.0.0.1:9", prepared);
    times.push(server.readyMs);
    await server.stop();
  }

  const readyMs = median(times);
  return [
    {
      what: "ready after start with that database",
      ...{ value: readyMs / 1000, unit: "s", digits: 2, goal: 1.5, stretch: 0.7 },
      ratio: {
        to: `a bare Express server's ${Math.round(median(bare))} ms`,
        value: readyMs / median(bare),
      },
    },
  ];
}
