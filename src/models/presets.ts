import { Conflict, NotFound } from "../errors.js";
import { t } from "../lib/texts.js";
import { randomToken } from "../lib/tokens.js";
import { db } from "../stores/database.js";
import { read, statement } from "../stores/statements.js";
import { PARAMETER_COLUMNS, type Parameters } from "./parameters.js";
import { USABLE } from "./sharing.js";
import type { Person } from "./users.js";

const MOST = 100;
const MOST_CHOICES = 8;
const FULL = t(
  "You have {count} presets, and that is the most. Delete one that you no longer use.",
  { count: MOST },
);

/** What is seen of a preset. */
interface Looks {
  name: string;
  icon: string;
  description: string;
  starters: string[];
}

export interface Offered extends Looks {
  id: string;
  shared: boolean;
  isMine: boolean;
}

type Preset = Offered & { parameters: Parameters };
type Draft = Looks & { everyone: boolean };
type Row = Omit<Offered, "starters" | "shared" | "isMine"> & {
  starters: string;
  shared: number;
  isMine: number;
};
type WholeRow = Row & Parameters;

const COLUMNS = "id, name, icon, description, starters, shared, userId = @userId AS isMine";
const ORDER = "isMine DESC, name COLLATE NOCASE, id";
const LIST = statement<{ userId: string }, Row>(`
  SELECT ${COLUMNS} FROM Preset WHERE ${USABLE} ORDER BY ${ORDER}`);
const CHOICES = statement<{ userId: string; chosenId: string }, WholeRow>(`
  SELECT ${COLUMNS}, ${PARAMETER_COLUMNS} FROM Preset WHERE ${USABLE}
  ORDER BY id = @chosenId DESC, ${ORDER} LIMIT ${MOST_CHOICES}`);
const ONE = statement<{ userId: string; id: string }, WholeRow>(`
  SELECT ${COLUMNS}, ${PARAMETER_COLUMNS} FROM Preset WHERE id = @id AND ${USABLE}`);

/** What this person may begin with: their own first, then the administrators'. */
export async function list(userId: string): Promise<Offered[]> {
  return (await read(() => LIST.all({ userId }))).map(offered);
}

/** The first of them, for a new conversation: before all others the one that was chosen, if it is there. */
export async function choices(userId: string, chosenId: string) {
  const rows = await read(() => CHOICES.all({ userId, chosenId }));
  const [first] = rows;
  return {
    offered: rows.map(offered),
    preset: first?.id === chosenId ? whole(first) : null,
  };
}

/** One to begin with; whose it is does not matter. */
export async function find(userId: string, id: string): Promise<Preset> {
  const row = await read(() => ONE.get({ userId, id }));

  if (row) {
    return whole(row);
  } else {
    throw new NotFound();
  }
}

/** One to change. */
export async function findOwn(userId: string, id: string): Promise<Preset> {
  const found = await find(userId, id);

  if (found.isMine) {
    return found;
  } else {
    throw new NotFound();
  }
}

export async function create(person: Person, draft: Draft, parameters: Parameters) {
  const { id: userId } = person;
  if ((await db.preset.count({ where: { userId } })) >= MOST) throw new Conflict(FULL);

  const id = randomToken();
  await db.preset.create({ data: { id, userId, ...columns(person, draft), ...parameters } });
  return id;
}

/** Conversations that began with it stay as they are: they have what it was then. */
export async function update(person: Person, id: string, draft: Draft, parameters: Parameters) {
  const { count } = await db.preset.updateMany({
    where: { id, userId: person.id },
    data: { ...columns(person, draft), ...parameters },
  });
  if (count === 0) throw new NotFound();
}

export async function destroy(userId: string, id: string) {
  const { count } = await db.preset.deleteMany({ where: { id, userId } });
  if (count === 0) throw new NotFound();
}

function columns(
  { administrator }: Person,
  { name, icon, description, starters, everyone }: Draft,
) {
  return {
    ...{ name, icon, description },
    starters: JSON.stringify(starters),
    shared: everyone && administrator,
  };
}

function offered({ id, name, icon, description, starters, shared, isMine }: Row): Offered {
  return {
    ...{ id, name, icon, description },
    starters: JSON.parse(starters),
    shared: shared === 1,
    isMine: isMine === 1,
  };
}

function whole(row: WholeRow): Preset {
  const { providerId, model, thinking, temperature, topP, maxTokens, systemPrompt } = row;
  const manner = { thinking, temperature, topP, maxTokens, systemPrompt };
  return { ...offered(row), parameters: { providerId, model, ...manner } };
}
