import { NotFound } from "../../errors.js";
import { read, statement, storedDate, write } from "../../stores/statements.js";

const PER_PAGE = 30;

export interface ItemPlace {
  importId: string;
  position: number;
}

/** A conversation in a file, as it is shown before it is taken in. */
export interface Item {
  position: number;
  state: "found" | "chosen" | "imported" | "failed" | "unfit";
  title: string;
  problem: string | null;
  messages: number;
  createdAt: Date | null;
  leftOut: string;
  /** How many folders, prompts and presets it is, as JSON; null where it is a conversation. */
  library: string | null;
  twinId: string | null;
  conversationId: string | null;
}

/** A conversation as the reader of a file tells of it. */
export interface NewItem {
  title: string;
  problem: string | null;
  format: string | null;
  sourceId: string;
  digest: string | null;
  createdAt: number | null;
  updatedAt: number | null;
  messages: number;
  leftOut: string;
  library: string | null;
  /** The names of those whose models are chosen in it. */
  providers: string[];
  offset: number;
  length: number;
}

/** One that waits to be taken in. */
export interface Chosen extends ItemPlace {
  userId: string;
  digest: string;
  library: string | null;
  offset: number;
  length: number;
}

export interface Counts {
  found: number;
  chosen: number;
  imported: number;
  failed: number;
  unfit: number;
  /** Messages in what is chosen. */
  messages: number;
  known: number;
  formats: string;
  /** Folders, prompts and presets that are imported, as one. */
  libraries: number;
}

type Stored<T> = Omit<T, "createdAt"> & { createdAt: string | null };

const COLUMNS =
  "position, state, title, problem, messages, createdAt, leftOut, library, twinId, conversationId";
const CONVERSATION = "library IS NULL";
const COUNTS = statement<{ id: string }, Counts>(`
  SELECT count(*) FILTER (WHERE state = 'found' AND ${CONVERSATION}) AS found,
    count(*) FILTER (WHERE state = 'chosen' AND ${CONVERSATION}) AS chosen,
    count(*) FILTER (WHERE state = 'imported' AND ${CONVERSATION}) AS imported,
    count(*) FILTER (WHERE state = 'imported' AND library IS NOT NULL) AS libraries,
    count(*) FILTER (WHERE state = 'failed' AND ${CONVERSATION}) AS failed,
    count(*) FILTER (WHERE state = 'unfit') AS unfit, count(twinId) AS known,
    coalesce(sum(messages) FILTER (WHERE state = 'chosen'), 0) AS messages,
    coalesce(group_concat(DISTINCT format), '') AS formats
  FROM ImportItem WHERE importId = @id`);
const ITEMS = statement<{ id: string; from: number; most: number }, Stored<Item>>(`
  SELECT ${COLUMNS}
  FROM ImportItem WHERE importId = @id AND position > @from ORDER BY position LIMIT @most`);
const FAILED = statement<{ id: string }, Stored<Item>>(`
  SELECT ${COLUMNS}
  FROM ImportItem WHERE importId = @id AND state IN ('failed', 'unfit') ORDER BY position LIMIT ${PER_PAGE}`);
const CLEAR_ITEMS = statement<{ id: string }>("DELETE FROM ImportItem WHERE importId = @id");
// The same as one that is here: it came from the same place with the same words, or it is that one itself, unchanged.
const TWIN = statement<
  { userId: string; digest: string; sourceId: string; updatedAt: string },
  { id: string }
>(`
  SELECT id FROM Conversation WHERE importDigest = @digest AND userId = @userId AND trashedAt IS NULL
  UNION ALL
  SELECT id FROM Conversation
  WHERE id = @sourceId AND userId = @userId AND trashedAt IS NULL AND updatedAt = @updatedAt
  LIMIT 1`);
const BEFORE = statement<{ importId: string; digest: string }, { position: number }>(`
  SELECT position FROM ImportItem WHERE importId = @importId AND digest = @digest LIMIT 1`);
// One that is switched off is nobody's to know of.
const PROVIDERS = statement<{ names: string }, { name: string }>(`
  SELECT value AS name FROM json_each(@names) WHERE value NOT IN (SELECT name FROM Provider WHERE active)`);
const OWNER = statement<{ id: string }, { userId: string }>(
  "SELECT userId FROM Import WHERE id = @id",
);
const INSERT_ITEM = statement<
  Stored<Omit<NewItem, "sourceId" | "updatedAt" | "providers">> &
    ItemPlace & { state: string; twinId: string | null }
>(`
  INSERT INTO ImportItem (importId, position, state, title, problem, format, digest, createdAt, messages, leftOut,
    library, "offset", length, twinId)
  VALUES (@importId, @position, @state, @title, @problem, @format, @digest, @createdAt, @messages, @leftOut,
    @library, @offset, @length, @twinId)`);
const CHOOSE = statement<{ id: string; first: number; last: number; positions: string }>(`
  UPDATE ImportItem SET state = iif(position IN (SELECT value FROM json_each(@positions)), 'chosen', 'found')
  WHERE importId = @id AND position BETWEEN @first AND @last AND state IN ('found', 'chosen')`);
const CHOOSE_ALL = statement<{ id: string }>(`
  UPDATE ImportItem SET state = 'chosen' WHERE importId = @id AND state = 'found'`);
const CHOOSE_NONE = statement<{ id: string }>(`
  UPDATE ImportItem SET state = 'found' WHERE importId = @id AND state = 'chosen'`);
const NEXT = statement<{ id: string }, Chosen>(`
  SELECT importId, position, userId, digest, library, "offset", length
  FROM Import JOIN ImportItem ON importId = Import.id
  WHERE Import.id = @id AND Import.state = 'importing' AND ImportItem.state = 'chosen' ORDER BY position LIMIT 1`);
const IMPORTED = statement<ItemPlace & { conversationId: string | null }>(`
  UPDATE ImportItem SET state = 'imported', conversationId = @conversationId
  WHERE importId = @importId AND position = @position`);
const FAIL = statement<ItemPlace & { problem: string }>(`
  UPDATE ImportItem SET state = 'failed', problem = @problem WHERE importId = @importId AND position = @position`);

/** How much there is of each kind; whose it is has been asked before, as for all that follows. */
export async function counts(id: string): Promise<Counts> {
  return (await read(() => COUNTS.get({ id }))) as Counts;
}

export async function page(id: string, number: number) {
  const from = (number - 1) * PER_PAGE;
  const rows = await read(() => ITEMS.all({ id, from, most: PER_PAGE + 1 }));
  return { items: rows.slice(0, PER_PAGE).map(dated), number, hasOlder: rows.length > PER_PAGE };
}

/** What was not taken in, with the reasons. */
export async function failures(id: string): Promise<Item[]> {
  return (await read(() => FAILED.all({ id }))).map(dated);
}

/** Forgets what was read of a file, so that it can be read anew. */
export async function clear(id: string) {
  await write(() => CLEAR_ITEMS.run({ id }));
}

/** Keeps what was read, behind as many as there are; what is here already is not chosen. */
export async function add(importId: string, after: number, items: NewItem[]) {
  await write(() => {
    const owner = OWNER.get({ id: importId });
    if (!owner) throw new NotFound();

    for (const [index, { sourceId, updatedAt, providers, ...item }] of items.entries()) {
      const times = { createdAt: stored(item.createdAt), updatedAt: stored(updatedAt) ?? "" };
      const { digest } = item;
      const isAgain = digest !== null && BEFORE.get({ importId, digest }) !== undefined;
      const twin = digest && TWIN.get({ ...owner, digest, sourceId, updatedAt: times.updatedAt });
      INSERT_ITEM.run({
        ...item,
        importId,
        position: after + index + 1,
        createdAt: times.createdAt,
        twinId: twin ? twin.id : null,
        problem: isAgain ? "again" : (item.problem ?? withoutProviders(providers)),
        state: stateOf(item, isAgain || Boolean(twin)),
      });
    }
  });
}

function withoutProviders(providers: string[]): string | null {
  const gone = PROVIDERS.all({ names: JSON.stringify(providers) }).map(({ name }) => name);
  return gone.length > 0 ? `no_provider: ${gone.join(", ")}` : null;
}

function stateOf({ digest }: Pick<NewItem, "digest">, isKnown: boolean): string {
  if (digest === null) return "unfit";
  return isKnown ? "found" : "chosen";
}

/** Chooses of one page these, and no others. */
export async function choose(id: string, number: number, positions: number[]) {
  const first = (number - 1) * PER_PAGE + 1;
  const place = { id, first, last: number * PER_PAGE };
  await write(() => CHOOSE.run({ ...place, positions: JSON.stringify(positions) }));
}

export async function chooseAll(id: string) {
  await write(() => CHOOSE_ALL.run({ id }));
}

export async function chooseNone(id: string) {
  await write(() => CHOOSE_NONE.run({ id }));
}

/** What is to be taken in next; null where nothing is left, or nobody wants it any more. */
export async function next(id: string): Promise<Chosen | null> {
  return (await read(() => NEXT.get({ id }))) ?? null;
}

/** Notes that what is no conversation has come. */
export async function noteTaken({ importId, position }: ItemPlace) {
  await write(() => IMPORTED.run({ importId, position, conversationId: null }));
}

/** Part of the write that shows a conversation. */
export function noteImported(item: ItemPlace, conversationId: string) {
  IMPORTED.run({ ...item, conversationId });
}

export async function fail({ importId, position }: ItemPlace, problem: string) {
  await write(() => FAIL.run({ importId, position, problem }));
}

function stored(time: number | null): string | null {
  return time === null ? null : storedDate(new Date(time));
}

function dated({ createdAt, ...row }: Stored<Item>): Item {
  return { ...row, createdAt: createdAt === null ? null : new Date(createdAt) };
}
