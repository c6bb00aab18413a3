import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { after, type TestContext } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import Database from "better-sqlite3";
import { answerOn } from "./answers.js";
import { PASSWORD } from "./app.js";
import {
  closed,
  type FakeDeepSeek,
  type FakeRequest,
  requestsFor,
  startFakeDeepSeek,
  ticking,
} from "./fake-deepseek.js";
import { endOf, held, textOf } from "./growing.js";
import { type ServerProcess, startServer } from "./server.js";
import type { Page, Visitor } from "./visitor.js";

const TICK_MS = 20;
const CONTROL_ANSWER_MS = 3_000;
// The promise is 250 ms; what other programs on this machine take is not the server's.
const LONGEST_GAP_MS = 2_500;
// Unused connections are kept for about five seconds, at both ends.
// Threads that nothing needs any more end after half a minute.
const DESCRIPTORS_WITHIN_MS = 60_000;
const SPARE_DESCRIPTORS = 2;
const CRASHES = /unhandled|uncaught|was not caught|"level":60/i;

/** Clocks as short as a test can wait for, none of which the control's answers reach. */
export const SHORT_CLOCKS = {
  DEEPSEEK_CONNECT_TIMEOUT_MS: "1000",
  DEEPSEEK_HEADERS_TIMEOUT_MS: "1500",
  DEEPSEEK_FIRST_TOKEN_TIMEOUT_MS: "1500",
  DEEPSEEK_BETWEEN_TOKENS_TIMEOUT_MS: "1200",
  DEEPSEEK_TOTAL_TIMEOUT_MS: "10000",
};

/** A real server process with an upstream that does what it is told, for the faults of one file. */
export interface Bench {
  server: ServerProcess;
  fake: FakeDeepSeek;
  folder: string;
  person(username: string): Promise<Visitor>;
  rows(sql: string, ...values: unknown[]): Row[];
  /** Changes the database as a task beside the server does. */
  run(sql: string, ...values: unknown[]): void;
}

export interface BenchOptions {
  settings?: Record<string, string>;
  fake?: FakeDeepSeek;
  /** Where the database goes, if not into a folder of its own. */
  folder?: string;
  /** How the server is started, where that is not the usual way. */
  start?: Parameters<typeof startServer>[1];
}

/** Starts the server; it ends with the file. The database and all else is in `folder`, which goes too. */
export async function startBench({
  settings = {},
  fake: given,
  folder: givenFolder,
  start = {},
}: BenchOptions = {}): Promise<Bench> {
  const folder = givenFolder ?? mkdtempSync(path.join(os.tmpdir(), "aifacade-faults-"));
  const fake = given ?? (await startFakeDeepSeek());
  const file = path.join(folder, "aifacade.db");
  after(async () => {
    server.child.kill("SIGKILL");
    await server.ended;
    if (fake !== given) await fake.close();
    if (!givenFolder) rmSync(folder, { recursive: true, force: true });
  });

  const usual = {
    DATABASE_URL: `file:${file}`,
    DEEPSEEK_BASE_URL: fake.url,
    DEEPSEEK_API_KEY: "sk-test-0123456789abcdef",
    DEEPSEEK_MODEL: "deepseek-flash",
    RATE_LIMITS: "off",
  };
  const server = await startServer({ ...usual, ...SHORT_CLOCKS, ...settings }, start);

  return {
    server,
    fake,
    folder,
    person: async (username) => {
      const visitor = server.visitor();
      await visitor.register(username, PASSWORD);
      return visitor;
    },
    rows: (sql, ...values) => using(file, (db) => db.prepare(sql).all(values) as Row[]),
    run: (sql, ...values) => using(file, (db) => void db.prepare(sql).run(values)),
  };
}

type Row = Record<string, unknown>;

function using<T>(file: string, work: (database: Database.Database) => T): T {
  const database = new Database(file);
  try {
    return work(database);
  } finally {
    database.close();
  }
}

/** What has become of a question: what the person sees, what is stored, what the upstream was asked. */
export interface Seen {
  path: string;
  page: Page;
  /** The text of the answer on the page. */
  answer: string;
  /** The sentence below the answer, and the button that it offers. */
  sentence: string;
  button: string;
  row: Record<string, unknown>;
  requests: FakeRequest[];
}

let questions = 0;

/** A question that no other request can be mistaken for. */
export function question(what: string): string {
  questions += 1;
  return `Question ${questions}: (${what})`;
}

/** Asks, waits for the end of the answer, and looks from all sides. */
export async function outcomeOf(bench: Bench, person: Visitor, prompt: string): Promise<Seen> {
  return look(bench, person, await person.ask(prompt), prompt);
}

/** Looks at a conversation from all sides, once its answer has ended. */
export async function look(
  bench: Bench,
  person: Visitor,
  path: string,
  prompt: string,
): Promise<Seen> {
  const page = await person.settled(path);
  const id = answerOn(page);
  const [row = {}] = bench.rows("SELECT * FROM Message WHERE id = ?", id);
  const requests = requestsFor(bench.fake, prompt);
  for (const request of requests) await closed(request, 5000);

  const seen = (part: string) => page.words(`#message-${id} ${part}`);
  return {
    path,
    page,
    answer: seen(".message__body"),
    sentence: seen(".outcome p"),
    button: seen("form .button span"),
    row,
    requests,
  };
}

interface ControlOptions {
  /** How long the control's answer may stand still, where the fault is that the whole process does. */
  gapMs?: number;
  /** How long each of its answers is, where none could begin during the fault. */
  answerMs?: number;
}

/** Who is not concerned by a fault: asks, reads, and is to notice nothing. */
interface Control {
  answers: number;
  ticks: number;
  longestGapMs: number;
}

/**
 * Does the work of a test while somebody else's answers are being written and read, and says afterwards what that
 * person noticed: no token lost, none out of order, none late. The process has to be the same, with no error
 * uncaught, and in the end with the file descriptors it had before.
 */
export async function withControl<T>(
  test: TestContext,
  bench: Bench,
  work: () => Promise<T>,
  { gapMs = LONGEST_GAP_MS, answerMs = CONTROL_ANSWER_MS }: ControlOptions = {},
): Promise<T> {
  const before = descriptorsOf(bench.server);
  const person = await bench.person(`control-${process.pid}-${questions++}`);
  const ownDelay = monitorEventLoopDelay({ resolution: 10 });
  ownDelay.enable();

  const until = { answerMs, isOver: false, hasBegun: () => {} };
  const begun = new Promise<void>((resolve) => {
    until.hasBegun = resolve;
  });
  const controlled = keepAsking(bench, person, until);
  // The work's own error says more than what follows from it.
  controlled.catch(() => {});
  await Promise.race([begun, controlled]);
  const result = await work().finally(() => {
    until.isOver = true;
  });
  const control = await controlled;
  ownDelay.disable();

  const ownMs = Math.round(ownDelay.max / 1e6);
  test.diagnostic(
    `control: ${control.answers} answers, ${control.ticks} tokens, longest gap ` +
      `${Math.round(control.longestGapMs)} ms (this process stood still for up to ${ownMs} ms)`,
  );
  assert.ok(control.longestGapMs < gapMs + ownMs, "the control's answer came to a halt");
  await unharmed(bench.server, before);
  return result;
}

interface Until {
  isOver: boolean;
  answerMs: number;
  hasBegun(): void;
}

async function keepAsking(bench: Bench, person: Visitor, until: Until): Promise<Control> {
  const control: Control = { answers: 0, ticks: 0, longestGapMs: 0 };

  do {
    const { ticks, longestGapMs } = await askOnce(bench, person, until);
    control.answers += 1;
    control.ticks += ticks;
    control.longestGapMs = Math.max(control.longestGapMs, longestGapMs);
  } while (!until.isOver);
  return control;
}

async function askOnce(bench: Bench, person: Visitor, until: Until) {
  const answer = ticking(TICK_MS);
  const prompt = question(`control ${bench.fake.directive(answer)}`);
  const page = await person.get(await person.ask(prompt));
  const id = answerOn(page);
  const endsAt = performance.now() + until.answerMs;
  const cameAt: number[] = [];

  const events = await person.events(`/generations/${id}`, ({ event }) => {
    if (event !== "progress" && event !== "done") cameAt.push(performance.now());
    if (event === "patch") until.hasBegun();
    if (until.isOver || performance.now() > endsAt) answer.stop();
    return false;
  });
  const [row = {}] = bench.rows("SELECT state, failure, body FROM Message WHERE id = ?", id);

  const ticks = wordsIn(answer.text());
  assert.deepEqual(ticks, counted(ticks.length));
  assert.deepEqual({ ...row }, { state: "complete", failure: null, body: answer.text() });
  assert.deepEqual(wordsIn(textOf(held(events).answer)), ticks, "what was read live");
  assert.deepEqual(wordsIn(endOf(events)), ticks, "what was read at the end");
  return { ticks: ticks.length, longestGapMs: longestGap(cameAt) };
}

function wordsIn(text: string): string[] {
  return text.match(/tick\d+/g) ?? [];
}

function counted(most: number): string[] {
  return Array.from({ length: most }, (_, index) => `tick${index + 1}`);
}

function longestGap(times: number[]): number {
  return Math.max(0, ...times.slice(1).map((time, index) => time - (times[index] ?? time)));
}

/** The same process, alive, without an uncaught error, and with as many open files as `before`. */
async function unharmed(server: ServerProcess, before: number) {
  assert.equal(server.child.exitCode, null, "the server has ended");
  assert.equal(server.child.signalCode, null, "the server was ended");
  assert.equal((await server.visitor().get("/healthz")).html, "ok");
  assert.doesNotMatch(server.output(), CRASHES);

  const until = performance.now() + DESCRIPTORS_WITHIN_MS;
  while (descriptorsOf(server) > before + SPARE_DESCRIPTORS && performance.now() < until) {
    await pause(100);
  }
  assert.ok(
    descriptorsOf(server) <= before + SPARE_DESCRIPTORS,
    `${descriptorsOf(server)} descriptors are open, ${before} were before`,
  );
}

/** How many files and sockets a process has open; only Linux tells. */
export function descriptorsOf({ child }: ServerProcess): number {
  const folder = `/proc/${child.pid}/fd`;
  return existsSync(folder) ? readdirSync(folder).length : 0;
}

/** What a process has in memory now, and has had at most, in MB; only Linux tells. */
export function memoryOf({ child }: ServerProcess): { nowMb: number; mostMb: number } {
  const file = `/proc/${child.pid}/status`;
  const status = existsSync(file) ? readFileSync(file, "utf8") : "";
  const mb = (name: string) =>
    Math.round(Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? 0) / 1024);
  return { nowMb: mb("VmRSS"), mostMb: mb("VmHWM") };
}
