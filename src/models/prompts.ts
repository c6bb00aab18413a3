import { Conflict, NotFound } from "../errors.js";
import { t } from "../lib/texts.js";
import { randomToken } from "../lib/tokens.js";
import { db } from "../stores/database.js";
import { isTaken } from "../stores/failures.js";
import { read, statement } from "../stores/statements.js";
import { USABLE } from "./sharing.js";
import type { Person } from "./users.js";

const MOST = 200;
const FULL = t(
  "You have {count} prompts, and that is the most. Delete one that you no longer use.",
  { count: MOST },
);

interface Texts {
  name: string;
  title: string;
  body: string;
}

interface Prompt extends Texts {
  id: string;
  shared: boolean;
  isMine: boolean;
}

type Draft = Texts & { everyone: boolean };
type Row = Omit<Prompt, "shared" | "isMine"> & { shared: number; isMine: number };

const COLUMNS = "id, name, title, body, shared, userId = @userId AS isMine";
const LIST = statement<{ userId: string }, Row>(`
  SELECT ${COLUMNS} FROM Prompt WHERE ${USABLE} ORDER BY name, id`);
const ONE = statement<{ userId: string; id: string }, Row>(`
  SELECT ${COLUMNS} FROM Prompt WHERE id = @id AND ${USABLE}`);

/** What this person may use, by name. */
export async function list(userId: string): Promise<Prompt[]> {
  return (await read(() => LIST.all({ userId }))).map(prompt);
}

/** One to use; whose it is does not matter. */
export async function find(userId: string, id: string): Promise<Prompt> {
  const row = await read(() => ONE.get({ userId, id }));

  if (row) {
    return prompt(row);
  } else {
    throw new NotFound();
  }
}

/** One to change. */
export async function findOwn(userId: string, id: string): Promise<Prompt> {
  const found = await find(userId, id);

  if (found.isMine) {
    return found;
  } else {
    throw new NotFound();
  }
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

function columns({ administrator }: Person, { everyone, ...texts }: Draft) {
  return { ...texts, shared: everyone && administrator };
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

function prompt({ shared, isMine, ...texts }: Row): Prompt {
  return { ...texts, shared: shared === 1, isMine: isMine === 1 };
}
