import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { constants, setPriority } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { config } from "../../config.js";
import { NotNow } from "../../errors.js";
import { log } from "../../lib/log.js";
import { gauge } from "../../lib/metrics.js";
import { backups, isFromFuture } from "../backups.js";

const HOUR_MS = 3_600_000;
const SELF = fileURLToPath(import.meta.url);
const TASK = path.join(SELF, `../../../tasks/run${path.extname(SELF)}`);

let child: ChildProcess | null = null;
let trouble: string | null = null;

gauge("aifacade_last_backup_timestamp_seconds", "When the newest regular backup was made.", () => {
  const newest = newestBackup();
  return newest ? newest.madeAt.getTime() / 1000 : null;
});

/** Why the last regular backup failed, in words for an administrator; null when it did not. */
export function backupTrouble(): string | null {
  return trouble;
}

/** Makes a backup when the newest is older than BACKUP_EVERY_HOURS. */
export async function backUpWhenDue(): Promise<void> {
  if (child || !isDue()) return;

  const { code, text } = await runTask();
  // Somebody makes or checks one by hand; this one stays due.
  if (code === NotNow.exitCode) return log.info(text);

  trouble = code === 0 ? null : `The last backup failed. ${text}`;
  if (trouble) log.error({ reason: text }, "the backup failed");
  else log.info(text);
}

export function stopBackup(): void {
  child?.kill();
}

function isDue(): boolean {
  const { everyHours } = config.backups;
  const ageMs = Date.now() - (newestBackup()?.madeAt.getTime() ?? 0);
  return everyHours > 0 && ageMs >= everyHours * HOUR_MS;
}

function newestBackup() {
  return backups().find((backup) => backup.before === null && !isFromFuture(backup));
}

// A process of its own: copying, packing and checking would hold up everybody's answers.
async function runTask(): Promise<{ code: number | null; text: string }> {
  let text = "";
  try {
    const running = spawn(process.execPath, [...process.execArgv, TASK, "backup"], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    child = running;
    for (const stream of [running.stdout, running.stderr])
      stream.on("data", (chunk) => {
        text += chunk;
      });
    lowerPriority(running);

    const [code] = await once(running, "close");
    return { code, text: text.trim() };
  } catch (error) {
    return { code: null, text: `It could not be run: ${(error as Error).message}` };
  } finally {
    child = null;
  }
}

// A sandbox may forbid it, or it has ended already; then it runs as everybody does.
function lowerPriority({ pid }: ChildProcess) {
  try {
    if (pid) setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch (error) {
    log.debug({ err: error }, "the backup's priority could not be lowered");
  }
}
