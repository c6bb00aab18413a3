import * as temporary from "./generator/temporary.js";
import { noteStalls } from "./lib/event-loop.js";
import { log } from "./lib/log.js";
import * as trash from "./models/conversations/trash.js";
import * as files from "./models/files.js";
import * as passwordResets from "./models/password-resets.js";
import { indexWaiting } from "./models/search/indexing.js";
import * as endedShares from "./models/shares/ending.js";
import * as signIns from "./models/sign-ins.js";
import { backUpWhenDue, stopBackup } from "./stores/backups/regular.js";
import { watchDisk } from "./stores/disk-watch.js";
import { checkpointWal } from "./stores/wal-checkpoint.js";
import * as imports from "./transfer/in/imports.js";

const MINUTE_MS = 60_000;

/** What runs by the clock. */
const rows = [
  { name: "look at the event loop", every: 5_000, what: noteStalls },
  { name: "write the log into the database", every: 1_000, what: checkpointWal },
  { name: "make messages searchable", every: 1_000, what: indexWaiting },
  { name: "look at the disk", every: 3_000, what: watchDisk },
  { name: "note used sessions", every: MINUTE_MS, what: signIns.writeTouched },
  { name: "delete ended sessions", every: 15 * MINUTE_MS, what: signIns.prune },
  { name: "delete old reset links", every: 15 * MINUTE_MS, what: passwordResets.prune },
  { name: "delete what was in the trash for long", every: 15 * MINUTE_MS, what: trash.purge },
  { name: "forget old imports", every: 15 * MINUTE_MS, what: imports.prune },
  { name: "delete files that no question has", every: 15 * MINUTE_MS, what: files.prune },
  { name: "end idle temporary conversations", every: 5 * MINUTE_MS, what: temporary.endIdle },
  { name: "delete what is shared no more", every: 15 * MINUTE_MS, what: endedShares.prune },
  { name: "back up", every: 15 * MINUTE_MS, what: backUpWhenDue },
];

let timers: NodeJS.Timeout[] = [];

export function startSchedule() {
  timers = rows.map((row) => setInterval(() => void run(row), row.every).unref());
}

export function stopSchedule() {
  for (const timer of timers) clearInterval(timer);
  timers = [];
  stopBackup();
}

async function run({ name, what }: (typeof rows)[number]) {
  try {
    await what();
  } catch (error) {
    log.error({ err: error, name }, "scheduled work failed");
  }
}
