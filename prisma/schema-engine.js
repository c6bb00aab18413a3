#!/usr/bin/env node
// What Prisma's CLI starts in place of its native schema engine. It asks in JSON-RPC, one message a
// line on stdin, and is answered on stdout; what goes wrong outside of a request is told on stderr.
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
const { url } = JSON.parse(values.datasource);
const file = url.replace(/^file:/, "");

try {
  if (!url.startsWith("file:")) {
    throw new Error("DATABASE_URL must begin with file:, for example file:./data/aifacade.db");
  } else if (positionals[0] === "cli") {
    look(positionals[1]);
  } else {
    await serve();
  }
} catch (error) {
  tell(error);
  process.exitCode = 1;
}

function look(command) {
  if (command === "create-database") {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, "", { flag: "a" });
  } else if (!existsSync(file)) {
    throw Object.assign(new Error(`There is no database at ${file}`), { code: "P1003" });
  }
}

async function serve() {
  // Imported here, so that a better-sqlite3 that cannot be loaded is told like any other error.
  const { openEngine } = await import("./engine/engine.js");
  const call = await openEngine(file);

  for await (const line of createInterface({ input: process.stdin })) {
    const { id, method, params } = JSON.parse(line);
    // Without a method it is the CLI's answer to a "print" of ours.
    if (method) await answer(id, () => call(method, params));
  }
}

async function answer(id, run) {
  try {
    const result = (await run()) ?? null;
    if (result?.stdout)
      send({ id: `${id}-print`, method: "print", params: { content: result.stdout } });
    send({ id, result });
  } catch (error) {
    const data = { is_panic: false, message: error.message, meta: null, error_code: error.code };
    send({ id, error: { code: 4466, message: "See data.message", data } });
  }
}

function send(message) {
  process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
}

// The CLI skips the first line and reads each other as JSON.
function tell(error) {
  const fields = { error_code: error.code, message: error.message };
  const entry = { level: "ERROR", target: "schema_engine::logger", fields };
  process.stderr.write(`\n${JSON.stringify(entry)}\n`);
}
