import { randomBytes } from "node:crypto";
import { config } from "../../src/config.js";
import { CannotStart } from "../../src/errors.js";
import * as passwords from "../../src/models/passwords.js";
import * as users from "../../src/models/users.js";
import type { Bulk } from "../../src/stores/bulk.js";

/** All people of the crowd have this password; it is no secret. */
export const PASSWORD = "a crowd of sample people";

const NAME = "crowd-";
const COLUMNS = ["id", "username", "usernameKey", "passwordDigest", "createdAt"];

export function nameOf(index: number): string {
  return `${NAME}${String(index + 1).padStart(4, "0")}`;
}

/** Everybody can read the password; where others have accounts it would open the door. */
export async function refuseBesideOthers() {
  const others = (await users.list()).filter(({ username }) => !username.startsWith(NAME));

  if (others.length > 0 || config.publicUrl) {
    throw new CannotStart(
      "The crowd's password is known to everybody: it is for a database without other people. " +
        "Set DATABASE_URL to a new file.",
    );
  }
}

/** The ids of this many people; those who are missing are made. All share one digest, or it would take minutes. */
export async function gather(count: number, store: Bulk, since: string): Promise<string[]> {
  const known = new Map((await users.list()).map(({ username, id }) => [username, id]));
  const digest = await passwords.digestOf(PASSWORD);
  const insert = store.inserting("User", COLUMNS);

  return Array.from({ length: count }, (_, index) => {
    const name = nameOf(index);
    const id = known.get(name) ?? randomBytes(16).toString("base64url");
    if (!known.has(name)) insert(id, name, users.keyOf(name), digest, since);
    return id;
  });
}
