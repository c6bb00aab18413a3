import { readdirSync, readFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { Visitor } from "../support/visitor.js";
import { bareServer, pagesPerSecond } from "./pages.js";
import { startServer } from "./server.js";
import { followAnswers } from "./streams.js";
import { startUpstream, TOKENS_PER_ANSWER } from "./upstream.js";

const ROUNDS = 3;
const STREAMS = [1, 50, 200];
const ANSWERS_ON_A_PAGE = 20;

console.log(`${os.cpus().length} cores, Node ${process.version}, ${os.cpus()[0]?.model}`);
const upstream = await startUpstream();
const first = await startServer(upstream.url);
await first.stop();
const server = await startServer(upstream.url, first.folder);

try {
  row("second start, until it answers", `${Math.round(server.readyMs)} ms`);
  row("memory when idle", `${server.residentMb()} MB`);
  row("JavaScript of all pages, gzipped", `${scriptBytes()} bytes`);
  await benchPages();
  for (const streams of STREAMS) await benchStreams(streams);
  row("memory afterwards", `${server.residentMb()} MB`);
} finally {
  await server.stop({ andForget: true });
  await upstream.close();
}

async function benchPages() {
  const reader = await person("page reader");
  const conversation = await longConversation(reader);
  const page = await reader.get(conversation);
  const bare = await bareServer(page.html);
  const ratios: number[] = [];
  const rates: number[] = [];

  for (let round = 0; round < ROUNDS; round++) {
    const calibration = await pagesPerSecond(new Visitor(bare.url), "/");
    rates.push(await pagesPerSecond(reader, conversation));
    ratios.push((rates.at(-1) ?? 0) / calibration);
  }

  bare.close();
  const size = `${Math.round(page.html.length / 1024)} KB`;
  row(
    `chat page of ${2 * ANSWERS_ON_A_PAGE} messages (${size})`,
    `${Math.round(median(rates))} pages/s`,
  );
  row("  against bare node:http with the same bytes", median(ratios).toFixed(2));
}

async function benchStreams(streams: number) {
  // One after another: the server hashes two passwords at once and sends the rest away.
  const people: Visitor[] = [];
  for (let n = 0; n < streams; n++) people.push(await person(`${streams}-${n}`));
  const cpuBefore = server.cpuSeconds();
  const { lost, p50Ms, p99Ms } = await followAnswers(people);
  const cpuMs = (1000 * (server.cpuSeconds() - cpuBefore)) / ((streams * TOKENS_PER_ANSWER) / 1000);

  row(`${streams} answers at once, 30 tokens/s each`, lost === 0 ? "none lost" : `${lost} LOST`);
  row("  delivery after the upstream, p50 / p99", `${p50Ms} / ${p99Ms} ms`);
  row("  server CPU per 1,000 tokens", `${Math.round(cpuMs)} ms`);
  if (lost > 0) process.exitCode = 1;
}

async function person(name: string): Promise<Visitor> {
  const visitor = new Visitor(server.url);
  await visitor.register(`bench ${name}`, "a plain bench passphrase");
  return visitor;
}

async function longConversation(reader: Visitor): Promise<string> {
  let page = await reader.talk("A short one, please (instant)");
  for (let turn = 1; turn < ANSWERS_ON_A_PAGE; turn++) {
    const conversation = String(page.field("conversation"));
    page = await reader.talk("And another (instant)", { conversation });
  }
  return `/conversations/${page.field("conversation")}`;
}

function scriptBytes(): number {
  const folder = path.join(import.meta.dirname, "..", "..", "public", "js");
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.name.endsWith(".js"))
    .map((entry) => gzipSync(readFileSync(path.join(entry.parentPath, entry.name))).length)
    .reduce((sum, bytes) => sum + bytes, 0);
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function row(what: string, figure: string) {
  console.log(`${what.padEnd(52)} ${figure}`);
}
