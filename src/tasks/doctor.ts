import { existsSync } from "node:fs";
import { Command } from "commander";
import { complaints, config } from "../config.js";
import { examineProvider, examineUpstream } from "../generator/upstream/examination.js";
import { bad, examined, type Finding, ok, warn } from "../lib/findings.js";
import { httpAddress } from "../lib/text.js";
import { listAtRest } from "../models/providers.js";
import { examineNode, examineStorage } from "../stores/checkup.js";
import { isOccupied } from "../stores/lock.js";
import { pendingMigrations } from "../stores/migrations.js";
import { peekSecrets } from "../stores/secrets.js";
import { examineExposure } from "./doctor/exposure.js";

const PATIENCE_MS = 5_000;

export const doctor = new Command("doctor")
  .description("examine this installation, and say what to mend; changes nothing")
  .action(examine);

async function examine() {
  // With a setting that is wrong all others are the defaults: what they lead to would mislead.
  const findings = complaints ? [bad(complaints, "The others are looked at then")] : await all();

  for (const { state, what, mend } of findings) {
    console.log(`${state.padEnd(4)}  ${what}`);
    if (mend) console.log(`      → ${mend}`);
  }
  if (findings.some(({ state }) => state === "bad")) process.exitCode = 1;
}

async function all(): Promise<Finding[]> {
  return [
    ok("The settings can be read."),
    ...examineExposure(),
    examineNode(),
    ...(await examineStorage()),
    ...(await examined("The server", server)),
    ...(await examined("The model's server", examineUpstream)),
    ...(await examined("The providers", providers)),
  ];
}

// Those of an older schema are none: the next start makes the table.
async function providers(): Promise<Finding[]> {
  if (!existsSync(config.database.file) || pendingMigrations().length > 0) return [];

  peekSecrets();
  return Promise.all(listAtRest().map(examineProvider));
}

async function server(): Promise<Finding> {
  if (!isOccupied()) return warn("No server is running on this database.", "npm start");

  const host = ["0.0.0.0", "::"].includes(config.host) ? "127.0.0.1" : config.host;
  const address = `${httpAddress(host, config.port)}/readyz`;
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(PATIENCE_MS) });
    return response.ok
      ? ok(`The server is running and ready (${address}).`)
      : bad(`The server is running, but not ready (${address}).`, "Its log says why");
  } catch {
    return bad(
      `A server is running, but does not answer at ${address}.`,
      "Its log says why; or start it anew",
    );
  }
}
