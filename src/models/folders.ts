import { Conflict, NotFound } from "../errors.js";
import { t } from "../lib/texts.js";
import { db } from "../stores/database.js";
import { isTaken } from "../stores/failures.js";

// All of them stand beside every page.
export const MOST = 50;
const TAKEN = t("You have a folder of that name already.");
const FULL = t(
  "You have {count} folders, and more there cannot be. Delete one that you do not need.",
  { count: MOST },
);

export interface Folder {
  id: number;
  name: string;
}

const FOLDER = { id: true, name: true };
const LISTED = { trashedAt: null, archivedAt: null };
const collator = new Intl.Collator("en", { numeric: true });

/** The order of folders, for sorting. */
export function byName(a: Folder, b: Folder): number {
  return collator.compare(a.name, b.name);
}

export async function all(userId: string): Promise<(Folder & { count: number })[]> {
  const rows = await db.folder.findMany({
    where: { userId },
    select: { ...FOLDER, _count: { select: { conversations: { where: LISTED } } } },
  });
  return rows.map(({ _count, ...row }) => ({ ...row, count: _count.conversations })).sort(byName);
}

export async function find(userId: string, id: number): Promise<Folder> {
  const folder = await findBy(userId, id);

  if (folder) {
    return folder;
  } else {
    throw new NotFound();
  }
}

export async function findBy(userId: string, id: number): Promise<Folder | null> {
  return db.folder.findFirst({ where: { id, userId }, select: FOLDER });
}

export async function create(userId: string, name: string): Promise<Folder> {
  if ((await db.folder.count({ where: { userId } })) >= MOST) throw new Conflict(FULL);
  return named(() => db.folder.create({ data: { userId, name }, select: FOLDER }));
}

export async function rename(userId: string, id: number, name: string) {
  const renamed = await named(() =>
    db.folder.updateMany({ where: { id, userId }, data: { name } }),
  );
  if (renamed.count === 0) throw new NotFound();
}

/** Deletes a folder; what was in it is in none. */
export async function destroy(userId: string, id: number) {
  const { count } = await db.folder.deleteMany({ where: { id, userId } });
  if (count === 0) throw new NotFound();
}

async function named<T>(store: () => Promise<T>): Promise<T> {
  try {
    return await store();
  } catch (error) {
    throw isTaken(error) ? new Conflict(TAKEN) : error;
  }
}
