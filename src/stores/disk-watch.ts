import { closeSync, fsyncSync, openSync, rmSync, writeSync } from "node:fs";
import { config } from "../config.js";
import { freeBytes } from "../lib/files.js";
import { currentObstacle, meet, overcome } from "./disk.js";
import { statement, write } from "./statements.js";

const MEGABYTE = 1024 * 1024;
const TRIAL_BYTES = MEGABYTE / 4;
// Else the banner would come and go with every answer at the edge.
const ENOUGH_AGAIN = 1.25;
// Nobody sets this number, so it is 0 and stays so; yet a page of the database is written, as by any other write.
const SAME_AS_BEFORE = statement<object>("PRAGMA application_id = 0");

/** Looks at the room on the disk, and while it takes no writes, whether it does again. */
export async function watchDisk() {
  const isShort = freeSpace() < reserve();

  if (currentObstacle() === null) {
    if (isShort) meet("low", `${freeSpace()} bytes are free`);
  } else if (!isShort && (await canWrite())) {
    overcome();
  }
}

/** At the start, when nothing has been tried yet. */
export async function tryDisk() {
  await canWrite();
  await watchDisk();
}

function reserve(): number {
  const bytes = config.database.reserveMegabytes * MEGABYTE;
  return currentObstacle() ? bytes * ENOUGH_AGAIN : bytes;
}

function freeSpace(): number {
  try {
    return freeBytes(config.database.folder);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

// A page that fits into the log proves little: a file of some size has to fit, too.
async function canWrite(): Promise<boolean> {
  try {
    tryFile(`${config.database.file}.trial`);
    await write(() => SAME_AS_BEFORE.run({}));
    return true;
  } catch {
    return false;
  }
}

function tryFile(file: string) {
  const descriptor = openSync(file, "w", 0o600);

  try {
    writeSync(descriptor, Buffer.alloc(TRIAL_BYTES));
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
    rmSync(file, { force: true });
  }
}
