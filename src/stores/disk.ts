import { Unavailable } from "../errors.js";
import { log } from "../lib/log.js";
import { gauge } from "../lib/metrics.js";
import { t } from "../lib/texts.js";

/**
 * Why nothing new is stored: the disk is full or nearly so, can only be read, fails to write, or has lost
 * what it had taken. While it is "low", what runs may still be stored, and things may be deleted.
 */
export type Obstacle = "full" | "low" | "read_only" | "failing" | "lost_a_write";

const WHAT: Record<Obstacle, string> = {
  full: t("The server's disk is full"),
  low: t("The server's disk is nearly full"),
  read_only: t("The server's disk can only be read"),
  failing: t("The server's disk fails to write"),
  lost_a_write: t("The server's disk has failed, and the server starts again"),
};
const WAIT: Record<Obstacle, string> = {
  full: t("The server's disk is full, so this has to wait. Please try again in a few minutes."),
  low: t(
    "The server's disk is nearly full, so this has to wait. Please try again in a few minutes.",
  ),
  read_only: t(
    "The server's disk can only be read, so this has to wait. Please try again in a few minutes.",
  ),
  failing: t(
    "The server's disk fails to write, so this has to wait. Please try again in a few minutes.",
  ),
  lost_a_write: t(
    "The server's disk has failed, and the server starts again, so this has to wait. Please try again in a few minutes.",
  ),
};
const COME_BACK_SECONDS = 30;

let obstacle: Obstacle | null = null;
const waiting: (() => void)[] = [];
let afterLostWrite = () => {};

gauge(
  "aifacade_storage_writable",
  "1 while new things can be stored, 0 while only reading goes on.",
  () => (obstacle ? 0 : 1),
);

/** What keeps new things from being stored, in words; null while nothing does. */
export function storageTrouble(): string | null {
  return obstacle && WHAT[obstacle];
}

export function currentObstacle(): Obstacle | null {
  return obstacle;
}

/** Whether what runs can be stored: a disk that is low has kept room for that. */
export function takesWrites(): boolean {
  return obstacle === null || obstacle === "low";
}

/** For what begins something new: it is refused before anything has been done for it. */
export function refuseUnlessWritable() {
  if (obstacle) throw refusal(obstacle);
}

/** For every write: after a failed sync only what is read anew from the disk is true, so nothing is written before a new start. */
export function refuseAfterLostWrite() {
  if (obstacle === "lost_a_write") throw refusal(obstacle);
}

/** When new things can be stored again; at once while they can. */
export function whenWritable(): Promise<void> {
  return new Promise((resolve) => {
    if (obstacle) waiting.push(resolve);
    else resolve();
  });
}

/** What to do once a sync has failed; only the server has to do anything. */
export function onLostWrite(callback: () => void) {
  afterLostWrite = callback;
}

/** Takes note of SQLite's code for a failure; what to tell people where it is the disk's, else null. */
export function noteDiskFailure(code: string): Unavailable | null {
  const met = obstacleIn(code);
  if (!met) return null;

  meet(met, code);
  return refusal(met);
}

export function meet(met: Obstacle, detail: string) {
  if (obstacle === "lost_a_write" || obstacle === met) return;
  obstacle = met;
  log.error({ event: "storage", obstacle, detail }, "nothing new is stored until this is mended");
  if (obstacle === "lost_a_write") afterLostWrite();
}

export function overcome() {
  if (obstacle === null || obstacle === "lost_a_write") return;
  log.info({ event: "storage", obstacle }, "new things are stored again");
  obstacle = null;
  for (const resolve of waiting.splice(0)) resolve();
}

function obstacleIn(code: string): Obstacle | null {
  if (code === "SQLITE_FULL") return "full";
  if (code.startsWith("SQLITE_READONLY")) return "read_only";
  if (/^SQLITE_IOERR_(?:DIR_)?FSYNC$/.test(code)) return "lost_a_write";
  if (/^SQLITE_IOERR_(?:SHORT_)?READ$/.test(code)) return null;
  return /^SQLITE_(?:IOERR|CANTOPEN)/.test(code) ? "failing" : null;
}

function refusal(met: Obstacle): Unavailable {
  return new Unavailable(WAIT[met], COME_BACK_SECONDS);
}
