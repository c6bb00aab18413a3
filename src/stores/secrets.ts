import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import dotenv from "dotenv";
import { config } from "../config.js";
import { CannotStart } from "../errors.js";
import { sync } from "../lib/files.js";
import { randomToken } from "../lib/tokens.js";

/** The file in the data folder, and in a backup. */
export const SECRETS = "secrets.env";

const HEADING = "# Made by AIFacade at its first start. Keep it with the backup of the database.\n";

interface Secrets {
  session: string;
  pepper: string;
  encryption: string;
}

let secrets: Secrets | null = null;

export function sessionSecret(): string {
  return opened().session;
}

export function pepper(): string {
  return opened().pepper;
}

/** For what is kept encrypted in the database. */
export function encryptionSecret(): string {
  return opened().encryption;
}

/**
 * Reads the secrets: what a person set, else what an earlier start wrote into the data folder, else
 * fresh ones. Fresh ones beside existing accounts would lock everybody out, so that is refused; what was
 * encrypted by a secret that is gone has to be entered again. Returns the file that was written, or null.
 */
export function openSecrets(hasAccounts: boolean): string | null {
  const file = path.join(config.database.folder, SECRETS);
  const { session, pepper, encryption } = known();
  if (hasAccounts && !(session && pepper)) throw new CannotStart(lost(file, session, pepper));

  secrets = {
    session: session || randomToken(32),
    pepper: pepper || randomToken(32),
    encryption: encryption || randomToken(32),
  };
  if (session && pepper && encryption) return null;

  keep(file, {
    SESSION_SECRET: session ? null : secrets.session,
    PASSWORD_PEPPER: pepper ? null : secrets.pepper,
    ENCRYPTION_SECRET: encryption ? null : secrets.encryption,
  });
  return file;
}

/** Reads the secrets that there are, and makes none, for whoever only looks: one that is missing is empty. */
export function peekSecrets() {
  secrets = known();
}

function known(): Secrets {
  const file = path.join(config.database.folder, SECRETS);
  const kept = existsSync(file) ? dotenv.parse(readFileSync(file)) : {};

  return {
    session: config.secrets.session || kept.SESSION_SECRET || "",
    pepper: config.secrets.pepper || kept.PASSWORD_PEPPER || "",
    encryption: config.secrets.encryption || kept.ENCRYPTION_SECRET || "",
  };
}

function opened(): Secrets {
  if (secrets) {
    return secrets;
  } else {
    throw new Error("openSecrets() has not been called");
  }
}

function lost(file: string, session: string, pepper: string): string {
  const missing = [!session && "SESSION_SECRET", !pepper && "PASSWORD_PEPPER"].filter(Boolean);
  return (
    `Missing: ${missing.join(", ")}. There are accounts that were made with what it was before. ` +
    `Put back ${file} from the backup that belongs to the database, or set it.`
  );
}

// What a person has set stays where they set it. In the file's place only when it is whole: an older start's secrets
// may stand in it, and nobody could log in without them.
function keep(file: string, made: Record<string, string | null>) {
  const before = existsSync(file) ? readFileSync(file, "utf8").trimEnd() : HEADING.trimEnd();
  const lines = Object.entries(made).filter(([, value]) => value !== null);
  const fresh = `${file}.new`;

  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(
    fresh,
    `${[before, ...lines.map(([name, value]) => `${name}=${value}`)].join("\n")}\n`,
    { mode: 0o600 },
  );
  // Before anybody registers: without them no account that is on disk could be opened again.
  sync(fresh);
  renameSync(fresh, file);
  sync(path.dirname(file));
}
