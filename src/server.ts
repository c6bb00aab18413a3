import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { createApp } from "./app.js";
import { complaints, config } from "./config.js";
import { CannotStart, NotNow } from "./errors.js";
import { currentModel, refreshed } from "./generator/catalogue.js";
import * as generator from "./generator/generator.js";
import * as temporary from "./generator/temporary.js";
import { watchEventLoop } from "./lib/event-loop.js";
import { keepHeapSmall } from "./lib/heap.js";
import { announce, log } from "./lib/log.js";
import { watchProcess } from "./lib/metrics.js";
import { httpAddress } from "./lib/text.js";
import { textTrouble, unknownTexts } from "./lib/texts.js";
import * as firstRun from "./models/first-run.js";
import * as signIns from "./models/sign-ins.js";
import * as users from "./models/users.js";
import { warmUp } from "./rendering/warm-up.js";
import { startSchedule, stopSchedule } from "./schedule.js";
import { closeDatabase, openDatabase } from "./stores/database.js";
import { onLostWrite } from "./stores/disk.js";
import { tryDisk } from "./stores/disk-watch.js";
import { hasLostLog, markAtRest, markInUse, refuseForeignLog } from "./stores/in-use.js";
import { releaseLock, takeLock } from "./stores/lock.js";
import { migrate } from "./stores/migrations.js";
import { openSecrets } from "./stores/secrets.js";
import { checkpointWal, stopCheckpoints } from "./stores/wal-checkpoint.js";
import * as imports from "./transfer/in/imports.js";

const DRAIN_MS = 8_000;
const LAST_WORDS_MS = 300;
const MODEL_PATIENCE_MS = 2_000;

try {
  await run();
} catch (error) {
  explain(error);
  process.exit(exitCodeOf(error));
}

async function run() {
  if (complaints) throw new CannotStart(complaints);
  if (textTrouble) throw new CannotStart(textTrouble);
  for (const text of unknownTexts) announce(`No page says this any more: ${JSON.stringify(text)}`);

  keepHeapSmall();
  log.level = config.logLevel;
  onLostWrite(giveUp);
  watchProcess();
  watchEventLoop();
  await prepareStorage();
  await generator.open();
  warmUp();
  startSchedule();
  await announceFirstRun();

  const server = await listen();
  const stopOnce = onSignal(server);
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, stopOnce);
  process.on("uncaughtException", (error) => crash(error, server));
  // Not before the port is ours: a start that fails there goes on with nothing, and counts for no answer.
  await generator.start();
  await imports.open();

  announceAddress(server);
  await announceModel();
}

async function prepareStorage() {
  takeLock();
  const isLogLost = hasLostLog();
  refuseForeignLog();
  if (isLogLost) announce(lostLog());
  const applied = await migrate();
  if (applied.length > 0)
    announce(`Database ready in ${config.database.file} (${applied.length} migrated).`);

  await openDatabase();
  markInUse();
  await checkpointWal();
  await tryDisk();
  const secretsFile = openSecrets(!(await users.isEmpty()));
  if (secretsFile)
    announce(`Made fresh secrets in ${secretsFile}. Back them up with the database.`);
  if (!config.limits.on)
    announce("RATE_LIMITS=off: anybody can ask as often as they like. For load tests only!");
}

function lostLog(): string {
  return (
    `The last server ended without closing ${config.database.file}, and its log, the -wal file beside it, is ` +
    "gone since. If nobody has opened the database meanwhile (a task, sqlite3), what was written last is missing."
  );
}

async function announceFirstRun() {
  const token = await firstRun.setupToken();
  if (token) announce(`Setup token, asked for when the first account is registered: ${token}`);
}

async function listen(): Promise<Server> {
  const server = createServer(createApp());
  server.listen(config.port, config.host);

  try {
    await once(server, "listening");
    return server;
  } catch (error) {
    explain(new CannotStart(cannotListen(error as NodeJS.ErrnoException)));
    return stop(server, CannotStart.exitCode);
  }
}

function cannotListen({ code, message }: NodeJS.ErrnoException): string {
  const address = `${config.host}:${config.port}`;

  if (code === "EADDRINUSE") {
    return `${address} is in use by another program. Stop that one, or set PORT to another number.`;
  } else {
    return `${address} cannot be listened on (${message}). Set HOST and PORT to what this machine has.`;
  }
}

function announceAddress(server: Server) {
  const { port } = server.address() as AddressInfo;
  announce(`AIFacade is at ${config.publicUrl ?? httpAddress(config.host, port)}`);
}

// Its name is on the upstream's list; people may come before that has been read.
async function announceModel() {
  await Promise.race([refreshed(), wait(MODEL_PATIENCE_MS, undefined, { ref: false })]);
  const { id, name, demo } = currentModel();
  const upstream = config.deepseek.baseUrl ?? "api.deepseek.com";

  if (demo) {
    announce(
      "The demo model answers. For a real one, set DEEPSEEK_API_KEY or DEEPSEEK_BASE_URL in .env.",
    );
  } else if (id) {
    announce(`${name} answers, at ${upstream}.`);
  } else {
    announce(`The model at ${upstream} answers; which one that is, it has not told yet.`);
  }
}

/** Stopping well is only quicker than crashing: what a crash leaves behind, the next start puts right. */
async function stop(server: Server, exitCode: number): Promise<never> {
  setTimeout(() => process.exit(exitCode), DRAIN_MS).unref();
  const closed = once(server, "close");
  server.close();
  stopSchedule();

  try {
    await Promise.all([generator.drain(), temporary.drain(), imports.drain()]);
    await signIns.writeTouched();
    // Event streams never end by themselves; they have had their last event by now.
    setTimeout(() => server.closeAllConnections(), LAST_WORDS_MS);
    await closed;
    await generator.close();
    await stopCheckpoints();
    await closeDatabase();
    markAtRest();
  } catch (error) {
    log.error({ err: error }, "stopping did not go well; the next start puts it right");
  }

  releaseLock();
  process.exit(exitCode);
}

function onSignal(server: Server) {
  let isStopping = false;

  return () => {
    if (isStopping) process.exit(1);
    isStopping = true;
    void stop(server, 0);
  };
}

function crash(error: Error, server: Server) {
  log.fatal(
    { err: error },
    "an error was not caught; the server stops, for whoever started it to start it again",
  );
  void stop(server, 1);
}

// What the system could not write it may have forgotten, and a second attempt would seem to succeed
// (https://wiki.postgresql.org/wiki/Fsync_Errors): only a new start reads what there really is.
function giveUp() {
  log.fatal("the disk lost a write; the server stops, for whoever started it to start it again");
  setTimeout(() => process.exit(1), LAST_WORDS_MS);
}

function exitCodeOf(error: unknown): number {
  if (error instanceof NotNow) return NotNow.exitCode;
  return error instanceof CannotStart ? CannotStart.exitCode : 1;
}

function explain(error: unknown) {
  const message = error instanceof CannotStart ? error.message : (error as Error).stack;
  process.stderr.write(`${message}\n`);
}
