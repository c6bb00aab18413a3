// npm run bench                         every measure, in a few minutes
// npm run bench -- --full               every measure at its largest, more rounds
// npm run bench -- pages streams        some of them
// npm run bench -- soak --minutes 30    only when asked for
// npm run bench -- --publish            writes the tables of README.md beside this file
// npm run bench -- pages --profile dir  the server leaves a CPU profile in that folder
import { spawnSync } from "node:child_process";
import os from "node:os";
import path from "node:path";
import { Command } from "commander";
import type { Measure, Options } from "./measure.js";
import { bytes } from "./measures/bytes.js";
import { firstToken } from "./measures/first-token.js";
import { large } from "./measures/large.js";
import { logins } from "./measures/logins.js";
import { opening } from "./measures/opening.js";
import { pages } from "./measures/pages.js";
import { rest } from "./measures/rest.js";
import { search } from "./measures/search.js";
import { sends } from "./measures/sends.js";
import { soak } from "./measures/soak.js";
import { streams } from "./measures/streams.js";
import { throughput } from "./measures/throughput.js";
import { waiting } from "./measures/waiting.js";
import { forgetDatabases } from "./support/database.js";
import { publish } from "./support/publish.js";
import { startServersWith } from "./support/server.js";
import { printRows, type Row } from "./support/table.js";

interface Arguments extends Options {
  publish: boolean;
  profile?: string;
}

// In the order of the table.
const MEASURES: readonly Measure[] = [
  streams,
  throughput,
  firstToken,
  waiting,
  pages,
  opening,
  sends,
  logins,
  search,
  large,
  rest,
  soak,
  bytes,
];

await new Command("npm run bench --")
  .description("Measures the built server on this machine")
  .argument("[measures...]", MEASURES.map(({ name, about }) => `${name}: ${about}`).join("\n"))
  .option("--full", "everything, at its largest", false)
  .option("--minutes <count>", "how long the soak lasts", Number, 30)
  .option("--publish", "write the tables of tests/bench/README.md", false)
  .option("--profile <folder>", "have the server leave CPU profiles there")
  .action(run)
  .parseAsync();

async function run(names: string[], given: Arguments) {
  const chosen = choose(names);
  if (given.profile)
    startServersWith(["--cpu-prof", `--cpu-prof-dir=${path.resolve(given.profile)}`]);
  console.log(machine());

  try {
    for (const measure of chosen) {
      const load = loadNow();
      const rows = await runOne(measure, given);
      const circumstances = `${machine()}, commit ${commit()}, load before ${load}`;
      if (given.publish) publish(measure.name, rows, circumstances);
    }
  } finally {
    forgetDatabases();
  }
}

function choose(names: string[]): readonly Measure[] {
  const unknown = names.find((name) => !MEASURES.some((measure) => measure.name === name));
  if (unknown) throw new Error(`There is no measure called ${unknown}`);
  return names.length > 0
    ? MEASURES.filter(({ name }) => names.includes(name))
    : MEASURES.filter(({ onlyByName = false }) => !onlyByName);
}

async function runOne(measure: Measure, options: Options): Promise<Row[]> {
  const load = loadNow();
  const startedAt = performance.now();
  const rows = await measure.run(options);
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  console.log(`\n${measure.name} (${seconds} s, load before ${load})`);
  printRows(rows);
  return rows;
}

// A machine that does something else gives figures of something else.
function loadNow(): string {
  return (os.loadavg()[0] ?? 0).toFixed(1);
}

function commit(): string {
  return spawnSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).stdout.trim();
}

function machine(): string {
  const [cpu] = os.cpus();
  const memory = Math.round(os.totalmem() / 2 ** 30);
  return `${os.cpus().length} × ${cpu?.model.trim()}, ${memory} GB, ${os.type()} ${os.release()}, Node ${process.version}`;
}
