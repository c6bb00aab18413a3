// npm test                                     everything
// npm test -- tests/models tests/config.test.ts   a part
// npm run test:faults                          the whole fault matrix, with the slow files that only run when named
import { readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { importsOf, read } from "./house/sources.js";
import { ensureInstalled, type Program } from "./support/programs.js";
import { root } from "./support/root.js";

type Event = { type: string; data: Test };

interface Test {
  name: string;
  file?: string;
  skip?: string | boolean;
  todo?: string | boolean;
  details: { type?: string; error?: { failureType?: string } };
}

/** What came of a file. */
interface Outcome {
  file: string;
  seconds: number;
  events: Event[];
  passed: number;
  failed: number;
  skipped: number;
}

// A file has a process of its own; one that hangs, in a test or after the last, is ended and has failed.
const FILE_TIMEOUT_MS = 480_000;
const SLOW_FILE_TIMEOUT_MS = 2 * 3_600_000;
// Half of the time a file waits for clocks, and the checker's minutes are its server's and its upstream's.
const FILES_AT_ONCE = availableParallelism() + 1;
// Where others took the processor a test may have waited in vain: its file runs once more, alone, and
// is named. More of them have another reason.
const MOST_AGAIN = 5;
const SLOWEST = 30;
const SLOW = path.join("tests", "faults", "slow") + path.sep;

process.env.NODE_ENV = "test";
process.exitCode = await main(process.argv.slice(2));

async function main(parts: string[]): Promise<number> {
  const files = chosen(parts);
  ensureInstalled([...new Set(files.flatMap(programsOf))]);

  let outcomes = await runAll(files, FILES_AT_ONCE);
  const failed = outcomes.filter(hasFailed);
  if (failed.length > 0 && failed.length <= MOST_AGAIN) {
    const again = failed.map(({ file }) => file);
    console.log(`\nOnce more, alone: ${again.join(", ")}\n`);
    outcomes = [...outcomes.filter((one) => !hasFailed(one)), ...(await runAll(again, 1))];
  }
  return conclude(outcomes);
}

function chosen(parts: string[]): string[] {
  const all = testFiles();
  const wanted = parts.map((part) => path.relative(root, path.resolve(part)));
  const isIn = (file: string, part: string) => file === part || file.startsWith(part + path.sep);
  const empty = wanted.find((part) => !all.some((file) => isIn(file, part)));

  if (empty) fail(`There are no test files in ${empty}`);
  return all.filter((file) =>
    parts.length === 0 ? !isSlow(file) : wanted.some((part) => isIn(file, part)),
  );
}

function isSlow(file: string): boolean {
  return file.startsWith(SLOW);
}

// Node 20's test runner knows no patterns.
function testFiles(): string[] {
  return readdirSync("tests", { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.ts") && !file.startsWith(".tmp"))
    .map((file) => path.join("tests", file))
    .sort();
}

// What a file and the support that it imports say with `without("…")`.
function programsOf(file: string): Program[] {
  const files = withSupport(file, new Set());
  const named = files.flatMap((name) => [...read(name).matchAll(/\bwithout\(("[^)]*)\)/g)]);
  return named.flatMap(([, list = ""]) => list.match(/[\w-]+/g) ?? []) as Program[];
}

function withSupport(file: string, seen: Set<string>): string[] {
  seen.add(file);
  for (const target of importsOf(file)) {
    if (target.startsWith("tests/support/") && !seen.has(target)) withSupport(target, seen);
  }
  return [...seen];
}

function fail(reason: string): never {
  console.error(reason);
  process.exit(1);
}

async function runAll(files: string[], atOnce: number): Promise<Outcome[]> {
  const reporter = new spec();
  reporter.pipe(process.stdout, { end: false });
  const waiting = [...files];
  const outcomes: Outcome[] = [];

  async function runSome() {
    for (let file = waiting.shift(); file; file = waiting.shift()) {
      const outcome = await runFile(file);
      for (const event of outcome.events) reporter.write(event);
      outcomes.push(outcome);
    }
  }
  await Promise.all(Array.from({ length: atOnce }, runSome));
  await new Promise((resolve) => reporter.once("end", resolve).end());
  return outcomes;
}

/** Its events come together, whatever runs beside it. */
async function runFile(file: string): Promise<Outcome> {
  const compiled = path.resolve("dist", file.replace(/\.ts$/, ".js"));
  const timeout = isSlow(file) ? SLOW_FILE_TIMEOUT_MS : FILE_TIMEOUT_MS;
  const outcome: Outcome = { file, seconds: 0, events: [], passed: 0, failed: 0, skipped: 0 };
  const startedAt = performance.now();

  for await (const event of run({ files: [compiled], timeout }) as AsyncIterable<Event>) {
    if (isOfTest(event)) outcome.events.push(event);
    count(event, compiled, outcome);
  }
  outcome.seconds = Math.round((performance.now() - startedAt) / 1000);
  return outcome;
}

// Each file ends with how many tests it had and how long they took.
function isOfTest({ type, data }: Event): boolean {
  return type !== "test:diagnostic" || data.file !== undefined;
}

function count({ type, data: test }: Event, compiled: string, outcome: Outcome) {
  if (type === "test:fail") {
    if (test.details.error?.failureType !== "subtestsFailed") outcome.failed += 1;
  } else if (type === "test:pass") {
    // A file that ran no test passes under its own name.
    if (test.name === compiled) outcome.failed += 1;
    else if (test.skip !== undefined || test.todo !== undefined) outcome.skipped += 1;
    else if (test.details.type !== "suite") outcome.passed += 1;
  }
}

function hasFailed({ passed, failed, skipped }: Outcome): boolean {
  return failed > 0 || passed + skipped === 0;
}

function conclude(outcomes: Outcome[]): number {
  const sum = (key: "passed" | "failed" | "skipped") =>
    outcomes.reduce((total, outcome) => total + outcome[key], 0);
  const skipped = sum("skipped");

  const slowest = outcomes.toSorted((one, other) => other.seconds - one.seconds).slice(0, SLOWEST);
  if (outcomes.length > SLOWEST) {
    console.log(slowest.map(({ file, seconds }) => `${seconds} s ${file}`).join("\n"));
  }
  for (const { file } of outcomes.filter(hasFailed)) console.log(`✖ ${file}`);
  console.log(
    `${sum("passed")} passed, ${sum("failed")} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`,
  );
  return outcomes.some(hasFailed) || outcomes.length === 0 ? 1 : 0;
}
