import { Conflict, NotFound } from "../errors.js";
import { randomToken } from "../lib/tokens.js";
import { db } from "../stores/database.js";
import { isTaken } from "../stores/failures.js";
import { read, statement } from "../stores/statements.js";
import { weakness } from "./passwords/strength.js";
import * as passwords from "./passwords.js";

/** Who is asking: what a request knows of the person behind it. */
export interface Person {
  id: string;
  username: string;
  administrator: boolean;
}

type Registered = { person: Person } | { taken: true } | { weak: string };

const PERSON = { id: true, username: true, administrator: true } as const;

const ACTIVE = statement<
  { id: string },
  Omit<Person, "administrator"> & { administrator: number }
>(`
  SELECT id, username, administrator FROM User WHERE id = @id AND suspendedAt IS NULL`);

/** Makes an account; the first that somebody registers is the administrator's. */
export async function register(username: string, password: string): Promise<Registered> {
  return registered(username, password, async (row) => {
    const founder = (await hasFounder()) ? null : await createFounder(row);
    return founder ?? (await create(row));
  });
}

/** Makes an ordinary account, even where there is no other. */
export async function registerMember(username: string, password: string): Promise<Registered> {
  return registered(username, password, create);
}

/** Makes the administrator's account, and none once there is one. */
export async function registerFirst(username: string, password: string): Promise<Registered> {
  return registered(username, password, createFounder);
}

export async function isEmpty(): Promise<boolean> {
  return (await db.user.findFirst({ select: { id: true } })) === null;
}

/** Whether somebody has registered: sample people are no founders. */
export async function hasFounder(): Promise<boolean> {
  return (await db.user.findUnique({ where: { founder: true }, select: { id: true } })) !== null;
}

export async function findActive(id: string): Promise<Person | null> {
  const row = await read(() => ACTIVE.get({ id }));
  return row ? { ...row, administrator: row.administrator === 1 } : null;
}

/** Equal for two names that read alike: upper case first, because ß and ς have several lower cases. */
export function keyOf(username: string): string {
  return username.normalize("NFKC").toUpperCase().toLowerCase().normalize("NFKC");
}

/** Whether the account is as it was read: hashing takes a while, and meanwhile it may be shut or its password changed. */
export async function isStill({ id, passwordDigest }: { id: string; passwordDigest: string }) {
  const where = { id, passwordDigest, suspendedAt: null };
  return (await db.user.count({ where })) > 0;
}

export async function findByUsername(username: string) {
  return db.user.findUnique({ where: { usernameKey: keyOf(username) } });
}

export async function list() {
  return db.user.findMany({
    select: {
      ...PERSON,
      suspendedAt: true,
      createdAt: true,
      _count: { select: { conversations: { where: { trashedAt: null } } } },
    },
    orderBy: { createdAt: "asc" },
  });
}

/** Ends every session of the person, the asking one too: the caller logs in anew. */
export async function changePassword(id: string, password: string) {
  const passwordDigest = await passwords.digestOf(password);

  await db.$transaction([
    db.user.update({ where: { id }, data: { passwordDigest } }),
    db.session.deleteMany({ where: { userId: id } }),
    db.passwordReset.deleteMany({ where: { userId: id } }),
  ]);
}

/** Digests a password that has just been right anew, unless it was changed in the meantime. */
export async function refreshDigest(
  { id, passwordDigest }: { id: string; passwordDigest: string },
  password: string,
) {
  await db.user.updateMany({
    where: { id, passwordDigest },
    data: { passwordDigest: await passwords.digestOf(password) },
  });
}

export async function promote(username: string) {
  const user = await named(username);
  await db.user.update({ where: { id: user.id }, data: { administrator: true } });
}

export async function demote(username: string) {
  const { id } = await named(username);

  await db.$transaction(async (tx) => {
    await tx.user.update({ where: { id }, data: { administrator: false } });
    await keepAnAdministrator(tx);
  });
}

export async function suspend(username: string) {
  const { id } = await named(username);

  await db.$transaction(async (tx) => {
    await tx.user.update({ where: { id }, data: { suspendedAt: new Date() } });
    await tx.session.deleteMany({ where: { userId: id } });
    await keepAnAdministrator(tx);
  });
}

export async function restore(username: string) {
  const user = await named(username);
  await db.user.update({ where: { id: user.id }, data: { suspendedAt: null } });
}

export async function named(username: string) {
  const user = await findByUsername(username);

  if (user) {
    return user;
  } else {
    throw new NotFound(`Nobody is called ${username}.`);
  }
}

// Unique `founder`: of many parallel first registrations one wins.
async function createFounder(row: UserRow): Promise<Person | null> {
  return create({ ...row, founder: true, administrator: true });
}

type UserRow = Parameters<typeof db.user.create>[0]["data"];

async function create(row: UserRow): Promise<Person | null> {
  try {
    return await db.user.create({ data: row, select: PERSON });
  } catch (error) {
    if (isTaken(error)) return null;
    throw error;
  }
}

async function registered(
  username: string,
  password: string,
  insert: (row: UserRow) => Promise<Person | null>,
): Promise<Registered> {
  const weak = await weakness(password, username);
  if (weak) return { weak };
  if (await findByUsername(username)) return { taken: true };

  const user = { id: randomToken(), username, usernameKey: keyOf(username) };
  const person = await insert({ ...user, passwordDigest: await passwords.digestOf(password) });
  return person ? { person } : { taken: true };
}

// Counted after the change, which is then taken back: two who remove each other cannot both succeed.
async function keepAnAdministrator(tx: Pick<typeof db, "user">) {
  const left = await tx.user.count({ where: { administrator: true, suspendedAt: null } });
  if (left === 0) throw new Conflict("The last administrator has to stay one.");
}
