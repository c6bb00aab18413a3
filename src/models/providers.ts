import { config } from "../config.js";
import { NotFound } from "../errors.js";
import { seal, unseal } from "../lib/sealing.js";
import { t } from "../lib/texts.js";
import { randomToken } from "../lib/tokens.js";
import { db } from "../stores/database.js";
import { reading } from "../stores/database-file.js";
import { isGone, isTaken } from "../stores/failures.js";
import type { Provider as Row } from "../stores/prisma/client.js";
import { encryptionSecret } from "../stores/secrets.js";

export type Dialect = "auto" | "deepseek" | "generic";

/** A model's server that an administrator has added. Its key is nowhere in it but sealed. */
export interface Provider extends Omit<Row, "dialect" | "models"> {
  dialect: Dialect;
  /** The models that are offered; null: all that its list has. */
  models: string[] | null;
}

/** A provider as it was entered. */
export interface Draft {
  name: string;
  baseUrl: string;
  dialect: Dialect;
  contextTokens: number;
  /** null: none, or the one that is there. */
  apiKey: string | null;
  /** Without another one, the one that is there is removed. */
  keyless: boolean;
}

/** The key that a provider is asked with; null: it wants none. */
export type Key = { readable: true; apiKey: string | null } | { readable: false };

/** Its id; or which of what was entered cannot be, and why. */
export type Stored = { id: string } | { field: "name" | "key"; wrong: string };

const NAME_TAKEN = t("Another provider has this name.");

export async function list(): Promise<Provider[]> {
  return (await db.provider.findMany({ orderBy: [{ createdAt: "asc" }, { id: "asc" }] })).map(read);
}

/** The same from a database that nobody has opened, and that is left as it is. */
export function listAtRest(): Provider[] {
  const rows = reading(config.database.file, (database) =>
    database.prepare("SELECT * FROM Provider ORDER BY createdAt, id").all(),
  ) as AtRest[];
  return rows.map((row) =>
    read({ ...row, active: row.active === 1, createdAt: new Date(row.createdAt) }),
  );
}

export async function find(id: string): Promise<Provider> {
  const row = await db.provider.findUnique({ where: { id } });

  if (row) {
    return read(row);
  } else {
    throw new NotFound();
  }
}

/** How many conversations a provider's models answer in. */
export async function uses(id: string): Promise<number> {
  return db.conversation.count({ where: { providerId: id, trashedAt: null } });
}

export async function create({ apiKey, keyless: _, ...draft }: Draft): Promise<Stored> {
  const id = randomToken();
  const sealedKey = apiKey && sealed(apiKey, { id, baseUrl: draft.baseUrl });

  return stored(id, () => db.provider.create({ data: { id, ...draft, sealedKey } }));
}

/** Changes what was entered. A key is for one address: for another one it has to be entered again. */
export async function update(id: string, { apiKey, keyless, ...draft }: Draft): Promise<Stored> {
  const before = await find(id);
  const isElsewhere = originOf(before.baseUrl) !== originOf(draft.baseUrl);
  if (before.sealedKey && isElsewhere && !apiKey && !keyless) return keyElsewhere(before);

  const sealedKey = apiKey && sealed(apiKey, { id, baseUrl: draft.baseUrl });
  const key = sealedKey || keyless ? { sealedKey } : {};
  return stored(id, () => db.provider.update({ where: { id }, data: { ...draft, ...key } }));
}

/** Offers these models alone, or all that the list has. */
export async function offer(id: string, models: string[] | null) {
  await change(id, { models: models && JSON.stringify(models) });
}

export async function switchOn(id: string) {
  await change(id, { active: true });
}

export async function switchOff(id: string) {
  await change(id, { active: false });
}

export async function destroy(id: string) {
  const { count } = await db.provider.deleteMany({ where: { id } });
  if (count === 0) throw new NotFound();
}

/** The key in clear: for whoever asks the server, and nobody else. */
export function keyOf({ id, baseUrl, sealedKey }: Provider): Key {
  if (sealedKey === null) return { readable: true, apiKey: null };

  const apiKey = unseal(encryptionSecret(), sealedKey, contextOf({ id, baseUrl }));
  return apiKey === null ? { readable: false } : { readable: true, apiKey };
}

type AtRest = Omit<Row, "active" | "createdAt"> & { active: number; createdAt: string };
type Addressed = Pick<Provider, "id" | "baseUrl">;

function sealed(apiKey: string, provider: Addressed): string {
  return seal(encryptionSecret(), apiKey, contextOf(provider));
}

// Whoever could only write into the database could else have a key sent to a server of theirs.
function contextOf({ id, baseUrl }: Addressed): string[] {
  return ["provider", id, originOf(baseUrl)];
}

function originOf(baseUrl: string): string {
  return new URL(baseUrl).origin;
}

function keyElsewhere({ baseUrl }: Provider): Stored {
  const wrong = t(
    "The key that is set is for {address} alone. Enter the one for the new address.",
    { address: originOf(baseUrl) },
  );
  return { field: "key", wrong };
}

async function stored(id: string, write: () => Promise<unknown>): Promise<Stored> {
  try {
    await write();
    return { id };
  } catch (error) {
    if (isTaken(error)) return { field: "name", wrong: NAME_TAKEN };
    if (isGone(error)) throw new NotFound();
    throw error;
  }
}

async function change(id: string, data: Partial<Row>) {
  const { count } = await db.provider.updateMany({ where: { id }, data });
  if (count === 0) throw new NotFound();
}

function read({ dialect, models, ...row }: Row): Provider {
  return {
    ...row,
    dialect: dialect as Dialect,
    models: models === null ? null : (JSON.parse(models) as string[]),
  };
}
