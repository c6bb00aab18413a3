#!/usr/bin/env node
// What Prisma's CLI starts in place of its native schema engine. It asks in JSON-RPC, one message a
// line on stdin, and is answered on stdout.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    datasource: { type: "string", default: '{"url":"file::memory:"}' },
    datamodels: { type: "string", multiple: true },
    "enabled-preview-features": { type: "string" },
    "extension-types": { type: "string" },
  },
});

if (positionals[0] === "cli") {
  look(positionals[1]);
} else {
  await serve();
}

function look(command) {
  try {
    if (command === "create-database") {
      create(databaseFile());
    } else if (!existsSync(databaseFile())) {
      const message = `There is no database at ${databaseFile()}`;
      throw Object.assign(new Error(message), { code: "P1003" });
    }
  } catch (error) {
    tell(error);
    process.exitCode = 1;
  }
}

function create(file) {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, "", { flag: "a", mode: 0o600 });
}

function databaseFile() {
  const { url } = JSON.parse(values.datasource);
  if (url.startsWith("file:")) return url.slice("file:".length);
  throw new Error("DATABASE_URL must begin with file:, for example file:./data/aifacade.db");
}

// The CLI skips the first line and reads each other as JSON.
function tell(error) {
  const fields = { error_code: error.code, message: error.message };
  const entry = { level: "ERROR", target: "schema_engine::logger", fields };
  process.stderr.write(`\n${JSON.stringify(entry)}\n`);
}

// An engine that ends by itself makes the CLI end with success and without a word: so whatever goes
// wrong, a better-sqlite3 for another Node or a panic, is the answer to what is asked.
async function serve() {
  const crash = new Promise((_, reject) => process.on("uncaughtException", reject));
  const engine = import("./engine/engine.js").then(({ openEngine }) => openEngine(databaseFile()));
  for (const promise of [crash, engine]) promise.catch(() => {});

  for await (const line of createInterface({ input: process.stdin })) {
    const { id, method, params } = JSON.parse(line);
    // Without a method it is the CLI's answer to a "print" of ours.
    if (method)
      await answer(id, Promise.race([crash, engine.then((call) => call(method, params))]));
  }
}

async function answer(id, promise) {
  try {
    const result = (await promise) ?? null;
    const content = result?.stdout;
    if (content) send({ id: `${id}-print`, method: "print", params: { content } });
    send({ id, result });
  } catch (error) {
    const data = { is_panic: false, message: error.message, meta: null, error_code: error.code };
    send({ id, error: { code: 4466, message: "See data.message", data } });
  }
}

function send(message) {
  process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
}
