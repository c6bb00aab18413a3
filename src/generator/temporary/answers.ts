import type { Writer } from "../../models/parameters.js";
import { NOTHING_WRITTEN } from "../ending.js";
import { countEnd, countStart } from "../metrics.js";
import { freePlace } from "../places.js";
import { Run } from "../run.js";
import { type Kept, running } from "./kept.js";
import type { Answer, Question } from "./tree.js";

const TICK_MS = 50;

let clock: NodeJS.Timeout | null = null;
// Below all that are stored: by their ids the footnotes of a page are told apart.
let lastId = 0;

export function nextId(): number {
  lastId -= 1;
  return lastId;
}

/** Has a question answered, beside the answers that it has. Its place for a running answer has been taken. */
export function answer(kept: Kept, { id: parentId }: Question, writer: Writer) {
  const { tree, userId, parameters: manner } = kept;
  const message = tree.add<Answer>({
    ...{ id: nextId(), parentId, role: "answer", ending: null },
    ...writer,
  });
  const place = { userId, conversationId: kept.id, answerId: message.id };
  const run = new Run({ ...place, ...writer, manner, earlier: NOTHING_WRITTEN });

  kept.running = { run, ended: write(kept, run, message) };
  countStart();
  clock ??= setInterval(tick, TICK_MS);
}

// What it is asked by is in memory already: nothing here can fail.
async function write(kept: Kept, run: Run, message: Answer) {
  const history = kept.tree.told(message);
  const ending = await run.write(async () => history);

  kept.running = null;
  freePlace(kept.userId);
  if (ending === "restart") return run.broadcast.close("restarting");
  message.ending = ending;
  countEnd(ending, NOTHING_WRITTEN);
  run.close(ending.failure === "gone" ? "gone" : "end");
}

function tick() {
  const runs = running().map(({ run }) => run);
  for (const run of runs) {
    if (run.broadcast.isHeard) run.tell();
    else run.settle();
  }
  if (runs.length === 0 && clock) {
    clearInterval(clock);
    clock = null;
  }
}
