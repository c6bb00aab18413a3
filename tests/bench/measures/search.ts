import Database from "better-sqlite3";
import type { PageVerbs } from "../load/pages.js";
import type { Measure, Options } from "../measure.js";
import { TALKATIVE } from "../support/database.js";
import { inScene, type Scene, workerFile } from "../support/scene.js";
import type { Row } from "../support/table.js";
import { startWorker } from "../support/worker.js";

const PER_SECOND = 10;
const RARE = "serendipity";
const SEARCHES = [
  ["a rare word", RARE],
  ["a common word", "the "],
  ["three common words", "and of the"],
  ["a prefix of one letter", "t"],
  ["a prefix of two", "th"],
  ["a word of two Chinese characters", "排序"],
] as const;
const INDEX_WAIT_MS = 10_000;

/** The page of a search, for somebody who has written a great deal. */
export const search: Measure = {
  name: "search",
  about: "searches of a person with 100,000 messages",
  run: (options) => inScene((scene) => measure(scene, options), { sizes: TALKATIVE }),
};

async function measure(scene: Scene, { full }: Options): Promise<Row[]> {
  const messages = await writeRareWord(scene.file);
  const load = startWorker<PageVerbs>(workerFile("load/pages.js"));
  const headers = scene.headers[0] ?? "";
  const rows: Row[] = [];

  for (const [what, text] of SEARCHES) {
    const requests = [{ line: `GET /search?${new URLSearchParams({ q: text })}`, headers }];
    const forMs = full ? 20_000 : 8_000;
    const { failed, p50Ms, p99Ms } = await load.ask("paced", {
      ...{ url: scene.server.url, requests, perSecond: PER_SECOND, forMs },
    });
    if (failed > 0) throw new Error(`${failed} searches for ${text} failed`);
    rows.push({
      what: `${messages.toLocaleString("en")} messages of one person, ${what}: p99`,
      ...{ value: p99Ms, unit: "ms", digits: 1, goal: 50, note: `p50 ${p50Ms.toFixed(1)} ms` },
    });
  }

  await load.end();
  return rows;
}

/** How many messages the first person has; five of them hold a word that is in no other. */
async function writeRareWord(file: string): Promise<number> {
  const database = new Database(file, { timeout: 5000 });
  const mine = `FROM Message WHERE conversationId IN (
    SELECT Conversation.id FROM Conversation JOIN User ON User.id = userId WHERE usernameKey = 'crowd-0001')`;
  database.exec(
    `UPDATE Message SET body = body || ' ${RARE}', state = state WHERE id IN (SELECT id ${mine} LIMIT 5)`,
  );
  const count = database.prepare(`SELECT count(*) ${mine}`).pluck().get() as number;
  const until = performance.now() + INDEX_WAIT_MS;
  const waiting = database.prepare("SELECT count(*) FROM SearchQueue").pluck();

  while (waiting.get() !== 0) {
    if (performance.now() > until) throw new Error("the rare word was not made searchable");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  database.close();
  return count;
}
