import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { startFakeDeepSeek } from "../../support/fake-deepseek.js";
import { freePort } from "../../support/ports.js";
import { type Disk, openDisk } from "./disk.js";
import { type Event, History, readHistory } from "./history.js";
import { killRounds, start, type Trouble, torment, watchStalls } from "./nemesis.js";
import type { Violation } from "./oracle/violation.js";
import { violations } from "./oracle.js";
import { Person, Tab, type World } from "./people.js";
import { Program } from "./program.js";
import { Random } from "./random.js";
import { readStore, runningAnswers, type Store } from "./store.js";
import { Upstream } from "./upstream.js";

const PEOPLE = ["ada", "grace", "edsger"];
const TABS_EACH = 2;
const CALMED_MS = 60_000;

export interface Wish {
  seed: number;
  /** How long the nemesis has its way. */
  seconds: number;
  /** Instead: so many times kill -9, and nothing else. */
  kills?: number;
  onNews?: (line: string) => void;
}

export interface Verdict {
  violations: Violation[];
  figures: Record<string, number>;
  /** The log and the database, where something was wrong. */
  folder: string | null;
}

/** People and a nemesis have their way with a real server; then the promises are proved. */
export async function trial(wish: Wish): Promise<Verdict> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "aifacade-checker-"));
  const disk = openDisk(path.join(folder, "data"), 256 + Math.ceil(wish.seconds / 10));
  const history = new History(path.join(folder, "history.jsonl"));
  const random = new Random(wish.seed);
  const upstream = new Upstream(history, random.fork("upstream"));
  const fake = await startFakeDeepSeek({ always: upstream.scenario });
  const file = path.join(disk.folder, "aifacade.db");
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const program = new Program(history, settings(file, port, fake.url, random));
  const people = PEOPLE.map((name) => new Person(name, url));
  const world: World = { url, history, upstream, people, isOver: false };
  const trouble = { world, history, program, disk, file, random: random.fork("nemesis") };
  const forgetting = setInterval(() => fake.forget(), 1000);
  history.note({ type: "began", seed: wish.seed });

  try {
    await start(trouble);
    for (const person of people) await person.register();
    await liveThrough(wish, trouble, random);
    await calmDown(trouble);
    const verdict = judge(readHistory(history.file), readStore(file));
    return { ...verdict, folder: keep(folder, disk, verdict.violations.length > 0) };
  } finally {
    clearInterval(forgetting);
    await program.end("SIGKILL");
    history.close();
    await fake.close();
    disk.remove();
    if (isEmpty(folder)) rmSync(folder, { recursive: true });
  }
}

function isEmpty(folder: string): boolean {
  return readdirSync(folder).length === 0;
}

function keep(folder: string, disk: Disk, isBroken: boolean): string | null {
  if (isBroken) cpSync(disk.folder, path.join(folder, "kept"), { recursive: true });
  else rmSync(path.join(folder, "history.jsonl"));
  return isBroken ? folder : null;
}

async function liveThrough(wish: Wish, trouble: Trouble, random: Random) {
  const { world, history } = trouble;
  const endWatch = watchStalls(history);
  const tabs = world.people.flatMap((person) =>
    Array.from({ length: TABS_EACH }, (_, index) =>
      new Tab(person, world, random.fork(`${person.name} ${index}`)).live(),
    ),
  );

  if (wish.kills) {
    await killRounds(trouble, wish.kills, (round) => {
      if (round % 20 === 0) wish.onNews?.(`${round} kills`);
    });
    world.isOver = true;
  } else {
    const ending = pause(wish.seconds * 1000).then(() => {
      world.isOver = true;
    });
    await torment(trouble);
    await ending;
  }
  world.upstream.calm = true;
  await Promise.all(tabs);
  endWatch();
}

/** Left alone, everything comes to its end; a last restart finds nothing to mend. */
async function calmDown({ program, history, file }: Trouble) {
  const until = performance.now() + CALMED_MS;
  while (runningAnswers(file).length > 0) {
    if (performance.now() > until) {
      const left = runningAnswers(file).map(({ id }) => id);
      history.note({ type: "broken", promise: "P4", what: `answers ${left} never end` });
      break;
    }
    await pause(100);
  }

  await program.end("SIGTERM");
  await program.start();
  await program.end("SIGTERM");
}

/** What the evidence proves, and how much of it there is. */
export function judge(events: Event[], store: Store): Omit<Verdict, "folder"> {
  const count = (isCounted: (event: Event) => boolean) => events.filter(isCounted).length;
  const nemesis = (...names: string[]) =>
    count((event) => event.type === "nemesis" && names.includes(event.what));

  return {
    violations: violations({ events, store }),
    figures: {
      operations: count(({ type }) => type === "invoked"),
      acknowledged: count(({ type }) => type === "acknowledged"),
      refused: count(({ type }) => type === "refused"),
      unknown: count(({ type }) => type === "unknown"),
      "kill -9": nemesis("kill", "kill while starting"),
      SIGTERM: nemesis("terminate"),
      frozen: nemesis("freeze"),
      locked: nemesis("lock"),
      "disk full": nemesis("fill"),
      backups: nemesis("backUp"),
      "upstream requests": count(({ type }) => type === "asked"),
      "messages kept": store.messages.length,
    },
  };
}

function settings(
  file: string,
  port: number,
  upstream: string,
  random: Random,
): Record<string, string> {
  return {
    DATABASE_URL: `file:${file}`,
    PORT: String(port),
    DEEPSEEK_BASE_URL: upstream,
    DEEPSEEK_API_KEY: "sk-test-0123456789abcdef",
    DEEPSEEK_MODEL: "deepseek-flash",
    // Only DeepSeek's own completes a prefix; elsewhere a restart interrupts.
    DEEPSEEK_DIALECT: random.fork("dialect").chance(0.7) ? "deepseek" : "generic",
    DEEPSEEK_HEADERS_TIMEOUT_MS: "2000",
    DEEPSEEK_FIRST_TOKEN_TIMEOUT_MS: "2000",
    DEEPSEEK_BETWEEN_TOKENS_TIMEOUT_MS: "2000",
    DISK_RESERVE_MEGABYTES: "8",
    BCRYPT_COST: "10",
    RATE_LIMITS: "off",
  };
}
