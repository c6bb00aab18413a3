import { log } from "./lib/log.js";
import * as passwordResets from "./models/password-resets.js";
import * as signIns from "./models/sign-ins.js";

const MINUTE_MS = 60_000;

/** What runs by the clock. */
const rows = [
  { every: MINUTE_MS, what: signIns.writeTouched },
  { every: 15 * MINUTE_MS, what: signIns.prune },
  { every: 15 * MINUTE_MS, what: passwordResets.prune },
];

let timers: NodeJS.Timeout[] = [];

export function startSchedule() {
  timers = rows.map(({ every, what }) => setInterval(() => void run(what), every).unref());
}

export function stopSchedule() {
  for (const timer of timers) clearInterval(timer);
  timers = [];
}

async function run(what: () => Promise<void>) {
  try {
    await what();
  } catch (error) {
    log.error({ err: error, what: what.name }, "scheduled work failed");
  }
}
