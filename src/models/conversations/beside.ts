// What stands beside every page, read in one statement: folders with what is newest in each, and what is in none.
import { read, statement } from "../../stores/statements.js";
import {
  COLUMNS,
  type ConversationSummary,
  cut,
  IN_ORDER,
  PER_PAGE,
  type SummaryRow,
  THEIRS,
} from "../conversations.js";
import { byName, type Folder } from "../folders.js";

const PER_FOLDER = 10;

/** A folder with its first conversations. */
export interface OpenedFolder extends Folder {
  items: ConversationSummary[];
}

interface Beside {
  folders: OpenedFolder[];
  items: ConversationSummary[];
  hasOlder: boolean;
}

const ROW = `json_object('id', id, 'title', title, 'updatedAt', updatedAt, 'pinned', pinned, 'archived', archived,
  'unread', unread, 'running', running, 'drafted', drafted, 'folderId', folderId, 'folder', folder, 'icon', icon)`;
// By itself SQLite takes what is in no folder for common, and would read what is in folders along with it.
const LISTED = `
  SELECT ${COLUMNS}
  FROM Conversation INDEXED BY Conversation_folderId_userId_trashedAt_archivedAt_pinnedAt_updatedAt_idx
  WHERE ${THEIRS} AND archivedAt IS NULL`;
const BESIDE = statement<{ userId: string; limit: number }, { folders: string; rest: string }>(`
  SELECT
    (SELECT json_group_array(json_object('id', id, 'name', name, 'items', json((
      SELECT json_group_array(${ROW})
      FROM (${LISTED} AND folderId = Folder.id ${IN_ORDER} LIMIT ${PER_FOLDER})))))
     FROM Folder WHERE userId = @userId) AS folders,
    (SELECT json_group_array(${ROW})
     FROM (${LISTED} AND folderId IS NULL ${IN_ORDER} LIMIT @limit)) AS rest`);

/** The folders, and the first so many pages of what is in none of them. */
export async function beside(userId: string, pages: number): Promise<Beside> {
  const most = pages * PER_PAGE;
  const found = await read(() => BESIDE.get({ userId, limit: most + 1 }));
  const folders = JSON.parse(found?.folders ?? "[]") as (Folder & { items: SummaryRow[] })[];
  const rest = JSON.parse(found?.rest ?? "[]") as SummaryRow[];

  return {
    folders: folders.toSorted(byName).map(({ id, name, items }) => ({
      ...{ id, name },
      ...cut(items, PER_FOLDER),
    })),
    ...cut(rest, most),
  };
}
