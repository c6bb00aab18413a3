import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import dotenv from "dotenv";
import { config } from "../config.js";
import { CannotStart } from "../errors.js";
import { sync } from "../lib/files.js";
import { randomToken } from "../lib/tokens.js";

/** The file in the data folder, and in a backup. */
export const SECRETS = "secrets.env";

interface Secrets {
  session: string;
  pepper: string;
}

let secrets: Secrets | null = null;

export function sessionSecret(): string {
  return opened().session;
}

export function pepper(): string {
  return opened().pepper;
}

/**
 * Reads the secrets: what a person set, else what an earlier start wrote into the data folder, else
 * fresh ones. Fresh ones beside existing accounts would lock everybody out, so that is refused.
 * Returns the file that was written, or null.
 */
export function openSecrets(hasAccounts: boolean): string | null {
  const file = path.join(config.database.folder, SECRETS);
  const kept = existsSync(file) ? dotenv.parse(readFileSync(file)) : {};
  const session = config.secrets.session ?? kept.SESSION_SECRET;
  const pepper = config.secrets.pepper ?? kept.PASSWORD_PEPPER;
  if (hasAccounts && !(session && pepper)) throw new CannotStart(lost(file, session, pepper));

  secrets = { session: session || randomToken(32), pepper: pepper || randomToken(32) };
  if (session && pepper) return null;

  keep(file, {
    SESSION_SECRET: config.secrets.session ? null : secrets.session,
    PASSWORD_PEPPER: config.secrets.pepper ? null : secrets.pepper,
  });
  return file;
}

function opened(): Secrets {
  if (secrets) {
    return secrets;
  } else {
    throw new Error("openSecrets() has not been called");
  }
}

function lost(file: string, session: string | undefined, pepper: string | undefined): string {
  const missing = [!session && "SESSION_SECRET", !pepper && "PASSWORD_PEPPER"].filter(Boolean);
  return (
    `Missing: ${missing.join(", ")}. There are accounts that were made with what it was before. ` +
    `Put back ${file} from the backup that belongs to the database, or set it.`
  );
}

// What a person has set stays where they set it.
function keep(file: string, made: Record<string, string | null>) {
  const lines = Object.entries(made).filter(([, value]) => value !== null);

  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(
    file,
    `# Made by AIFacade at its first start. Keep it with the backup of the database.\n` +
      lines.map(([name, value]) => `${name}=${value}\n`).join(""),
    { mode: 0o600 },
  );
  // Before anybody registers: without them no account that is on disk could be opened again.
  sync(file);
  sync(path.dirname(file));
}
