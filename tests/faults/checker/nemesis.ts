import { setTimeout as pause } from "node:timers/promises";
import Database from "better-sqlite3";
import type { Disk } from "./disk.js";
import type { History } from "./history.js";
import type { World } from "./people.js";
import type { Program } from "./program.js";
import type { Random } from "./random.js";
import { runningAnswers } from "./store.js";
import { TAG } from "./texts.js";

const MOST_TERMINATING_MS = 10_000;
const SETTLED_MS = 5_000;
const STALL_TICK_MS = 50;
const STALLED_MS = 200;
const FAULTS = { kill: 40, terminate: 12, freeze: 14, lock: 20, fill: 14, backUp: 8 } as const;

type Fault = keyof typeof FAULTS;

export interface Trouble {
  world: World;
  history: History;
  program: Program;
  disk: Disk;
  file: string;
  random: Random;
}

/** Fault after fault, until the world is over. */
export async function torment(trouble: Trouble, faults: Partial<Record<Fault, number>> = FAULTS) {
  const { world, random, history } = trouble;
  while (!world.isOver) {
    await pause(random.integer(0, 4000));
    if (world.isOver) return;

    const fault = random.weighted({
      kill: 0,
      terminate: 0,
      freeze: 0,
      lock: 0,
      fill: 0,
      backUp: 0,
      ...faults,
    });
    if (fault !== "backUp") history.note({ type: "nemesis", what: fault });
    await DEEDS[fault](trouble);
  }
}

/** So many times kill -9 at a random moment, also before it serves. */
export async function killRounds(
  trouble: Trouble,
  rounds: number,
  onRound: (done: number) => void,
) {
  const { random, program, history } = trouble;
  for (let round = 1; round <= rounds; round += 1) {
    await pause(random.integer(0, random.chance(0.2) ? 6000 : 1500));
    history.note({ type: "nemesis", what: "kill" });
    await program.end("SIGKILL");
    if (random.chance(0.2)) await killWhileStarting(trouble);
    await start(trouble);
    // The next kill comes in the middle of it, or its own does.
    if (random.chance(0.1)) void DEEDS.backUp(trouble);
    onRound(round);
  }
}

/** Starts it, and 5 seconds later what ran before has ended, or is gone on with. */
export async function start(trouble: Trouble) {
  const { program, file } = trouble;
  const startedAt = performance.now();
  await program.start();
  const left = runningAnswers(file).map(({ id }) => id);
  const { process } = program;

  setTimeout(() => {
    if (process === program.process) checkSettled(trouble, left, startedAt);
  }, SETTLED_MS).unref();
}

function checkSettled({ program, world, history, file }: Trouble, left: number[], since: number) {
  if (!program.isUp || world.isOver) return;

  for (const { id, question } of runningAnswers(file)) {
    const [, tag = ""] = [...question.matchAll(TAG)].at(-1) ?? [];
    if (!left.includes(id) || (world.upstream.askedAt.get(tag) ?? 0) > since) continue;
    const what = `answer ${id} is running ${SETTLED_MS} ms after the start, and nobody writes it`;
    history.note({ type: "broken", promise: "P4", what });
  }
}

/** Notes when this machine itself stood still: what the server did not do then is no fault of its. */
export function watchStalls(history: History): () => void {
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    if (now - last > STALL_TICK_MS + STALLED_MS) {
      history.note({ type: "disturbed", how: "stall", until: now }, last);
    }
    last = now;
  }, STALL_TICK_MS);
  return () => clearInterval(timer);
}

const DEEDS: Record<Fault, (trouble: Trouble) => Promise<void>> = {
  kill: async (trouble) => {
    await trouble.program.end("SIGKILL");
    await pause(trouble.random.integer(0, 500));
    if (trouble.random.chance(0.2)) await killWhileStarting(trouble);
    await start(trouble);
  },

  terminate: async (trouble) => {
    const { how, tookMs } = await trouble.program.end("SIGTERM");
    if (how !== 0 || tookMs > MOST_TERMINATING_MS) {
      const what = `SIGTERM: ended with ${how} after ${Math.round(tookMs)} ms`;
      trouble.history.note({ type: "broken", promise: "P10", what });
    }
    await start(trouble);
  },

  freeze: async ({ program, history, random }) => {
    await disturbed(history, "freeze", async () => {
      program.signal("SIGSTOP");
      await pause(random.integer(100, 4000));
      program.signal("SIGCONT");
    });
  },

  lock: async ({ history, file, random }) => {
    const database = new Database(file, { timeout: 3000 });
    await disturbed(history, "lock", async () => {
      database.exec("BEGIN IMMEDIATE");
      await pause(random.pick([100, 500, 2000, 4000, 12_000]));
      database.exec("ROLLBACK");
    });
    database.close();
  },

  fill: async ({ disk, history, random, program }) => {
    const { fill } = disk;
    if (!fill) return;
    await disturbed(history, "fill", async () => {
      fill();
      await pause(random.integer(300, 4000));
      if (random.chance(0.2)) await program.end("SIGKILL");
      disk.free();
    });
    if (!program.isUp) await program.start();
  },

  backUp: async ({ program, history, random }) => {
    history.note({ type: "nemesis", what: "backUp" });
    await program.backUp(random.chance(0.5) ? random.integer(0, 3000) : null);
  },
};

async function killWhileStarting({ program, random, history }: Trouble) {
  history.note({ type: "nemesis", what: "kill while starting" });
  program.launch();
  await pause(random.integer(0, 700));
  await program.end("SIGKILL");
}

async function disturbed(history: History, how: string, deed: () => Promise<void>) {
  const at = performance.now();
  await deed();
  history.note({ type: "disturbed", how, until: performance.now() }, at);
}
