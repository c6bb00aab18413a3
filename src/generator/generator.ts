import { setImmediate as nextTurn, setTimeout as wait } from "node:timers/promises";
import { Unavailable } from "../errors.js";
import { log } from "../lib/log.js";
import { t } from "../lib/texts.js";
import * as continuation from "../models/generations/continuation.js";
import * as generations from "../models/generations.js";
import * as questions from "../models/messages/questions.js";
import * as parameters from "../models/parameters.js";
import { refuseUnlessWritable, takesWrites, whenWritable } from "../stores/disk.js";
import type { Follower } from "./broadcast.js";
import { chooseModel, isOffered } from "./catalogue.js";
import { checkpoint, wind } from "./clock.js";
import { NOTHING_WRITTEN } from "./ending.js";
import { historyOf } from "./history.js";
import { countEnd, countStart, storeFailures, watchRuns } from "./metrics.js";
import { freePlace, holdPlace, takePlace } from "./places.js";
import { recover } from "./recovery.js";
import { type Assignment, Run } from "./run.js";
import { refuseUnlessFits } from "./sizes.js";
import { abandonTitles, nameLater } from "./titles.js";
import { closeUpstreams, openUpstreams } from "./upstream.js";

const STORE_PAUSE_MS = 250;
const LONGEST_STORE_PAUSE_MS = 3_000;
const ATTEMPTS_WHILE_DRAINING = 3;
const STOP_PATIENCE_MS = 3_000;
const TAKE_OVER_PAUSE_MS = 5_000;
const STOPPED_UNSTORED = t(
  "The answer has ended, but that could not be saved yet. It will be as soon as the server can; should it restart before that, the answer goes on.",
);

const runs = new Map<number, Run>();
const endings = new Map<number, Promise<void>>();
let draining = false;
watchRuns(runs);

/** Opens the upstreams: from now on they may be asked. */
export async function open() {
  await openUpstreams();
}

/** Goes on with what an earlier process has left running. On a disk that takes no writes that comes later: it has to be on disk first. */
export async function start() {
  draining = false;

  try {
    await takeOver();
  } catch (error) {
    if (takesWrites()) throw error;
    void takeOverLater();
  }
}

async function takeOver() {
  for (const assignment of await recover((id) => runs.has(id))) {
    holdPlace(assignment.userId);
    launch(new Run(assignment));
  }
}

async function takeOverLater() {
  for (;;) {
    await whenWritable();
    if (draining) return;

    try {
      return await takeOver();
    } catch (error) {
      log.error({ err: error }, "answers of an earlier process could not be taken over yet");
    }
    await wait(TAKE_OVER_PAUSE_MS, undefined, { ref: false });
  }
}

/** Stores a question and starts its answer. The question is on disk before the upstream hears of it. */
export async function ask(userId: string, draft: questions.Draft): Promise<questions.Asked> {
  const sent = await questions.findSent(userId, draft);
  if (sent) return sent;

  return inPlace(userId, async (begin) => {
    const manner = await mannerOf(userId, draft);
    const writer = await chooseModel(draft.writer ?? manner);
    refuseUnlessFits(draft, writer, manner);
    const asked = await questions.ask(userId, draft, writer);
    if (!asked.repeated) begin(asked, { ...writer, manner, earlier: NOTHING_WRITTEN });
    return asked;
  });
}

/** Starts another answer beside this one, by the same model or by another. */
export async function regenerate(
  userId: string,
  answerId: number,
  by: parameters.ModelChoice | null,
): Promise<generations.Begun> {
  return inPlace(userId, async (begin) => {
    const { writer, manner } = await asBefore(userId, answerId);
    const chosen = by ? await chooseModel(by) : writer;
    const begun = await generations.begin(userId, answerId, chosen);
    if (!begun.repeated) begin(begun, { ...chosen, manner, earlier: NOTHING_WRITTEN });
    return begun;
  });
}

/** Goes on with an answer that was cut. */
export async function resume(userId: string, answerId: number): Promise<generations.Begun> {
  return inPlace(userId, async (begin) => {
    const { writer, manner } = await asBefore(userId, answerId);
    const resumed = await continuation.resume(userId, answerId, writer);
    if (resumed.text) begin(resumed, { ...writer, manner, earlier: resumed.text });
    return resumed;
  });
}

/** What a question is asked with: what its conversation says, or what it begins one with. */
async function mannerOf(userId: string, draft: questions.Draft): Promise<parameters.Parameters> {
  if (draft.versionOf) return parameters.findAround(userId, draft.versionOf);
  if (draft.conversationId) return parameters.find(userId, draft.conversationId);
  return draft.parameters ?? parameters.NO_PARAMETERS;
}

// By the model that wrote it, as its conversation is asked now; where that model is not offered any more, by its conversation's.
async function asBefore(userId: string, answerId: number) {
  const answer = await generations.find(userId, answerId);
  const manner = await parameters.find(userId, answer.conversationId);
  return { writer: await chooseModel(isOffered(answer) ? answer : manner), manner };
}

/** Stops an answer, and returns when its row says so; refuses soon to say it where the row cannot be written. */
export async function stop(answerId: number) {
  runs.get(answerId)?.halt("stopped");
  const stored = endings.get(answerId)?.then(() => true) ?? true;
  const isStored = await Promise.race([stored, wait(STOP_PATIENCE_MS, false, { ref: false })]);
  if (!isStored) throw new Unavailable(STOPPED_UNSTORED, 5);

  // An answer without a run is stopped by its row, so that no start goes on with it; a run that begins at this moment, too.
  if (await generations.stop(answerId)) {
    await nextTurn();
    runs.get(answerId)?.halt("stopped");
  }
}

/**
 * Stops the answers of what went to the trash; each is kept as far as it has come. It is in the trash already, so an
 * answer whose end cannot be stored now refuses nothing: nobody sees it, and no start goes on with it.
 */
export async function stopAll(answerIds: number[]) {
  await Promise.allSettled(answerIds.map(stop));
}

/** Sends the readers of a person's answers away; whoever may still read comes back by themselves. */
export function disconnect(userId: string) {
  for (const { assignment, broadcast } of runs.values()) {
    if (assignment.userId === userId) broadcast.close("moved");
  }
}

/** The progress and rendered blocks of a running answer at this moment, or null. */
export function snapshot(answerId: number) {
  return runs.get(answerId)?.snapshot() ?? null;
}

/** Follows a running answer until the returned function is called; null when it is not running. */
export function follow(answerId: number, follower: Follower, lastId: string | null) {
  const run = runs.get(answerId);
  if (!run) return null;

  run.join(follower, lastId);
  return { leave: () => run.broadcast.leave(follower), closed: () => run.broadcast.closed() };
}

/** Lets go of all running answers for a restart: what they have so far is stored, and the next start goes on with it. */
export async function drain() {
  draining = true;
  const left = [...runs.values()];
  for (const run of left) run.halt("restart");
  const abandoned = abandonTitles();
  await Promise.allSettled(endings.values());
  await checkpoint(left);
  await abandoned;
}

export async function close() {
  await closeUpstreams();
}

type Begin = (answer: Answer, work: Omit<Assignment, keyof Answer | "userId">) => void;
type Answer = Pick<generations.Begun, "conversationId" | "answerId">;

async function inPlace<T>(userId: string, work: (begin: Begin) => Promise<T>): Promise<T> {
  if (draining) throw new Unavailable(t("The server is restarting. Please send this again."), 5);
  refuseUnlessWritable();
  let hasBegun = false;
  takePlace(userId);

  try {
    return await work(({ conversationId, answerId }, assigned) => {
      hasBegun = true;
      launch(new Run({ userId, conversationId, answerId, ...assigned }));
    });
  } finally {
    if (!hasBegun) freePlace(userId);
  }
}

function launch(run: Run) {
  const { answerId, userId } = run.assignment;
  runs.set(answerId, run);
  wind(runs);
  countStart();

  const ending = write(run)
    .catch((error) => log.error({ err: error, answerId }, "readers were not told of an end"))
    .finally(() => {
      forgetRun(run);
      if (endings.get(answerId) === ending) endings.delete(answerId);
      freePlace(userId);
    });
  endings.set(answerId, ending);
  if (draining) run.halt("restart");
}

// Gone on with at once, the same answer may have its next run already.
function forgetRun(run: Run) {
  const { answerId } = run.assignment;
  if (runs.get(answerId) === run) runs.delete(answerId);
}

async function write(run: Run) {
  const ending = await run.write(() => historyOf(run.assignment));

  if (ending === "restart") return run.broadcast.close("restarting");

  countEnd(ending, run.assignment.earlier);
  await store(run, ending);
  forgetRun(run);
  if (ending.body !== "" && !draining) nameLater(run.assignment);
  run.close(ending.failure === "gone" ? "gone" : "end");
}

// Until its row is written an answer runs on: given up, it would block its conversation until a restart.
async function store(run: Run, ending: generations.Ending) {
  for (let attempt = 1; !(await isStored(run, ending, attempt)); attempt += 1) {
    if (draining && (attempt >= ATTEMPTS_WHILE_DRAINING || !takesWrites())) return;
    await wait(Math.min(STORE_PAUSE_MS * 2 ** attempt, LONGEST_STORE_PAUSE_MS));
  }
}

async function isStored(run: Run, ending: generations.Ending, attempt: number): Promise<boolean> {
  const { answerId } = run.assignment;

  try {
    // Asked in between, a disk that takes no writes would only refuse.
    if (takesWrites()) {
      if (run.broadcast.isHeard) await generations.finish(answerId, ending);
      else await generations.finishUnread(answerId, ending);
      return true;
    }
  } catch (error) {
    storeFailures.inc({ what: "ending" });
    if (attempt === 1) log.error({ err: error, answerId }, "a finished answer is not stored yet");
  }

  run.saved = false;
  return false;
}
