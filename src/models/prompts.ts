import { Conflict, NotFound } from "../errors.js";
import { randomToken } from "../lib/tokens.js";
import { db } from "../stores/database.js";
import { isTaken } from "../stores/failures.js";
import type { Person } from "./users.js";

const MOST = 200;
const FULL = `You have ${MOST} prompts, and that is the most. Delete one that you no longer use.`;

interface Draft {
  name: string;
  title: string;
  body: string;
  everyone: boolean;
}

/** What this person may use: their own, and what administrators have written for everyone. */
export async function list(userId: string) {
  return db.prompt.findMany({ where: usableBy(userId), orderBy: [{ name: "asc" }, { id: "asc" }] });
}

/** One to use; whose it is does not matter. */
export async function find(userId: string, id: string) {
  return found(await db.prompt.findFirst({ where: { id, ...usableBy(userId) } }));
}

/** One to change, which is this person's own. */
export async function findOwn(userId: string, id: string) {
  return found(await db.prompt.findFirst({ where: { id, userId } }));
}

/** Whether it was stored: each person gives a name once. */
export async function create(person: Person, draft: Draft): Promise<boolean> {
  const { id: userId } = person;
  if ((await db.prompt.count({ where: { userId } })) >= MOST) throw new Conflict(FULL);

  const id = randomToken();
  return unlessTaken(() => db.prompt.create({ data: { id, userId, ...columns(person, draft) } }));
}

export async function update(person: Person, id: string, draft: Draft): Promise<boolean> {
  return unlessTaken(async () => {
    const where = { id, userId: person.id };
    const { count } = await db.prompt.updateMany({ where, data: columns(person, draft) });
    if (count === 0) throw new NotFound();
  });
}

export async function destroy(userId: string, id: string) {
  const { count } = await db.prompt.deleteMany({ where: { id, userId } });
  if (count === 0) throw new NotFound();
}

// What somebody wrote for everyone while they were an administrator is their own again once they are none.
function usableBy(userId: string) {
  return { OR: [{ userId }, { shared: true, user: { administrator: true } }] };
}

function columns({ administrator }: Person, { everyone, ...texts }: Draft) {
  return { ...texts, shared: everyone && administrator };
}

function found<T>(row: T | null): T {
  if (row) {
    return row;
  } else {
    throw new NotFound();
  }
}

async function unlessTaken(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if (isTaken(error)) return false;
    throw error;
  }
}
