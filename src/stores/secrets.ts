import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import dotenv from "dotenv";
import { config } from "../config.js";
import { CannotStart } from "../errors.js";
import { randomToken } from "../lib/tokens.js";

const FILE = "secrets.env";

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
  const file = path.join(config.database.folder, FILE);
  const kept = existsSync(file) ? dotenv.parse(readFileSync(file)) : {};
  const session = config.secrets.session ?? kept.SESSION_SECRET;
  const pepper = config.secrets.pepper ?? kept.PASSWORD_PEPPER;

  if (session && pepper) {
    secrets = { session, pepper };
    return null;
  } else if (hasAccounts && !pepper) {
    throw new CannotStart(
      `PASSWORD_PEPPER is missing, and without it nobody's password opens their account. ` +
        `Put back ${file} from the backup that belongs to the database, or set PASSWORD_PEPPER.`,
    );
  } else {
    secrets = { session: session ?? randomToken(32), pepper: pepper ?? randomToken(32) };
    keep(file, secrets);
    return file;
  }
}

function opened(): Secrets {
  if (secrets) {
    return secrets;
  } else {
    throw new Error("openSecrets() has not been called");
  }
}

function keep(file: string, { session, pepper }: Secrets) {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(
    file,
    `# Made by AIFacade at its first start. Keep it with the backup of the database.\n` +
      `SESSION_SECRET=${session}\nPASSWORD_PEPPER=${pepper}\n`,
    { mode: 0o600 },
  );
}
