// The server's side of reading a file: a process that may take so long and so much, and what it tells.
import { spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { config } from "../../config.js";
import { log } from "../../lib/log.js";
import { t } from "../../lib/texts.js";
import * as items from "../../models/imports/items.js";
import { staged, uploaded } from "./files.js";
import type { FoundItem, Told } from "./read.js";

const SELF = fileURLToPath(import.meta.url);
const PROGRAM = path.join(SELF, `../program${path.extname(SELF)}`);
const LONGEST_MS = 180_000;
const HEAP_MEGABYTES = 768;
const UNPACKED_TIMES = 5;
const MOST_CONVERSATIONS = 100_000;
const AT_ONCE = 100;
const UNTITLED = t("Untitled");

/** Reads a file that came and keeps what it holds; why it was refused, or null. */
export async function readUpload(id: string, isOver: AbortSignal): Promise<string | null> {
  await items.clear(id);
  const child = spawn(process.execPath, [...flags(), PROGRAM, ...argumentsFor(id)], {
    stdio: ["ignore", "pipe", "ignore"],
    // Nothing of ours is within its reach.
    env: {},
    timeout: LONGEST_MS,
    killSignal: "SIGKILL",
    signal: isOver,
  });
  // Then it tells nothing, and that says enough.
  child.once("error", (err) => log.warn({ err }, "the reader of a file has ended"));

  try {
    return await keep(id, createInterface({ input: child.stdout }));
  } finally {
    child.kill("SIGKILL");
  }
}

function flags(): string[] {
  return [...process.execArgv, `--max-old-space-size=${HEAP_MEGABYTES}`];
}

function argumentsFor(id: string): string[] {
  const bytes = config.imports.maxBytes * UNPACKED_TIMES;
  return [uploaded(id), staged(id), String(bytes), String(MOST_CONVERSATIONS)];
}

async function keep(id: string, lines: AsyncIterable<string>): Promise<string | null> {
  let waiting: items.NewItem[] = [];
  let kept = 0;
  const store = async () => {
    await items.add(id, kept, waiting);
    kept += waiting.length;
    waiting = [];
  };

  for await (const line of lines) {
    const told = JSON.parse(line) as Told;
    if ("refused" in told) return told.refused;
    if ("end" in told) {
      await store();
      return null;
    }
    waiting.push("found" in told ? found(told.found) : unfit(told.unfit));
    if (waiting.length === AT_ONCE) await store();
  }
  return "too_much_work";
}

function found({ leftOut, library, ...item }: FoundItem): items.NewItem {
  const counts = library && JSON.stringify(library);
  return { ...item, leftOut: JSON.stringify(leftOut), library: counts, problem: null };
}

function unfit({ title, why }: { title: string; why: string }): items.NewItem {
  return {
    title: title || UNTITLED,
    problem: why,
    format: null,
    sourceId: "",
    digest: null,
    createdAt: null,
    updatedAt: null,
    messages: 0,
    library: null,
    providers: [],
    leftOut: "{}",
    offset: 0,
    length: 0,
  };
}
