// npm test                                     everything
// npm test -- tests/models tests/config.test.ts   a part
// npm run test:faults                          the whole fault matrix, with the slow files that only run when named
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { importsOf, read } from "./house/sources.js";
import { ensureInstalled, type Program } from "./support/programs.js";

type Report = ReturnType<typeof run>;

// A file has a process of its own; one that hangs, in a test or after the last, is ended and has failed.
const FILE_TIMEOUT_MS = 480_000;
const SLOW_FILE_TIMEOUT_MS = 2 * 3_600_000;
// Half of the time a file waits for clocks, and the checker's minutes are its server's and its upstream's.
const FILES_AT_ONCE = availableParallelism() + 1;
const SLOW = path.join("tests", "faults", "slow") + path.sep;

const root = path.dirname(import.meta.dirname);

process.chdir(root);
process.env.NODE_ENV = "test";
process.exitCode = await main(process.argv.slice(2));

async function main(parts: string[]): Promise<number> {
  const files = chosen(parts);

  generateClient();
  ensureInstalled([...new Set(files.flatMap((file) => programsOf(path.relative(root, file))))]);
  const timeout = files.some(isSlow) ? SLOW_FILE_TIMEOUT_MS : FILE_TIMEOUT_MS;
  return report(run({ files, concurrency: FILES_AT_ONCE, timeout }));
}

function chosen(parts: string[]): string[] {
  const all = testFiles();
  const wanted = parts.map((part) => path.resolve(part));
  const isIn = (file: string, part: string) => file === part || file.startsWith(part + path.sep);
  const empty = wanted.find((part) => !all.some((file) => isIn(file, part)));

  if (empty) fail(`There are no test files in ${empty}`);
  return all.filter((file) =>
    parts.length === 0 ? !isSlow(file) : wanted.some((part) => isIn(file, part)),
  );
}

function isSlow(file: string): boolean {
  return path.relative(root, file).startsWith(SLOW);
}

// Node 20's test runner knows no patterns.
function testFiles(): string[] {
  return readdirSync("tests", { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.ts") && !file.startsWith(".tmp"))
    .map((file) => path.resolve("tests", file))
    .sort();
}

function generateClient() {
  const client = "src/stores/prisma/client.ts";
  if (existsSync(client) && changedAt(client) >= changedAt("prisma/schema.prisma")) return;

  const cli = path.join(root, "node_modules/prisma/build/index.js");
  const { status } = spawnSync(process.execPath, [cli, "generate"], { stdio: "inherit" });
  if (status !== 0) fail("The Prisma client could not be generated");
}

function changedAt(file: string): number {
  return statSync(file).mtimeMs;
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

async function report(events: Report): Promise<number> {
  const count = { passed: 0, failed: 0, skipped: 0 };
  const remarks = new Map<string, string>();

  events.on("test:dequeue", (test) => remarks.set(place(test), "did not end"));
  events.on("test:complete", (test) => remarks.delete(place(test)));
  events.on("test:pass", (test) => {
    // A file that ran no test passes under its own name.
    if (test.name === test.file) {
      remarks.set(place(test), "no test ran");
      count.failed += 1;
    } else if (test.skip !== undefined || test.todo !== undefined) {
      count.skipped += 1;
    } else if (test.details.type !== "suite") {
      count.passed += 1;
    }
  });
  events.on("test:fail", ({ details }) => {
    const { failureType } = details.error as { failureType?: string };
    if (failureType !== "subtestsFailed") count.failed += 1;
  });

  for await (const text of events.compose(new spec())) process.stdout.write(text);
  for (const [test, remark] of remarks) console.log(`✖ ${test}: ${remark}`);
  const { passed, failed, skipped } = count;
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
  return failed > 0 || passed === 0 ? 1 : 0;
}

function place({ name, file }: { name: string; file?: string | undefined }): string {
  return name === file ? path.relative(root, name) : `${path.relative(root, file ?? "")}: ${name}`;
}
